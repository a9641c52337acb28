//! Case tables and laws of conditions.

use std::borrow::Cow;
use std::collections::BTreeMap;

use proptest::prelude::*;

use super::document::Fault;
use super::*;
use crate::money::Amount;

/// Facts from `name=value` pairs; a name that is no field is a tag's key.
#[derive(Debug, Default)]
struct Shown(BTreeMap<String, String>);

impl Shown {
    fn of(pairs: &[(&str, &str)]) -> Self {
        Self(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }
}

impl Facts for Shown {
    fn field(&self, field: Field) -> Option<Cow<'_, str>> {
        self.0.get(field.name()).map(|value| Cow::Borrowed(value.as_str()))
    }

    fn tag(&self, key: &str) -> Option<Cow<'_, str>> {
        self.0.get(key).map(|value| Cow::Borrowed(value.as_str()))
    }

    fn tag_keys(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }
}

fn condition(text: &str) -> Condition {
    Condition::from_toml(text).unwrap_or_else(|problem| panic!("{text}: {problem}"))
}

#[test]
fn holds_or_not() {
    let facts = Shown::of(&[
        ("service_name", "AWS Glue"),
        ("sub_account_id", "410540603165"),
        ("app", "checkout-api"),
        ("billed_cost", "12.500"),
        ("weight", "-3e2"),
        ("city", "MÜNCHEN"),
    ]);
    for (text, want) in [
        ("{}", true),
        ("{ all = [] }", true),
        ("{ any = [] }", false),
        ("{ not = {} }", false),
        (r#"{ service_name = "AWS Glue" }"#, true),
        (r#"{ service_name = "aws glue" }"#, false),
        (r#"{ service_name = { equals = "aws glue", case = "insensitive" } }"#, true),
        (r#"{ service_name = { equals = ["x", "AWS GLUE"], case = "insensitive" } }"#, true),
        (r#"{ service_name = { contains = "glue", case = "insensitive" } }"#, true),
        (r#"{ service_name = { contains = "glue" } }"#, false),
        (r#"{ service_name = { contains = ["x", "Glue"] } }"#, true),
        (r#"{ service_name = { starts_with = "AWS ", ends_with = "Glue" } }"#, true),
        (r#"{ service_name = { starts_with = "AWS ", ends_with = "glue" } }"#, false),
        (r#"{ service_name = { glob = "aws*?lue", case = "insensitive" } }"#, true),
        (r#"{ sub_account_id = ["1", "410540603165"] }"#, true),
        ("{ sub_account_id = [] }", false),
        (r#"{ sub_account_id = "410540603165", service_name = "x" }"#, false),
        (r#"{ tag = "app", starts_with = "checkout" }"#, true),
        (r#"{ tag = "app", starts_with = "checkout", ends_with = "x" }"#, false),
        (r#"{ tag = "app", equals = "checkout-api", service_name = "AWS Glue" }"#, true),
        (r#"{ tag = "App", present = true }"#, false),
        (r#"{ tag = "App", absent = true }"#, true),
        (r#"{ tag = "App", absent = false }"#, false),
        (r#"{ tag = "App", present = false }"#, true),
        // Two-valued: what is absent is not equal, so the negation holds.
        (r#"{ not = { region_id = "x" } }"#, true),
        (
            r#"{ any = [ { region_id = "x" }, { not = { all = [ { tag = "app", present = true }, { tag = "b", present = true } ] } } ] }"#,
            true,
        ),
        // Numbers compare by value, whatever their spelling.
        (r#"{ billed_cost = "12.5" }"#, true),
        ("{ billed_cost = 12.50 }", true),
        ("{ billed_cost = [1, 0b1100] }", false),
        (r#"{ billed_cost = { min = "12.5", max = 12.5 } }"#, true),
        (r#"{ billed_cost = { above = "12.5" } }"#, false),
        (r#"{ billed_cost = { above = "12.499999999999999999", below = "12.500000000000000001" } }"#, true),
        (r#"{ tag = "weight", max = -300 }"#, true),
        (r#"{ tag = "app", max = 5 }"#, false),
        (r#"{ not = { tag = "app", max = 5 } }"#, true),
        // Folding is ASCII only.
        (r#"{ tag = "city", equals = "mÜnchen", case = "insensitive" }"#, true),
        (r#"{ tag = "city", equals = "münchen", case = "insensitive" }"#, false),
    ] {
        let read = condition(text);
        assert_eq!(read.matches(&facts), want, "{text}");
        assert_eq!(matches!(read.explain(&facts), Outcome::Matched), want, "{text}");
        assert_eq!(condition(&read.to_string()), read, "{text} as {read}");
    }
}

#[test]
fn names_the_first_part_that_failed_and_what_it_saw() {
    let facts = Shown::of(&[("service_name", "AmazonS3"), ("app", "cart"), ("charge_category", "Tax")]);
    for (text, part, saw) in [
        (
            r#"{ all = [ { service_name = "AmazonS3" }, { tag = "app", starts_with = "checkout" } ] }"#,
            r#"tag = "app", starts_with = "checkout""#,
            Some("cart"),
        ),
        (
            r#"{ service_name = "AmazonS3", not = { charge_category = "Tax" } }"#,
            r#"not = { charge_category = "Tax" }"#,
            Some("Tax"),
        ),
        (
            r#"{ any = [ { resource_id = { glob = "arn:*" } }, { tag = "app", absent = true } ] }"#,
            r#"resource_id = { glob = "arn:*" }"#,
            None,
        ),
        (r#"{ not = { not = { region_id = "x" } } }"#, r#"region_id = "x""#, None),
        ("{ any = [] }", "{ any = [] }", None),
        ("{ not = {} }", "not = { all = [] }", None),
        (
            r#"{ service_name = ["1", "2", "3", "4", "5", "6", "7"] }"#,
            r#"service_name = ["1", "2", "3", "4", "5", … 2 more]"#,
            Some("AmazonS3"),
        ),
    ] {
        let want = Failure { condition: part.to_owned(), saw: saw.map(str::to_owned) };
        assert_eq!(condition(text).explain(&facts), Outcome::Failed(want), "{text}");
    }
}

#[test]
fn slips_are_named_with_what_was_meant() {
    for (text, message, hint) in [
        (r#"{ servce_name = "x" }"#, "1:3: unknown field `servce_name`", "did you mean `service_name`?"),
        (r#"{ tga = "app", equals = "x" }"#, "1:3: unknown field `tga`", "did you mean `tag`?"),
        (r#"{ tag = "app", equal = "x" }"#, "1:16: unknown field `equal`", "did you mean `equals`?"),
        (
            r#"{ squad = "x" }"#,
            "1:3: unknown field `squad`",
            r#"for a tag of that name write `{ tag = "squad", equals = … }`"#,
        ),
        (r#"{ service_name = { startswith = "x" } }"#, "1:20: unknown key `startswith`", "did you mean `starts_with`?"),
        (
            r#"{ service_name = { regex = "x" } }"#,
            "1:20: unknown key `regex`",
            "known here: equals, starts_with, ends_with, contains, glob, present, absent, min, max, above, below, case",
        ),
        (
            "{ sub_account_id = 410540603165 }",
            "1:20: `sub_account_id` is compared as text, and 410540603165 is a number",
            "write it in quotes: \"410540603165\"",
        ),
        (
            r#"{ service_name = { starts_with = "" } }"#,
            "1:34: `starts_with` is empty",
            "a missing value is asked for with `absent = true`",
        ),
        (
            r#"{ service_name = { case = "insensitive" } }"#,
            "1:3: `service_name` is named, but nothing is asked of it",
            "add",
        ),
        (r#"{ tag = "app" }"#, "1:3: `tag app` is named, but nothing is asked of it", "add"),
        (
            r#"{ tag = "n", min = 1, case = "insensitive" }"#,
            "1:23: `case` has no effect on `tag n` here",
            "leave it out",
        ),
        (
            r#"{ service_name = { equals = "x", case = "insensitiv" } }"#,
            "1:41: `case` cannot be `insensitiv`",
            "did you mean `insensitive`?",
        ),
        (r#"{ starts_with = "x" }"#, "1:3: `starts_with` does not say of what", "write"),
        (
            r#"{ billed_cost = { starts_with = "1" } }"#,
            "1:19: `billed_cost` holds a number, so `starts_with` cannot be asked of it",
            "use min",
        ),
        (
            r#"{ billed_cost = "a lot" }"#,
            "1:17: `a lot` is not a number that `billed_cost` can hold: it is not a decimal",
            "write a plain decimal",
        ),
        (
            "{ billed_cost = { min = nan } }",
            "1:25: `nan` is not a number that `min` can hold: it is not a decimal",
            "write a plain decimal",
        ),
        (
            "{ billed_cost = { min = 0.0000000000000000001 } }",
            "1:25: `0.0000000000000000001` is not a number that `min` can hold: it has more than 18 decimals",
            "write a plain decimal",
        ),
    ] {
        let problem = Condition::from_toml(text).unwrap_err();
        assert_eq!(problem.to_string(), format!("condition:{message}"), "{text}");
        let advice = problem.hint().unwrap();
        assert!(advice.starts_with(hint), "{text}: {advice}");
    }
    for text in ["{ all = {} }", "{ not = [] }", "{ service_name = true }", "[]", r#"{ any = ["x"] }"#] {
        let fault = Condition::from_toml(text).unwrap_err().fault;
        assert!(matches!(fault, Fault::WrongKind { .. }), "{text}: {fault}");
    }
}

#[test]
fn what_can_never_hold_is_told() {
    for (text, never) in [
        ("{ sub_account_id = [] }", true),
        (r#"{ tag = "n", min = 2, max = 1 }"#, true),
        (r#"{ tag = "n", above = 1, max = 1 }"#, true),
        (r#"{ tag = "n", above = 1, below = 1.000000000000000001 }"#, true),
        (r#"{ tag = "n", min = 1, max = 1 }"#, false),
        (r#"{ all = [ { tag = "n", present = true }, { tag = "n", absent = true } ] }"#, true),
        (r#"{ all = [ { tag = "n", equals = "x" }, { tag = "n", absent = true } ] }"#, true),
        (r#"{ all = [ { tag = "n", present = true }, { tag = "m", absent = true } ] }"#, false),
        (r#"{ all = [ { region_id = "a" }, { region_id = "b" } ] }"#, true),
        (r#"{ all = [ { region_id = ["a", "c"] }, { region_id = ["b", "c"] } ] }"#, false),
        (r#"{ region_id = { equals = ["eu-1", "eu-2"], starts_with = "us-" } }"#, true),
        (r#"{ region_id = { equals = ["eu-1", "us-2"], starts_with = "us-" } }"#, false),
        (r#"{ all = [ { region_id = "a" }, { all = [ { not = { region_id = ["a", "b"] } } ] } ] }"#, true),
        (r#"{ all = [ { region_id = "a" }, { not = { region_id = "b" } } ] }"#, false),
        (r#"{ all = [ { tag = "n", min = 5 }, { tag = "n", below = 5 } ] }"#, true),
        ("{ all = [ { billed_cost = 3 }, { billed_cost = { min = 5 } } ] }", true),
        (
            r#"{ all = [ { any = [ { region_id = "a" }, { region_id = "b" } ] }, { not = { region_id = ["b", "a"] } } ] }"#,
            true,
        ),
        (r#"{ any = [ { region_id = [] }, { tag = "n", min = 2, max = 1 } ] }"#, true),
        (r#"{ any = [ { region_id = [] }, { region_id = "a" } ] }"#, false),
        ("{ any = [] }", true),
        ("{ not = {} }", true),
        ("{ not = { not = { any = [] } } }", true),
        ("{}", false),
    ] {
        assert_eq!(condition(text).never().is_some(), never, "{text}: {:?}", condition(text).never());
    }
}

#[test]
fn what_covers_what() {
    for (weak, strong, covers) in [
        ("{}", r#"{ region_id = "a" }"#, true),
        (r#"{ region_id = "a" }"#, "{}", false),
        (r#"{ region_id = ["a", "b"] }"#, r#"{ region_id = "b" }"#, true),
        (r#"{ region_id = "b" }"#, r#"{ region_id = ["a", "b"] }"#, false),
        ("{ region_id = { present = true } }", r#"{ region_id = { glob = "x*" } }"#, true),
        ("{ region_id = { present = true } }", "{ region_id = { absent = true } }", false),
        (r#"{ region_id = { starts_with = "eu" } }"#, r#"{ region_id = { starts_with = ["eu-1", "eu-2"] } }"#, true),
        (r#"{ region_id = { starts_with = "eu" } }"#, r#"{ region_id = ["eu-1", "us"] }"#, false),
        (r#"{ region_id = { contains = "u-" } }"#, r#"{ region_id = { ends_with = "eu-x" } }"#, true),
        (r#"{ region_id = { glob = "eu-*" } }"#, r#"{ region_id = ["eu-1", "eu-2"] }"#, true),
        (r#"{ region_id = { equals = "A", case = "insensitive" } }"#, r#"{ region_id = "a" }"#, true),
        (r#"{ region_id = "a" }"#, r#"{ region_id = { equals = "a", case = "insensitive" } }"#, false),
        (r#"{ tag = "n", min = 1 }"#, r#"{ tag = "n", above = 1, max = 9 }"#, true),
        (r#"{ tag = "n", above = 1 }"#, r#"{ tag = "n", min = 1 }"#, false),
        (r#"{ tag = "n", present = true }"#, r#"{ tag = "m", present = true }"#, false),
        (r#"{ region_id = "a" }"#, r#"{ region_id = "a", service_name = "x" }"#, true),
        (r#"{ any = [ { region_id = "a" }, { service_name = "x" } ] }"#, r#"{ service_name = "x" }"#, true),
        (r#"{ region_id = ["a", "b"] }"#, r#"{ any = [ { region_id = "a" }, { region_id = "b" } ] }"#, true),
        (r#"{ not = { region_id = "a" } }"#, r#"{ not = { region_id = ["a", "b"] } }"#, true),
        (r#"{ not = { region_id = ["a", "b"] } }"#, r#"{ not = { region_id = "a" } }"#, false),
    ] {
        assert_eq!(condition(weak).covers(&condition(strong)), covers, "{weak} over {strong}");
    }
    let deep = (0..60).fold(condition(r#"{ region_id = "a" }"#), |inner, level| {
        let other = condition(r#"{ service_name = "x" }"#);
        if level % 2 == 0 { Condition::All(vec![inner, other]) } else { Condition::Any(vec![inner, other]) }
    });
    // Gives up rather than takes exponential time; either answer is allowed by then.
    let _ = deep.covers(&Condition::Any(vec![deep.clone(), deep.clone()]));
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => prop::sample::select(vec!["a", "A", "ab", "aB", "b", "Ä", "1", "1.0", "2"]).prop_map(str::to_owned),
        1 => "[\\PC\\n\"\\\\\u{7f}]{1,6}".prop_filter("blank texts are refused", |text| !text.trim().is_empty()),
    ]
}

fn any_test() -> impl Strategy<Value = Test> {
    let operator = prop::sample::select(Operator::ALL.to_vec());
    let case = prop::sample::select(vec![Case::Sensitive, Case::Insensitive]);
    let text = (operator, case, prop::collection::vec(any_text(), 0..3));
    let bound = || prop::option::of((0_i64..4).prop_map(Amount::from_whole));
    let range = (bound(), bound(), bound(), bound());
    prop_oneof![
        1 => Just(Test::Present),
        1 => Just(Test::Absent),
        6 => text.prop_map(|(operator, case, texts)| Test::Text(TextTest::new(operator, case, texts))),
        2 => range
            .prop_map(|(min, max, above, below)| Range { min, max, above, below })
            .prop_filter("a range has a bound", |range| *range != Range::default())
            .prop_map(Test::Range),
    ]
}

fn any_condition() -> impl Strategy<Value = Condition> {
    let subject = prop_oneof![
        Just(Subject::Field(Field::RegionId)),
        Just(Subject::Tag("app".to_owned())),
        Just(Subject::Tag("a \"b\"".to_owned())),
    ];
    let check = (subject, any_test()).prop_map(|(subject, test)| Condition::Check(Check { subject, test }));
    check.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Condition::All),
            prop::collection::vec(inner.clone(), 0..3).prop_map(Condition::Any),
            inner.prop_map(|part| Condition::Not(Box::new(part))),
        ]
    })
}

fn any_facts() -> impl Strategy<Value = Shown> {
    prop::collection::btree_map(prop::sample::select(vec!["region_id", "app", "a \"b\""]), any_text(), 0..3)
        .prop_map(|pairs| Shown(pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn reads_back_what_it_writes(condition in any_condition()) {
        prop_assert_eq!(Condition::from_toml(&condition.to_string()), Ok(condition));
    }

    #[test]
    fn static_verdicts_are_certain(a in any_condition(), b in any_condition(), facts in prop::collection::vec(any_facts(), 6)) {
        for facts in &facts {
            prop_assert!(a.never().is_none() || !a.matches(facts), "never: {} on {:?}", a, facts);
            prop_assert!(!a.is_always() || a.matches(facts), "always: {} on {:?}", a, facts);
            if a.covers(&b) {
                prop_assert!(!b.matches(facts) || a.matches(facts), "{} covers {} on {:?}", a, b, facts);
            }
            prop_assert_eq!(a.matches(facts), a.explain(facts) == Outcome::Matched);
        }
        prop_assert!(a.covers(&a));
    }

    #[test]
    fn reading_never_panics(text in "[-a-z_={}\\[\\]\"' ,.0-9\\n#*?ü]{0,80}") {
        let _ = Condition::from_toml(&text);
        let _ = document::Document::read("p", &text);
        let _ = document::Document::read("p", &format!("{{{text}"));
    }
}
