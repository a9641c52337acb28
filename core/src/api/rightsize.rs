//! Sizing workloads: usage in, requests and limits out.

use super::Failure;
use super::failure::of_problems;
use crate::bill::BillFault;
use crate::condition::document::Source;
use crate::money::Currency;
use crate::rightsizing::{
    Assumptions, Billed, Pricing, Question, Read, RefusedRow, Requests, Rightsizing, Run, Usage, UsageFault,
    UsageReader,
};
use crate::waste::IdlePolicy;

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
    pub fn run<'a>(
        &'a self,
        requests: &'a Requests,
        assumptions: &'a Assumptions,
        billed: Option<&'a Billed>,
        question: Question,
    ) -> Run<'a> {
        Run {
            usage: &self.usage,
            requests,
            assumptions,
            billed,
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
/// use headroom_core::condition::document::Source;
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
    rightsize_of(&files, &requests, &assumptions, None, input.question)
}

/// The same of usage that has been read, with the prices of bills where there are any.
///
/// # Errors
/// When there is no usage, or prices are in two currencies.
pub fn rightsize_of(
    files: &UsageFiles,
    requests: &Requests,
    assumptions: &Assumptions,
    billed: Option<&Billed>,
    question: Question,
) -> Result<Rightsizing, Failure> {
    let run = files.run(requests, assumptions, billed, question);
    one_currency(files, &run.pricing())?;
    run.document().ok_or_else(no_usage)
}

/// Sees that requests are not priced in two currencies: some by their table or bills, the others by assumptions.
///
/// # Errors
/// When they are.
pub fn one_currency(files: &UsageFiles, pricing: &Pricing<'_>) -> Result<(), Failure> {
    let Some((workload, resource)) = pricing.priced_apart(&files.usage) else { return Ok(()) };
    let (given, assumed) = (pricing.currency(), pricing.assumed_currency());
    let given = given.code();
    Err(Failure::new(format_args!(
        "`{workload}` has no price for {}, and what is assumed is in {}, not in {given}",
        resource.name(),
        assumed.code()
    ))
    .hint(format_args!(
        "give every request a `unit_price`, or `--assumptions` with `[prices] currency = \"{given}\"` and prices in it"
    )))
}

/// What the bills say in the currency of the requests; without prices there, in the only one of the bills.
///
/// # Errors
/// When they are in several others.
pub fn in_one_currency(all: Vec<Billed>, requests: &Requests) -> Result<Billed, Failure> {
    let given = requests.currency.as_ref();
    crate::billed::in_currency(all, given).map_err(|codes| {
        let codes: Vec<&str> = codes.iter().map(Currency::code).collect();
        let held = codes.join(" and ");
        match given {
            Some(given) => {
                Failure::new(format_args!("requests are priced in {}, and the bills in {held}", given.code()))
                    .hint("give bills in the currency of the requests, or requests without prices")
            }
            None => Failure::new(format_args!("the bills are in {held}, and prices are of one currency"))
                .hint("give the bills of one currency, or requests with a `unit_price` and its `currency`"),
        }
        .code("currency")
    })
}

/// What a machine of a bill is: as what comes with Headroom for unused ones has it.
///
/// # Errors
/// When that cannot be read, which a test rules out.
pub fn idle_measured() -> Result<IdlePolicy, Failure> {
    super::idle_rules(None)
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
        UsageFault::File(fault) if *fault != BillFault::Empty => Failure::of_bill(name, fault),
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
