use super::*;
use crate::ledger::MemoryBills;

const POLICY: &str = r#"schema = "headroom/allocation/1"
[[rule]]
id = "tax"
when = { charge_category = "Tax" }
set = { squad = "finance" }
[[rule]]
id = "all"
set = { squad = { tag = "squad" } }
[[rule]]
id = "late"
when = { charge_category = "Tax" }
set = { squad = { field = "region_id" } }
[[rule]]
id = "never"
when = { service_name = "Qeue" }
set = { environment = "x" }
"#;

const HEADER: &str = "ChargePeriodStart,ChargeCategory,BilledCost,EffectiveCost,BillingCurrency,ServiceName,Tags";
const ROWS: [&str; 5] = [
    "2026-05-01,Usage,1.5,1,USD,Queue,\"{\"\"squad\"\":\"\"a\"\"}\"",
    "2026-05-02,Tax,0.1,0.5,USD,Queue,",
    "2026-04-30,Usage,-2,-2,USD,Queue,\"{\"\"squad\"\":\"\"b\"\"}\"",
    "2026-05-03,Usage,4,3,EUR,Queue,",
    "2026-05-03,Usage,4,2.5,USD,Queue,",
];

fn check(rows: &[&str]) -> Check {
    let text = format!("{HEADER}\n{}\n", rows.join("\n"));
    let bills = MemoryBills::new([("bill.csv".to_owned(), text.as_bytes())]);
    let (check, policy) = Check::of(&[PolicySource { name: "p.toml", text: POLICY }]);
    check.with_bills(&bills, &policy.unwrap(), &Request::new("2026-06-03".parse().unwrap())).unwrap()
}

#[test]
fn rules_are_counted_with_what_they_set() {
    let usage = check(&ROWS).bills.unwrap();
    let shown: Vec<(&str, u64, u64, Vec<String>)> = usage
        .rules
        .iter()
        .map(|rule| {
            let cost = |cost: &RuleCost| format!("{} {}", cost.amount.unwrap(), cost.currency);
            (rule.rule.as_str(), rule.matched_rows, rule.set_rows, rule.cost.iter().map(cost).collect())
        })
        .collect();
    let text = |text: &str| vec![text.to_owned()];
    assert_eq!(
        shown,
        [
            ("tax", 1, 1, text("0.5 USD")),
            ("all", 5, 2, text("-1 USD")),
            ("late", 1, 0, Vec::new()),
            ("never", 0, 0, Vec::new()),
        ]
    );
    let [squad, environment] = &usage.dimensions[..] else { panic!("{:?}", usage.dimensions) };
    assert_eq!((squad.allocated_rows, squad.rows_percent.as_deref()), (3, Some("60")));
    let costs: Vec<_> = squad.cost.iter().map(|cost| (cost.currency.code(), cost.percent.as_deref())).collect();
    assert_eq!(costs, [("EUR", Some("0")), ("USD", Some("-25"))]);
    assert_eq!((environment.allocated_rows, usage.rows), (0, 5));
}

#[test]
fn what_the_bills_show_is_warned_of() {
    use crate::allocation::LintCode;
    let codes: Vec<_> = check(&ROWS).warnings.iter().map(|lint| (lint.code, lint.rule.clone())).collect();
    let found = |code, rule: &str| codes.contains(&(code, Some(rule.to_owned())));
    assert!(found(LintCode::NeverMatched, "never") && found(LintCode::NeverSet, "late"), "{codes:?}");
    assert!(!codes.iter().any(|(_, rule)| rule.as_deref() == Some("tax")));
}

#[test]
fn the_order_of_rows_does_not_show() {
    let mut turned = ROWS;
    turned.reverse();
    let json = |check: Check| serde_json::to_string(&check).unwrap();
    assert_eq!(json(check(&ROWS)), json(check(&turned)));
}

#[test]
fn every_problem_has_its_place() {
    let text = POLICY.replace("when =", "wehn =");
    let (check, policy) = Check::of(&[PolicySource { name: "p.toml", text: &text }]);
    assert!(policy.is_err());
    let places: Vec<_> = check.problems.iter().map(|problem| (problem.at.line, problem.hint.as_deref())).collect();
    let hint = Some("did you mean `when`?");
    assert_eq!(places, [(4, hint), (11, hint), (15, hint)]);
}
