//! The monthly report for the terminal.

use std::fmt::Write as _;

use headroom_core::bill::Metric;
use headroom_core::money::Amount;
use headroom_core::report::figures::{self, ABSENT};
use headroom_core::report::summary::{self, Sum};
use headroom_core::report::{Change, Key, Report, ReviewState, text, words};

use super::grid::{Cell, Grid, Kind};
use super::paragraph::{columns, wrap};
use super::style::{Style, Tone};

/// Groups listed when the report is short; the others are counted and summed in one line.
const GROUPS_SHOWN: usize = 15;

/// Parts of the leading dimension listed when the report is short.
const PARTS_SHOWN: usize = 15;

/// Changes listed when the report is short; the others are counted.
const CHANGES_SHOWN: usize = 10;

/// Contributors of each change listed when the report is short; the rest is in `other`.
const CONTRIBUTORS_SHOWN: usize = 3;

/// How much is listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Extent {
    /// The largest, and a counted rest.
    #[default]
    Short,
    /// Everything.
    Full,
}

impl Extent {
    fn limit(self, short: usize) -> usize {
        if self == Self::Full { usize::MAX } else { short }
    }
}

/// The report as lines of at most `width` columns.
pub(crate) fn report(report: &Report, style: Style, width: usize, extent: Extent) -> String {
    let mut screen = Screen { lines: Vec::new(), style, width };
    headline(&mut screen, report);
    spent(&mut screen, report);
    who(&mut screen, report, extent);
    changed(&mut screen, report, extent);
    screen.title("What nobody owns");
    screen.text(&words::unallocated(report), Tone::Plain);
    not_compared(&mut screen, report);
    conservation(&mut screen, report);
    screen.finish()
}

/// Lines being written.
pub(super) struct Screen {
    pub(super) lines: Vec<String>,
    pub(super) style: Style,
    pub(super) width: usize,
}

impl Screen {
    pub(super) fn title(&mut self, title: &str) {
        if !self.lines.is_empty() {
            self.lines.push(String::new());
        }
        self.lines.push(self.style.paint(Tone::Strong, title));
    }

    pub(super) fn text(&mut self, text: &str, tone: Tone) {
        self.hanging(text, "  ", "  ", tone);
    }

    /// Wrapped text whose first line stands after `first`, the others after `rest`.
    pub(super) fn hanging(&mut self, text: &str, first: &str, rest: &str, tone: Tone) {
        let lines = wrap(text, first, rest, self.width);
        self.lines.extend(lines.iter().enumerate().map(|(at, line)| {
            let indent = if at == 0 { first } else { rest };
            let words = line.strip_prefix(indent).unwrap_or(line);
            format!("{indent}{}", self.style.paint(tone, words))
        }));
    }

    pub(super) fn grid(&mut self, grid: &Grid) {
        self.lines.extend(grid.lines(self.width, self.style));
    }

    pub(super) fn finish(self) -> String {
        let mut text = self.lines.join("\n");
        text.push('\n');
        text
    }
}

fn headline(screen: &mut Screen, report: &Report) {
    let metric = report.metric.name();
    let currency = text::visible(report.currency.code());
    screen.title(&format!("Cost report, {}", words::month(report.month)));
    let spent = match report.totals.get(report.metric).amount {
        Some(amount) => format!("{} {currency} {metric} cost.", figures::amount(amount, &report.currency)),
        None => format!("No {metric} cost is stated."),
    };
    screen.text(&format!("{spent} {}", words::headline_change(report)), Tone::Strong);
    let unexplained = summary::changes_in(report, ReviewState::Unexplained) > 0;
    screen.text(&words::flagged(report), if unexplained { Tone::Warn } else { Tone::Plain });
    if !report.owner.is_empty() {
        let owner: Vec<_> = report
            .owner
            .iter()
            .map(|(name, owner)| format!("{} {}", text::visible(name), text::visible(owner)))
            .collect();
        screen.text(&format!("Only charges of {} are in this report.", owner.join(", ")), Tone::Plain);
    }
    let basis = words::basis(report).map_or_else(String::new, |basis| format!(" {basis}"));
    let policy = text::visible(&report.policy);
    let view = words::view(report.view);
    screen.text(&format!("{}{basis} {view}", words::completeness(report)), Tone::Quiet);
    screen.text(&format!("Allocated by {policy}. As of {}.", report.as_of), Tone::Quiet);
    trust(screen, report);
}

fn trust(screen: &mut Screen, report: &Report) {
    let cautions = words::cautions(report);
    let files = words::files(&report.verdict);
    if cautions.is_empty() {
        screen.hanging(&format!("Nothing stands against these figures. {files}"), "  ", "  ", Tone::Good);
    } else {
        let text = format!("Read with care: {}. {files}", cautions.join("; "));
        screen.hanging(&text, "  ", "  ", Tone::Warn);
        screen.text("`headroom inspect` shows the files in full.", Tone::Quiet);
    }
}

