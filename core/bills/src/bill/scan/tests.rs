//! The scanner against the `csv` crate, on rows that both must read alike.

use proptest::prelude::*;

use super::mask::Portable;
use super::rows::Rest;
use super::*;

#[derive(Default)]
struct Collected {
    rows: Vec<(u64, Vec<Vec<u8>>)>,
    faults: Vec<(u64, RowFault)>,
}

impl RowSink for Collected {
    fn rows(&mut self, batch: &Batch<'_>) {
        for index in 0..batch.len() {
            let record = batch.record(index);
            let row = (0..record.len()).map(|column| unquoted(record.raw(column))).collect();
            self.rows.push((batch.line(index), row));
        }
    }

    fn fault(&mut self, fault: RowFault, line: u64) {
        self.faults.push((line, fault));
    }
}

fn unquoted(raw: &[u8]) -> Vec<u8> {
    match raw {
        [b'"', inner @ .., b'"'] => String::from_utf8_lossy(inner).replace("\"\"", "\"").into_bytes(),
        _ => raw.to_vec(),
    }
}

/// Scans as the reader does: appends chunks, cuts whole rows off, scans them.
fn scan(bytes: &[u8], columns: usize, chunks: &[usize]) -> Collected {
    let mut scanner = RowScanner::new(columns);
    let mut collected = Collected::default();
    let (mut pending, mut rest, mut first_line) = (Vec::new(), bytes, 0);
    let mut sizes = chunks.iter().copied().chain(std::iter::repeat(usize::MAX));
    while !rest.is_empty() {
        let take = sizes.next().unwrap_or(1).clamp(1, rest.len());
        pending.extend_from_slice(&rest[..take]);
        rest = &rest[take..];
        let cut = if rest.is_empty() { Some(pending.len()) } else { whole_rows(&pending) };
        if let Some(cut) = cut {
            let mut block = Collected::default();
            let lines = scanner.scan(&pending[..cut], &mut block);
            collected.rows.extend(block.rows.into_iter().map(|(line, row)| (line + first_line, row)));
            collected.faults.extend(block.faults.into_iter().map(|(line, fault)| (line + first_line, fault)));
            first_line += lines;
            pending.drain(..cut);
        }
    }
    collected
}

fn by_csv_crate(bytes: &[u8]) -> Vec<Vec<Vec<u8>>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
    reader.byte_records().map(|row| row.unwrap().iter().map(<[u8]>::to_vec).collect()).collect()
}

fn field() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z0-9 .:-]{0,30}", "[a-z,\"\n\r]{0,12}", Just(String::new()), "[a-zäß€]{1,90}"]
}

fn write(rows: &[Vec<String>], crlf: bool, quote_all: bool, final_newline: bool) -> Vec<u8> {
    let end = if crlf { "\r\n" } else { "\n" };
    let lines: Vec<String> = rows
        .iter()
        .map(|row| {
            let cell = |text: &String| {
                if quote_all || text.contains([',', '"', '\n', '\r']) || row.len() == 1 {
                    format!("\"{}\"", text.replace('"', "\"\""))
                } else {
                    text.clone()
                }
            };
            row.iter().map(cell).collect::<Vec<_>>().join(",")
        })
        .collect();
    let mut text = lines.join(end);
    if final_newline {
        text.push_str(end);
    }
    text.into_bytes()
}

