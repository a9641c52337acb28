//! Files that are no bills, or broken ones.

use std::io::Write as _;

use super::support::{Scratch, bill, header, months, row};

/// Bytes without any order, the same every time.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as u8
    };
    std::iter::repeat_with(next).take(length).collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn utf_16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// Every file and what is said of it. Inspecting says the same as reporting.
fn refusals(scratch: &Scratch, files: &[(&str, Vec<u8>)]) -> String {
    let refusal = |(name, bytes): &(&str, Vec<u8>)| {
        scratch.file(name, bytes);
        let run = scratch.run(&format!("report {name}"));
        assert!(run.refusal().contains(name), "the file is named: {}", run.stderr);
        assert_eq!(run.stderr.matches("error: ").count(), 1, "one message: {}", run.stderr);
        format!("{}\n", run.refusal())
    };
    files.iter().map(refusal).collect()
}

#[test]
fn no_bills() {
    let scratch = Scratch::new("no_bills");
    let text = months(&[(5, "1")]);
    let shown = refusals(
        &scratch,
        &[
            ("empty.csv", Vec::new()),
            ("newlines.csv", b"\n\r\n\n".to_vec()),
            ("header.csv", (header() + "\n").into_bytes()),
            ("elf.csv", b"\x7fELF\x02\x01\x01\0\0\0".repeat(50)),
            ("noise.csv", noise(100_000)),
            ("parquet.csv", b"PAR1\x15\x04\x15".to_vec()),
            ("zip.csv", b"PK\x03\x04\x14\0\x06\0".to_vec()),
            ("excel.csv", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0".to_vec()),
            ("bzip2.csv", b"BZh91AY&SY\x12\x34".to_vec()),
            ("xz.csv", b"\xfd7zXZ\0\0\x04".to_vec()),
            ("pdf.csv", b"%PDF-1.7\n%\xe2\xe3\n".to_vec()),
            ("web.csv", b"<!DOCTYPE html><title>Sign in</title>".to_vec()),
            ("denied.csv", b"<?xml version=\"1.0\"?><Error/>".to_vec()),
            ("json.csv", b"{\"message\": \"denied\"}\n".to_vec()),
            ("utf-16.csv", [b"\xff\xfe".to_vec(), utf_16(&text)].concat()),
            ("utf-16-unmarked.csv", utf_16(&text)),
            ("carriage-returns.csv", text.replace('\n', "\r").into_bytes()),
            ("semicolons.csv", text.replace(',', ";").into_bytes()),
            ("tabs.csv", text.replace(',', "\t").into_bytes()),
            ("other.csv", b"date,amount\n2026-05-01,1\n".to_vec()),
            ("nearly.csv", text.replace("BilledCost", "Cost").into_bytes()),
            ("escape.csv", b"a\xc2\x9b31m,b\n1,2\n".to_vec()),
        ],
    );
    insta::assert_snapshot!(shown);
}

#[test]
fn broken_packing() {
    let scratch = Scratch::new("broken_packing");
    let text = months(&[(3, "1"), (4, "1"), (5, "1")]);
    let (gz, zst) = (gzip(text.as_bytes()), zstd::encode_all(text.as_bytes(), 1).unwrap());
    let mut flipped = gz.clone();
    let checksum = flipped.len() - 8;
    flipped[checksum] ^= 0xff;
    let shown = refusals(
        &scratch,
        &[
            ("half.csv.gz", gz[..gz.len() / 2].to_vec()),
            ("no-trailer.csv.gz", gz[..gz.len() - 8].to_vec()),
            ("short-trailer.csv.gz", gz[..gz.len() - 1].to_vec()),
            ("start.csv.gz", gz[..5].to_vec()),
            ("checksum.csv.gz", flipped),
            ("half.csv.zst", zst[..zst.len() / 2].to_vec()),
            ("start.csv.zst", zst[..5].to_vec()),
            ("damaged.csv.zst", [zst[..4].to_vec(), noise(300)].concat()),
            ("binary.csv.gz", gzip(b"\0\x01\x02\x03")),
            ("empty.csv.gz", gzip(b"")),
            ("twice.csv.gz", gzip(&gz)),
        ],
    );
    insta::assert_snapshot!(shown);
}

#[test]
fn faults_that_spoil_the_whole_file() {
    let scratch = Scratch::new("whole_file");
    let long = |start: &str| {
        [bill(&[row(&[]), row(&[])]).into_bytes(), format!("{start}{}", "x\n".repeat(9 << 20)).into_bytes()].concat()
    };
    let mut wide = bill(&[row(&[])]).into_bytes();
    wide.extend(vec![b'x'; 17 << 20]);
    let open = |at: usize| {
        let mut rows: Vec<String> = (0..5).map(|_| row(&[])).collect();
        rows[at] = rows[at].replace("Compute", "\"Compute");
        bill(&rows).into_bytes()
    };
    let spread = |column: &str, value: &str| bill(&[row(&[(column, value)]), row(&[(column, value)])]).into_bytes();
    let most = "170141183460469231731";
    let shown = refusals(
        &scratch,
        &[
            ("quote-first.csv", open(0)),
            ("quote-middle.csv", open(2)),
            ("quote-last.csv", open(4)),
            ("quote-header.csv", format!("\"{}", months(&[(5, "1")])).into_bytes()),
            ("long-row.csv", wide),
            ("long-quote.csv", long("\"")),
            ("long-header.csv", vec![b'x'; 17 << 20]),
            ("refused-amounts.csv", spread("EffectiveCost", "n/a?")),
            ("refused-dates.csv", spread("ChargePeriodStart", "5/1/26")),
            ("refused-one.csv", bill(&[row(&[("EffectiveCost", "$1")])]).into_bytes()),
            ("refused-width.csv", format!("{}\n1,2\n3\n", header()).into_bytes()),
            ("too-much.csv", spread("EffectiveCost", most)),
        ],
    );
    insta::assert_snapshot!(shown);
}

/// The line is right however far into the file it is and however many threads read.
#[test]
fn a_row_too_long_is_found_behind_many_others() {
    let scratch = Scratch::new("long_row");
    let mut bytes = bill(&vec![row(&[("ChargeDescription", "two\nlines")]); 20_000]).into_bytes();
    bytes.extend(vec![b'x'; 17 << 20]);
    scratch.file("bill.csv", bytes);
    for threads in [1, 3] {
        let run = scratch.run(&format!("report bill.csv --threads {threads}"));
        insta::allow_duplicates! {
            insta::assert_snapshot!(run.refusal(), @r"
            error: bill.csv:40002: this row is longer than 16 MiB

            hint: the file is cut off, or a quote is missing on that line: export it again
            ");
        }
    }
}

#[test]
fn a_header_of_a_million_columns() {
    let scratch = Scratch::new("million_columns");
    let names: Vec<String> = (0..1_000_000).map(|at| format!("c{at}")).collect();
    scratch.file("foreign.csv", names.join(",") + "\n1\n");
    let run = scratch.run("report foreign.csv");
    assert!(run.refusal().starts_with("error: foreign.csv: unknown bill format: the header is `c0,c1,"));
    assert!(run.stderr.len() < 400, "{}", run.stderr);
    scratch.file("bill.csv", format!("{},{}\n{}{}\n", header(), names.join(","), row(&[]), ",".repeat(1_000_000)));
    let run = scratch.run("report bill.csv --format json");
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(run.answer()).unwrap()["totals"]["effective"]["amount"],
        "1.5"
    );
}

#[test]
fn inspecting_names_every_file_that_cannot_be_read() {
    let scratch = Scratch::new("inspect_faults");
    scratch.file("a.csv", "").file("b.csv", months(&[(5, "1")])).file("c.csv", b"PK\x03\x04");
    insta::assert_snapshot!(scratch.run("inspect a.csv b.csv c.csv").shown());
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_be_read() {
    use std::os::unix::fs::PermissionsExt as _;
    let scratch = Scratch::new("forbidden");
    scratch.file("bill.csv", months(&[(5, "1")]));
    let path = scratch.path().join("bill.csv");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o0)).unwrap();
    // Root may read anything.
    if std::fs::read(&path).is_err() {
        insta::assert_snapshot!(scratch.run("report bill.csv").refusal(), @"error: bill.csv: permission denied");
    }
}
