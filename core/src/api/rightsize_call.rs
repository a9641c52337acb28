//! The call for sizes.

use serde::Deserialize;

use super::call::{Text, json, sources};
use super::{Failure, RightsizeInput};
use crate::rightsizing::{self, Patch, Profile, Question, Strategy};

/// A call for sizes as JSON states it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RightsizeCall {
    usage: Vec<Text>,
    #[serde(default)]
    requests: Vec<Text>,
    assumptions: Option<Text>,
    #[serde(default)]
    profile: Profile,
    #[serde(default)]
    strategy: Strategy,
    #[serde(default)]
    format: SizeFormat,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum SizeFormat {
    #[default]
    Json,
    Csv,
    Kubernetes,
    Helm,
    Compose,
    Terraform,
}

impl RightsizeCall {
    pub(super) fn answer(&self) -> Result<String, Failure> {
        let sized = super::rightsize(&RightsizeInput {
            usage: sources(&self.usage),
            requests: sources(&self.requests),
            assumptions: self.assumptions.as_ref().map(Text::source),
            question: Question { profile: self.profile, strategy: self.strategy },
        })?;
        Ok(match self.format {
            SizeFormat::Json => json(&sized),
            SizeFormat::Csv => rightsizing::csv(&sized),
            SizeFormat::Kubernetes => rightsizing::patch(&sized, Patch::Kubernetes),
            SizeFormat::Helm => rightsizing::patch(&sized, Patch::Helm),
            SizeFormat::Compose => rightsizing::patch(&sized, Patch::Compose),
            SizeFormat::Terraform => rightsizing::patch(&sized, Patch::Terraform),
        })
    }
}
