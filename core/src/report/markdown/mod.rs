//! The report as Markdown, for a wiki page or a pull request.
//!
//! Tables are GitHub's. Values from bills and policies stand as code, so nothing in them is markup.

mod actions;
mod changes;
mod check;
pub(crate) mod escape;
mod verdict;

pub use check::check_markdown;
pub use verdict::inspect_markdown;

use self::changes::{changed, early};
use self::escape::{code, prose};
use super::document::{Group, Report};
use super::figures::{self, ABSENT};
use super::summary::{self, Sum};
use super::text;
use super::text::UNALLOCATED;
use super::words;
use crate::bill::Metric;
use crate::money::Amount;

/// Groups listed at once; up to [`GROUPS_FOLDED`] are folded away below.
const GROUPS_SHOWN: usize = 10;

/// Groups listed at all; the others are counted and summed in one line.
const GROUPS_FOLDED: usize = 100;

/// The monthly report in one currency.
pub fn markdown(report: &Report) -> String {
    let mut page = Page::default();
    headline(&mut page, report);
    spent(&mut page, report);
    who(&mut page, report);
    changed(&mut page, report);
    early(&mut page, report);
    // One owner's report holds nothing that nobody owns, and everything if that is what was asked for.
    if !report.owner.contains_key("squad") {
        page.heading("What nobody owns");
        page.paragraph(&words::unallocated(report));
    }
    actions::environments(&mut page, report);
    actions::actions(&mut page, report);
    not_compared(&mut page, report);
    verdict::trust(&mut page, report);
    conservation(&mut page, report);
    history(&mut page, report);
    page.text
}

/// Several reports, one for each currency, one after the other.
pub fn markdown_all(reports: &[Report]) -> String {
    reports.iter().map(markdown).collect::<Vec<_>>().join("\n---\n\n")
}

/// A page being written: blocks with one blank line between them.
#[derive(Default)]
struct Page {
    text: String,
}

impl Page {
    fn block(&mut self, lines: &[String]) {
        if lines.is_empty() {
            return;
        }
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        for line in lines {
            self.text.push_str(line);
            self.text.push('\n');
        }
    }

    fn heading(&mut self, title: &str) {
        self.block(&[format!("## {title}")]);
    }

    fn paragraph(&mut self, text: &str) {
        self.block(&[text.to_owned()]);
    }

    fn bullets(&mut self, items: impl IntoIterator<Item = String>) {
        let lines: Vec<_> = items.into_iter().map(|item| format!("- {item}")).collect();
        self.block(&lines);
    }

    /// Blocks behind a title that a reader opens.
    fn folded(&mut self, title: &str, write: impl FnOnce(&mut Self)) {
        self.block(&[format!("<details><summary>{title}</summary>")]);
        write(self);
        self.block(&["</details>".to_owned()]);
    }

    /// A table whose first `labels` columns hold words and the others figures.
    fn table(&mut self, titles: &[&str], labels: usize, rows: impl IntoIterator<Item = Vec<String>>) {
        let line = |cells: &[String]| format!("| {} |", cells.join(" | "));
        let rule = (0..titles.len()).map(|at| if at < labels { "---" } else { "---:" }.to_owned());
        let titles: Vec<_> = titles.iter().map(|title| (*title).to_owned()).collect();
        let mut lines = vec![line(&titles), line(&rule.collect::<Vec<_>>())];
        lines.extend(rows.into_iter().map(|row| line(&row)));
        self.block(&lines);
    }
}

/// A dimension's value; what no rule has set is in italics, so that it differs from a value of that name.
fn value(value: Option<&str>) -> String {
    value.map_or_else(|| format!("*{}*", text::UNALLOCATED), code)
}

fn headline(page: &mut Page, report: &Report) {
    page.block(&[format!("# Cost report, {}", words::month(report.month))]);
    let spent = match report.totals.get(report.metric).amount {
        Some(amount) => {
            let amount = figures::amount(amount, &report.currency);
            format!("**{amount} {}** {} cost.", prose(report.currency.code()), report.metric.name())
        }
        None => format!("No {} cost is stated.", report.metric.name()),
    };
    page.paragraph(&format!("{spent} {}", words::headline_change(report)));
    page.paragraph(&format!("**{}**", words::flagged(report)));
    if !report.owner.is_empty() {
        let of = |owner: &String| value(Some(owner.as_str()).filter(|owner| *owner != UNALLOCATED));
        let owner: Vec<_> = report.owner.iter().map(|(name, owner)| format!("{} {}", code(name), of(owner))).collect();
        page.paragraph(&format!("Only charges of {} are in this report.", owner.join(", ")));
    }
    let basis = words::basis(report).map_or_else(String::new, |basis| format!(" {basis}"));
    page.paragraph(&format!("{}{basis} {}", words::completeness(report), words::view(report.view)));
    let policy = words::allocated_by(report, &code(&report.policy));
    page.paragraph(&format!("{policy} As of {}.", report.as_of));
}

