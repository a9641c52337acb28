//! What went wrong, said once: a message, where, and what to do.

use std::fmt;

use serde::Serialize;

use crate::allocation::PolicyError;
use crate::bill::BillFault;
use crate::condition::document::Problem;
use crate::ledger::{Overflow, PushFault};
use crate::report::figures::counted;
use crate::report::text::visible;
use crate::report::{ColumnTaken, ExplainError, FilesError, LinesError, Overlap, ReportError, UnknownDimension};

/// A failure in words: the same on the command line, in a browser and in a cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Failure(Box<Said>);

/// What a failure says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Said {
    /// `headroom/failure/1`.
    schema: &'static str,
    /// What went wrong; the first place it concerns stands in front.
    message: String,
    /// What to do about it.
    hint: Option<String>,
    /// A stable word for machines.
    code: &'static str,
    /// The file it concerns, where it concerns one.
    file: Option<String>,
    /// The line of that file, from 1.
    line: Option<u64>,
    /// Where on the line.
    column: Option<Column>,
}

/// A column: of a text by its number, of a bill by its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Column {
    /// In characters, from 1.
    Number(u64),
    /// As the header has it.
    Name(String),
}

impl Failure {
    /// A failure without a place.
    pub fn new(message: impl fmt::Display) -> Self {
        Self(Box::new(Said {
            schema: "headroom/failure/1",
            message: message.to_string(),
            hint: None,
            code: "input",
            file: None,
            line: None,
            column: None,
        }))
    }

    /// A failure at a place: a file's name, with line and column where there are any.
    pub fn at(place: impl fmt::Display, message: impl fmt::Display) -> Self {
        Self::new(format_args!("{place}: {message}"))
    }

    /// Says what to do.
    #[must_use]
    pub fn hint(mut self, hint: impl fmt::Display) -> Self {
        self.0.hint = Some(hint.to_string());
        self
    }

    /// Says what to do, where something can be done.
    #[must_use]
    pub fn hint_if(self, hint: Option<impl fmt::Display>) -> Self {
        match hint {
            Some(hint) => self.hint(hint),
            None => self,
        }
    }

    /// Says what kind it is, in a word for machines.
    #[must_use]
    pub fn code(mut self, code: &'static str) -> Self {
        self.0.code = code;
        self
    }

    /// Says which file it concerns and where, for machines.
    #[must_use]
    pub fn placed(mut self, file: &str, line: Option<u64>, column: Option<Column>) -> Self {
        (self.0.file, self.0.line, self.0.column) = (Some(file.to_owned()), line, column);
        self
    }

    /// The failure of a small table that somebody wrote.
    pub(super) fn of_table(
        name: &str,
        (line, column): (Option<u64>, Option<&str>),
        fault: impl fmt::Display,
        hint: &str,
    ) -> Self {
        let at = line.map_or_else(String::new, |line| format!(":{line}"));
        let of = column.map_or_else(String::new, |column| format!(" (column `{column}`)"));
        let column = column.map(|column| Column::Name(column.to_owned()));
        Self::at(format_args!("{name}{at}{of}"), fault).hint(hint).code("table").placed(name, line, column)
    }

    /// The failure of a bill.
    pub fn of_bill(name: &str, fault: &BillFault) -> Self {
        match (fault.line(), fault.column()) {
            (Some(line), Some(column)) => Self::at(format_args!("{name}:{line} (column `{}`)", visible(column)), fault),
            (Some(line), None) => Self::at(format_args!("{name}:{line}"), fault),
            (None, _) => Self::at(name, fault),
        }
        .hint_if(fault.hint())
        .code("bill")
        .placed(name, fault.line(), fault.column().map(|column| Column::Name(column.to_owned())))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", self.0.message)?;
        match &self.0.hint {
            Some(hint) => write!(f, "\n\nhint: {hint}"),
            None => Ok(()),
        }
    }
}

impl From<(String, BillFault)> for Failure {
    fn from((name, fault): (String, BillFault)) -> Self {
        Self::of_bill(&name, &fault)
    }
}

impl From<PushFault> for Failure {
    fn from(fault: PushFault) -> Self {
        match fault {
            PushFault::Bill(name, fault) => Self::of_bill(&name, &fault),
            PushFault::Unreadable { file, reason, hint } => {
                Self::at(&file, reason).hint_if(hint).code("unreadable").placed(&file, None, None)
            }
        }
    }
}

impl From<PolicyError> for Failure {
    fn from(error: PolicyError) -> Self {
        of_problems(error.problems())
    }
}

impl From<Vec<Problem>> for Failure {
    fn from(problems: Vec<Problem>) -> Self {
        of_problems(&problems)
    }
}

/// The failure of a document with these problems: all of them, each with its place and hint.
pub(super) fn of_problems(problems: &[Problem]) -> Failure {
    let placed = |failure: Failure| match problems.first() {
        Some(Problem { at, .. }) => failure.code("document").placed(
            &at.file,
            Some(u64::from(at.line)),
            Some(Column::Number(u64::from(at.column))),
        ),
        None => failure,
    };
    if let [only] = problems {
        return placed(Failure::new(only).hint_if(only.hint()));
    }
    let line = |problem: &Problem| match problem.hint() {
        Some(hint) => format!("{problem}\n         hint: {hint}"),
        None => problem.to_string(),
    };
    let lines: Vec<String> = problems.iter().map(line).collect();
    placed(Failure::new(lines.join("\n       ")))
}

