//! Random FOCUS bills, and the ways to write one.

use headroom_core::money::Amount;
use headroom_tests::prng::Prng;
use headroom_tests::reference::bill::{days_in, month_text};
use headroom_tests::reference::decimal;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

pub(crate) const SERVICES: &[&str] = &["Queue", "queue", "Object \"store\", cold", "Müll\nabfuhr", "NULL", " Disk "];
pub(crate) const SUB_ACCOUNTS: &[&str] = &["100", "200", "", "a, \"b\""];
pub(crate) const REGIONS: &[&str] = &["eu-1", "us-2", "N/A"];
pub(crate) const TAG_KEYS: &[&str] = &["squad", "team", "Owner \"x\"", "env", "stage", "k, 1"];
pub(crate) const TAG_VALUES: &[&str] = &["pay", "prod", "a, b", " pay ", "Zürich \\ \"1\"", "", "x\ny", "{\"n\":1}"];

const COLUMNS: [&str; 18] = [
    "ChargePeriodStart",
    "ChargePeriodEnd",
    "ChargeCategory",
    "BilledCost",
    "EffectiveCost",
    "ListCost",
    "ContractedCost",
    "BillingCurrency",
    "ProviderName",
    "BillingAccountId",
    "SubAccountId",
    "ServiceName",
    "RegionId",
    "Tags",
    "ResourceId",
    "ChargeDescription",
    "x_Other",
    "x_Note",
];

/// Whether every amount and date can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Amounts {
    Any,
    Good,
}

/// One row: a cell for each of [`COLUMNS`].
#[derive(Clone, Debug)]
pub(crate) struct Row(Vec<String>);

#[derive(Clone, Debug)]
pub(crate) struct Bill(Vec<Row>);

/// How a file is written.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a choice of its own")]
pub(crate) struct Style {
    pub(crate) quote_all: bool,
    pub(crate) crlf: bool,
    pub(crate) bom: bool,
    pub(crate) final_newline: bool,
    pub(crate) order: Vec<usize>,
}

impl Default for Style {
    fn default() -> Self {
        Self { quote_all: false, crlf: false, bom: false, final_newline: true, order: (0..COLUMNS.len()).collect() }
    }
}

pub(crate) fn style() -> impl Strategy<Value = Style> {
    let order = Just((0..COLUMNS.len()).collect::<Vec<_>>()).prop_shuffle();
    (any_bool(), any_bool(), any_bool(), any_bool(), order)
        .prop_map(|(quote_all, crlf, bom, final_newline, order)| Style { quote_all, crlf, bom, final_newline, order })
}

fn any_bool() -> impl Strategy<Value = bool> {
    proptest::bool::ANY
}

fn one_of(texts: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop::sample::select(texts).prop_map(str::to_owned)
}

fn cost(amounts: Amounts) -> impl Strategy<Value = String> {
    let wrong = u32::from(amounts == Amounts::Any);
    prop_oneof![
        12 => (-2000..9000_i64, 0..100_u8).prop_map(|(whole, cents)| format!("{whole}.{cents:02}")),
        4 => (-99..99_i64, 0..1_000_000_000_000_000_000_u64).prop_map(|(whole, rest)| format!("{whole}.{rest:018}")),
        3 => (-9999..9999_i64, -15..3_i32).prop_map(|(digits, exponent)| format!("{digits}E{exponent:+03}")),
        3 => (0..9_u8, 0..6_i32).prop_map(|(digit, exponent)| format!("+{digit}.25e{exponent}")),
        3 => one_of(&["", "NULL", "null", "N/A", "None", " "]),
        2 => one_of(&["0", "-0", "0.00", " 100 ", "120", "-100", "1e2", "120.000000000000000001"]),
        2 * wrong => (0..99_u8, 0..1_000_000_000_000_u64).prop_map(|(whole, rest)| format!("{whole}.00000000000{rest:012}5")),
        wrong => one_of(&["x", "1,5", "--1", "1e", "$4"]),
    ]
}

fn tags() -> impl Strategy<Value = String> {
    let value = prop_oneof![
        8 => one_of(TAG_VALUES).prop_map(Value::String),
        1 => Just(Value::Null),
        1 => (0..99_u8).prop_map(|number| json!(number)),
        1 => Just(json!(true)),
    ];
    let packed = prop::collection::vec((prop::sample::select(TAG_KEYS), value), 0..4).prop_map(|tags| {
        Value::Object(tags.into_iter().map(|(key, value)| (key.to_owned(), value)).collect::<Map<_, _>>()).to_string()
    });
    prop_oneof![9 => packed, 1 => one_of(&["", "NULL", "{}"])]
}

/// Start and end of a charge period in one of the spellings.
fn period(amounts: Amounts) -> impl Strategy<Value = (String, String)> {
    let month = (2026 * 12 + 1)..(2026 * 12 + 4_i64);
    let day = prop_oneof![2 => Just(1_i64), 3 => Just(99), 3 => 1..31_i64];
    let wrong = u32::from(amounts == Amounts::Any);
    let length = prop_oneof![10 => Just("day"), 2 => Just("month"), 1 => Just("none"), 1 => Just("hour"), wrong => Just("wrong")];
    (month, day, length, 0..3_u8).prop_map(|(month, day, length, spelling)| {
        let day = day.min(days_in(month));
        let spelled = |month: i64, day: i64, hour: i64| match spelling {
            0 if hour == 0 => format!("{}-{day:02}", month_text(month)),
            1 => format!("{}-{day:02} {hour:02}:00:00", month_text(month)),
            _ => format!("{}-{day:02}T{hour:02}:00:00Z", month_text(month)),
        };
        let next = if day == days_in(month) { (month + 1, 1) } else { (month, day + 1) };
        match length {
            "month" => (spelled(month, 1, 0), spelled(month + 1, 1, 0)),
            "none" => (spelled(month, day, 0), String::new()),
            "hour" => (spelled(month, day, 22), spelled(month, day, 23)),
            "wrong" => ("2026-02-30".to_owned(), spelled(month, day, 0)),
            _ => (spelled(month, day, 0), spelled(next.0, next.1, 0)),
        }
    })
}

