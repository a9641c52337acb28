//! Bills and usage in Parquet: the same answers as from CSV.

use arrow::array::{Array, PrimitiveArray, Utf8ViewArray};
use polars_parquet::read::{BasicDecompressor, PageReader, column_iter_to_arrays, infer_schema, read_metadata};
use polars_parquet::write::{CompressionOptions, Encoding, Version};

use super::support::{Run, Scratch, bill, months, root, row};
use super::typed::{Packing, Type, parquet};

/// The types that exports have in reality: AWS and Azure write doubles, Google nested columns, FOCUS decimals.
fn type_of(dialect: &str) -> fn(&str) -> Option<Type> {
    match dialect {
        "focus" => |name| {
            Some(match name {
                "BillingPeriodStart" | "BillingPeriodEnd" => Type::Time { utc: true },
                "ChargePeriodStart" => Type::Time { utc: false },
                "ChargePeriodEnd" => Type::Millis,
                "Tags" => Type::Map,
                "Id" => Type::Integer,
                "ServiceName" => Type::Bytes,
                name if name.ends_with("Cost") => Type::Decimal(38, 18),
                _ => return None,
            })
        },
        "aws_cur_2" => |name| {
            Some(match name {
                "resource_tags" | "product" | "cost_category" | "discount" => Type::Map,
                name if name.ends_with("_date") => Type::Millis,
                name if name.contains("cost") || name.contains("fee") || name.contains("rate") => Type::Double,
                name if name.ends_with("commitment") || name.ends_with("usage_amount") => Type::Double,
                name if name.ends_with("commitment_to_date") => Type::Double,
                _ => return None,
            })
        },
        "aws_cur_legacy" => |name| {
            Some(match name {
                name if name.ends_with("Date") => Type::Nanos,
                "lineItem/UsageAmount" => Type::Double,
                name if name.ends_with("Cost") => Type::Double,
                _ => return None,
            })
        },
        "gcp" => |name| {
            Some(match name {
                "usage_start_time" | "usage_end_time" => Type::Time { utc: true },
                "cost" | "cost_at_list" | "usage.amount" | "usage.amount_in_pricing_units" => Type::Double,
                "project.labels" | "labels" | "system_labels" => Type::Pairs,
                _ => return None,
            })
        },
        _ => |name| {
            Some(match name.to_ascii_lowercase().as_str() {
                "date" | "billingperiodstartdate" | "billingperiodenddate" | "usagedatetime" => Type::Day,
                "costinbillingcurrency" | "paygcostinbillingcurrency" | "pretaxcost" => Type::Decimal(38, 18),
                "quantity" | "effectiveprice" | "unitprice" | "usagequantity" | "cost" => Type::Double,
                _ => return None,
            })
        },
    }
}

const DIALECTS: [&str; 8] =
    ["focus", "aws_cur_2", "aws_cur_legacy", "azure_ea_actual", "azure_ea_amortized", "azure_mca", "azure_payg", "gcp"];

fn fixture(dialect: &str) -> String {
    std::fs::read_to_string(root().join(format!("tests/cases/bills/{dialect}.csv"))).unwrap()
}

/// What every command says of a bill, without the name of its file.
fn answers(scratch: &Scratch, file: &str) -> Vec<String> {
    let day = "--as-of 2026-07-03";
    [
        format!("report {file} --format json"),
        format!("report {file} --metric billed --view billing"),
        format!("inspect {file} --format json"),
        format!("allocate {file} {day} --by squad,service_name,region_id,sub_account_name"),
        format!("forecast {file} {day} --format json"),
        format!("commitments {file} {day} --format json"),
        format!("policy check {file} {day} --format json"),
        format!("init {file} {day} --stdout"),
    ]
    .iter()
    .map(|words| scratch.run(words).shown().replace(file, "BILL"))
    .collect()
}

