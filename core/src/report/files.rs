//! Reading a set of bills once and settling which of their rows count.

use std::sync::Arc;

use super::document::{Overlap, OverlapAction, Warning};
use super::figures::{self, counted};
use super::question::OnOverlap;
use crate::bill::{Metric, Source};
use crate::calendar::Month;
use crate::ledger::{
    Answer, Cell, CubeTally, FileHashes, FileLedger, HashSlice, HashTally, InCommon, Overflow, Pair, Question, Role,
    Roles, Slot, SourceMonth, Supply, charges_left_out, join_halves, meetings, rows_of,
};
use crate::money::Amount;
use crate::order::{BTreeMap, BTreeSet, Order as _};

/// Charges that two files must have alike before it is said: fewer are soon alike by chance.
const ALIKE: u64 = 10;

/// Why a set of bills cannot be added up.
#[derive(Debug)]
#[non_exhaustive]
pub enum FilesError<F> {
    /// A file cannot be read.
    Bill(F),
    /// No file holds a charge.
    NoCharges(Vec<String>),
    /// Files hold the same rows.
    Overlaps(Vec<Overlap>),
    /// The same month of the same source stands in two formats.
    TwoDialects {
        /// The files.
        files: [String; 2],
        /// Whose bill.
        source: Arc<Source>,
        /// Which month.
        month: Month,
    },
    /// Files must be compared and one of them can be read only once.
    CannotCompare([String; 2]),
    /// A sum went out of range; the file and month with the largest amount, where known.
    OutOfRange(Option<(String, Month)>),
}

impl<F> From<Overflow> for FilesError<F> {
    fn from(_: Overflow) -> Self {
        Self::OutOfRange(None)
    }
}

/// Files that were read, and which of their rows count for what.
#[derive(Debug)]
pub(crate) struct Files {
    pub(crate) ledgers: Vec<FileLedger>,
    /// Files that repeat another byte by byte.
    pub(crate) skipped: BTreeSet<usize>,
    pub(crate) roles: Roles,
    pub(crate) overlaps: Vec<Overlap>,
    pub(crate) warnings: Vec<Warning>,
}

impl Files {
    /// Reads all bills.
    pub(crate) async fn read<B: Supply>(
        bills: &B,
        question: &Question,
        metric: Metric,
        on_overlap: OnOverlap,
    ) -> Result<Self, FilesError<B::Fault>> {
        let all: Vec<usize> = (0..bills.names().len()).collect();
        let parts = bills.read(&all, question, &CubeTally::whole).await.into_iter().collect::<Result<Vec<_>, _>>();
        let ledgers = parts.map_err(FilesError::Bill)?.into_iter().map(FileLedger::new).collect();
        Self::settle(bills, question, ledgers, metric, on_overlap).await
    }

    /// Settles which rows count.
    pub(crate) async fn settle<B: Supply>(
        bills: &B,
        question: &Question,
        ledgers: Vec<FileLedger>,
        metric: Metric,
        on_overlap: OnOverlap,
    ) -> Result<Self, FilesError<B::Fault>> {
        let mut files = Self {
            skipped: repeated(bills, &ledgers).await,
            ledgers,
            roles: Roles::new(),
            overlaps: Vec::new(),
            warnings: Vec::new(),
        };
        files.note_repeated(bills, metric).await;
        let found = meetings(&files.ledgers, &files.skipped);
        let names = |pair: Pair| [bills.names()[pair.a].clone(), bills.names()[pair.b].clone()];
        if let Some(((source, month), pair)) = found.two_dialects.into_iter().next() {
            return Err(FilesError::TwoDialects { files: names(pair), source, month });
        }
        files.roles = found.roles;
        let (mut common, alike) = files.compare_rows(bills, question, metric, &found.to_compare).await?;
        files.note_alike(bills.names(), &common, alike);
        join_halves(&files.ledgers, &files.skipped, bills.names(), &mut common, &mut files.roles);
        files.note_left_out();
        if common.is_empty() {
            return Ok(files);
        }
        let action = match on_overlap {
            OnOverlap::Refuse => OverlapAction::Refused,
            OnOverlap::Newest => OverlapAction::KeptNewest,
            OnOverlap::Sum => OverlapAction::Summed,
        };
        if on_overlap == OnOverlap::Newest {
            files.keep_newest(bills.names(), &common);
        }
        for ((slot, pair), (rows_in_common, amount)) in &common {
            let mut files_of = names(*pair);
            if files.roles.get(&(pair.a, slot.clone())) == Some(&Role::Dropped) {
                files_of.reverse();
            }
            let overlap =
                Overlap { files: files_of, month: slot.1, rows_in_common: *rows_in_common, amount: *amount, action };
            files.overlaps.push(overlap);
        }
        match on_overlap {
            OnOverlap::Refuse => Err(FilesError::Overlaps(files.overlaps)),
            OnOverlap::Newest | OnOverlap::Sum => Ok(files),
        }
    }

