//! The call for a forecast: of series, or of what bills will be.

use serde::Deserialize;

use super::bill_call::{Bill, BillCall, OverlapName};
use super::call::{NameRead, Text, json};
use super::{Failure, ForecastInput, Format, KnownInput};
use crate::bill::Metric;
use crate::calendar::Date;
use crate::forecast::{Asked, Models, forecasts_csv};
use crate::order::BTreeMap;
use crate::release::Measure;

/// What a call says of releases and events.
#[derive(Debug, Default)]
pub(super) struct KnownCall {
    releases: Option<Text>,
    events: Option<Text>,
    suppose: Vec<String>,
}

impl KnownCall {
    pub(super) fn input(&self) -> KnownInput<'_> {
        KnownInput {
            releases: self.releases.as_ref().map(Text::source),
            events: self.events.as_ref().map(Text::source),
            suppose: self.suppose.iter().map(String::as_str).collect(),
        }
    }
}

/// A call for a forecast as JSON states it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ForecastCall {
    as_of: Option<Date>,
    series: Option<Text>,
    bills: Option<Vec<Bill>>,
    #[serde(default)]
    policy: Vec<Text>,
    budgets: Option<Text>,
    releases: Option<Text>,
    events: Option<Text>,
    #[serde(default)]
    suppose: Vec<String>,
    measures: Option<Measure>,
    metric: Option<Metric>,
    #[serde(default, rename = "for")]
    owner: BTreeMap<String, String>,
    overlap: Option<OverlapName>,
    #[serde(default)]
    earlier: Vec<Text>,
    horizon: Option<usize>,
    period: Option<usize>,
    #[serde(default)]
    models: Models,
    #[serde(default)]
    format: Format,
    #[serde(default, rename = "call")]
    _name: NameRead,
}

impl ForecastCall {
    /// Whether it is about series, which it holds itself.
    pub(super) fn is_of_series(&self) -> bool {
        self.series.is_some()
    }

    /// The answer to a call about series.
    pub(super) fn answer(mut self, series: &Text) -> Result<String, Failure> {
        if self.bills.is_some() || self.budgets.is_some() {
            return Err(Failure::new("series and bills are asked for together").hint("ask for one, then for the other"));
        }
        let asked = Asked { horizon: self.horizon, period: self.period, models: self.models };
        let known = self.known();
        let input = ForecastInput {
            series: series.source(),
            asked,
            known: known.input(),
            measures: self.measures.unwrap_or_default(),
            earlier: self.earlier.iter().map(Text::source).collect(),
        };
        let forecasts = super::forecast(&input)?;
        match self.format {
            Format::Json => Ok(json(&forecasts)),
            Format::Csv => Ok(forecasts_csv(&forecasts)),
            format => Err(format.refused("a forecast", "`json` or `csv`")),
        }
    }

    fn known(&mut self) -> KnownCall {
        KnownCall {
            releases: self.releases.take(),
            events: self.events.take(),
            suppose: std::mem::take(&mut self.suppose),
        }
    }

    /// The series, where it is about series, else what it asks of bills.
    pub(super) fn split(mut self) -> Result<(Option<Text>, Self), Failure> {
        let series = self.series.take();
        if series.is_none() && (self.horizon.is_some() || self.period.is_some()) {
            return Err(Failure::new("a horizon or period is asked for without series")
                .hint("bills are forecast by day, to the end of this month, the three after it and a year"));
        }
        if series.is_none() && self.measures.is_some() {
            return Err(Failure::new("what series measure is said without series").hint("bills are of cost"));
        }
        if series.is_none() && !self.earlier.is_empty() {
            return Err(Failure::new("earlier forecasts are given without series")
                .hint("intervals of series learn from them, those of bills do not"));
        }
        Ok((series, self))
    }

    /// What it asks of bills.
    pub(super) fn over_bills(mut self) -> Result<BillCall, Failure> {
        let Some(as_of) = self.as_of else {
            return Err(Failure::new("it does not say which day it is").hint("give `as_of`, such as `2026-06-03`"));
        };
        let known = self.known();
        let mut call = BillCall::of(as_of, self.bills, self.format);
        (call.policy, call.metric, call.owner) = (self.policy, self.metric, self.owner);
        (call.overlap, call.budgets, call.models, call.known) = (self.overlap, self.budgets, self.models, known);
        Ok(call)
    }
}
