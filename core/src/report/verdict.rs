//! Judging files: what they are, and whether they can be trusted.

use super::document::{
    FileVerdict, MonthVerdict, Overlap, RefusedRow, SourceVerdict, TagHealth, TagMerge, Verdict, Warning,
};
use super::{figures, text};
use crate::bill::{Dialect, Source, column_key};
use crate::calendar::Month;
use crate::ledger::{Answer, Events, FileLedger, SourceMonth, TagCounts};
use crate::money::{Amount, percent_of};
use crate::order::{BTreeMap, BTreeSet, Order as _};

/// How many refused rows are listed.
const REFUSED_LISTED: usize = 100;

/// The verdict on a set of files.
pub(crate) fn verdict(
    names: &[&str],
    files: &[FileLedger],
    skipped: &BTreeSet<usize>,
    overlaps: Vec<Overlap>,
    mut warnings: Vec<Warning>,
) -> Verdict {
    let counted = || counted(names, files, skipped);
    let mut refused_rows: Vec<RefusedRow> = counted().flat_map(|(name, file)| refused(name, file)).collect();
    refused_rows.truncate(REFUSED_LISTED);
    let (mut tags, mut events, mut rows) = (TagCounts::default(), Events::default(), 0);
    for (_, file) in counted() {
        tags.merge(file.tags.clone());
        events.merge(file.events);
        rows += file.rows - file.refused;
    }
    let refused_count = counted().map(|(_, file)| file.refused).sum();
    let mut warn = |code: &str, count: u64, one: &str, many: &str| {
        if count > 0 {
            let message = if count == 1 { format!("1 {one}") } else { format!("{} {many}", figures::count(count)) };
            warnings.push(Warning { code: code.to_owned(), message, count });
        }
    };
    warn(
        "refused_rows",
        refused_count,
        "row could not be read and is in no figure",
        "rows could not be read and are in no figure",
    );
    warn(
        "rounded_amounts",
        events.rounded_amounts,
        "row states an amount with more than 18 decimals, rounded half-even",
        "rows state an amount with more than 18 decimals, rounded half-even",
    );
    warn(
        "unreadable_tags",
        events.unreadable_tags,
        "row has tags that cannot be read to their end: what stands before the fault counts",
        "rows have tags that cannot be read to their end: what stands before the fault counts",
    );
    warn(
        "no_billing_month",
        events.unbilled,
        "row does not say by which month it was billed, and counts for that of its charge",
        "rows do not say by which month they were billed, and count for that of their charge",
    );
    warn(
        "no_currency",
        events.no_currency,
        "row names no currency; it is shown in `XXX`",
        "rows name no currency; they are shown in `XXX`",
    );
    warnings.extend(of_each(names, files, skipped));
    if let Some(place) = counted().find_map(|(name, file)| not_utf8(name, file)) {
        let count = events.not_utf8;
        let rows = figures::counted(count, "row holds", "rows hold");
        let message = format!("{rows} bytes that are not UTF-8, read as `\u{fffd}`; the first is {place}");
        warnings.push(Warning { code: "not_utf8".to_owned(), message, count });
    }
    if tags.too_many_keys {
        let message = "there are too many tag keys to look for spellings of one".to_owned();
        warnings.push(Warning { code: "too_many_tag_keys".to_owned(), message, count: 1 });
    }
    warnings.order();
    Verdict {
        files: names.iter().zip(files).map(|(name, file)| file_verdict(name, file)).collect(),
        refused_count,
        refused_rows,
        overlaps,
        tags: tag_health(&tags, rows),
        warnings,
    }
}

/// The files whose rows count, with their names: one that repeats another is named, and its rows are not counted again.
fn counted<'f>(
    names: &'f [&'f str],
    files: &'f [FileLedger],
    skipped: &'f BTreeSet<usize>,
) -> impl Iterator<Item = (&'f &'f str, &'f FileLedger)> {
    names.iter().zip(files).enumerate().filter(|(at, _)| !skipped.contains(at)).map(|(_, file)| file)
}