/// Every charge as a line, without the places of lines.
fn lines(run: &Run) -> Vec<serde_json::Value> {
    let line = |line: &str| {
        let mut line: serde_json::Value = serde_json::from_str(line).unwrap();
        let object = line.as_object_mut().unwrap();
        assert!(object.remove("file").is_some() && object.remove("line").is_some());
        line
    };
    run.stdout.lines().map(line).collect()
}

#[test]
fn each_dialect_answers_as_from_csv() {
    let scratch = Scratch::new("parquet_dialects");
    for dialect in DIALECTS {
        let text = fixture(dialect);
        let types = type_of(dialect);
        scratch.file("bill.csv", &text).file("bill.parquet", parquet(&text, &types, dialect == "gcp", Packing::USUAL));
        for (from_csv, from_parquet) in answers(&scratch, "bill.csv").iter().zip(answers(&scratch, "bill.parquet")) {
            assert_eq!(*from_csv, from_parquet, "{dialect}");
        }
        let every =
            |file: &str| lines(&scratch.run(&format!("allocate {file} --as-of 2026-07-03 --lines --format json")));
        assert_eq!(every("bill.csv"), every("bill.parquet"), "{dialect}");
    }
}

#[test]
fn packing_changes_nothing() {
    let scratch = Scratch::new("parquet_packing");
    let text = fixture("focus");
    let whole = parquet(&text, &type_of("focus"), false, Packing::USUAL);
    scratch.file("bill.parquet", &whole);
    let want = answers(&scratch, "bill.parquet");
    for compression in [
        CompressionOptions::Uncompressed,
        CompressionOptions::Gzip(None),
        CompressionOptions::Brotli(None),
        CompressionOptions::Zstd(None),
        CompressionOptions::Lz4Raw,
    ] {
        for (version, group, page, encoding) in [
            (Version::V1, 1, 1 << 20, Encoding::Plain),
            (Version::V2, 4, 1, Encoding::RleDictionary),
            (Version::V2, 1 << 20, 16, Encoding::Plain),
        ] {
            let packing = Packing { compression, version, group, page, encoding };
            scratch.file("bill.parquet", parquet(&text, &type_of("focus"), false, packing));
            assert_eq!(
                scratch.run("report bill.parquet --format json").shown().replace("bill.parquet", "BILL"),
                want[0],
                "{packing:?}"
            );
        }
    }
}

#[test]
fn parquet_is_told_by_content_and_comes_from_anywhere() {
    let scratch = Scratch::new("parquet_content");
    let text = months(&[(4, "1"), (5, "1.3")]);
    let bytes = parquet(&text, &|_| None, false, Packing::USUAL);
    scratch.file("plain.csv", &text).file("named.csv", &bytes).file("bills/may.parquet", &bytes).file("x", &bytes);
    let figures = |run: Run| {
        let mut report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        report["verdict"].take();
        report
    };
    let want = figures(scratch.run("report plain.csv --format json"));
    for bills in ["named.csv", "bills", "x", "bills/*.parquet", "x --threads 4"] {
        assert_eq!(figures(scratch.run(&format!("report {bills} --format json"))), want, "{bills}");
    }
    let from_input = |bytes: &[u8]| figures(scratch.run_with_input("report - --format json", bytes));
    assert_eq!(from_input(&bytes), from_input(text.as_bytes()));
}

