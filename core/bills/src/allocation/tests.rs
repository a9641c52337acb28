//! Case tables of allocation.

use super::sample::{Charge, parse, policy};
use super::*;
use crate::condition::Field;
use crate::money::Amount;

const EXAMPLE: &str = include_str!("../../../../policies/allocation/example.toml");

fn example() -> Policy {
    Policy::parse(&[PolicySource { name: "example.toml", text: EXAMPLE }]).unwrap()
}

/// `dimension=value@rule` for what is set, in the order of the dimensions.
fn allocated(policy: &Policy, pairs: &[(&str, &str)]) -> String {
    let allocation = policy.allocate(&Charge::of(pairs));
    let set = policy.dimensions().iter().zip(allocation.values.iter().zip(&allocation.rules));
    let set = set.filter_map(|(name, (value, rule))| {
        let rule = &policy.rules()[rule.as_ref().copied()? as usize];
        Some(format!("{name}={}@{}", value.as_deref()?, rule.id))
    });
    set.collect::<Vec<_>>().join(" ")
}

#[test]
fn first_match_per_dimension() {
    let policy = example();
    assert_eq!(policy.dimensions(), ["squad", "service", "environment", "cost_kind", "account_label"]);
    assert_eq!(policy.floor(), Some(Amount::from_whole(50)));
    assert_eq!(policy.name(), "example.toml");
    for (charge, want) in [
        (&[][..], ""),
        (&[("sub_account_id", "410540603165")], "squad=payments@payments-accounts"),
        (
            &[("sub_account_id", "410540603165"), ("Team", "data"), ("stage", " prd ")],
            "squad=payments@payments-accounts environment=production@by-tags",
        ),
        (
            &[("app", "checkout-api"), ("environment", "\u{a0}stg"), ("squad", "x")],
            "squad=payments@checkout service=checkout@checkout environment=staging@checkout",
        ),
        // The inherited value is absent, and a Tax charge is not checkout's.
        (&[("app", "checkout-api")], "squad=payments@checkout service=checkout@checkout"),
        (&[("app", "checkout-api"), ("charge_category", "Tax"), ("team", "pay-ments")], "squad=payments@by-tags"),
        (
            &[("service_name", "AWS GLUE"), ("env", "qa")],
            "squad=data@data-lake service=lake@data-lake environment=qa@by-tags",
        ),
        (
            &[("charge_category", "Purchase"), ("service_category", "Other"), ("billed_cost", "1000.00")],
            "squad=platform@large-support-fees cost_kind=support@large-support-fees",
        ),
        (&[("charge_category", "Purchase"), ("service_category", "Other"), ("billed_cost", "100000")], ""),
        (&[("sub_account_name", "core-shared ")], ""),
        (&[("sub_account_name", "core-shared")], "cost_kind=shared@cost-kind account_label=core-shared@cost-kind"),
        // An empty value is absent, so the alias after it serves.
        (&[("squad", "  "), ("team", ""), ("Team", "web")], "squad=web@by-tags"),
        (&[("squad", "web"), ("team", "data")], "squad=web@by-tags"),
    ] {
        assert_eq!(allocated(&policy, charge), want, "{charge:?}");
    }
}

#[test]
fn says_what_it_reads() {
    let policy = example();
    let fields: Vec<&str> = policy.fields().into_iter().map(Field::name).collect();
    assert_eq!(
        fields,
        [
            "sub_account_id",
            "sub_account_name",
            "service_name",
            "service_category",
            "resource_id",
            "charge_category",
            "billed_cost"
        ]
    );
    let keys: Vec<String> = policy.tag_keys().into_iter().collect();
    assert_eq!(keys, ["Team", "app", "dataset", "env", "environment", "owner-squad", "squad", "stage", "team"]);
}

#[test]
fn the_shipped_policies_have_nothing_odd() {
    let text = Policy::builtin_text();
    let policy = Policy::parse(&[PolicySource { name: "built-in", text }]).unwrap();
    assert_eq!(policy, Policy::builtin());
    assert_eq!(Policy::builtin().name(), "built-in");
    assert_eq!(Policy::builtin().dimensions(), ["squad", "environment"]);
    assert_eq!(Policy::builtin().lint(), []);
    assert_eq!(example().lint(), []);
    for (charge, want) in [
        (
            &[("user:team", "web"), ("Env", "PRD")][..],
            "squad=web@squad-from-tags environment=production@environment-from-tags",
        ),
        (
            &[("OwnerTeam", "web"), ("squad", "core"), ("Stage", "Dev ")],
            "squad=core@squad-from-tags environment=development@environment-from-tags",
        ),
        (&[("environment", "eu-canary")], "environment=eu-canary@environment-from-tags"),
        (&[("service", "x")], ""),
    ] {
        assert_eq!(allocated(&policy, charge), want, "{charge:?}");
    }
}