fn spent(page: &mut Page, report: &Report) {
    page.heading("What we spent");
    let rows = Metric::ALL.map(|metric| {
        let total = report.totals.get(metric);
        let amount = figures::amount_or_absent(total.amount, &report.currency);
        let name = format!("{} ({})", metric.name(), words::meaning(metric));
        vec![name, amount, figures::count(total.rows), figures::count(total.missing_rows)]
    });
    let amount = prose(report.currency.code());
    page.table(&["Cost", &amount, "Rows", "Rows that do not state it"], 1, rows);
    let saved = [Metric::List, Metric::Contracted].map(|against| saving(report, against));
    page.bullets(saved.into_iter().flatten());
}

/// What effective cost lies under a metric at higher prices, or why that cannot be said.
fn saving(report: &Report, against: Metric) -> Option<String> {
    let high = report.totals.get(against);
    high.amount?;
    let name = against.name();
    let Some(saved) = summary::savings(report, against) else {
        return Some(format!("Savings against {name} cost are not stated, since rows are missing."));
    };
    if saved.round_to(report.currency.minor_digits()).is_zero() {
        return None;
    }
    let word = if saved < Amount::ZERO { "Lost" } else { "Saved" };
    let size = i128::try_from(saved.magnitude()).map_or(saved, Amount::from_units);
    let share = figures::share(Some(size), high.amount).map_or_else(String::new, |share| format!(" ({share})"));
    let amount = figures::amount(size, &report.currency);
    Some(format!("{word} against {name} cost: {amount} {}{share}.", prose(report.currency.code())))
}

fn who(page: &mut Page, report: &Report) {
    page.heading("Who spent it");
    if report.groups.is_empty() {
        page.paragraph("No charges in this month.");
        return;
    }
    let figure_titles: &[&str] = if !summary::is_compared(report) {
        &["Now"]
    } else if summary::is_partly_compared(report) {
        &["Now", "Of it compared", "Before", "Change", "%"]
    } else {
        &["Now", "Before", "Change", "%"]
    };
    if let Some(dimension) = summary::leading_dimension(report) {
        let name = code(dimension);
        let titles: Vec<_> = [name.as_str(), "Share"].into_iter().chain(figure_titles.iter().copied()).collect();
        let total = report.totals.get(report.metric).amount;
        let rows = summary::parts(report, dimension).into_iter().map(|part| {
            let share = figures::share(part.sum.amount, total).unwrap_or_else(|| ABSENT.to_owned());
            let named = [value(part.value.as_deref()), share];
            named.into_iter().chain(figures_of(&part.sum, report)).collect()
        });
        page.table(&titles, 1, rows);
    }
    let groups = summary::largest_groups(report);
    let names: Vec<_> = report.dimensions.iter().map(|name| code(name)).collect();
    let titles: Vec<_> = names.iter().map(String::as_str).chain(figure_titles.iter().copied()).collect();
    let row = |group: &&Group| {
        let key = group.key.0.iter().map(|(_, part)| value(part.as_deref()));
        key.chain(figures_of(&Sum::of([*group]), report)).collect()
    };
    let (listed, rest) = groups.split_at(groups.len().min(GROUPS_FOLDED));
    // A handful more takes less room than hiding it.
    let at_once = if listed.len() <= GROUPS_SHOWN + GROUPS_SHOWN / 2 { listed.len() } else { GROUPS_SHOWN };
    let (shown, folded) = listed.split_at(at_once);
    page.table(&titles, report.dimensions.len(), shown.iter().map(row));
    if !folded.is_empty() {
        let amount = figures::amount_or_absent(Sum::of(folded.iter().copied()).amount, &report.currency);
        let groups = figures::counted(folded.len() as u64, "smaller group", "smaller groups");
        page.folded(&format!("{groups}, {} together", prose(&amount)), |page| {
            page.table(&titles, report.dimensions.len(), folded.iter().map(row));
        });
    }
    rest_of_groups(page, report, rest);
}

fn rest_of_groups(page: &mut Page, report: &Report, rest: &[&Group]) {
    if rest.is_empty() {
        return;
    }
    let amount = figures::amount_or_absent(Sum::of(rest.iter().copied()).amount, &report.currency);
    let groups = figures::counted(rest.len() as u64, "smaller group", "smaller groups");
    page.paragraph(&format!("… and {groups}, {amount} together; CSV and JSON have all."));
}