/// More rows than a window has, in groups that windows do not divide evenly; any number of threads.
#[test]
fn windows_and_threads_change_nothing() {
    let scratch = Scratch::new("parquet_windows");
    let rows: Vec<String> = (0..100_000)
        .map(|at| {
            let (day, cost) = (at % 28 + 1, format!("{}.{at:05}", at % 7));
            let start = format!("2026-05-{day:02}T00:00:00Z");
            row(&[
                ("ChargePeriodStart", &start),
                ("ChargePeriodEnd", &start),
                ("BilledCost", &cost),
                ("ResourceId", &format!("vm-{}", at % 5_000)),
                ("Tags", &format!("{{\"squad\":\"s{}\"}}", at % 50)),
            ])
        })
        .collect();
    let text = bill(&rows);
    let types = |name: &str| name.ends_with("Cost").then_some(Type::Decimal(20, 5));
    scratch.file("bill.csv", &text);
    let want = scratch.run("allocate bill.csv --as-of 2026-07-03").stdout;
    for group in [30_000, 70_000, 1 << 20] {
        scratch.file("bill.parquet", parquet(&text, &types, false, Packing { group, page: 50_000, ..Packing::USUAL }));
        for threads in [1, 3] {
            let run = scratch.run(&format!("allocate bill.parquet --as-of 2026-07-03 --threads {threads}"));
            assert_eq!(run.stdout, want, "{group} {threads}");
        }
    }
}

#[test]
fn a_bill_in_both_forms_is_not_counted_twice() {
    let scratch = Scratch::new("parquet_both");
    let text = fixture("focus");
    scratch
        .file("bills/a.csv", &text)
        .file("bills/a.parquet", parquet(&text, &type_of("focus"), false, Packing::USUAL));
    insta::assert_snapshot!(scratch.run("report bills").shown());
}

#[test]
fn bad_rows_are_named_by_their_number() {
    let scratch = Scratch::new("parquet_rows");
    let text = bill(&[
        row(&[("ChargeDescription", "two\nlines")]),
        row(&[("EffectiveCost", "x")]),
        row(&[]),
        row(&[("ChargePeriodStart", "May")]),
    ]);
    scratch.file("bill.parquet", parquet(&text, &|_| None, false, Packing::USUAL));
    let run = scratch.run("report bill.parquet --format json");
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    insta::assert_snapshot!(format!("{:#}\n{}", report["verdict"]["refused_rows"], run.stderr));
    let placed = scratch.run("allocate bill.parquet --as-of 2026-07-03 --lines --format json --quiet");
    let numbers: Vec<u64> = placed
        .stdout
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["line"].as_u64().unwrap())
        .collect();
    assert_eq!(numbers, [1, 3]);
    let all = bill(&[row(&[("EffectiveCost", "x")]), row(&[("EffectiveCost", "x")])]);
    scratch.file("all.parquet", parquet(&all, &|_| None, false, Packing::USUAL));
    insta::assert_snapshot!(scratch.run("report all.parquet").refusal());
}

