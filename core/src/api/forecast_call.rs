//! The call for a forecast: of series, or of what bills will be.

use serde::Deserialize;

use super::bill_call::{Bill, BillCall, OverlapName};
use super::call::{Text, json};
use super::{Failure, ForecastInput, Format};
use crate::bill::Metric;
use crate::calendar::Date;
use crate::forecast::{Asked, Models, forecasts_csv};
use crate::order::BTreeMap;

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
    metric: Option<Metric>,
    #[serde(default, rename = "for")]
    owner: BTreeMap<String, String>,
    overlap: Option<OverlapName>,
    horizon: Option<usize>,
    period: Option<usize>,
    #[serde(default)]
    models: Models,
    #[serde(default)]
    format: Format,
}

impl ForecastCall {
    /// Whether it is about series, which it holds itself.
    pub(super) fn is_of_series(&self) -> bool {
        self.series.is_some()
    }

    /// The answer to a call about series.
    pub(super) fn answer(&self, series: &Text) -> Result<String, Failure> {
        if self.bills.is_some() || self.budgets.is_some() {
            return Err(Failure::new("series and bills are asked for together").hint("ask for one, then for the other"));
        }
        let asked = Asked { horizon: self.horizon, period: self.period, models: self.models };
        let forecasts = super::forecast(&ForecastInput { series: series.source(), asked })?;
        match self.format {
            Format::Json => Ok(json(&forecasts)),
            Format::Csv => Ok(forecasts_csv(&forecasts)),
            Format::Markdown => {
                Err(Failure::new("a forecast has no Markdown form").code("format").hint("ask for `json` or `csv`"))
            }
        }
    }

    /// The series, where it is about series, else what it asks of bills.
    pub(super) fn split(mut self) -> Result<(Option<Text>, Self), Failure> {
        let series = self.series.take();
        if series.is_none() && (self.horizon.is_some() || self.period.is_some()) {
            return Err(Failure::new("a horizon or period is asked for without series")
                .hint("bills are forecast by day, to the end of this month, the three after it and a year"));
        }
        Ok((series, self))
    }

    /// What it asks of bills.
    pub(super) fn over_bills(self) -> Result<BillCall, Failure> {
        let Some(as_of) = self.as_of else {
            return Err(Failure::new("it does not say which day it is").hint("give `as_of`, such as `2026-06-03`"));
        };
        Ok(BillCall {
            as_of,
            bills: self.bills,
            policy: self.policy,
            explanations: Vec::new(),
            month: None,
            metric: self.metric,
            view: None,
            by: None,
            owner: self.owner,
            overlap: self.overlap,
            resource: None,
            conditions: BTreeMap::new(),
            budgets: self.budgets,
            models: self.models,
            offers: None,
            format: self.format,
        })
    }
}