/// Now, what is compared of it unless that is all, before, change and percent.
fn figures_of(sum: &Sum, report: &Report) -> Vec<String> {
    let currency = &report.currency;
    let mut figures = vec![figures::amount_or_absent(sum.amount, currency)];
    if !summary::is_compared(report) {
        return figures;
    }
    if summary::is_partly_compared(report) {
        figures.push(figures::amount_or_absent(sum.compared, currency));
    }
    figures.push(figures::amount_or_absent(sum.previous, currency));
    figures.push(figures::delta_or_absent(sum.delta, currency));
    figures.push(words::percent_or_new(sum));
    figures
}

fn not_compared(page: &mut Page, report: &Report) {
    if report.not_compared.is_empty() {
        return;
    }
    page.heading("What is not compared");
    let rows = report.not_compared.iter().map(|item| {
        let amount = figures::amount_or_absent(item.amount, &report.currency);
        vec![code(&text::source(&item.source)), item.month.to_string(), words::not_compared_reason(item), amount]
    });
    page.table(&["Source", "Month", "Why", prose(report.currency.code()).as_str()], 3, rows);
}

fn conservation(page: &mut Page, report: &Report) {
    page.heading("Every amount is accounted for");
    let exact = |amount: Option<Amount>| amount.map_or_else(|| ABSENT.to_owned(), |amount| amount.to_string());
    let rows = Metric::ALL.map(|metric| {
        let sums = report.conservation.get(metric);
        let parts = [sums.input, sums.allocated, sums.unallocated, sums.difference].map(exact);
        [metric.name().to_owned()].into_iter().chain(parts).collect()
    });
    page.table(&["Exact", "Input", "= Allocated", "+ Unallocated", "Difference"], 1, rows);
    page.paragraph(words::conservation_verdict(report));
}

fn history(page: &mut Page, report: &Report) {
    if report.history.len() < 2 {
        return;
    }
    page.heading("Month by month");
    let rows = report.history.iter().map(|past| {
        let complete = match past.complete {
            super::document::Answer::Yes => "yes",
            super::document::Answer::No => "no",
            super::document::Answer::Unknown => "unknown",
        };
        let sums = Metric::ALL.map(|metric| figures::amount_or_absent(*past.totals.get(metric), &report.currency));
        [past.month.to_string(), complete.to_owned()].into_iter().chain(sums).collect()
    });
    page.table(&["Month", "Whole", "billed", "effective", "list", "contracted"], 2, rows);
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn a_month_reads_well() {
        insta::assert_snapshot!(markdown(&sample::report()));
    }

    #[test]
    fn a_troubled_month_says_what_is_wrong() {
        insta::assert_snapshot!(markdown(&sample::troubled()));
    }

    #[test]
    fn hostile_values_are_text() {
        let page = markdown(&sample::hostile());
        assert!(!page.chars().any(|c| c.is_control() && c != '\n'));
        assert!(!page.contains("<script"));
        assert!(!page.lines().any(|line| line.starts_with("# heading")));
        insta::assert_snapshot!(page);
    }

    #[test]
    fn long_lists_end_in_a_count() {
        let mut report = sample::report();
        report.groups = report.groups.iter().cycle().take(130).cloned().collect();
        let first = report.changes[0].clone();
        report.changes = (0..27)
            .map(|at| {
                let mut change = first.clone();
                change.delta = change.delta.checked_add(Amount::from_whole(-at)).unwrap();
                change
            })
            .collect();
        let page = markdown(&report);
        let rest = Sum::of(summary::largest_groups(&report).into_iter().skip(100)).amount.unwrap();
        let want = format!("… and 30 smaller groups, {} together", figures::amount(rest, &report.currency));
        assert!(page.contains(&want), "{want}");
        assert!(page.contains("… and 2 smaller flagged changes, 2 of them unexplained"), "{page}");
    }

    #[test]
    fn a_tiny_fall_is_no_quotation() {
        let mut report = sample::report();
        report.changes[0].other = Amount::from_units(-1);
        assert!(markdown(&report).contains("\n  - &#62;-0.01 other\n"));
    }

    #[test]
    fn tables_keep_their_columns() {
        for report in [sample::report(), sample::troubled(), sample::hostile(), sample::empty("USD")] {
            let page = markdown(&report);
            let mut columns = None;
            for line in page.lines() {
                let here = line.starts_with('|').then(|| line.matches('|').count());
                assert!(columns.is_none() || here.is_none() || columns == here, "{line}");
                columns = here;
            }
        }
    }

    #[test]
    fn a_month_without_charges_invents_no_zero() {
        insta::assert_snapshot!(markdown_all(&[sample::empty("JPY"), sample::empty("KWD")]));
    }
}