#[test]
fn what_is_not_read_is_said() {
    let scratch = Scratch::new("parquet_bad");
    let text = months(&[(5, "1")]);
    let whole = parquet(&text, &|_| None, false, Packing::USUAL);
    let typed = |types: &dyn Fn(&str) -> Option<Type>, text: &str| parquet(text, types, false, Packing::USUAL);
    let mut middle = whole.clone();
    middle[40..400].fill(0xff);
    let mut footer = whole.clone();
    let end = footer.len();
    footer[end - 400..end - 12].fill(0xff);
    let mut long_footer = whole.clone();
    long_footer[end - 8..end - 4].copy_from_slice(&u32::MAX.to_le_bytes());
    let other_end = |end: &[u8; 4]| [&whole[..whole.len() - 4], &end[..]].concat();
    let files: Vec<(&str, Vec<u8>)> = vec![
        ("magic.parquet", b"PAR1".to_vec()),
        ("magics.parquet", b"PAR1PAR1".to_vec()),
        ("nothing.parquet", b"PAR1\0\0\0\0PAR1".to_vec()),
        ("half.parquet", whole[..whole.len() / 2].to_vec()),
        ("end.parquet", other_end(b"PAR2")),
        ("encrypted-end.parquet", other_end(b"PARE")),
        ("encrypted.parquet", [&b"PARE"[..], &other_end(b"PARE")[4..]].concat()),
        ("footer.parquet", footer),
        ("long-footer.parquet", long_footer),
        ("damaged.parquet", middle),
        ("no-rows.parquet", typed(&|_| None, &bill(&[]))),
        ("other.parquet", typed(&|_| None, "date,amount\n2026-05-01,1\n")),
        ("nearly.parquet", typed(&|_| None, &text.replace("BilledCost", "Cost"))),
        (
            "map-of-cost.parquet",
            typed(
                &|name| (name == "BilledCost").then_some(Type::Map),
                &bill(&[row(&[("BilledCost", "{\"a\":\"1\"}")])]),
            ),
        ),
        ("packed.parquet.gz", gzip(&whole)),
    ];
    let mut shown = String::new();
    for (name, bytes) in &files {
        scratch.file(name, bytes);
        let run = scratch.run(&format!("report {name}"));
        assert!(run.refusal().contains(name), "the file is named: {}", run.stderr);
        shown += run.refusal();
        shown += "\n";
    }
    insta::assert_snapshot!(shown);
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write as _;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Bytes changed anywhere are said to be damage, or change nothing that is looked at; the program never dies of them.
#[test]
fn damage_is_never_fatal() {
    let scratch = Scratch::new("parquet_damage");
    let text = months(&[(5, "1")]);
    let types = |name: &str| match name {
        "Tags" => Some(Type::Map),
        "ChargePeriodStart" => Some(Type::Time { utc: true }),
        name if name.ends_with("Cost") => Some(Type::Decimal(38, 18)),
        _ => None,
    };
    let whole = parquet(&text, &types, false, Packing { group: 20, ..Packing::USUAL });
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    };
    for round in 0..150 {
        let mut bytes = whole.clone();
        // The description at the end is where most can be damaged.
        let from = if round % 2 == 0 { 4 } else { whole.len() * 3 / 4 };
        for _ in 0..=next(4) {
            let at = from + next(whole.len() - 8 - from);
            bytes[at] = next(256) as u8;
        }
        scratch.file("bill.parquet", &bytes);
        let run = scratch.run("report bill.parquet --format json --quiet");
        assert!(matches!(run.code, 0 | 2), "{}", run.shown());
    }
}

#[test]
fn usage_and_other_tables_answer_as_from_csv() {
    let scratch = Scratch::new("parquet_usage");
    let datasets = root().join("datasets");
    let text = |name: &str| std::fs::read_to_string(datasets.join(name)).unwrap();
    let types = |name: &str| match name {
        "timestamp" => Some(Type::Time { utc: true }),
        "date" => Some(Type::Day),
        "value" | "rps" => Some(Type::Double),
        _ => None,
    };
    for name in ["usage/usage.csv", "usage/requests.csv", "series.csv"] {
        let file = name.rsplit('/').next().unwrap();
        scratch
            .file(file, text(name))
            .file(&file.replace(".csv", ".parquet"), parquet(&text(name), &types, false, Packing::USUAL));
    }
    for name in ["traffic.csv", "usage.csv", "capacity.csv", "releases.csv"] {
        let text = text(&format!("capacity/{name}"));
        scratch.file(&format!("capacity/{name}"), &text).file(
            &format!("capacity/{}", name.replace(".csv", ".parquet")),
            parquet(&text, &types, false, Packing::USUAL),
        );
    }
    for words in [
        "rightsize usage.csv --requests requests.csv",
        "rightsize usage.csv --format json",
        "schedule usage.csv --offset +02:00 --requests requests.csv",
        "forecast --series series.csv --format json",
        "capacity --traffic capacity/traffic.csv --usage capacity/usage.csv --capacity capacity/capacity.csv --releases capacity/releases.csv --as-of 2026-06-11",
    ] {
        let want = scratch.run(words);
        let answer = scratch.run(&words.replace(".csv", ".parquet"));
        assert_eq!(answer.shown().replace(".parquet", ".csv"), want.shown(), "{words}");
        assert_eq!(want.code, 0);
    }
}

