//! What the files are, for the terminal.

use headroom_core::report::{Answer, FileVerdict, MonthVerdict, Source, SourceVerdict, Verdict, figures, text, words};

use super::grid::{Cell, Grid, Kind};
use super::style::{Style, Tone};
use super::table::Screen;

/// The verdict as lines of at most `width` columns, save for policy lines that must be pasted whole.
pub(crate) fn inspect(verdict: &Verdict, style: Style, width: usize) -> String {
    let mut screen = Screen { lines: Vec::new(), style, width };
    let tone = if verdict.refused_count == 0 { Tone::Strong } else { Tone::Warn };
    screen.hanging(&words::files(verdict), "", "", tone);
    for file in &verdict.files {
        file_section(&mut screen, file);
    }
    refused(&mut screen, verdict);
    overlaps(&mut screen, verdict);
    tags(&mut screen, verdict);
    if words::warnings(verdict).next().is_some() {
        screen.title("Warnings");
    }
    for warning in words::warnings(verdict) {
        screen.hanging(&text::visible(&warning.message), "  ", "    ", Tone::Warn);
    }
    screen.finish()
}

fn file_section(screen: &mut Screen, file: &FileVerdict) {
    let name = super::paragraph::shorten(&text::visible(&file.name), screen.width);
    screen.title(&name);
    let currencies: Vec<_> = file.currencies.iter().map(|currency| text::visible(currency.code())).collect();
    let refused = match file.refused {
        0 => "none refused".to_owned(),
        count => format!("{} refused", figures::count(count)),
    };
    let rows = figures::counted(file.rows, "row", "rows");
    let facts = [words::format(file), rows, refused, currencies.join(" and ")];
    let facts: Vec<_> = facts.into_iter().filter(|fact| !fact.is_empty()).collect();
    screen.text(&facts.join(", "), if file.refused == 0 { Tone::Plain } else { Tone::Warn });
    let columns = [
        ("source", Kind::Name),
        ("month", Kind::Word),
        ("held", Kind::Word),
        ("days", Kind::Word),
        ("invoiced", Kind::Word),
    ];
    let mut grid = Grid::new(2, &columns);
    for source in &file.sources {
        let mut name = source_name(source);
        for month in &source.months {
            let mut cells = vec![Cell::from(std::mem::take(&mut name))];
            cells.extend(month_cells(month));
            grid.row(cells);
        }
    }
    if !file.sources.is_empty() {
        screen.grid(&grid);
    }
}

fn source_name(source: &SourceVerdict) -> String {
    text::source(&Source {
        provider_name: source.provider_name.clone(),
        billing_account_id: source.billing_account_id.clone(),
    })
}

fn month_cells(month: &MonthVerdict) -> [Cell; 4] {
    let tone = |answer: Answer| match answer {
        Answer::Yes => Tone::Plain,
        Answer::No => Tone::Warn,
        Answer::Unknown => Tone::Quiet,
    };
    [
        month.month.to_string().into(),
        Cell(words::coverage(month).to_owned(), tone(month.complete)),
        words::days(month).into(),
        Cell(words::invoice(month).to_owned(), tone(month.is_final)),
    ]
}

fn refused(screen: &mut Screen, verdict: &Verdict) {
    if verdict.refused_rows.is_empty() {
        return;
    }
    let shown = verdict.refused_rows.len() as u64;
    let first = if shown < verdict.refused_count {
        format!(", the first {} are", figures::count(shown))
    } else {
        String::new()
    };
    screen.title(&format!("Refused rows: {}{first}", figures::count(verdict.refused_count)));
    for row in &verdict.refused_rows {
        let place = text::place(&row.file, row.line, row.column.as_deref());
        screen.hanging(&format!("{place}: {}", text::visible(&row.reason)), "  ", "    ", Tone::Plain);
    }
}

fn overlaps(screen: &mut Screen, verdict: &Verdict) {
    if verdict.overlaps.is_empty() {
        return;
    }
    screen.title("The same rows in two files");
    for overlap in &verdict.overlaps {
        let [first, second] = overlap.files.each_ref().map(|name| text::visible(name));
        let rows = figures::counted(overlap.rows_in_common, "row", "rows");
        let text = format!("{first} and {second} share {rows} of {}:", words::month(overlap.month));
        screen.hanging(&text, "  ", "    ", Tone::Plain);
        screen.hanging(words::overlap_action(overlap.action), "    ", "    ", Tone::Warn);
    }
}

fn tags(screen: &mut Screen, verdict: &Verdict) {
    let Some(coverage) = &verdict.tags.coverage else { return };
    screen.title("Tags");
    screen.text(&format!("{} of rows carry at least one.", figures::proportion(coverage)), Tone::Plain);
    if verdict.tags.merge.is_empty() {
        return;
    }
    screen.text("Some keys look like spellings of one. If they are, put this into the policy:", Tone::Plain);
    let lines = text::aliases(&verdict.tags.merge, screen.width.saturating_sub(4));
    screen.lines.push(String::new());
    screen.lines.extend(lines.iter().map(|line| format!("    {line}")));
}

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthStr;

    use super::super::sample;
    use super::*;

    #[test]
    fn files_are_described() {
        insta::assert_snapshot!(inspect(&sample::troubled().verdict, Style::default(), 80));
    }

    #[test]
    fn hostile_names_are_text() {
        let text = inspect(&sample::hostile().verdict, Style::default(), 80);
        for line in text.lines() {
            assert!(line.width() <= 80, "{line}");
            assert!(!line.chars().any(char::is_control), "{line:?}");
        }
        insta::assert_snapshot!(text);
    }

    #[test]
    fn no_files_is_said_plainly() {
        assert_eq!(inspect(&Verdict::default(), Style::default(), 80), "0 files, 0 rows, none refused.\n");
    }
}
