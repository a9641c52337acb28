//! What one file adds up to.

use std::sync::Arc;

use super::keys::{AccountKey, GroupKey, Keys};
use super::plan::Plan;
use super::refusal::Refusal;
use super::rule_sets::RuleSets;
use super::set::{CostBasis, cost_basis};
use super::table::{Ranked, Table};
use super::tags::TagCounts;
use super::tally::CubeTally;
use crate::bill::{Dialect, Source};
use crate::calendar::{Date, Month};
use crate::condition::Field;
use crate::order::BTreeMap;

use super::Answer;

/// Things counted while a file is read that change no sum and that a reader should know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Events {
    /// Rows with an amount of more than 18 decimals, rounded half-even.
    pub rounded_amounts: u64,
    /// Rows whose tags could not be read to their end; what stands before the fault counts.
    pub unreadable_tags: u64,
    /// Rows that name no currency.
    pub no_currency: u64,
    /// Rows that do not say by which month they were billed, where that was asked for; they count for that of their charge.
    pub unbilled: u64,
    /// Rows with bytes that are not UTF-8 in a value of their group.
    pub not_utf8: u64,
}

impl Events {
    /// Adds what was counted elsewhere.
    pub fn merge(&mut self, other: Self) {
        self.rounded_amounts += other.rounded_amounts;
        self.unreadable_tags += other.unreadable_tags;
        self.no_currency += other.no_currency;
        self.unbilled += other.unbilled;
        self.not_utf8 += other.not_utf8;
    }
}

/// What the workers of one file read, with a tally of any kind.
#[derive(Debug)]
pub struct FileParts<T> {
    /// The plan it was read under.
    pub plan: Arc<Plan>,
    /// Rows, refused ones included.
    pub rows: u64,
    /// Rows that could not be read.
    pub refused: u64,
    /// The first hundred of them.
    pub refusals: Vec<Refusal>,
    /// Line of the row that runs to the end of the file because a quote is not closed.
    pub open_quote_line: Option<u64>,
    /// Line and column of the first bytes that are not UTF-8.
    pub not_utf8: Option<(u64, usize)>,
    /// What was counted.
    pub events: Events,
    /// Tags.
    pub tags: TagCounts,
    pub(super) keys: Keys,
    /// What was added up.
    pub tally: T,
}

impl<T> FileParts<T> {
    /// The groups, by number.
    pub fn groups(&self) -> &[GroupKey] {
        self.keys.groups.values()
    }

    /// The groups by number, and the tally.
    pub fn into_keys(self) -> (Vec<GroupKey>, T) {
        (self.keys.groups.into_values(), self.tally)
    }

    /// The accounts, by number.
    pub fn accounts(&self) -> &[AccountKey] {
        self.keys.accounts.values()
    }

    /// The same parts with what is made of the tally; `None` where nothing is.
    pub(super) fn retyped<U>(self, tally: impl FnOnce(T) -> Option<U>) -> Option<FileParts<U>> {
        let (parts, ()) = self.split(|own| (tally(own), ()));
        let (parts, tally) = parts.split(|tally| ((), tally));
        let tally = tally?;
        Some(parts.split(|()| (tally, ())).0)
    }

    /// The same parts with a part of the tally, and what remains of it.
    pub fn split<U, R>(self, split: impl FnOnce(T) -> (U, R)) -> (FileParts<U>, R) {
        let (tally, rest) = split(self.tally);
        let parts = FileParts {
            plan: self.plan,
            rows: self.rows,
            refused: self.refused,
            refusals: self.refusals,
            open_quote_line: self.open_quote_line,
            not_utf8: self.not_utf8,
            events: self.events,
            tags: self.tags,
            keys: self.keys,
            tally,
        };
        (parts, rest)
    }
}

/// What a file holds of one month of one source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SourceMonth {
    /// Bit `d` is set when day `d` holds a usage charge of at most a day.
    pub usage_days: u32,
    /// Rows.
    pub rows: u64,
    /// Whether the month is invoiced: every row names its invoice.
    pub is_final: Answer,
}