#[test]
fn files_add_up_in_order() {
    let one = "schema = 'headroom/allocation/1'\n[tags]\naliases = { squad = 'team' }\n[[rule]]\nid = 'a'\nset = { zone = 'z' }\n";
    let two = "{\"schema\": \"headroom/allocation/1\", \"report\": {\"floor\": 5.50},\n \"tags\": {\"aliases\": {\"squad\": [\"owner\"]}},\n \"rule\": [{\"id\": \"b\", \"set\": {\"service\": \"s\", \"squad\": {\"tag\": \"squad\"}}}]}";
    let sources = [PolicySource { name: "1.toml", text: one }, PolicySource { name: "2.json", text: two }];
    let policy = Policy::parse(&sources).unwrap();
    assert_eq!(policy.name(), "1.toml, 2.json");
    assert_eq!(policy.dimensions(), ["squad", "service", "environment", "zone"]);
    assert_eq!(policy.floor().unwrap().to_string(), "5.5");
    assert_eq!(policy.rules()[1].at.to_string(), "2.json:3:11");
    assert_eq!(policy.tags().aliases("squad").collect::<Vec<_>>(), ["team", "owner"]);
    assert_eq!(allocated(&policy, &[("owner", "o")]), "squad=o@b service=s@b zone=z@a");
    let again = Policy::parse(&[sources[0], sources[0]]).unwrap_err();
    assert_eq!(again.to_string(), "1.toml:5:6: rule id `a` is already used at 1.toml:5:6");
    assert_eq!(Policy::parse(&[]).unwrap(), Policy::default());
}

#[test]
fn refuses_with_the_place_and_what_was_meant() {
    let rule = |rest: &str| format!("[[rule]]\nid = \"r\"\n{rest}\n");
    for (text, message, hint) in [
        ("[[rules]]\n".to_owned(), "2:3: unknown key `rules`", "did you mean `rule`?"),
        ("[reprot]\nfloor = 1\n".to_owned(), "2:2: unknown key `reprot`", "did you mean `report`?"),
        ("[report]\nflor = 1\n".to_owned(), "3:1: unknown key `flor`", "did you mean `floor`?"),
        ("[report]\nfloor = \"-1\"\n".to_owned(), "3:9: `-1` cannot be a floor", "a floor is compared"),
        ("[report]\nfloor = []\n".to_owned(), "3:9: `floor` must be a decimal number, not a list", ""),
        ("[tags]\nalias = {}\n".to_owned(), "3:1: unknown key `alias`", "did you mean `aliases`?"),
        ("[tags.values]\nenv = { prod = \"\" }\n".to_owned(), "3:16: `prod` is empty", "write the value that is meant"),
        (
            "[tags.values.env]\nprod = \"production\"\n\" prod\" = \"live\"\n".to_owned(),
            "4:1: the meaning of `prod` for the tag `env` is `live` here and `production` at p.toml:3:1",
            "keep one of them",
        ),
        (rule("set = { squad = \"a\" }\nwhn = {}"), "5:1: unknown key `whn`", "did you mean `when`?"),
        (rule(""), "2:1: `set` is missing", "write"),
        ("[[rule]]\nset = { squad = \"a\" }\n".to_owned(), "2:1: `id` is missing", "name the rule"),
        (rule("set = {}"), "4:1: `set` is empty", "name at least one dimension"),
        (
            rule("set = { service_name = \"x\" }"),
            "4:9: `service_name` cannot be a dimension",
            "that is a field of the bill",
        ),
        (rule("set = { Squad = \"x\" }"), "4:9: `Squad` cannot be a dimension", "use lower-case letters"),
        (rule("set = { \"\" = \"x\" }"), "4:9: `` cannot be a dimension", "use lower-case letters"),
        (rule("set = { squad = \" \" }"), "4:17: `squad` is empty", "leave the dimension out"),
        (
            rule("set = { squad = 5 }"),
            "4:17: `squad` is compared as text, and 5 is a number",
            "write it in quotes: \"5\"",
        ),
        (
            rule("set = { squad = [\"a\"] }"),
            "4:17: `squad` must be a text, `{ tag = … }` or `{ field = … }`, not a list",
            "",
        ),
        (rule("set = { squad = { tga = \"a\", tag = \"b\" } }"), "4:19: unknown key `tga`", "did you mean `tag`?"),
        (
            rule("set = { squad = { field = \"subaccount\" } }"),
            "4:27: unknown field `subaccount`",
            "did you mean `sub_account_id`?",
        ),
        (
            rule(
                "set = { squad = \"a\" }\nwhen = { any = [\n  { tag = \"x\", equals = \"y\" },\n  { servce_name = \"z\" } ] }",
            ),
            "7:5: unknown field `servce_name`",
            "did you mean `service_name`?",
        ),
        (
            "[[rule]]\nid = \"a\\nb\"\nset = { squad = \"a\" }".to_owned(),
            "3:6: `a\nb` cannot be a rule id",
            "leave out",
        ),
        (
            "[rule]\nid = \"r\"\n".to_owned(),
            "2:1: `rule` must be a list, not a table",
            "in TOML a list of tables is written `[[rule]]`",
        ),
        ("x = \n".to_owned(), "2:5: not valid TOML", ""),
    ] {
        let error = parse(&text).unwrap_err();
        assert!(error.to_string().starts_with(&format!("p.toml:{message}")), "{text}: {error}");
        assert!(error.hint().unwrap_or_default().starts_with(hint), "{text}: {:?}", error.hint());
        assert_eq!(error.problems().len(), 1, "{text}: {:?}", error.problems());
    }
}

