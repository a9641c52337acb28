//! Sizing workloads: usage in, requests and limits out.

use super::Failure;
use super::failure::of_problems;
use crate::maturity::Source;
use crate::money::Currency;
use crate::rightsizing::{
    Assumptions, Question, Read, RefusedRow, Requests, Rightsizing, Run, Usage, UsageFault, UsageReader,
};

/// Refused rows that are listed; all are counted.
const LISTED: usize = 100;

/// Usage of one or several files, read.
#[derive(Clone, Debug, Default)]
pub struct UsageFiles {
    /// What was used.
    pub usage: Usage,
    /// Rows that were refused.
    pub refused: u64,
    /// The first of them.
    pub refused_rows: Vec<RefusedRow>,
    /// Rows of resources that have no request.
    pub other_resources: u64,
}

impl UsageFiles {
    /// Adds what a file held.
    pub fn add(&mut self, name: &str, read: Read) {
        self.usage.merge(read.usage);
        self.refused += read.refused;
        self.other_resources += read.other_resources;
        let room = LISTED.saturating_sub(self.refused_rows.len());
        self.refused_rows.extend(read.refusals.into_iter().take(room).map(|refusal| RefusedRow::of(name, refusal)));
    }

    /// The run that these files are for.
    pub fn run<'a>(&'a self, requests: &'a Requests, assumptions: &'a Assumptions, question: Question) -> Run<'a> {
        Run {
            usage: &self.usage,
            requests,
            assumptions,
            question,
            refused: (self.refused, self.refused_rows.clone()),
            other_resources: self.other_resources,
        }
    }
}

/// What sizes are made from.
#[derive(Clone, Debug, Default)]
pub struct RightsizeInput<'s> {
    /// Usage tables, or answers of Prometheus range queries.
    pub usage: Vec<Source<'s>>,
    /// Tables of what is requested today.
    pub requests: Vec<Source<'s>>,
    /// Assumptions in the place of those that come with Headroom.
    pub assumptions: Option<Source<'s>>,
    /// What is asked.
    pub question: Question,
}

/// Requests and limits.
///
/// ```
/// use headroom_core::api::{RightsizeInput, rightsize};
/// use headroom_core::maturity::Source;
///
/// let mut text = "timestamp,workload,resource,value,unit\n".to_owned();
/// for hour in 0..24 * 14 {
///     text += &format!("{},checkout,cpu,{},cores\n", 1_777_593_600 + hour * 3600, if hour % 24 < 8 { 0.2 } else { 0.4 });
/// }
/// let input = RightsizeInput { usage: vec![Source { name: "usage.csv", text: &text }], ..RightsizeInput::default() };
/// let request = rightsize(&input).unwrap().recommendations[0].request.unwrap();
/// assert!((0.4..0.6).contains(&request.value()), "{request}");
/// ```
///
/// # Errors
/// When a file cannot be read, or there is no usage.
pub fn rightsize(input: &RightsizeInput<'_>) -> Result<Rightsizing, Failure> {
    let files = read_usage(&input.usage)?;
    let requests = requests(&input.requests)?;
    let assumptions = assumptions(input.assumptions)?;
    one_currency(&files, &requests, &assumptions)?;
    files.run(&requests, &assumptions, input.question).document().ok_or_else(no_usage)
}

/// Sees that requests are not priced in two currencies: some by their table, the others by assumptions.
///
/// # Errors
/// When they are.
pub fn one_currency(files: &UsageFiles, requests: &Requests, assumptions: &Assumptions) -> Result<(), Failure> {
    let Some((workload, resource)) = requests.priced_apart(&files.usage, assumptions) else { return Ok(()) };
    let given = requests.currency.as_ref().map_or("", Currency::code);
    Err(Failure::new(format_args!(
        "`{workload}` has no price for {}, and what is assumed is in {}, not in {given}",
        resource.name(),
        assumptions.currency.code()
    ))
    .hint(format_args!(
        "give every request a `unit_price`, or `--assumptions` with `[prices] currency = \"{given}\"` and prices in it"
    )))
}

/// There is nothing to look at.
pub fn no_usage() -> Failure {
    Failure::new("there is no usage: no row is of cpu or memory")
        .hint("a usage table has the columns `timestamp,workload,resource,value,unit`")
}

/// Usage tables as one.
pub(super) fn read_usage(sources: &[Source<'_>]) -> Result<UsageFiles, Failure> {
    let mut files = UsageFiles::default();
    for source in sources {
        files.add(source.name, read(*source).map_err(|fault| of_usage(source.name, &fault))?);
    }
    Ok(files)
}

fn read(source: Source<'_>) -> Result<Read, UsageFault> {
    let mut reader = UsageReader::new();
    reader.push(source.text.as_bytes())?;
    reader.finish()
}

/// The failure of a usage file.
pub fn of_usage(name: &str, fault: &UsageFault) -> Failure {
    match fault {
        UsageFault::File(fault) => Failure::of_bill(name, fault),
        UsageFault::AllRefused { line, .. } => {
            Failure::at(format_args!("{name}:{line}"), fault).hint(fault.hint()).placed(name, Some(*line), None)
        }
        fault => Failure::at(name, fault).hint(fault.hint()).placed(name, None, None),
    }
}

/// The assumptions of a file, or those that come with Headroom.
///
/// # Errors
/// Everything that is wrong with the file.
pub fn assumptions(source: Option<Source<'_>>) -> Result<Assumptions, Failure> {
    source.map_or_else(Assumptions::shipped, Assumptions::parse).map_err(|problems| of_problems(&problems))
}

/// Tables of requests as one.
///
/// # Errors
/// The first row that cannot be read.
pub fn requests(sources: &[Source<'_>]) -> Result<Requests, Failure> {
    let mut all = Requests::default();
    for source in sources {
        all.read(*source)
            .map_err(|fault| Failure::of_table(source.name, (fault.line, fault.column), &fault, fault.hint))?;
    }
    Ok(all)
}