proptest! {
    #[test]
    fn every_processor_walks_alike(
        bytes in prop::collection::vec(prop::sample::select(b"ab,,\"\"\n\r".to_vec()), 0..400),
        columns in 1_usize..5,
    ) {
        let (mut plain, mut chosen) = (Collected::default(), Collected::default());
        let scanned = RowScanner::new(columns).walk(&Portable, &bytes, Rest::Row, &mut plain);
        prop_assert_eq!(RowScanner::new(columns).scan(&bytes, &mut chosen), scanned.lines);
        prop_assert_eq!(plain.rows, chosen.rows);
        prop_assert_eq!(plain.faults, chosen.faults);
    }

    #[test]
    fn the_start_of_a_row_is_left(
        bytes in prop::collection::vec(prop::sample::select(b"ab,,\"\"\n\r".to_vec()), 0..400),
        columns in 1_usize..5,
    ) {
        let whole = whole_rows(&bytes).unwrap_or_default();
        let (mut want, mut found, mut plain) = (Collected::default(), Collected::default(), Collected::default());
        let lines = RowScanner::new(columns).scan(&bytes[..whole], &mut want);
        let scanned = RowScanner::new(columns).scan_whole_rows(&bytes, &mut found);
        prop_assert_eq!(scanned, Scanned { lines, bytes: whole });
        prop_assert_eq!(RowScanner::new(columns).walk(&Portable, &bytes, Rest::Start, &mut plain), scanned);
        for collected in [found, plain] {
            prop_assert_eq!(&collected.rows, &want.rows);
            prop_assert_eq!(&collected.faults, &want.faults);
        }
    }

    #[test]
    fn reads_what_the_csv_crate_reads(
        (columns, rows) in (1_usize..70).prop_flat_map(|columns| {
            (Just(columns), prop::collection::vec(prop::collection::vec(field(), columns), 0..12))
        }),
        crlf: bool, quote_all: bool, final_newline: bool,
        chunks in prop::collection::vec(1_usize..200, 0..30),
    ) {
        let bytes = write(&rows, crlf, quote_all, final_newline);
        let collected = scan(&bytes, columns, &chunks);
        prop_assert_eq!(collected.faults, vec![]);
        let rows: Vec<_> = collected.rows.into_iter().map(|(_, row)| row).collect();
        prop_assert_eq!(rows, by_csv_crate(&bytes));
    }

    #[test]
    fn any_bytes_in_any_chunks_give_the_same(
        bytes in prop::collection::vec(prop::sample::select(b"ab,,\"\"\n\r".to_vec()), 0..400),
        columns in 1_usize..5,
        chunks in prop::collection::vec(1_usize..50, 0..40),
    ) {
        let (whole, cut) = (scan(&bytes, columns, &[]), scan(&bytes, columns, &chunks));
        prop_assert_eq!(whole.rows, cut.rows);
        prop_assert_eq!(whole.faults, cut.faults);
    }
}

#[test]
fn says_which_line_a_row_starts_on() {
    let collected = scan(b"a,b\n\n\"x\ny\",c\nd\ne,f", 2, &[]);
    let lines: Vec<u64> = collected.rows.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [0, 2, 5]);
    assert_eq!(collected.faults, [(4, RowFault::FieldCount { found: 1 })]);
}

#[test]
fn faults_are_named_and_the_next_row_is_read() {
    let collected = scan(b"a\"b\",c\n\"a\"x,c\na,b\na,b,,\na,b,c\n,\n", 2, &[]);
    assert_eq!(
        collected.faults,
        [
            (0, RowFault::StrayQuote { lines: 1 }),
            (1, RowFault::StrayQuote { lines: 1 }),
            (4, RowFault::FieldCount { found: 3 })
        ]
    );
    assert_eq!(collected.rows.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [2, 3, 5]);
    assert_eq!(scan(b"a,b\n\"a,b\nc,d\n", 2, &[]).faults, [(1, RowFault::OpenQuote)]);
    let swallowed = scan(b"a,15\" b\nc,d\ne,16\" f\ng,h\n", 2, &[]);
    assert_eq!(swallowed.faults, [(0, RowFault::StrayQuote { lines: 3 })]);
    assert_eq!(swallowed.rows.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [3]);
}

#[test]
fn a_row_with_a_nul_byte_is_damaged() {
    let collected = scan(b"a,b\nc,\0\nd\0\0,e\n\"x\ny\",z\n", 2, &[]);
    assert_eq!(collected.faults, [(1, RowFault::NulByte), (2, RowFault::NulByte)]);
    assert_eq!(collected.rows.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [0, 3]);
    // Where damage joins two rows into one of the right number of fields, it is still found.
    let joined = scan(&[b"a,".as_slice(), &[0; 500], b"b\nc,d\n"].concat(), 2, &[]);
    assert_eq!(joined.faults, [(0, RowFault::NulByte)]);
}

#[test]
fn empty_fields_past_the_header_s_are_nothing_up_to_as_many_again() {
    let row = |surplus: usize| format!("a,b{}\n", ",".repeat(surplus)).into_bytes();
    for (surplus, want) in [(0, true), (1, true), (2, true), (3, false), (1_000_000, false)] {
        let collected = scan(&row(surplus), 2, &[]);
        assert_eq!(collected.rows.len(), usize::from(want), "{surplus}");
        let faults = if want { vec![] } else { vec![(0, RowFault::FieldCount { found: 2 + surplus })] };
        assert_eq!(collected.faults, faults);
    }
}

#[test]
fn a_million_columns_cost_no_memory() {
    let mut bytes = b"x,".repeat(1_000_000);
    bytes.extend_from_slice(b"\na,b\n");
    let collected = scan(&bytes, 2, &[]);
    assert_eq!(collected.faults, [(0, RowFault::FieldCount { found: 1_000_001 })]);
    assert_eq!(collected.rows.len(), 1);
}