#[test]
fn the_schema_line_is_required() {
    for (text, message) in [
        ("", "p:1:1: `schema` is missing"),
        ("schema = \"headroom/alocation/1\"", "p:1:10: `schema` cannot be `headroom/alocation/1`"),
        ("schema = \"headroom/gate/1\"", "p:1:10: `schema` cannot be `headroom/gate/1`"),
        ("{\"schema\": 1}", "p:1:12: `schema` is compared as text, and 1 is a number"),
    ] {
        let error = Policy::parse(&[PolicySource { name: "p", text }]).unwrap_err();
        assert_eq!(error.to_string(), message);
        assert!(error.hint().is_some());
    }
}

#[test]
fn every_problem_is_listed() {
    let error = parse("x = 1\n[[rule]]\nid = 7\nset = { A = 1 }\n[[rule]]\nid = \"b\"\nwhen = { y = 1 }\nset = 3\n")
        .unwrap_err();
    let places: Vec<_> = error.problems().iter().map(|problem| (problem.at.line, problem.at.column)).collect();
    assert_eq!(places, [(2, 1), (4, 6), (5, 9), (5, 13), (8, 10), (9, 7)]);
    assert!(error.to_string().ends_with("(and 5 more problems)"), "{error}");
}

#[test]
fn traces_each_dimension_rule_by_rule() {
    let policy = policy(
        r#"
        [[rule]]
        id = "account"
        when = { sub_account_id = "1" }
        set = { squad = "payments" }
        [[rule]]
        id = "inherit"
        set = { squad = { tag = "squad" }, environment = { tag = "env" } }
        [[rule]]
        id = "rest"
        set = { squad = "platform" }
        "#,
    );
    let traces = policy.explain(&Charge::of(&[("sub_account_id", "2"), ("squad", "web")]));
    let json = serde_json::to_value(&traces).unwrap();
    assert_eq!(
        json,
        serde_json::json!([
            {"dimension": "squad", "value": "web", "rule": "inherit", "steps": [
                {"rule": "account", "file": "p.toml", "line": 3, "column": 9,
                 "outcome": "failed", "condition": "sub_account_id = \"1\"", "saw": "2"},
                {"rule": "inherit", "file": "p.toml", "line": 7, "column": 9,
                 "outcome": "set", "value": "web", "source": "{ tag = \"squad\" }"},
                {"rule": "rest", "file": "p.toml", "line": 10, "column": 9, "outcome": "shadowed", "by": "inherit"},
            ]},
            {"dimension": "environment", "value": null, "rule": null, "steps": [
                {"rule": "inherit", "file": "p.toml", "line": 7, "column": 9,
                 "outcome": "no_value", "source": "{ tag = \"env\" }"},
            ]},
        ])
    );
}