/// What is to be said of files one by one.
fn of_each(names: &[&str], files: &[FileLedger], skipped: &BTreeSet<usize>) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let each = || names.iter().zip(files);
    let empty = each().filter(|(_, file)| file.rows == 0).map(|(name, _)| format!("`{name}`"));
    warnings.extend(first_of(
        "empty_files",
        empty,
        "file holds a header and no rows",
        "files hold a header and no rows",
    ));
    let repeated = each()
        .flat_map(|(name, file)| repeated_columns(&file.header).map(move |column| format!("`{column}` of `{name}`")));
    warnings.extend(first_of(
        "repeated_columns",
        repeated,
        "column repeats the name of an earlier one and is not read",
        "columns repeat the name of an earlier one and are not read",
    ));
    let alike = each().flat_map(|(name, file)| {
        alike_columns(&file.header).map(move |(column, other)| format!("`{column}` of `{name}`, beside `{other}`"))
    });
    warnings.extend(first_of(
        "alike_columns",
        alike,
        "column has the name of another in another spelling; the one spelled as the format has it is read, else the first",
        "columns have the name of another in another spelling; those spelled as the format has them are read, else the first",
    ));
    let before_credits = each().filter(|(_, file)| is_before_credits(file)).map(|(name, _)| format!("`{name}`"));
    warnings.extend(first_of(
        "no_credits",
        before_credits,
        "file has no column `credits`: its costs are those before credits, and tie to no invoice",
        "files have no column `credits`: their costs are those before credits, and tie to no invoice",
    ));
    let gaps =
        counted(names, files, skipped).flat_map(|(name, file)| months_with_gaps(file).map(move |gap| gap.told(name)));
    warnings.extend(first_of(
        "days_without_usage",
        gaps,
        "month begins and ends with usage and has days without, as no other month of its source has",
        "months begin and end with usage and have days without, as other months of their sources have not",
    ));
    warnings
}

/// A warning of so many things, which names the first.
fn first_of(code: &str, mut things: impl Iterator<Item = String>, one: &str, many: &str) -> Option<Warning> {
    let first = things.next()?;
    let count = 1 + things.count() as u64;
    let message = match count {
        1 => format!("1 {one}: {first}"),
        _ => format!("{} {many}, the first is {first}", figures::count(count)),
    };
    Some(Warning { code: code.to_owned(), message, count })
}

/// The columns that have the name of an earlier one.
fn repeated_columns(header: &[String]) -> impl Iterator<Item = &str> {
    let mut seen = BTreeSet::new();
    header.iter().map(String::as_str).filter(move |name| !name.is_empty() && !seen.insert(*name))
}

/// Columns whose name is that of an earlier one in another spelling, with that one. Keys of tags differ by their spelling.
fn alike_columns(header: &[String]) -> impl Iterator<Item = (&str, &str)> {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    let is_tag = |name: &str| ["tag", "label"].iter().any(|of_tags| name.to_ascii_lowercase().contains(of_tags));
    header.iter().map(String::as_str).filter(move |name| !name.is_empty() && !is_tag(name)).filter_map(move |name| {
        let first = *seen.entry(column_key(name)).or_insert(name);
        (first != name).then_some((name, first))
    })
}

/// Whether a file of Google Cloud holds no credits, which its invoice takes off.
fn is_before_credits(file: &FileLedger) -> bool {
    file.dialect == Dialect::Gcp && !file.header.iter().any(|name| column_key(name) == "credits")
}

/// A month that looks whole and lacks days inside.
struct Gap<'f> {
    source: &'f Source,
    month: Month,
    days: u32,
}

impl Gap<'_> {
    fn told(&self, file: &str) -> String {
        let days = figures::counted(u64::from(self.days), "day", "days");
        let provider = self.source.provider_name.as_deref().unwrap_or("an unnamed provider");
        format!("{days} of {} of {provider} in `{file}`", self.month)
    }
}