    /// The error, saying where to look when a sum of several files or groups went out of range.
    pub(crate) fn located<F>(&self, names: &[String], error: FilesError<F>) -> FilesError<F> {
        if !matches!(error, FilesError::OutOfRange(None)) {
            return error;
        }
        let cells = names.iter().zip(&self.ledgers).flat_map(|(name, ledger)| {
            let largest =
                |cell: &Cell| Metric::ALL.iter().filter_map(|metric| cell.amount(*metric)).map(Amount::magnitude).max();
            ledger.groups.iter().map(move |(month, _, cell)| (largest(cell), name, month))
        });
        FilesError::OutOfRange(cells.max().map(|(_, name, month)| (name.clone(), month)))
    }

    fn note_left_out(&mut self) {
        for ((_, month), count) in charges_left_out(&self.ledgers, &self.skipped, &self.roles) {
            let charges = counted(count, "charge is", "charges are");
            let message = format!(
                "{charges} in the actual export of {month} and not in the amortized one, and so in no figure: a part of \
                 it is missing"
            );
            self.warnings.push(Warning { code: "charges_left_out".to_owned(), message, count });
        }
    }

    async fn note_repeated<B: Supply>(&mut self, bills: &B, metric: Metric) {
        for repeat in &self.skipped {
            let mut original = 0;
            while original < *repeat && !bills.same_bytes(original, *repeat).await {
                original += 1;
            }
            let pair = [bills.names()[original].clone(), bills.names()[*repeat].clone()];
            let accounts = &self.ledgers[*repeat].accounts;
            for month in accounts.months() {
                let rows = accounts.month(month).map(|(_, cell)| cell.rows()).sum();
                let amounts = accounts.month(month).filter_map(|(_, cell)| cell.amount(metric));
                let currencies: BTreeSet<_> = accounts.month(month).map(|(key, _)| &key.currency).collect();
                self.overlaps.push(Overlap {
                    files: pair.clone(),
                    month,
                    rows_in_common: rows,
                    amount: Amount::checked_sum(amounts).filter(|_| currencies.len() == 1),
                    action: OverlapAction::Skipped,
                });
            }
            let message = format!("`{}` is the same as `{}` and was left out", pair[1], pair[0]);
            self.warnings.push(Warning { code: "repeated_file".to_owned(), message, count: 1 });
        }
    }

    /// Pairs of files that share no row, and yet most of their charges.
    fn note_alike(&mut self, names: &[String], common: &InCommon, alike: BTreeMap<(Slot, Pair), u64>) {
        for ((slot, pair), count) in alike {
            let (a, b) = (&self.ledgers[pair.a], &self.ledgers[pair.b]);
            let has_role = |file: usize| self.roles.contains_key(&(file, slot.clone()));
            let is_most = count >= ALIKE && 2 * count >= rows_of(a, &slot).min(rows_of(b, &slot)) && a.basis == b.basis;
            if !is_most || common.contains_key(&(slot.clone(), pair)) || has_role(pair.a) || has_role(pair.b) {
                continue;
            }
            let message = format!(
                "`{}` and `{}` have {} of {} in common but for quantities, costs or tags, and all were counted: where one \
                 is a later version of the other, leave the older out",
                names[pair.a],
                names[pair.b],
                counted(count, "charge", "charges"),
                slot.1
            );
            self.warnings.push(Warning { code: "alike_files".to_owned(), message, count });
        }
    }

