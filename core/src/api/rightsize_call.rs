//! The call for sizes.

use serde::Deserialize;

use super::Format;
use super::bill_call::{Bill, OverlapName};
use super::call::{NameRead, Text};
use super::sizing::{Asked, OverBills, SizingCall, SizingParts};
use crate::bill::Metric;
use crate::calendar::{Date, Month};
use crate::rightsizing::{Profile, Question, Strategy};

/// A call for sizes as JSON states it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RightsizeCall {
    usage: Vec<Text>,
    #[serde(default)]
    requests: Vec<Text>,
    assumptions: Option<Text>,
    #[serde(default)]
    policy: Vec<Text>,
    as_of: Option<Date>,
    bills: Option<Vec<Bill>>,
    month: Option<Month>,
    metric: Option<Metric>,
    overlap: Option<OverlapName>,
    #[serde(default)]
    profile: Profile,
    #[serde(default)]
    strategy: Strategy,
    #[serde(default)]
    format: Format,
    #[serde(default, rename = "call")]
    _name: NameRead,
}

impl RightsizeCall {
    pub(super) fn sizing(self) -> SizingCall {
        let asked = Asked::Sizes(Question { profile: self.profile, strategy: self.strategy });
        SizingCall {
            parts: SizingParts { usage: self.usage, requests: self.requests, assumptions: self.assumptions, asked },
            policy: self.policy,
            over: OverBills {
                as_of: self.as_of,
                bills: self.bills,
                month: self.month,
                metric: self.metric,
                overlap: self.overlap,
            },
            format: self.format,
        }
    }
}