/// The columns of a Parquet file as texts, by the reader of polars: null is none.
fn columns(bytes: &[u8]) -> Vec<(String, Vec<Option<String>>)> {
    let mut reader = std::io::Cursor::new(bytes);
    let footer = read_metadata(&mut reader).unwrap();
    let schema = infer_schema(&footer).unwrap();
    let mut columns = Vec::new();
    for (at, field) in schema.iter_values().enumerate() {
        let mut texts = Vec::new();
        for group in &footer.row_groups {
            let column = &group.parquet_columns()[at];
            let range = column.byte_range();
            let stored = bytes[range.start as usize..range.end as usize].to_vec();
            let pages = PageReader::new(std::io::Cursor::new(stored.into()), column, Vec::new(), usize::MAX);
            let pages = vec![BasicDecompressor::new(pages, Vec::new())];
            let types = vec![&column.descriptor().descriptor.primitive_type];
            let (arrays, _) = column_iter_to_arrays(pages, types, field.clone(), None).unwrap();
            texts.extend(arrays.iter().flat_map(|array| texts_of(array.as_ref())));
        }
        columns.push((format!("{} {:?}", field.name, field.dtype), texts));
    }
    columns
}

fn texts_of(array: &dyn Array) -> Vec<Option<String>> {
    let any = array.as_any();
    if let Some(texts) = any.downcast_ref::<Utf8ViewArray>() {
        return texts.iter().map(|text| text.map(str::to_owned)).collect();
    }
    if let Some(units) = any.downcast_ref::<PrimitiveArray<i128>>() {
        let amount = |units: &i128| headroom_core::money::Amount::from_units(*units).to_string();
        return units.iter().map(|units| units.map(amount)).collect();
    }
    if let Some(days) = any.downcast_ref::<PrimitiveArray<i32>>() {
        let epoch = headroom_core::calendar::Date::new(1970, 1, 1).unwrap();
        return days.iter().map(|days| days.map(|days| epoch.plus_days(*days).unwrap().to_string())).collect();
    }
    let counts = any.downcast_ref::<PrimitiveArray<i64>>().unwrap();
    counts.iter().map(|count| count.map(ToString::to_string)).collect()
}

#[test]
fn allocating_writes_the_same_table_as_parquet() {
    let scratch = Scratch::new("parquet_out");
    for (words, types) in [
        (
            "--by squad,service_name",
            vec!["rows Int64", "effective Decimal(38, 18)", "squad Utf8View", "month Utf8View"],
        ),
        ("--lines", vec!["line Int64", "date Date32", "billed Decimal(38, 18)", "resource_id Utf8View"]),
    ] {
        let bills = root().join("datasets/bills");
        let words = format!("allocate {} {words} --as-of 2026-06-12 --quiet", bills.display());
        let text = scratch.run(&words).stdout;
        let run = scratch.run(&format!("{words} --format parquet --output out.parquet"));
        assert_eq!((run.code, run.stdout.as_str(), run.stderr.as_str()), (0, "", ""));
        let written = columns(&std::fs::read(scratch.path().join("out.parquet")).unwrap());
        let names: Vec<&str> = written.iter().map(|(name, _)| name.as_str()).collect();
        assert!(types.iter().all(|wanted| names.contains(wanted)), "{names:?}");
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let header: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
        assert_eq!(header.len(), written.len());
        let mut rows = 0;
        for (at, record) in reader.records().map(Result::unwrap).enumerate() {
            for (cell, (name, texts)) in record.iter().zip(&written) {
                assert_eq!(texts[at].as_deref().unwrap_or_default(), cell, "{name} of row {at}");
            }
            rows += 1;
        }
        assert!(rows > 100 && written.iter().all(|(_, texts)| texts.len() == rows));
    }
    // What was written through a pipe is the same file.
    let bills = root().join("datasets/bills");
    let mut command = super::support::command(
        scratch.path(),
        &format!("allocate {} --lines --as-of 2026-06-12 --quiet --format parquet", bills.display()),
    );
    let output = command.output().unwrap();
    assert_eq!(output.stdout, std::fs::read(scratch.path().join("out.parquet")).unwrap());
}
