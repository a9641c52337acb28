use std::collections::BTreeMap;

use super::super::{OnOverlap, cube};
use super::*;
use crate::allocation::PolicySource;
use crate::ledger::MemoryBills;
use crate::money::Amount;

macro_rules! bill {
    ($name:literal) => {
        (
            concat!($name, ".csv").to_owned(),
            include_bytes!(concat!("../../../tests/cases/bills/", $name, ".csv")).as_slice(),
        )
    };
}

fn request() -> Request {
    Request::new("2026-06-03".parse().unwrap())
}

fn written(bills: &MemoryBills<'_>, policy: &Arc<Policy>, request: &Request, format: LineFormat) -> String {
    let mut text = Vec::new();
    let mut write = |piece: &[u8]| {
        text.extend_from_slice(piece);
        ControlFlow::Continue(())
    };
    lines(bills, policy, request, format, &mut write).unwrap();
    String::from_utf8(text).unwrap()
}

/// Rows and sums of the metrics by month, currency and squad.
type Sums = BTreeMap<[String; 3], (u64, [Option<Amount>; 4])>;

fn add(sums: &mut Sums, key: [&str; 3], rows: u64, amounts: [Option<Amount>; 4]) {
    let (count, so_far) = sums.entry(key.map(str::to_owned)).or_default();
    *count += rows;
    for (sum, amount) in so_far.iter_mut().zip(amounts) {
        *sum = match (*sum, amount) {
            (Some(sum), Some(amount)) => sum.checked_add(amount),
            (sum, amount) => sum.or(amount),
        };
    }
}

fn agree(bills: &MemoryBills<'_>, policy: &Arc<Policy>, request: &Request) {
    let text = written(bills, policy, request, LineFormat::Csv);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().unwrap().clone();
    let at = |name: &str| header.iter().position(|column| column == name).unwrap();
    let (mut of_lines, mut of_cube, mut found) = (Sums::new(), Sums::new(), 0_u64);
    for line in reader.records() {
        let line = line.unwrap();
        let amounts = ["billed", "effective", "list", "contracted"].map(|name| {
            let cell = &line[at(name)];
            (!cell.is_empty()).then(|| Amount::parse(cell.as_bytes()).unwrap().amount)
        });
        add(&mut of_lines, [&line[at("month")], &line[at("currency")], &line[at("squad")]], 1, amounts);
        assert_eq!(line[at("squad")].is_empty(), line[at("squad_rule")].is_empty());
        found += 1;
    }
    for row in cube(bills, policy, request).unwrap().rows {
        let squad = row.key.values[0].as_deref().unwrap_or_default().to_owned();
        let amounts = Metric::ALL.map(|metric| *row.amounts.get(metric));
        add(&mut of_cube, [&row.month.to_string(), row.currency.code(), &squad], row.rows, amounts);
    }
    assert!(found > 0);
    assert_eq!(of_lines, of_cube);
    assert_eq!(written(bills, policy, request, LineFormat::Json).lines().count() as u64, found);
}

#[test]
fn lines_add_up_to_the_cube_in_every_dialect() {
    let policy = Arc::new(Policy::builtin());
    for bill in [
        bill!("focus"),
        bill!("aws_cur_legacy"),
        bill!("aws_cur_2"),
        bill!("azure_ea_actual"),
        bill!("azure_ea_amortized"),
        bill!("azure_mca"),
        bill!("azure_payg"),
        bill!("gcp"),
        bill!("oci"),
    ] {
        agree(&MemoryBills::new([bill]), &policy, &request());
    }
}

#[test]
fn twins_and_overlaps_are_counted_once() {
    let policy = Arc::new(Policy::builtin());
    agree(&MemoryBills::new([bill!("azure_ea_actual"), bill!("azure_ea_amortized")]), &policy, &request());
    let (name, text) = bill!("focus");
    let text = String::from_utf8(text.to_vec()).unwrap();
    let shorter = text.trim_end().rsplit_once('\n').unwrap().0;
    let bills = MemoryBills::new([(name, text.as_bytes()), ("part.csv".to_owned(), shorter.as_bytes())]);
    let mut request = request();
    request.overlap = OnOverlap::Newest;
    agree(&bills, &policy, &request);
    let repeated = MemoryBills::new([bill!("focus"), ("again.csv".to_owned(), text.as_bytes())]);
    agree(&repeated, &policy, &request);
}

const TEXT: &str = "ChargePeriodStart,ChargeCategory,BilledCost,EffectiveCost,BillingCurrency,ServiceName,SubAccountId,ResourceId,ProviderName,BillingAccountId,Tags
2026-05-01,Usage,1.50,,USD,Queue,12,\"i,1\",AWS,7,\"{\"\"squad\"\":\"\"a\"\"}\"
2026-05-02T07:00:00Z,Tax,-1E-2,0.1,USD,Queue,,,Amazon Web Services,7,
2026-04-30,Usage,1,1,USD,Queue,,,AWS,7,
";

#[test]
fn a_line_says_where_it_stands_and_by_which_rule() {
    let text = r#"
schema = "headroom/allocation/1"
[[rule]]
id = "by-tag"
set = { squad = { tag = "squad" } }
"#;
    let policy = Arc::new(Policy::parse(&[PolicySource { name: "p.toml", text }]).unwrap());
    let bills = MemoryBills::new([("b.csv".to_owned(), TEXT.as_bytes())]);
    let mut request = request();
    request.month = "2026-05".parse().ok();
    assert_eq!(
        written(&bills, &policy, &request, LineFormat::Csv),
        "file,line,date,month,provider_name,billing_account_id,sub_account_id,service_name,resource_id,charge_category,currency,billed,effective,list,contracted,squad,squad_rule,environment,environment_rule
b.csv,2,2026-05-01,2026-05,AWS,7,12,Queue,\"i,1\",Usage,USD,1.5,,,,a,by-tag,,
b.csv,3,2026-05-02,2026-05,Amazon Web Services,7,,Queue,,Tax,USD,-0.01,0.1,,,,,,
"
    );
    request.owner = [("squad".to_owned(), "a".to_owned())].into();
    assert_eq!(
        written(&bills, &policy, &request, LineFormat::Json),
        "{\"file\":\"b.csv\",\"line\":2,\"date\":\"2026-05-01\",\"month\":\"2026-05\",\"provider_name\":\"AWS\",\"billing_account_id\":\"7\",\"sub_account_id\":\"12\",\"service_name\":\"Queue\",\"resource_id\":\"i,1\",\"charge_category\":\"Usage\",\"currency\":\"USD\",\"billed\":\"1.5\",\"effective\":null,\"list\":null,\"contracted\":null,\"squad\":\"a\",\"squad_rule\":\"by-tag\",\"environment\":null,\"environment_rule\":null}\n"
    );
}

#[test]
fn writing_stops_when_nobody_reads() {
    let policy = Arc::new(Policy::builtin());
    let bills = MemoryBills::new([bill!("focus"), bill!("gcp")]);
    let mut pieces = 0;
    let mut write = |_: &[u8]| {
        pieces += 1;
        ControlFlow::Break(())
    };
    lines(&bills, &policy, &request(), LineFormat::Csv, &mut write).unwrap();
    assert_eq!(pieces, 1);
}
