use super::super::OnOverlap;
use super::*;
use crate::allocation::PolicySource;
use crate::ledger::MemoryBills;

const HEADER: &str = "ChargePeriodStart,ChargeCategory,BilledCost,EffectiveCost,BillingCurrency,ServiceName,Tags\n";

const POLICY: &str = r#"
schema = "headroom/allocation/1"
[[rule]]
id = "tax"
when = { charge_category = "Tax" }
set = { squad = "finance" }
[[rule]]
id = "by tag"
set = { squad = { tag = "squad" }, cost_kind = "direct" }
"#;

fn policy(text: &str) -> Arc<Policy> {
    Arc::new(Policy::parse(&[PolicySource { name: "p.toml", text }]).unwrap())
}

fn request() -> Request {
    Request::new("2026-06-03".parse().unwrap())
}

fn ask(rows: &str, policy: &Arc<Policy>, request: &Request) -> Cube {
    let text = format!("{HEADER}{rows}");
    cube(&MemoryBills::new([("bill.csv".to_owned(), text.as_bytes())]), policy, request).unwrap()
}

const ROWS: &str = "2026-05-01,Usage,1.5,,USD,Queue,\"{\"\"squad\"\":\"\"a\"\"}\"
2026-05-02,Tax,0.1,0.1,USD,Queue,
2026-04-30,Usage,-2,-2,USD,Queue,\"{\"\"squad\"\":\"\"a\"\"}\"
2026-05-03,Usage,4,3,EUR,Queue,
";

fn csv(cube: &Cube) -> String {
    let mut text = Vec::new();
    let mut put = |piece: &[u8]| {
        text.extend_from_slice(piece);
        ControlFlow::Continue(())
    };
    cube_csv(cube, &mut put).unwrap();
    String::from_utf8(text).unwrap()
}

#[test]
fn groups_of_every_month_with_their_rules() {
    let cube = ask(ROWS, &policy(POLICY), &request());
    let text = csv(&cube);
    assert_eq!(
        text,
        "month,squad,service_name,environment,currency,billed,effective,list,contracted,rows,rules
2026-04,a,Queue,,USD,-2,-2,,,1,by tag
2026-05,a,Queue,,USD,1.5,,,,1,by tag
2026-05,finance,Queue,,USD,0.1,0.1,,,1,tax
2026-05,,Queue,,EUR,4,3,,,1,
"
    );
    let json = serde_json::to_value(&cube).unwrap();
    assert_eq!(json["rows"][1]["effective"], serde_json::Value::Null);
    assert_eq!(json["rows"][1]["missing_rows"]["effective"], 1);
    assert_eq!(json["rows"][3]["key"]["squad"], serde_json::Value::Null);
    let total = &cube.totals[2];
    assert_eq!((total.month.to_string().as_str(), total.currency.code(), total.rows), ("2026-05", "USD", 2));
    assert_eq!(total.conservation.billed.difference, Some(Amount::ZERO));
}

#[test]
fn only_rules_of_shown_dimensions_are_named() {
    let mut request = request();
    request.by = Some(vec!["cost_kind".to_owned()]);
    request.month = "2026-05".parse().ok();
    let text = csv(&ask(ROWS, &policy(POLICY), &request));
    assert_eq!(
        text,
        "month,cost_kind,currency,billed,effective,list,contracted,rows,rules
2026-05,direct,EUR,4,3,,,1,by tag
2026-05,direct,USD,1.6,0.1,,,2,by tag
"
    );
}

#[test]
fn one_owner_and_months_that_are_not_there() {
    let (policy, mut request) = (policy(POLICY), request());
    request.owner = [("squad".to_owned(), "unallocated".to_owned())].into();
    let cube = ask(ROWS, &policy, &request);
    assert_eq!(cube.rows.len(), 1);
    assert_eq!(cube.rows[0].currency.code(), "EUR");
    let text = format!("{HEADER}{ROWS}");
    let bills = MemoryBills::new([("bill.csv".to_owned(), text.as_bytes())]);
    request.owner = [("squad".to_owned(), "nobody".to_owned())].into();
    assert!(matches!(super::cube(&bills, &policy, &request), Err(ReportError::NothingOwned)));
    request.owner.clear();
    request.month = "2025-01".parse().ok();
    assert!(matches!(super::cube(&bills, &policy, &request), Err(ReportError::Month(_))));
}

#[test]
fn overlaps_are_settled_as_in_the_report() {
    let text = format!("{HEADER}{ROWS}");
    let longer = format!("{text}2026-05-31,Usage,1,1,USD,Queue,\n");
    let bills = MemoryBills::new([("a.csv".to_owned(), text.as_bytes()), ("b.csv".to_owned(), longer.as_bytes())]);
    let (policy, mut request) = (policy(POLICY), request());
    assert!(matches!(super::cube(&bills, &policy, &request), Err(ReportError::Files(FilesError::Overlaps(_)))));
    request.overlap = OnOverlap::Newest;
    let both = super::cube(&bills, &policy, &request).unwrap();
    let newest = MemoryBills::new([("b.csv".to_owned(), longer.as_bytes())]);
    assert_eq!(csv(&both), csv(&super::cube(&newest, &policy, &request).unwrap()));
}

#[test]
fn a_dimension_cannot_hide_behind_a_column() {
    let policy = policy(&POLICY.replace("cost_kind", "rows"));
    let mut request = request();
    request.by = Some(vec!["rows".to_owned()]);
    let refused = cube_csv(&ask(ROWS, &policy, &request), &mut |_| ControlFlow::Continue(()));
    assert_eq!(refused, Err(ColumnTaken("rows".to_owned())));
}