#[test]
fn lints_what_cannot_serve() {
    let a = "[[rule]]\nid = \"a\"\nwhen = { region_id = [\"1\", \"2\"] }\nset = { squad = \"x\" }\n";
    let inherits = "[[rule]]\nid = \"i\"\nset = { squad = { tag = \"squad\" } }\n";
    let all = "[[rule]]\nid = \"all\"\nset = { squad = \"y\" }\n";
    let values = "[tags.values.env]\nprd = \"production\"\n";
    for (text, want) in [
        (
            format!("{a}[[rule]]\nid = \"b\"\nwhen = {{ region_id = \"2\" }}\nset = {{ squad = \"y\" }}\n"),
            "unreachable_rule:b:6:1",
        ),
        (format!("{a}[[rule]]\nid = \"b\"\nwhen = {{ region_id = \"3\" }}\nset = {{ squad = \"y\" }}\n"), ""),
        (
            format!(
                "{a}[[rule]]\nid = \"b\"\nwhen = {{ region_id = \"2\" }}\nset = {{ squad = \"y\", zone = \"z\" }}\n"
            ),
            "unreachable_dimension:b:6:1",
        ),
        (format!("{all}{inherits}"), "unreachable_rule:i:5:1"),
        (format!("{inherits}{all}"), ""),
        (
            format!(
                "{inherits}[[rule]]\nid = \"b\"\nwhen = {{ region_id = \"1\" }}\nset = {{ squad = {{ tag = \"squad\" }} }}\n"
            ),
            "unreachable_rule:b:5:1",
        ),
        (
            "[[rule]]\nid = \"n\"\nwhen = { region_id = [] }\nset = { squad = \"x\" }\n".to_owned(),
            "never_matches:n:2:1",
        ),
        (
            format!(
                "{values}[[rule]]\nid = \"e\"\nwhen = {{ tag = \"env\", equals = \"prd\" }}\nset = {{ squad = \"x\" }}\n"
            ),
            "unseen_tag_value:e:4:1",
        ),
        (
            format!(
                "{values}[[rule]]\nid = \"e\"\nwhen = {{ tag = \"env\", equals = \"production\" }}\nset = {{ squad = \"x\" }}\n"
            ),
            "",
        ),
        (values.to_owned(), "unread_tag:-:3:1"),
        (
            "[tags]\naliases = { squad = [\"squad\", \"t\", \"t\"] }\n".to_owned() + inherits,
            "alias_of_itself:-:3:22 alias_twice:-:3:36",
        ),
        (format!("{a}[[rule]]\nid = \"b\"\nset = {{ squad = \"X.\" }}\n"), "similar_values:b:6:1"),
        ("[[rule]]\nid = \"s\"\nset = { sqaud = \"x\" }\n".to_owned(), "similar_dimensions:-:2:1"),
    ] {
        let lints = policy(&text).lint();
        let codes = lints.iter().map(|lint| {
            let code = serde_json::to_value(lint.code).unwrap();
            let rule = lint.rule.as_deref().unwrap_or("-");
            format!("{}:{rule}:{}:{}", code.as_str().unwrap(), lint.at.line, lint.at.column)
        });
        assert_eq!(codes.collect::<Vec<_>>().join(" "), want, "{text}{lints:?}");
    }
}

#[test]
fn unused_rules_are_told_from_shadowed_ones() {
    let policy = policy(
        "[[rule]]\nid = \"a\"\nwhen = { region_id = \"1\" }\nset = { squad = \"x\" }\n\
         [[rule]]\nid = \"b\"\nwhen = { service_name = \"s\" }\nset = { squad = \"y\" }\n\
         [[rule]]\nid = \"c\"\nwhen = { region_id = \"9\" }\nset = { squad = \"z\" }\n",
    );
    let mut usage = RuleUsage::new(&policy);
    policy.record(&Charge::of(&[("region_id", "1"), ("service_name", "s")]), 2, &mut usage);
    let mut other = RuleUsage::default();
    policy.record(&Charge::of(&[("region_id", "1")]), 3, &mut other);
    usage.merge(&other);
    assert_eq!(usage, RuleUsage { matched: vec![5, 2, 0], set: vec![5, 0, 0] });
    let lints: Vec<_> = policy.unused(&usage).into_iter().map(|lint| (lint.code, lint.rule.unwrap())).collect();
    assert_eq!(lints, [(LintCode::NeverSet, "b".to_owned()), (LintCode::NeverMatched, "c".to_owned())]);
}