impl From<UnknownDimension> for Failure {
    fn from(unknown: UnknownDimension) -> Self {
        Self::new(&unknown).code("dimension").hint(match &unknown.nearest {
            Some(name) => format!("did you mean `{name}`?"),
            None if unknown.name.starts_with("tag:") => {
                "let a rule of the policy set a dimension from the tag, as `set = { app = { tag = \"app\" } }` does"
                    .to_owned()
            }
            None => {
                "use `squad`, `environment`, a dimension of your policy, or a field such as `service_name`".to_owned()
            }
        })
    }
}

impl<F: Into<Self>> From<ReportError<F>> for Failure {
    fn from(error: ReportError<F>) -> Self {
        match error {
            ReportError::Files(error) => error.into(),
            ReportError::Dimension(unknown) => unknown.into(),
            ReportError::Month(month) => Self::new(&month).code("month").hint(month.hint()),
            ReportError::NothingOwned => Self::new("no charge belongs to the owner asked for")
                .code("nothing_owned")
                .hint("run `headroom report` without `--for` to see who owns what"),
        }
    }
}

impl<F: Into<Self>> From<ExplainError<F>> for Failure {
    fn from(error: ExplainError<F>) -> Self {
        match error {
            ExplainError::Report(error) => error.into(),
            ExplainError::NothingSelected => Self::new("no charge is as asked").code("nothing_selected").hint(
                "values are compared exactly: `headroom allocate BILL… --lines` lists all charges with their values",
            ),
            ExplainError::ReadOnce => read_once(),
        }
    }
}

fn read_once() -> Failure {
    Failure::new("the bills must be read twice, and standard input or a pipe cannot be")
        .code("read_once")
        .hint("save it to a file: which charges count is known only when all have been read")
}

impl From<ColumnTaken> for Failure {
    fn from(taken: ColumnTaken) -> Self {
        Self::new(&taken).code("column_taken").hint(taken.hint())
    }
}

impl<F: Into<Self>> From<LinesError<F>> for Failure {
    fn from(error: LinesError<F>) -> Self {
        match error {
            LinesError::Report(error) => error.into(),
            LinesError::Column(taken) => Self::new(&taken).code("column_taken").hint("rename it in the policy"),
            LinesError::ReadOnce => read_once(),
        }
    }
}

impl From<Overflow> for Failure {
    fn from(overflow: Overflow) -> Self {
        FilesError::<Self>::from(overflow).into()
    }
}

impl<F: Into<Self>> From<FilesError<F>> for Failure {
    fn from(error: FilesError<F>) -> Self {
        match error {
            FilesError::Bill(fault) => fault.into(),
            FilesError::NoCharges(files) => {
                let failure = match files.as_slice() {
                    [] => return Self::new("no bills given").code("no_charges").hint("give one file or more"),
                    [only] => Self::at(only, "the bill holds a header and no rows"),
                    _ => Self::new("the bills hold no charges: each is a header without rows"),
                };
                let hint = "such an export is of a period without charges: give the bill of another";
                failure.code("no_charges").hint(hint)
            }
            FilesError::Overlaps(overlaps) => of_overlaps(&overlaps),
            FilesError::TwoDialects { files: [a, b], source, month } => {
                let account = source.billing_account_id.as_deref().unwrap_or("an unnamed account");
                Self::new(format_args!("`{a}` and `{b}` hold {month} of {account} in two formats"))
                    .code("two_formats")
                    .hint("adding them up would count every charge twice: give one of them")
            }
            FilesError::CannotCompare([a, b]) => {
                Self::new(format_args!("`{a}` and `{b}` hold the same month, and standard input or a pipe cannot be read twice"))
                    .code("read_once")
                    .hint("save it to a file, so that the rows can be compared")
            }
            FilesError::OutOfRange(place) => Self::new("the amounts add up to more than can be held").code("out_of_range").hint(match place {
                Some((file, month)) => format!(
                    "no real bill does: look for a row with a wrong amount, the largest of which is in {month} of `{file}`"
                ),
                None => "no real bill does: look for a row with a wrong amount".to_owned(),
            }),
        }
    }
}

fn of_overlaps(overlaps: &[Overlap]) -> Failure {
    let lines: Vec<String> = overlaps
        .iter()
        .map(|overlap| {
            let [a, b] = &overlap.files;
            let amount = overlap.amount.map_or_else(String::new, |amount| format!(", {amount} in all"));
            let rows = counted(overlap.rows_in_common, "row", "rows");
            format!("`{a}` and `{b}` have {rows} of {} in common{amount}", overlap.month)
        })
        .collect();
    Failure::new(lines.join("\n       "))
        .code("overlap")
        .hint(
            "leave out the older file, pass `--overlap newest` to keep the newest, or `--overlap sum` to count all where they \
             are parts of one export",
        )
}
