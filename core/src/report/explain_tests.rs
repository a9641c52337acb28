use super::*;
use crate::allocation::{PolicySource, StepOutcome};
use crate::bill::Metric;
use crate::ledger::MemoryBills;

const POLICY: &str = r#"schema = "headroom/allocation/1"
[tags.aliases]
squad = ["team"]
[[rule]]
id = "tax"
when = { charge_category = "Tax" }
set = { squad = "finance" }
[[rule]]
id = "by-tag"
set = { squad = { tag = "squad" } }
[[rule]]
id = "rest"
set = { squad = "rest" }
"#;

const BILL: &str =
    "ChargePeriodStart,ChargeCategory,BilledCost,EffectiveCost,BillingCurrency,ServiceName,ResourceId,Tags
2026-05-01,Tax,0.1,0.5,USD,Queue,,
2026-05-01,Usage,1.5,1,USD,Queue,q1,\"{\"\"team\"\":\"\"a\"\"}\"
2026-05-02,Usage,2,2.25,USD,Queue,q1,\"{\"\"team\"\":\"\"b\"\"}\"
2026-05-03,Usage,4,3,EUR,Lake,q2,
";

fn ask(
    select: impl FnOnce(&mut Selection, &mut Request),
) -> Result<Explained, ExplainError<(String, crate::bill::BillFault)>> {
    let policy = Arc::new(Policy::parse(&[PolicySource { name: "p.toml", text: POLICY }]).unwrap());
    let bills = MemoryBills::new([("bill.csv".to_owned(), BILL.as_bytes())]);
    let (mut selection, mut request) = (Selection::default(), Request::new("2026-06-03".parse().unwrap()));
    select(&mut selection, &mut request);
    explain(&bills, &policy, &request, &selection)
}

#[test]
fn one_resource_rule_by_rule() {
    let explained = ask(|selection, _| selection.resource("q1")).unwrap();
    assert_eq!((explained.charge.line, explained.charge.file.as_str()), (3, "bill.csv"));
    assert_eq!(explained.charge.tags.0, [("team".to_owned(), Some("a".to_owned()))]);
    assert_eq!(explained.matching.len(), 1);
    assert_eq!(explained.matching[0].rows, 2);
    assert_eq!(explained.matching[0].amounts.get(Metric::Effective).unwrap().to_string(), "3.25");
    let squad = &explained.dimensions[0];
    assert_eq!((squad.value.as_deref(), squad.rule.as_deref()), (Some("a"), Some("by-tag")));
    let [tax, tag, rest] = &squad.steps[..] else { panic!("{:?}", squad.steps) };
    let StepOutcome::Failed(failure) = &tax.outcome else { panic!("{tax:?}") };
    assert_eq!((failure.condition.as_str(), failure.saw.as_deref()), ("charge_category = \"Tax\"", Some("Usage")));
    assert!(matches!(&tag.outcome, StepOutcome::Set { value, .. } if value == "a"));
    assert!(matches!(&rest.outcome, StepOutcome::Shadowed { by } if by == "by-tag"));
    let squad: Vec<_> = explained.shares.iter().filter(|share| share.dimension == "squad").collect();
    assert_eq!((squad.len(), squad[0].rule.as_deref(), squad[0].rows), (1, Some("by-tag"), 2));
}

#[test]
fn groups_fields_and_tags_select() {
    let line = |select: &dyn Fn(&mut Selection, &mut Request)| ask(|a, b| select(a, b)).unwrap().charge.line;
    assert_eq!(line(&|_, _| {}), 2);
    assert_eq!(line(&|_, request| request.owner = [("squad".to_owned(), "rest".to_owned())].into()), 5);
    assert_eq!(line(&|_, request| request.owner = [("environment".to_owned(), "unallocated".to_owned())].into()), 2);
    assert_eq!(line(&|selection, _| selection.condition("tag:team", "b").unwrap()), 4);
    assert_eq!(line(&|selection, _| selection.condition("service_name", "Lake").unwrap()), 5);
    assert_eq!(
        line(&|selection, _| {
            selection.condition("charge_category", "Usage").unwrap();
            selection.condition("tag:team", "").unwrap();
        }),
        5
    );
}

#[test]
fn nothing_selected_is_said() {
    assert!(matches!(ask(|selection, _| selection.resource("q9")), Err(ExplainError::NothingSelected)));
    let owner =
        |_: &mut Selection, request: &mut Request| request.owner = [("squad".to_owned(), "x".to_owned())].into();
    assert!(matches!(ask(owner), Err(ExplainError::NothingSelected)));
    let unknown = Selection::default().condition("servce_name", "x").unwrap_err();
    assert_eq!(unknown.nearest.as_deref(), Some("service_name"));
}

#[test]
fn a_tag_with_a_prefix_and_without_is_the_first_of_them_as_in_the_cube() {
    let header = "bill_payer_account_id,line_item_usage_account_id,line_item_currency_code,line_item_usage_start_date,\
                  line_item_usage_end_date,bill_billing_period_start_date,line_item_line_item_type,\
                  line_item_product_code,line_item_resource_id,line_item_unblended_cost,resource_tags";
    for (tags, want) in [
        (r#"{""squad"":""plain"",""user_squad"":""prefixed""}"#, "plain"),
        (r#"{""user_squad"":""prefixed"",""squad"":""plain""}"#, "prefixed"),
    ] {
        let row = format!("1,a,USD,2026-05-01 00:00:00,2026-05-02 00:00:00,2026-05-01,Usage,AmazonEC2,r1,1,\"{tags}\"");
        let bill = format!("{header}\n{row}\n");
        let bills = MemoryBills::new([("bill.csv".to_owned(), bill.as_bytes())]);
        let (policy, request) = (Arc::new(Policy::builtin()), Request::new("2026-06-03".parse().unwrap()));
        let mut selection = Selection::default();
        selection.resource("r1");
        let explained = explain(&bills, &policy, &request, &selection).unwrap();
        assert_eq!(explained.dimensions[0].value.as_deref(), Some(want));
        let cube = crate::report::cube(&bills, &policy, &request).unwrap();
        assert_eq!(cube.rows[0].key.values[0].as_deref(), Some(want));
    }
}
