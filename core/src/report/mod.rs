//! The report document and its renderings as text.
//!
//! [`Report`] is the value every format is made from. What people read is rounded for the eye by
//! [`figures`] and put into words by [`words`]; [`summary`] adds up what the document states by group.
//! Values from bills and policies pass [`text::visible`] before a person sees them.

mod actions;
pub(crate) mod asked;
mod build;
mod check;
mod csv;
mod cube;
mod document;
mod environments;
mod explain;
pub mod figures;
mod files;
mod inspect;
mod lines;
mod markdown;
mod question;
mod run;
#[cfg(test)]
pub(crate) mod sample;
mod starter;
pub mod summary;
pub mod text;
mod traced;
mod unused;
mod verdict;
pub mod words;

pub use check::{Check, CheckProblem, CheckedDocument, CostCoverage, Coverage, RuleCost, RuleUse, Usage};
pub use csv::{csv, csv_all};
pub(crate) use cube::cube_from;
pub use cube::{ColumnTaken, Cube, CubeKey, CubeRow, CubeTotal, cube, cube_csv};
pub use document::*;
pub(crate) use explain::explain_from;
pub use explain::{ChargeFacts, ExplainError, Explained, RuleShare, Selection, Sum as ExplainedSum, explain};
pub(crate) use files::Files;
pub use files::FilesError;
pub(crate) use inspect::inspect_from;
pub use inspect::{Inspected, Inspection, inspect};
pub(crate) use lines::lines_from;
pub use lines::{LineFormat, LinesError, lines};
pub(crate) use markdown::escape as markdown_escape;
pub use markdown::{check_markdown, inspect_markdown, markdown, markdown_all};
pub(crate) use question::Dimensions;
pub use question::{OnOverlap, Request, UnknownDimension};
pub use run::ReportError;
pub(crate) use run::{Reported, question as question_of, report_from};
pub(crate) use starter::starter_from;
pub use starter::{Starter, starter};
pub use text::UNALLOCATED;

#[cfg(test)]
use crate as engine;