fn spent(screen: &mut Screen, report: &Report) {
    screen.title(&format!("What we spent, in {}", text::visible(report.currency.code())));
    let mut grid = Grid::new(2, &[("", Kind::Word), ("", Kind::Figure), ("", Kind::Name)]);
    for metric in Metric::ALL {
        let total = report.totals.get(metric);
        let missing = figures::counted(total.missing_rows, "row does", "rows do");
        let note = match (total.amount, total.missing_rows) {
            (None, _) => format!("{}; no row states it", words::meaning(metric)),
            (Some(_), 0) => words::meaning(metric).to_owned(),
            (Some(_), _) => format!("{}; {missing} not state it", words::meaning(metric)),
        };
        let tone = if total.amount.is_some() && total.missing_rows > 0 { Tone::Warn } else { Tone::Quiet };
        let amount = Cell(figures::amount_or_absent(total.amount, &report.currency), Tone::Plain);
        grid.row([metric.name().into(), amount, Cell(note, tone)]);
    }
    for against in [Metric::List, Metric::Contracted] {
        if let Some(saved) = summary::savings(report, against) {
            let share = figures::share(Some(saved), report.totals.get(against).amount);
            let note = share.map_or_else(String::new, |share| format!("{share} under {} cost", against.name()));
            grid.row(["saved".into(), figures::amount(saved, &report.currency).into(), Cell(note, Tone::Quiet)]);
        }
    }
    screen.grid(&grid);
}

fn who(screen: &mut Screen, report: &Report, extent: Extent) {
    if report.groups.is_empty() {
        screen.title("Who spent it");
        screen.text("No charges in this month.", Tone::Plain);
        return;
    }
    if let Some(dimension) = summary::leading_dimension(report) {
        screen.title(&format!("Who spent it, by {}", text::visible(dimension)));
        screen.grid(&parts(report, dimension, extent));
    }
    let dimensions: Vec<_> = report.dimensions.iter().map(|name| text::visible(name)).collect();
    screen.title(&format!("By {}", dimensions.join(", ")));
    let mut columns: Vec<_> = dimensions.iter().map(|name| (name.as_str(), Kind::Name)).collect();
    columns.extend(amount_columns());
    let mut grid = Grid::new(2, &columns);
    let groups = summary::largest_groups(report);
    let limit = extent.limit(GROUPS_SHOWN).min(groups.len());
    for group in groups.iter().take(limit) {
        let names = group.key.0.iter().map(|(_, value)| name(value.as_deref()));
        grid.row(names.chain(amounts(&Sum::of([*group]), report)));
    }
    screen.grid(&grid);
    let rest = Sum::of(groups.iter().skip(limit).copied());
    more(screen, groups.len() - limit, &rest, report);
}

fn parts(report: &Report, dimension: &str, extent: Extent) -> Grid {
    let [now, rest @ ..] = amount_columns();
    let columns: Vec<_> = [("", Kind::Name), now, ("share", Kind::Optional)].into_iter().chain(rest).collect();
    let mut grid = Grid::new(2, &columns);
    let parts = summary::parts(report, dimension);
    let limit = extent.limit(PARTS_SHOWN);
    let mut hidden = 0;
    for (at, part) in parts.iter().enumerate() {
        if at >= limit && part.value.is_some() {
            hidden += 1;
            continue;
        }
        let share = figures::share(part.sum.amount, report.totals.get(report.metric).amount);
        let share = share.unwrap_or_else(|| ABSENT.to_owned());
        let [now, rest @ ..] = amounts(&part.sum, report);
        grid.row([name(part.value.as_deref()), now, share.into()].into_iter().chain(rest));
    }
    if hidden > 0 {
        let owned = |part: &&summary::Part| part.value.is_some();
        let rest = parts.iter().filter(owned).skip(limit).filter_map(|part| part.sum.amount);
        let rest = Amount::checked_sum(rest);
        let amount = figures::amount_or_absent(rest, &report.currency);
        grid.note(format!("… and {} more, {amount}", figures::count(hidden)), Tone::Quiet);
    }
    grid
}

fn more(screen: &mut Screen, hidden: usize, rest: &Sum, report: &Report) {
    if hidden > 0 {
        let amount = figures::amount_or_absent(rest.amount, &report.currency);
        screen.text(&format!("… and {} more, {amount}", figures::count(hidden as u64)), Tone::Quiet);
    }
}

fn name(value: Option<&str>) -> Cell {
    let tone = if value.is_none() { Tone::Warn } else { Tone::Plain };
    Cell(text::visible_or_unallocated(value), tone)
}

