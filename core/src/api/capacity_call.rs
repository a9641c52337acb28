//! The call for capacity.

use serde::Deserialize;

use super::call::{NameRead, Text, json};
use super::{CapacityInput, Failure, Format};
use crate::calendar::Date;
use crate::capacity::{Question, Reserve, capacity_csv};

/// A call for capacity as JSON states it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CapacityCall {
    as_of: Option<Date>,
    traffic: Text,
    usage: Text,
    capacity: Text,
    releases: Option<Text>,
    load_tests: Option<Text>,
    #[serde(default)]
    suppose: Vec<String>,
    horizon_days: Option<usize>,
    reserve: Option<Reserve>,
    #[serde(default)]
    format: Format,
    #[serde(default, rename = "call")]
    _name: NameRead,
}

impl CapacityCall {
    pub(super) fn answer(&self) -> Result<String, Failure> {
        let document = super::capacity(&CapacityInput {
            traffic: self.traffic.source(),
            usage: self.usage.source(),
            capacity: self.capacity.source(),
            releases: self.releases.as_ref().map(Text::source),
            load_tests: self.load_tests.as_ref().map(Text::source),
            suppose: self.suppose.iter().map(String::as_str).collect(),
            question: Question { as_of: self.as_of, horizon_days: self.horizon_days, reserve: self.reserve },
        })?;
        match self.format {
            Format::Json => Ok(json(&document)),
            Format::Csv => Ok(capacity_csv(&document)),
            format => Err(format.refused("capacity", "`json` or `csv`")),
        }
    }
}