    /// Rows in common of every pair of files that share a slot, and charges that are alike; pairs without any are left out.
    async fn compare_rows<B: Supply>(
        &self,
        bills: &B,
        question: &Question,
        metric: Metric,
        to_compare: &BTreeMap<Slot, BTreeSet<Pair>>,
    ) -> Result<(InCommon, BTreeMap<(Slot, Pair), u64>), FilesError<B::Fault>> {
        let pairs = || to_compare.iter().flat_map(|(slot, pairs)| pairs.iter().map(move |pair| (slot, *pair)));
        let Some((_, first)) = pairs().next() else { return Ok((InCommon::new(), BTreeMap::new())) };
        if !bills.can_reread() {
            return Err(FilesError::CannotCompare([bills.names()[first.a].clone(), bills.names()[first.b].clone()]));
        }
        let involved: BTreeSet<usize> = pairs().flat_map(|(_, pair)| [pair.a, pair.b]).collect();
        let involved: Vec<usize> = involved.into_iter().collect();
        let rows: u64 = involved.iter().map(|file| self.ledgers[*file].rows).sum();
        let (mut common, mut alike) = (InCommon::new(), BTreeMap::new());
        for slice in HashSlice::all(rows) {
            let mut hashes: BTreeMap<usize, FileHashes> = BTreeMap::new();
            let read = bills.read(&involved, question, &|| HashTally::new(slice, metric)).await;
            for (file, parts) in involved.iter().zip(read) {
                let parts = parts.map_err(FilesError::Bill)?;
                let groups = parts.groups().to_vec();
                hashes.insert(*file, FileHashes::new(&groups, parts.tally));
            }
            for (slot, pair) in pairs() {
                let (Some(a), Some(b)) = (hashes.get(&pair.a), hashes.get(&pair.b)) else { continue };
                let charges = a.alike(b, &slot.0, slot.1);
                if charges > 0 {
                    *alike.entry((slot.clone(), pair)).or_insert(0) += charges;
                }
                let (rows, amount) = a.in_common(b, &slot.0, slot.1);
                if rows > 0 {
                    let so_far = common.entry((slot.clone(), pair)).or_insert((0, Some(Amount::ZERO)));
                    so_far.0 += rows;
                    so_far.1 = so_far.1.zip(amount).and_then(|(sum, amount)| sum.checked_add(amount));
                }
            }
        }
        Ok((common, alike))
    }

    /// Of files that share rows of a slot, the final one stands, else the one that reaches furthest, else the one with
    /// more rows, else the last by name; a file falls where it shares rows with one that stands. So parts of one export,
    /// which share none, stand together.
    fn keep_newest(&mut self, names: &[String], common: &InCommon) {
        let mut by_slot: BTreeMap<&Slot, BTreeSet<usize>> = BTreeMap::new();
        for (slot, pair) in common.keys() {
            by_slot.entry(slot).or_default().extend([pair.a, pair.b]);
        }
        for (slot, holders) in by_slot {
            let rank = |file: &usize| {
                let facts = self.ledgers[*file].sources.get(&slot.0).and_then(|months| months.get(&slot.1));
                let is_final = facts.is_some_and(|facts| facts.is_final == Answer::Yes);
                let reach = facts.and_then(|facts| SourceMonth::span(slot.1, facts.usage_days)).map(|(_, last)| last);
                (is_final, reach, facts.map(|facts| facts.rows))
            };
            let mut newest_first: Vec<usize> = holders.into_iter().collect();
            newest_first.order_by(|a, b| (rank(b), &names[*b]).cmp(&(rank(a), &names[*a])));
            let mut standing: Vec<usize> = Vec::new();
            for file in newest_first {
                let shared = |other: &usize| {
                    let pair = Pair { a: file.min(*other), b: file.max(*other) };
                    common.get(&(slot.clone(), pair)).map(|(rows, _)| (*other, *rows))
                };
                let by: Vec<(usize, u64)> = standing.iter().filter_map(shared).collect();
                let Some((newer, _)) = by.first() else {
                    standing.push(file);
                    continue;
                };
                self.roles.insert((file, slot.clone()), Role::Dropped);
                let told = |code: &str, message: String, count| Warning { code: code.to_owned(), message, count };
                if rank(newer) == rank(&file) {
                    let message = format!(
                        "nothing tells which of `{}` and `{}` is the newer for {}: the last by name was kept",
                        names[file], names[*newer], slot.1
                    );
                    self.warnings.push(told("newest_by_name", message, 1));
                }
                let rows = rows_of(&self.ledgers[file], slot);
                let alone = rows.saturating_sub(by.iter().map(|(_, rows)| rows).sum());
                if alone > 0 {
                    let message = format!(
                        "`{}` was left out for {}, and {} of its {} {} in no file that was kept: where it is no older \
                         version but another part, add up all of them (`--overlap sum`)",
                        names[file],
                        slot.1,
                        figures::count(alone),
                        counted(rows, "row", "rows"),
                        if alone == 1 { "stands" } else { "stand" },
                    );
                    self.warnings.push(told("rows_left_out", message, alone));
                }
            }
        }
    }
}

async fn repeated<B: Supply>(bills: &B, ledgers: &[FileLedger]) -> BTreeSet<usize> {
    let mut repeated = BTreeSet::new();
    for (later, ledger) in ledgers.iter().enumerate().filter(|(_, ledger)| ledger.rows > 0) {
        for (first, earlier) in ledgers.iter().enumerate().take(later) {
            let may_be = earlier.rows == ledger.rows && !repeated.contains(&first);
            if may_be && bills.same_bytes(first, later).await {
                repeated.insert(later);
                break;
            }
        }
    }
    repeated
}
