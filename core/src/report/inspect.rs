//! What are these files? The verdict alone, without a report.

use std::sync::Arc;

use serde::Serialize;

use super::document::{Overlap, Verdict, Warning};
use super::files::{Files, FilesError};
use super::question::{Dimensions, Request};
use super::run::{ReportError, question};
use super::verdict::verdict;
use crate::allocation::Policy;
use crate::ledger::{Bills, CubeTally, FileLedger, FileParts, Question, Supply, Tally, at_once};
use crate::order::BTreeSet;

/// The verdict as a document of its own.
#[derive(Clone, Debug, Serialize)]
pub struct Inspection {
    /// `headroom/inspect/1`.
    pub schema: &'static str,
    /// What the files are.
    #[serde(flatten)]
    pub verdict: Verdict,
}

/// The verdict on the bills that can be read, and why the others cannot.
pub type Inspected<F> = (Inspection, Vec<F>);

/// Inspects bills: the verdict on those that can be read, and why the others cannot.
///
/// Overlaps are listed and not refused.
///
/// # Errors
/// When the readable files cannot be added up at all.
pub fn inspect<B: Bills>(
    bills: &B,
    policy: &Arc<Policy>,
    request: &Request,
) -> Result<Inspected<B::Fault>, ReportError<B::Fault>> {
    at_once(inspect_from(bills, policy, request))
}

/// The same of bills that may have to be waited for.
pub(crate) async fn inspect_from<B: Supply>(
    bills: &B,
    policy: &Arc<Policy>,
    request: &Request,
) -> Result<Inspected<B::Fault>, ReportError<B::Fault>> {
    let dimensions = Dimensions::new(policy, request).map_err(ReportError::Dimension)?;
    let question = question(policy, &dimensions, request);
    let all: Vec<usize> = (0..bills.names().len()).collect();
    let (mut ledgers, mut kept, mut faults) = (Vec::new(), Vec::new(), Vec::new());
    for (file, parts) in all.iter().zip(bills.read(&all, &question, &CubeTally::whole).await) {
        match parts {
            Ok(parts) => {
                ledgers.push(FileLedger::new(parts));
                kept.push(*file);
            }
            Err(fault) => faults.push(fault),
        }
    }
    let readable =
        Readable { bills, names: kept.iter().map(|file| bills.names()[*file].clone()).collect(), files: kept };
    let (skipped, overlaps, warnings) = settle(&readable, &question, &ledgers, request).await?;
    let names: Vec<&str> = readable.names.iter().map(String::as_str).collect();
    let verdict = verdict(&names, &ledgers, &skipped, overlaps, warnings);
    Ok((Inspection { schema: "headroom/inspect/1", verdict }, faults))
}

/// Repeated files, overlaps, and what else there is to say of files side by side.
type Settled = (BTreeSet<usize>, Vec<Overlap>, Vec<Warning>);

async fn settle<B: Supply>(
    bills: &Readable<'_, B>,
    question: &Question,
    ledgers: &[FileLedger],
    request: &Request,
) -> Result<Settled, FilesError<B::Fault>> {
    let warning = |code: &str, message: String| vec![Warning { code: code.to_owned(), message, count: 1 }];
    match Files::settle(bills, question, ledgers.to_vec(), request.metric, request.overlap).await {
        Ok(files) => Ok((files.skipped, files.overlaps, files.warnings)),
        Err(FilesError::Overlaps(overlaps)) => Ok((BTreeSet::new(), overlaps, Vec::new())),
        Err(FilesError::TwoDialects { files: [a, b], month, .. }) => {
            let message = format!("`{a}` and `{b}` hold {month} of the same account in two formats: give one of them");
            Ok((BTreeSet::new(), Vec::new(), warning("two_formats", message)))
        }
        Err(FilesError::CannotCompare([a, b])) => {
            let message = format!("`{a}` and `{b}` hold the same month and could not be compared");
            Ok((BTreeSet::new(), Vec::new(), warning("not_compared", message)))
        }
        Err(error) => Err(error),
    }
}

/// The readable ones of a set of bills.
struct Readable<'b, B> {
    bills: &'b B,
    names: Vec<String>,
    files: Vec<usize>,
}

impl<B: Supply> Supply for Readable<'_, B> {
    type Fault = B::Fault;

    fn names(&self) -> &[String] {
        &self.names
    }

    fn can_reread(&self) -> bool {
        self.bills.can_reread()
    }

    async fn read<T: Tally>(
        &self,
        files: &[usize],
        question: &Question,
        tally: &(dyn Fn() -> T + Sync),
    ) -> Vec<Result<FileParts<T>, Self::Fault>> {
        let files: Vec<usize> = files.iter().map(|file| self.files[*file]).collect();
        self.bills.read(&files, question, tally).await
    }

    async fn same_bytes(&self, a: usize, b: usize) -> bool {
        self.bills.same_bytes(self.files[a], self.files[b]).await
    }
}
