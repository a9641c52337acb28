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
use crate::rightsizing::schedule::{Export, Schedule, export, schedule_csv};
use crate::rightsizing::{self, Patch, Rightsizing, patch};
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
    /// Sizes as a patch for Kubernetes.
    Kubernetes,
    /// Sizes as values of a Helm chart.
    Helm,
    /// Sizes as a file for Docker Compose.
    Compose,
    /// Sizes as variables of Terraform.
    Terraform,
    /// Schedules as annotations of kube-downscaler.
    KubeDownscaler,
    /// Schedules as resources of the AWS Instance Scheduler.
    AwsScheduler,
    /// Schedules as lines of cron.
    Cron,
}

impl Format {
    /// All of them with their names, in the order of documents.
    pub const NAMES: [(&'static str, Self); 10] = [
        ("json", Self::Json),
        ("markdown", Self::Markdown),
        ("csv", Self::Csv),
        ("kubernetes", Self::Kubernetes),
        ("helm", Self::Helm),
        ("compose", Self::Compose),
        ("terraform", Self::Terraform),
        ("kube_downscaler", Self::KubeDownscaler),
        ("aws_scheduler", Self::AwsScheduler),
        ("cron", Self::Cron),
    ];

    /// The failure of a document that has no such form: what it is, and which forms it has.
    pub(super) fn refused(self, what: &str, forms: &str) -> Failure {
        let name = Self::NAMES.iter().find(|(_, format)| *format == self).map_or("", |(name, _)| name);
        let form = match self {
            Self::Json => "JSON form".to_owned(),
            Self::Markdown => "Markdown form".to_owned(),
            Self::Csv => "CSV form".to_owned(),
            _ => format!("form `{name}`"),
        };
        Failure::new(format_args!("{what} has no {form}")).code("format").hint(format_args!("ask for {forms}"))
    }
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
    /// What should be requested.
    Sizes(Rightsizing),
    /// When what is not production may be off.
    Schedule(Schedule),
    /// Why a charge is where it is.
    Explained(Explained),
    /// A policy to start from.
    Starter(Starter),
    /// Lines, which have been handed over; what is left is the verdict on the files they come from.
    Lines(Verdict),
}

/// The cube as CSV. It is written twice, first to count its bytes: where it is large, memory that grows as it is needed would be
/// more than all the rest.
fn cube_text(cube: &Cube) -> Result<String, Failure> {
    let (mut length, mut text) = (0, Vec::new());
    cube_csv(cube, &mut |piece| {
        length += piece.len();
        ControlFlow::Continue(())
    })?;
    text.reserve_exact(length);
    cube_csv(cube, &mut |piece| {
        text.extend_from_slice(piece);
        ControlFlow::Continue(())
    })?;
    Ok(String::from_utf8(text).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
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
            (Self::Cube(cube), Format::Csv) => cube_text(cube),
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
            (Self::Sizes(sizes), Format::Json) => Ok(json(sizes)),
            (Self::Sizes(sizes), Format::Csv) => Ok(rightsizing::csv(sizes)),
            (Self::Sizes(sizes), Format::Kubernetes) => Ok(patch(sizes, Patch::Kubernetes)),
            (Self::Sizes(sizes), Format::Helm) => Ok(patch(sizes, Patch::Helm)),
            (Self::Sizes(sizes), Format::Compose) => Ok(patch(sizes, Patch::Compose)),
            (Self::Sizes(sizes), Format::Terraform) => Ok(patch(sizes, Patch::Terraform)),
            (Self::Schedule(schedule), Format::Json) => Ok(json(schedule)),
            (Self::Schedule(schedule), Format::Csv) => Ok(schedule_csv(schedule)),
            (Self::Schedule(schedule), Format::KubeDownscaler) => Ok(export(schedule, Export::KubeDownscaler)),
            (Self::Schedule(schedule), Format::AwsScheduler) => Ok(export(schedule, Export::AwsScheduler)),
            (Self::Schedule(schedule), Format::Cron) => Ok(export(schedule, Export::Cron)),
            (_, format) => Err(format.refused(self.name(), self.forms())),
        }
    }

    /// What the files are that it was made from; `None` where no files were looked at.
    pub fn verdict(&self) -> Option<&Verdict> {
        match self {
            Self::Reports(reports) => reports.first().map(|report| &report.verdict),
            Self::Inspection(inspection) => Some(&inspection.verdict),
            Self::Cube(cube) => Some(&cube.verdict),
            Self::Check(check) => check.bills.as_ref().map(|usage: &report::Usage| &usage.verdict),
            Self::CostForecasts(_)
            | Self::Commitments(_)
            | Self::Waste(_)
            | Self::Sizes(_)
            | Self::Schedule(_)
            | Self::Explained(_)
            | Self::Starter(_) => None,
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
            Self::Sizes(_) => "a document on sizes",
            Self::Schedule(_) => "a schedule",
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
            Self::Sizes(_) => "`json`, `csv`, `kubernetes`, `helm`, `compose` or `terraform`",
            Self::Schedule(_) => "`json`, `csv`, `kube_downscaler`, `aws_scheduler` or `cron`",
            Self::Explained(_) => "`json`",
            Self::Starter(_) => "no form: it is TOML",
        }
    }
}
