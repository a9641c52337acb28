use super::super::cube;
use super::*;
use crate::allocation::PolicySource;
use crate::ledger::MemoryBills;

const HEADER: &str = "ChargePeriodStart,ChargeCategory,BilledCost,EffectiveCost,BillingCurrency,ServiceName,SubAccountId,SubAccountName,Tags\n";

fn row(cost: &str, account: &str, name: &str, tags: &[(&str, &str)]) -> String {
    let tags: serde_json::Map<String, serde_json::Value> =
        tags.iter().map(|(key, value)| ((*key).to_owned(), (*value).into())).collect();
    let tags = serde_json::to_string(&tags).unwrap().replace('"', "\"\"");
    format!("2026-05-01,Usage,{cost},{cost},USD,Queue,{account},\"{name}\",\"{tags}\"\n")
}

fn written(rows: &[String]) -> (String, Policy) {
    let text = format!("{HEADER}{}", rows.concat());
    let bills = MemoryBills::new([("bill.csv".to_owned(), text.as_bytes())]);
    let starter = starter(&bills, &Request::new("2026-06-03".parse().unwrap())).unwrap();
    let read = |text: &str| match Policy::parse(&[PolicySource { name: "a.toml", text }]) {
        Ok(policy) => policy,
        Err(error) => panic!("{error}\n{text}"),
    };
    let policy = read(&starter.text);
    assert_eq!(policy.lint(), [], "{}", starter.text);
    cube(&bills, &Arc::new(policy.clone()), &Request::new("2026-06-03".parse().unwrap())).unwrap();
    // Prepared rules are rules once their comment signs are gone.
    let starts = ["# [[rule]]", "# id = ", "# when = ", "# set = "];
    let uncommented = |line: &str| {
        let is_rule = starts.iter().any(|start| line.starts_with(start));
        format!("{}\n", if is_rule { &line[2..] } else { line })
    };
    let all: String = starter.text.lines().map(uncommented).collect();
    assert!(read(&all).rules().len() > policy.rules().len());
    (starter.text, policy)
}

#[test]
fn tags_that_name_squads_become_rules() {
    let (text, policy) = written(&[
        row("10", "12", "shop", &[("team", "payments"), ("env", "prod")]),
        row("10", "12", "shop", &[("team", "payments"), ("env", "Prod"), ("cost center", "a"), ("Cost-Center", "a")]),
        row("5", "34", "lake", &[(" squad", "Payments"), ("Environment", "qa"), ("owner", "ann@example.org")]),
        row("75", "34", "lake", &[("team", "payments-team")]),
    ]);
    let aliases: Vec<&str> = policy.tags().aliases("squad").collect();
    assert_eq!(aliases, [" squad", "team"]);
    assert_eq!(policy.tags().aliases("environment").collect::<Vec<_>>(), ["Environment", "env"]);
    assert_eq!(policy.tags().values("squad").collect::<Vec<_>>(), [("Payments", "payments")]);
    assert_eq!(
        policy.tags().values("environment").collect::<Vec<_>>(),
        [("Prod", "production"), ("prod", "production")]
    );
    assert_eq!(policy.rules().len(), 2);
    for part in [
        "# lake: 80.0 % of the cost",
        "# Cost-Center = [\"cost center\"]",
        "#   team",
        "75.0 %",
        "# payments-team = \"Payments\"",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
}

#[test]
fn without_tags_accounts_are_prepared() {
    let (text, policy) = written(&[row("1", "12", "", &[]), row("3", "34", "lake", &[("owner", "ann")])]);
    assert_eq!(policy.rules().len(), 1);
    assert_eq!(policy.tags().aliases("squad").collect::<Vec<_>>(), ["owner"]);
    assert!(text.contains("# No tag names the environment."), "{text}");
    let (text, policy) = written(&[row("1", "12", "", &[]), row("3", "34", "lake", &[])]);
    assert!(policy.rules().is_empty() && text.contains("# Accounts, largest cost first."), "{text}");
    assert!(text.find("account-34") < text.find("account-12"));
}

#[test]
fn hostile_values_stay_in_their_places() {
    let evil = "x\n[[rule]]\nid = 1\u{1b}[31m\u{202e}\" ''' \\ # ";
    let evil_csv = evil.replace('"', "\"\"");
    let (text, policy) = written(&[
        row("1", &format!("\"{evil_csv}\""), &evil_csv, &[("team", evil), (evil, evil), ("Team", "a]\n\"")]),
        row("1", "12", "plain", &[("team", "x")]),
    ]);
    assert_eq!(policy.rules().len(), 1);
    assert!(!text.contains('\u{1b}'), "{text}");
}

#[test]
fn the_order_of_rows_does_not_show() {
    let mut rows = vec![
        row("10", "12", "shop", &[("team", "payments"), ("env", "prod")]),
        row("10", "34", "lake", &[("Team", "Payments"), ("env", "Prod")]),
        row("10", "56", "", &[("TEAM", "PAYMENTS"), ("env", "PROD")]),
    ];
    let (first, _) = written(&rows);
    rows.reverse();
    assert_eq!(written(&rows).0, first);
}