/// The columns of [`amounts`].
fn amount_columns() -> [(&'static str, Kind); 5] {
    [
        ("now", Kind::Figure),
        ("compared", Kind::Optional),
        ("before", Kind::Optional),
        ("change", Kind::Figure),
        ("%", Kind::Figure),
    ]
}

/// Now, what is compared of it unless that is all, before, change and percent.
fn amounts(sum: &Sum, report: &Report) -> [Cell; 5] {
    let currency = &report.currency;
    let is_partly = summary::is_partly_compared(report);
    let compared = is_partly.then(|| figures::amount_or_absent(sum.compared, currency));
    [
        figures::amount_or_absent(sum.amount, currency).into(),
        Cell(compared.unwrap_or_default(), Tone::Quiet),
        Cell(figures::amount_or_absent(sum.previous, currency), Tone::Quiet),
        figures::delta_or_absent(sum.delta, currency).into(),
        words::percent_or_new(sum).into(),
    ]
}

fn changed(screen: &mut Screen, report: &Report, extent: Extent) {
    screen.title(&format!("What changed by more than {} %", figures::THRESHOLD));
    if report.changes.is_empty() {
        screen.text(&words::flagged(report), Tone::Plain);
    } else {
        let columns = [
            ("", Kind::Name),
            ("before", Kind::Figure),
            ("now", Kind::Figure),
            ("change", Kind::Figure),
            ("%", Kind::Figure),
        ];
        let mut grid = Grid::new(2, &columns);
        let limit = extent.limit(CHANGES_SHOWN).min(report.changes.len());
        for change in report.changes.iter().take(limit) {
            change_rows(&mut grid, change, report, extent);
        }
        let hidden = report.changes.len() - limit;
        if hidden > 0 {
            let unexplained =
                report.changes.iter().skip(limit).filter(|change| change.state == ReviewState::Unexplained).count();
            let (hidden, unexplained) = (figures::count(hidden as u64), figures::count(unexplained as u64));
            grid.note(format!("… and {hidden} smaller, {unexplained} of them unexplained"), Tone::Quiet);
        }
        screen.grid(&grid);
    }
    if let Some(small) = words::below_floor(report) {
        screen.text(&small, Tone::Quiet);
    }
}

fn change_rows(grid: &mut Grid, change: &Change, report: &Report, extent: Extent) {
    let currency = &report.currency;
    let percent = change.percent.as_deref().map_or_else(|| words::kind_name(change.kind).to_owned(), figures::percent);
    let tone = if change.state == ReviewState::Unexplained { Tone::Warn } else { Tone::Plain };
    grid.row([
        Cell(scope(&change.scope.key), Tone::Strong),
        figures::amount_or_absent(change.previous, currency).into(),
        figures::amount_or_absent(change.current, currency).into(),
        Cell(figures::delta(change.delta, currency), tone),
        Cell(percent, tone),
    ]);
    grid.note(review(change), tone);
    let limit = extent.limit(CONTRIBUTORS_SHOWN).min(change.contributors.len());
    let mut items: Vec<_> = change
        .contributors
        .iter()
        .take(limit)
        .map(|part| {
            let names = text::beyond(&part.key, &change.scope.key).into_iter();
            let names: Vec<_> = names.map(|(_, value)| text::visible_or_unallocated(value.as_deref())).collect();
            (figures::delta(part.delta, currency), names.join(" / "))
        })
        .collect();
    // Contributors that are not shown are in `other`, so that the lines still add up.
    let hidden = change.contributors.iter().skip(limit).map(|part| part.delta);
    if let Some(other) = Amount::checked_sum(hidden.chain([change.other]))
        && !other.is_zero()
        && limit > 0
    {
        items.push((figures::delta(other, currency), "other".to_owned()));
    }
    let widest = items.iter().map(|(delta, _)| columns(delta)).max().unwrap_or(0);
    for (delta, name) in items {
        grid.item(format!("{delta:>widest$}"), name, Tone::Quiet);
    }
}

fn scope(key: &Key) -> String {
    if key.0.is_empty() { "everything".to_owned() } else { text::key(key) }
}

/// Level, kind, state, and who gave which reason.
fn review(change: &Change) -> String {
    let mut words = vec![text::visible(&change.scope.level), words::kind_name(change.kind).to_owned()];
    if let Some(per_day) = &change.percent_per_day {
        words.push(format!("{} per day", figures::percent(per_day)));
    }
    words.push(words::state_name(change.state).to_owned());
    let mut line = words.join(", ");
    if let Some(note) = &change.note {
        let by = note.by.as_deref().map_or_else(String::new, |by| format!(" by {}", text::visible(by)));
        let on = note.on.map_or_else(String::new, |on| format!(" on {on}"));
        let until = note.until.map_or_else(String::new, |until| format!(" (until {})", words::month(until)));
        let _ = write!(line, "{by}{on}: {}{until}", text::visible(&note.why));
    }
    line
}

fn not_compared(screen: &mut Screen, report: &Report) {
    if report.not_compared.is_empty() {
        return;
    }
    screen.title("What is not compared");
    let mut grid = Grid::new(2, &[("", Kind::Name), ("", Kind::Figure), ("", Kind::Figure)]);
    for item in &report.not_compared {
        let amount = figures::amount_or_absent(item.amount, &report.currency);
        grid.row([text::source(&item.source).into(), item.month.to_string().into(), amount.into()]);
        grid.note(words::not_compared_reason(item), Tone::Quiet);
    }
    screen.grid(&grid);
}

fn conservation(screen: &mut Screen, report: &Report) {
    screen.title("Every amount is accounted for: input = allocated + unallocated");
    let widest = Metric::ALL.iter().map(|metric| metric.name().len()).max().unwrap_or(0);
    for metric in Metric::ALL {
        let ties = words::ties(report, metric);
        let first = format!("  {:widest$}  ", metric.name());
        let tone = if ties { Tone::Plain } else { Tone::Bad };
        screen.hanging(&words::conservation(report, metric), &first, &" ".repeat(widest + 4), tone);
    }
    let ties = Metric::ALL.iter().all(|metric| words::ties(report, *metric));
    screen.text(words::conservation_verdict(report), if ties { Tone::Good } else { Tone::Bad });
}

#[cfg(test)]
mod tests {
    use headroom_core::money::Currency;
    use unicode_width::UnicodeWidthStr;

    use super::super::sample;
    use super::super::style::Color;
    use super::*;

    fn plain(document: &Report, width: usize) -> String {
        report(document, Style::default(), width, Extent::Short)
    }

    #[test]
    fn a_month_reads_well() {
        insta::assert_snapshot!(plain(&sample::report(), 80));
    }

    #[test]
    fn a_wide_terminal_shows_more() {
        insta::assert_snapshot!(plain(&sample::report(), 120));
    }

    #[test]
    fn a_troubled_month_says_what_is_wrong() {
        insta::assert_snapshot!(plain(&sample::troubled(), 80));
    }

    #[test]
    fn hostile_values_are_text() {
        insta::assert_snapshot!(plain(&sample::hostile(), 80));
    }

    #[test]
    fn a_month_without_charges_invents_no_zero() {
        insta::assert_snapshot!(plain(&sample::empty("JPY"), 80));
    }

    #[test]
    fn what_is_left_out_is_counted_and_summed() {
        let mut document = sample::report();
        let (groups, changes) = (document.groups.clone(), document.changes.clone());
        document.groups = groups.iter().cycle().take(30).cloned().collect();
        document.changes = changes.iter().cycle().take(18).cloned().collect();
        let short = plain(&document, 80);
        assert!(short.contains("… and 15 more, "), "{short}");
        assert!(short.contains("… and 8 smaller, 6 of them unexplained"), "{short}");
        let full = report(&document, Style::default(), 80, Extent::Full);
        assert!(!full.contains("… and"), "{full}");
        assert_eq!(full.matches("AmazonOpenSearch").count(), 3);
    }

    #[test]
    fn no_line_is_wider_than_asked() {
        let mut large = sample::report();
        for group in &mut large.groups {
            group.amount = group.amount.and_then(|amount| amount.checked_mul(Amount::from_whole(1_000_000)));
        }
        for width in [80, 100, 132, 200] {
            for document in
                [sample::report(), sample::troubled(), sample::hostile(), sample::empty("KWD"), large.clone()]
            {
                for line in plain(&document, width).lines() {
                    assert!(line.width() <= width, "{} > {width}: {line}", line.width());
                    assert!(!line.chars().any(char::is_control), "{line:?}");
                    assert_eq!(line.trim_end(), line);
                }
            }
        }
    }

    #[test]
    fn colour_changes_nothing_but_colour() {
        for document in [sample::report(), sample::hostile()] {
            let coloured = report(&document, Style::decide(Color::Always, false, false), 80, Extent::Short);
            let stripped: String = {
                let mut pieces = coloured.split('\u{1b}');
                let first = pieces.next().unwrap_or_default().to_owned();
                pieces.fold(first, |text, piece| text + piece.split_once('m').unwrap().1)
            };
            assert_ne!(coloured, stripped);
            assert_eq!(stripped, plain(&document, 80));
        }
    }

    #[test]
    fn amounts_have_the_decimals_of_their_currency() {
        for (code, want) in [("JPY", "209,970 JPY"), ("KWD", "209,970.299 KWD"), ("EUR", "209,970.30 EUR")] {
            let mut document = sample::report();
            document.currency = Currency::new(code);
            assert!(plain(&document, 80).contains(want), "{code}");
        }
    }
}
