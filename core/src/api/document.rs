//! What comes of bills, and the forms it can be had in.

use std::ops::ControlFlow;

use serde::Deserialize;

use super::Failure;
use super::call::json;
use crate::commitment::{Commitments, commitments_csv};
use crate::report::{
    self, Check, Cube, Explained, Inspection, Report, Starter, Verdict, check_markdown, csv_all, cube_csv,
    inspect_markdown, markdown_all,
};
use crate::spending::{CostForecast, cost_forecasts_csv};
use crate::waste::{Waste, waste_csv};

/// The form of an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// The document of the JSON contract.
    #[default]
    Json,
    /// A page to be read.
    Markdown,
    /// Rows for a spreadsheet.
    Csv,
}

/// What a call about bills gives.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Document {
    /// Reports, one for each currency.
    Reports(Vec<Report>),
    /// What the files are.
    Inspection(Inspection),
    /// Cost by month and group.
    Cube(Cube),
    /// What was found out about a policy.
    Check(Check),
    /// What cost will be, one for each currency.
    CostForecasts(Vec<CostForecast>),
    /// What is committed to and what should be, one for each currency.
    Commitments(Vec<Commitments>),
    /// What nobody uses, one for each currency.
    Waste(Vec<Waste>),
    /// Why a charge is where it is.
    Explained(Explained),
    /// A policy to start from.
    Starter(Starter),
    /// Lines, which have been handed over; what is left is the verdict on the files they come from.
    Lines(Verdict),
}

impl Document {
    /// The document in a form.
    ///
    /// # Errors
    /// When it has no such form.
    pub fn render(&self, format: Format) -> Result<String, Failure> {
        match (self, format) {
            (Self::Reports(reports), Format::Json) => Ok(super::report_json(reports)),
            (Self::Reports(reports), Format::Markdown) => Ok(markdown_all(reports)),
            (Self::Reports(reports), Format::Csv) => Ok(csv_all(reports)?),
            (Self::Inspection(inspection), Format::Json) => Ok(json(inspection)),
            (Self::Inspection(inspection), Format::Markdown) => Ok(inspect_markdown(&inspection.verdict)),
            (Self::Cube(cube), Format::Json) => Ok(json(cube)),
            (Self::Cube(cube), Format::Csv) => {
                let mut text = Vec::new();
                cube_csv(cube, &mut |piece| {
                    text.extend_from_slice(piece);
                    ControlFlow::Continue(())
                })?;
                Ok(String::from_utf8_lossy(&text).into_owned())
            }
            (Self::CostForecasts(forecasts), Format::Json) => Ok(super::cost_forecasts_json(forecasts)),
            (Self::CostForecasts(forecasts), Format::Csv) => Ok(cost_forecasts_csv(forecasts)),
            (Self::Commitments(documents), Format::Json) => Ok(super::commitments_json(documents)),
            (Self::Commitments(documents), Format::Csv) => Ok(commitments_csv(documents)),
            (Self::Waste(documents), Format::Json) => Ok(super::waste_json(documents)),
            (Self::Waste(documents), Format::Csv) => Ok(waste_csv(documents)),
            (Self::Check(check), Format::Json) => Ok(json(check)),
            (Self::Check(check), Format::Markdown) => Ok(check_markdown(check)),
            (Self::Explained(explained), Format::Json) => Ok(json(explained)),
            (Self::Starter(starter), Format::Json) => Ok(starter.text.clone()),
            (Self::Lines(_), _) => Ok(String::new()),
            (_, format) => {
                let form = if format == Format::Csv { "CSV" } else { "Markdown" };
                Err(Failure::new(format_args!("{} has no {form} form", self.name()))
                    .code("format")
                    .hint(format_args!("ask for {}", self.forms())))
            }
        }
    }

    /// What the files are that it was made from; `None` where no files were looked at.
    pub fn verdict(&self) -> Option<&Verdict> {
        match self {
            Self::Reports(reports) => reports.first().map(|report| &report.verdict),
            Self::Inspection(inspection) => Some(&inspection.verdict),
            Self::Cube(cube) => Some(&cube.verdict),
            Self::Check(check) => check.bills.as_ref().map(|usage: &report::Usage| &usage.verdict),
            Self::CostForecasts(_) | Self::Commitments(_) | Self::Waste(_) | Self::Explained(_) | Self::Starter(_) => {
                None
            }
            Self::Lines(verdict) => Some(verdict),
        }
    }

    fn name(&self) -> &'static str {
        match self {
            Self::Reports(_) => "a report",
            Self::Inspection(_) => "an inspection",
            Self::Cube(_) => "a cube",
            Self::CostForecasts(_) => "a forecast",
            Self::Commitments(_) => "a document on commitments",
            Self::Waste(_) => "a document on waste",
            Self::Check(_) => "a check",
            Self::Explained(_) => "an explanation",
            Self::Starter(_) => "a policy to start from",
            Self::Lines(_) => "a list of lines",
        }
    }

    fn forms(&self) -> &'static str {
        match self {
            Self::Reports(_) => "`json`, `markdown` or `csv`",
            Self::Inspection(_) | Self::Check(_) => "`json` or `markdown`",
            Self::Cube(_) | Self::CostForecasts(_) | Self::Commitments(_) | Self::Waste(_) | Self::Lines(_) => {
                "`json` or `csv`"
            }
            Self::Explained(_) => "`json`",
            Self::Starter(_) => "no form: it is TOML",
        }
    }
}
