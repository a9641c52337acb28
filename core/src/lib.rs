//! The Headroom engine: exact cost reports, allocation and change analysis over cloud bills, without I/O.
//!
//! Bytes, text and dates come in as arguments, documents go out; the engine opens no file, reads no clock and asks
//! the environment nothing, so it gives the same bytes on a server, in a browser and in a cluster.
//!
//! ```
//! use std::sync::Arc;
//!
//! use headroom_core::allocation::Policy;
//! use headroom_core::api::report;
//! use headroom_core::change::Explanations;
//! use headroom_core::ledger::MemoryBills;
//! use headroom_core::report::Request;
//!
//! let bill = "ChargePeriodStart,ChargeCategory,BilledCost,EffectiveCost,BillingCurrency,ServiceName,Tags
//! 2026-04-01,Usage,100,80,USD,Queue,\"{\"\"squad\"\": \"\"payments\"\"}\"
//! 2026-05-01,Usage,130,97.5,USD,Queue,\"{\"\"squad\"\": \"\"payments\"\"}\"
//! ";
//! let bills = MemoryBills::new([("bill.csv".to_owned(), bill.as_bytes())]);
//! let mut request = Request::new("2026-06-03".parse().unwrap());
//! request.month = "2026-05".parse().ok();
//! let reports = report(&bills, &Arc::new(Policy::builtin()), &Explanations::default(), &request).unwrap();
//! assert_eq!(reports[0].totals.effective.amount.unwrap().to_string(), "97.5");
//! ```
//!
//! Rooms, lowest first; each uses only those above it in this list. Those up to [`allocation`] are a crate of their own,
//! `headroom_bills`; `assessed` and [`policy`] are another, `headroom_gates`; [`series`] to [`forecast`] a third,
//! `headroom_forecasts`:
//!
//! * [`order`] – sorting, and maps and sets in order, in little code
//! * [`json`] – JSON text, read and written in little code
//! * [`money`] – exact amounts, currencies, shares that lose nothing
//! * [`calendar`] – days and months, and the date spellings of bills
//! * [`condition`] – the closed condition set, and policy documents with positions
//! * [`bill`] – bytes to records: scanning, dialects, cost metrics, tags
//! * [`ledger`] – charges added up; several files as one bill
//! * [`allocation`] – policies: ordered rules, first match per dimension
//! * `assessed` – what a result of an assessment is called and made of
//! * [`policy`] – gates: allow, allow with warnings, or deny
//! * [`change`] – month over month: what is compared, what is flagged, what moved
//! * [`series`] – a regular time series, its gaps and its seasons
//! * `regression` – least squares, ridge, a robust line
//! * `table` – small tables that people write, and what is wrong with them
//! * [`release`] – what is known of the future, and how promises were kept
//! * [`forecast`] – what a series will be: models, intervals, back-test
//! * [`maturity`] – frameworks, criteria, assessments, levels, gaps, next actions
//! * [`report`] – the documents and their renderings as text
//! * [`spending`] – what cost will be: the month's end, the months after, budgets
//! * [`commitment`] – reserved capacity: coverage, utilisation, how much to commit to
//! * [`rightsizing`] – requests and limits from usage, replayed on past weeks
//! * [`waste`] – what is billed or reserved and used by nobody
//! * [`savings`] – what could be saved as one list, in which nothing counts twice
//! * [`capacity`] – is there room: exhaustion and order-by dates
//! * [`scorecard`] – an assessment on one page: its sentences, and Markdown
//! * [`api`] – the one door, typed and as JSON text

pub mod api;
pub mod billed;
pub mod capacity;
pub mod change;
pub mod commitment;
#[cfg(test)]
mod json_schema;
pub mod maturity;
pub mod report;
pub mod rightsizing;
pub mod savings;
pub mod scorecard;
pub mod spending;
pub mod waste;

pub use headroom_bills::{allocation, bill, calendar, condition, json, ledger, money, order};
pub use headroom_forecasts::{forecast, release, series};
use headroom_forecasts::{regression, table};
use headroom_gates::assessed;
pub use headroom_gates::policy;
