//! Whether the figures can be trusted, as Markdown.

use super::super::document::{FileVerdict, MonthVerdict, Report, Source, SourceVerdict, Verdict};
use super::super::{figures, text, words};
use super::Page;
use super::escape::{code, prose};
use crate::calendar::Month;

/// Refused rows that a report names; an inspection names all it has.
const REFUSED_IN_REPORT: usize = 10;

/// Characters of a policy line, as far as lists can be broken.
const POLICY_WIDTH: usize = 100;

/// What the files are: formats, months, refused rows, overlaps, tags.
pub fn inspect_markdown(verdict: &Verdict) -> String {
    let mut page = Page::default();
    page.block(&["# What these files are".to_owned()]);
    page.paragraph(&words::files(verdict));
    findings(&mut page, verdict, None);
    page.text
}

/// The report's section on its own sources.
pub(super) fn trust(page: &mut Page, report: &Report) {
    page.heading("Can these figures be trusted");
    let cautions = words::cautions(report);
    let files = words::files(&report.verdict);
    if cautions.is_empty() {
        page.paragraph(&format!("Nothing stands against them. {files}"));
    } else {
        page.paragraph(&format!("With care: {}. {files}", cautions.join("; ")));
    }
    findings(page, &report.verdict, Some([report.previous_month.unwrap_or(report.month), report.month]));
}

/// Everything the verdict holds; `only` limits the months to those that matter.
fn findings(page: &mut Page, verdict: &Verdict, only: Option<[Month; 2]>) {
    // In a report the files stand behind the figures; an inspection is about nothing else.
    if verdict.files.is_empty() {
    } else if only.is_some() {
        let files = figures::counted(verdict.files.len() as u64, "file", "files");
        page.folded(&format!("The {files}"), |page| file_tables(page, verdict, only));
    } else {
        file_tables(page, verdict, only);
    }
    if !verdict.refused_rows.is_empty() {
        let shown = if only.is_some() { REFUSED_IN_REPORT } else { usize::MAX };
        let rows: Vec<_> = verdict.refused_rows.iter().take(shown).collect();
        let count = figures::counted(verdict.refused_count, "row was", "rows were");
        page.paragraph(&format!("{count} refused{}:", first_of(verdict, rows.len())));
        page.bullets(rows.into_iter().map(|row| {
            let place = code(&format!("{}:{}", row.file, row.line));
            let column = row.column.as_deref().map_or_else(String::new, |column| format!(" (column {})", code(column)));
            format!("{place}{column}: {}", prose(&row.reason))
        }));
    }
    page.bullets(verdict.overlaps.iter().map(|overlap| {
        let [first, second] = &overlap.files;
        let rows = figures::counted(overlap.rows_in_common, "row", "rows");
        let month = words::month(overlap.month);
        let action = words::overlap_action(overlap.action);
        format!("{} and {} share {rows} of {month}: {action}.", code(first), code(second))
    }));
    tags(page, verdict);
    page.bullets(words::warnings(verdict).map(|warning| format!("Warning: {}", prose(&warning.message))));
}

fn file_tables(page: &mut Page, verdict: &Verdict, only: Option<[Month; 2]>) {
    page.table(&["File", "Format", "Currencies", "Rows", "Refused"], 3, verdict.files.iter().map(file_row));
    let months: Vec<_> = verdict.files.iter().flat_map(|file| month_rows(file, only)).collect();
    page.table(&["File", "Source", "Month", "Held", "Days", "Invoiced"], 6, months);
}

fn first_of(verdict: &Verdict, shown: usize) -> String {
    let shown = shown as u64;
    if shown < verdict.refused_count { format!("; the first {shown}") } else { String::new() }
}

fn file_row(file: &FileVerdict) -> Vec<String> {
    let currencies: Vec<_> = file.currencies.iter().map(|currency| prose(currency.code())).collect();
    let (rows, refused) = (figures::count(file.rows), figures::count(file.refused));
    vec![code(&file.name), code(&words::format(file)), currencies.join(", "), rows, refused]
}

fn month_rows(file: &FileVerdict, only: Option<[Month; 2]>) -> Vec<Vec<String>> {
    let wanted = |month: &&MonthVerdict| only.is_none_or(|months| months.contains(&month.month));
    let row = |source: &SourceVerdict, month: &MonthVerdict| {
        let source = Source {
            provider_name: source.provider_name.clone(),
            billing_account_id: source.billing_account_id.clone(),
        };
        let held = [words::coverage(month).to_owned(), words::days(month), words::invoice(month).to_owned()];
        let named = [code(&file.name), code(&text::source(&source)), month.month.to_string()];
        named.into_iter().chain(held).collect()
    };
    file.sources
        .iter()
        .flat_map(|source| source.months.iter().filter(wanted).map(move |month| row(source, month)))
        .collect()
}

fn tags(page: &mut Page, verdict: &Verdict) {
    if let Some(coverage) = &verdict.tags.coverage {
        page.paragraph(&format!("Tags: {} of rows carry at least one.", figures::proportion(coverage)));
    }
    if verdict.tags.merge.is_empty() {
        return;
    }
    page.paragraph("Some tag keys look like spellings of one. If they are, put this into the policy:");
    let mut lines = vec!["```toml".to_owned()];
    lines.extend(text::aliases(&verdict.tags.merge, POLICY_WIDTH));
    lines.push("```".to_owned());
    page.block(&lines);
}

#[cfg(test)]
mod tests {
    use super::super::super::sample;
    use super::*;

    #[test]
    fn files_are_described() {
        insta::assert_snapshot!(inspect_markdown(&sample::troubled().verdict));
    }

    #[test]
    fn no_files_is_said_plainly() {
        assert_eq!(inspect_markdown(&Verdict::default()), "# What these files are\n\n0 files, 0 rows, none refused.\n");
    }
}