impl SourceMonth {
    /// Whether days hold the whole month: the first and the last have daily usage. Without any daily usage nobody knows.
    pub fn completeness(month: Month, usage_days: u32) -> Answer {
        let day = |day: u8| usage_days & (1 << day) != 0;
        match usage_days {
            0 => Answer::Unknown,
            _ if day(1) && day(month.days()) => Answer::Yes,
            _ => Answer::No,
        }
    }

    /// First and last day with daily usage.
    pub fn span(month: Month, usage_days: u32) -> Option<(Date, Date)> {
        let (first, last) = (usage_days.trailing_zeros() as u8, 31 - usage_days.leading_zeros().min(31) as u8);
        Some((month.day(first)?, month.day(last)?))
    }
}

/// The monthly cube of one file.
#[derive(Clone, Debug)]
pub struct FileLedger {
    /// The file's dialect.
    pub dialect: Dialect,
    /// What its costs state.
    pub basis: CostBasis,
    /// Its version.
    pub version: Option<&'static str>,
    /// Column names, for messages.
    pub header: Vec<String>,
    /// Rows, refused ones included.
    pub rows: u64,
    /// Rows that could not be read.
    pub refused: u64,
    /// The first hundred of them.
    pub refusals: Vec<Refusal>,
    /// What was counted.
    pub events: Events,
    /// Line and column of the first bytes that are not UTF-8.
    pub not_utf8: Option<(u64, usize)>,
    /// Tags.
    pub tags: TagCounts,
    /// What it holds, by source and month.
    pub sources: BTreeMap<Arc<Source>, BTreeMap<Month, SourceMonth>>,
    /// Sums by month and group, of all rows, and the rules that put charges into each group.
    pub groups: Table<GroupKey>,
    /// Sums by month and account, of the owner asked for.
    pub accounts: Table<AccountKey>,
    /// Charges longer than a day that a comparison of days leaves out, by month and account.
    pub not_daily: Table<AccountKey>,
    /// Charges of days of another month that such a comparison leaves out too.
    pub other_month: Table<AccountKey>,
}

impl FileLedger {
    /// Lets go of the sums, which have been added up: what remains is what the file is.
    pub fn drop_sums(&mut self) {
        self.groups = Table::default();
        self.accounts = Table::default();
        self.not_daily = Table::default();
        self.other_month = Table::default();
    }

    /// Names the numbers of a worker's cube.
    pub fn new(parts: FileParts<CubeTally>) -> Self {
        let FileParts { plan, keys, tally, .. } = parts;
        let schema = plan.schema();
        let invoices = !schema.columns_of(Field::InvoiceId).is_empty();
        let mut ledger = Self {
            dialect: schema.dialect(),
            basis: CostBasis::Both,
            version: schema.version(),
            header: schema.header().to_vec(),
            rows: parts.rows,
            refused: parts.refused,
            refusals: parts.refusals,
            events: parts.events,
            not_utf8: parts.not_utf8,
            tags: parts.tags,
            sources: BTreeMap::new(),
            groups: Table::default(),
            accounts: Table::default(),
            not_daily: Table::default(),
            other_month: Table::default(),
        };
        let rules = keys.rules;
        let (mut groups, mut accounts) =
            (Ranked::new(keys.groups.into_values()), Ranked::new(keys.accounts.into_values()));
        let (mut not_daily, mut other_month) = (accounts.clone(), accounts.clone());
        for (month, cube) in tally.months {
            groups.add(month, &cube.groups);
            accounts.add(month, &cube.accounts);
            not_daily.add(month, &cube.not_daily);
            other_month.add(month, &cube.other_month);
            for (source, cell) in keys.sources.values().iter().zip(&cube.sources).filter(|(_, cell)| cell.rows > 0) {
                let is_final = match cell.invoiced_rows {
                    _ if !invoices => Answer::Unknown,
                    rows if rows == cell.rows => Answer::Yes,
                    _ => Answer::No,
                };
                let month_facts = SourceMonth { usage_days: cell.usage_days, rows: cell.rows, is_final };
                ledger.sources.entry(source.clone()).or_default().insert(month, month_facts);
            }
        }
        ledger.groups = groups.table(&rules);
        ledger.accounts = accounts.table(&RuleSets::default());
        ledger.not_daily = not_daily.table(&RuleSets::default());
        ledger.other_month = other_month.table(&RuleSets::default());
        ledger.basis = cost_basis(&ledger);
        ledger
    }
}
