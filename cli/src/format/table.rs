//! The monthly report for the terminal.

use headroom_core::bill::Metric;
use headroom_core::money::Amount;
use headroom_core::report::figures::{self, ABSENT};
use headroom_core::report::summary::{self, Sum};
use headroom_core::report::{Report, ReviewState, UNALLOCATED, text, words};

use super::actions::{actions, environments};
use super::changes::changed;
use super::conservation::conservation;
use super::grid::{Cell, Grid, Kind};
use super::paragraph::wrap;
use super::style::{Style, Tone};

/// Groups listed when the report is short; the others are counted and summed in one line.
const GROUPS_SHOWN: usize = 15;

/// Parts of the leading dimension listed when the report is short.
const PARTS_SHOWN: usize = 15;

/// Refused rows that the report itself names.
const REFUSED_SHOWN: usize = 3;

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
    pub(super) fn limit(self, short: usize) -> usize {
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
    early(&mut screen, report);
    // One owner's report holds nothing that nobody owns, and everything if that is what was asked for.
    if !report.owner.contains_key("squad") {
        screen.title("What nobody owns");
        screen.text(&words::unallocated(report), Tone::Plain);
    }
    environments(&mut screen, report, extent);
    actions(&mut screen, report, extent);
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
            .map(|(name, owner)| {
                let nobody = owner == UNALLOCATED;
                format!("{} {}", text::visible(name), if nobody { owner.clone() } else { text::visible(owner) })
            })
            .collect();
        screen.text(&format!("Only charges of {} are in this report.", owner.join(", ")), Tone::Plain);
    }
    let basis = words::basis(report).map_or_else(String::new, |basis| format!(" {basis}"));
    let policy = text::visible(&report.policy);
    let view = words::view(report.view);
    screen.text(&format!("{}{basis} {view}", words::completeness(report)), Tone::Quiet);
    screen.text(&format!("{} As of {}.", words::allocated_by(report, &policy), report.as_of), Tone::Quiet);
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
        for row in report.verdict.refused_rows.iter().take(REFUSED_SHOWN) {
            let place = text::place(&row.file, row.line, row.column.as_deref());
            screen.hanging(&format!("{place}: {}", text::visible(&row.reason)), "    ", "      ", Tone::Plain);
        }
        for warning in words::warnings(&report.verdict) {
            screen.hanging(&text::visible(&warning.message), "    ", "      ", Tone::Plain);
        }
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
        let digits = report.currency.minor_digits();
        let worth_saying = |saved: &Amount| !saved.round_to(digits).is_zero();
        if let Some(saved) = summary::savings(report, against).filter(worth_saying) {
            let (word, way) = if saved < Amount::ZERO { ("lost", "over") } else { ("saved", "under") };
            let size = i128::try_from(saved.magnitude()).map_or(saved, Amount::from_units);
            let share = figures::share(Some(size), report.totals.get(against).amount);
            let note = share.map_or_else(String::new, |share| format!("{share} {way} {} cost", against.name()));
            grid.row([word.into(), figures::amount(size, &report.currency).into(), Cell(note, Tone::Quiet)]);
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
    columns.extend(amount_columns(report));
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
    let [now, rest @ ..] = amount_columns(report);
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

pub(super) fn name(value: Option<&str>) -> Cell {
    let tone = if value.is_none() { Tone::Warn } else { Tone::Plain };
    Cell(text::visible_or_unallocated(value), tone)
}

/// What is likely to be flagged at the end of the month that goes on.
fn early(screen: &mut Screen, report: &Report) {
    let Some((title, scopes)) = words::early(report) else { return };
    screen.title(&title);
    for (scope, told) in scopes {
        screen.hanging(&format!("{}: {told}", text::scope(scope, report)), "  ", "    ", Tone::Warn);
    }
}

/// The columns of [`amounts`]. Where there is nothing to compare with, there is nothing but the amount to show.
fn amount_columns(report: &Report) -> [(&'static str, Kind); 5] {
    if !summary::is_compared(report) {
        return ["now", "", "", "", ""]
            .map(|title| (title, if title.is_empty() { Kind::Optional } else { Kind::Figure }));
    }
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
    if !summary::is_compared(report) {
        let now: Cell = figures::amount_or_absent(sum.amount, currency).into();
        return [now, Cell::default(), Cell::default(), Cell::default(), Cell::default()];
    }
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
        document.changes = changes.iter().cycle().take(24).cloned().collect();
        let short = plain(&document, 80);
        assert!(short.contains("… and 15 more, "), "{short}");
        assert!(short.contains("… and 12 smaller, 8 of them unexplained; `--full` lists all"), "{short}");
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