/// Months of sources that are billed by the day, as another month of theirs shows, which lack some.
fn months_with_gaps(file: &FileLedger) -> impl Iterator<Item = Gap<'_>> {
    let missing = |month: Month, days: u32| match SourceMonth::completeness(month, days) {
        Answer::Yes => Some(u32::from(month.days()) - days.count_ones()),
        Answer::No | Answer::Unknown => None,
    };
    file.sources.iter().flat_map(move |(source, months)| {
        let of = move |(month, facts): (&Month, &SourceMonth)| Some((*month, missing(*month, facts.usage_days)?));
        let is_daily = months.iter().filter_map(of).any(|(_, days)| days == 0);
        let gaps = months.iter().filter_map(of).filter(move |(_, days)| is_daily && *days > 0);
        gaps.map(|(month, days)| Gap { source, month, days })
    })
}

fn refused<'f>(name: &'f str, file: &'f FileLedger) -> impl Iterator<Item = RefusedRow> + 'f {
    file.refusals.iter().map(|refusal| RefusedRow {
        file: name.to_owned(),
        line: refusal.line,
        column: refusal.column.and_then(|column| file.header.get(column).cloned()),
        reason: refusal.reason.clone(),
    })
}

/// Where a file's first bytes are that are not UTF-8.
fn not_utf8(name: &str, file: &FileLedger) -> Option<String> {
    let (line, column) = file.not_utf8?;
    Some(text::place(name, line, file.header.get(column).map(String::as_str)))
}

fn file_verdict(name: &str, file: &FileLedger) -> FileVerdict {
    let mut currencies: Vec<_> = file.accounts.keys().iter().map(|key| key.currency.clone()).collect();
    currencies.order();
    currencies.dedup();
    let month = |(month, facts): (&crate::calendar::Month, &SourceMonth)| {
        let span = SourceMonth::span(*month, facts.usage_days);
        MonthVerdict {
            month: *month,
            first_day: span.map(|(first, _)| first),
            last_day: span.map(|(_, last)| last),
            complete: SourceMonth::completeness(*month, facts.usage_days),
            is_final: facts.is_final,
        }
    };
    let sources = file.sources.iter().map(|(source, months)| SourceVerdict {
        provider_name: source.provider_name.clone(),
        billing_account_id: source.billing_account_id.clone(),
        months: months.iter().map(month).collect(),
    });
    FileVerdict {
        name: name.to_owned(),
        dialect: file.dialect,
        version: file.version,
        rows: file.rows,
        refused: file.refused,
        currencies,
        sources: sources.collect(),
    }
}

fn tag_health(tags: &TagCounts, rows: u64) -> TagHealth {
    let whole = |count: u64| Amount::from_units(i128::from(count));
    TagHealth { coverage: percent_of(whole(tags.tagged_rows), whole(rows)), merge: merges(&tags.rows_by_key) }
}

/// Keys that are alike but for case, blanks and punctuation; the spelling most rows use wins, of equals the first.
pub(super) fn merges(rows_by_key: &BTreeMap<String, u64>) -> Vec<TagMerge> {
    let mut alike: BTreeMap<String, Vec<(&String, u64)>> = BTreeMap::new();
    for (key, rows) in rows_by_key {
        let bare: String = key.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        if !bare.is_empty() {
            alike.entry(bare).or_default().push((key, *rows));
        }
    }
    let merge = |spellings: Vec<(&String, u64)>| {
        let most = spellings.iter().map(|(_, rows)| *rows).max().unwrap_or_default();
        let into = spellings.iter().find(|(_, rows)| *rows == most).map(|(key, _)| (*key).clone())?;
        Some(TagMerge { keys: spellings.into_iter().map(|(key, _)| key.clone()).collect(), into })
    };
    alike.into_values().filter(|spellings| spellings.len() > 1).filter_map(merge).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_key_are_found() {
        let rows = [("org", 5), (" org", 2), ("Cost-Center", 1), ("cost_center", 1), ("team", 9), ("--", 1), ("_", 1)];
        let rows = rows.map(|(key, rows)| (key.to_owned(), rows)).into();
        let found: Vec<(Vec<String>, String)> =
            merges(&rows).into_iter().map(|merge| (merge.keys, merge.into)).collect();
        let text = |keys: [&str; 2], into: &str| (keys.map(str::to_owned).to_vec(), into.to_owned());
        assert_eq!(found, [text(["Cost-Center", "cost_center"], "Cost-Center"), text([" org", "org"], "org")]);
    }
}