pub(crate) fn row(amounts: Amounts) -> impl Strategy<Value = Row> {
    let who = (
        one_of(&["USD", "USD", "USD", "EUR", ""]),
        one_of(&["Acme", "Acme", "Other, \"Inc\""]),
        one_of(&["1", "1", "2", "NULL"]),
        one_of(SUB_ACCOUNTS),
    );
    let what = (one_of(SERVICES), one_of(REGIONS), tags(), one_of(&["Usage", "Usage", "usage", "Tax", "Credit"]));
    let costs = prop::collection::vec(cost(amounts), 4);
    let noise = (one_of(&["", "a \"note\"\nof two lines, no more", "\r\n", "plain"]), one_of(&["", "\"", ",", "0"]));
    (period(amounts), who, what, costs, noise).prop_map(|(period, who, what, costs, noise)| {
        let [billed, effective, list, contracted] = <[String; 4]>::try_from(costs).unwrap();
        Row(vec![
            period.0,
            period.1,
            what.3,
            billed,
            effective,
            list,
            contracted,
            who.0,
            who.1,
            who.2,
            who.3,
            what.0,
            what.1,
            what.2,
            String::new(),
            noise.0,
            noise.1,
            String::new(),
        ])
    })
}

pub(crate) fn any(amounts: Amounts) -> impl Strategy<Value = Bill> {
    prop::collection::vec(row(amounts), 1..40).prop_map(|rows| {
        // A resource each, so that no two rows are the same charge.
        let name = |(index, mut row): (usize, Row)| {
            *row.cell("ResourceId") = format!("r-{index}");
            row
        };
        Bill(rows.into_iter().enumerate().map(name).collect())
    })
}

impl Row {
    fn at(column: &str) -> usize {
        COLUMNS.iter().position(|name| *name == column).unwrap()
    }

    fn cell(&mut self, column: &str) -> &mut String {
        &mut self.0[Self::at(column)]
    }

    pub(crate) fn month(&self) -> String {
        self.0[Self::at("ChargePeriodStart")][..7].to_owned()
    }

    /// The currency as a document writes it, quotes and all.
    pub(crate) fn currency(&self) -> String {
        let code = &self.0[Self::at("BillingCurrency")];
        format!("{:?}", if code.is_empty() { "XXX" } else { code })
    }

    pub(crate) fn effective(&self) -> Amount {
        let stated = Amount::parse(self.0[Self::at("EffectiveCost")].trim().as_bytes());
        stated.map(|parsed| parsed.amount).unwrap_or_default()
    }
}

impl Bill {
    pub(crate) fn written(&self, style: &Style) -> Vec<u8> {
        let terminator = if style.crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
        let quotes = if style.quote_all { csv::QuoteStyle::Always } else { csv::QuoteStyle::Necessary };
        let mut writer = csv::WriterBuilder::new().quote_style(quotes).terminator(terminator).from_writer(Vec::new());
        writer.write_record(style.order.iter().map(|column| COLUMNS[*column])).unwrap();
        for row in &self.0 {
            writer.write_record(style.order.iter().map(|column| &row.0[*column])).unwrap();
        }
        let mut bytes = writer.into_inner().unwrap();
        if !style.final_newline {
            bytes.truncate(bytes.len() - if style.crlf { 2 } else { 1 });
        }
        if style.bom {
            bytes.splice(0..0, *b"\xef\xbb\xbf");
        }
        bytes
    }

    pub(crate) fn shuffled(&self, seed: u64) -> Self {
        let (mut prng, mut left) = (Prng::new(seed), self.0.clone());
        let mut rows = Vec::new();
        while !left.is_empty() {
            rows.push(left.swap_remove(prng.below(left.len() as u64) as usize));
        }
        Self(rows)
    }

    /// The bill in two parts, every row in one of them.
    pub(crate) fn split(&self, at: prop::sample::Index) -> (Self, Self) {
        let (first, second) = self.0.split_at(at.index(self.0.len() + 1));
        (Self(first.to_vec()), Self(second.to_vec()))
    }

    /// All stated costs times `k`.
    pub(crate) fn times(&self, k: i64) -> Self {
        let mut bill = self.clone();
        for row in &mut bill.0 {
            for column in ["BilledCost", "EffectiveCost", "ListCost", "ContractedCost"] {
                let cell = row.cell(column);
                if let Some(stated) = decimal::parse(cell.trim()) {
                    *cell = decimal::amount(&(stated * k));
                }
            }
        }
        bill
    }

    pub(crate) fn with(&self, mut row: Row) -> Self {
        "the one more".clone_into(row.cell("ResourceId"));
        Self(self.0.iter().cloned().chain([row]).collect())
    }
}
