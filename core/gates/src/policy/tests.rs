//! Gates, and what they make of inputs.

use super::*;
use crate::condition::document::Source;

fn gates(text: &str) -> Gates {
    let text = format!("schema = \"headroom/gate/1\"\n{text}");
    Gates::parse(&[Source { name: "g.toml", text: &text }]).unwrap_or_else(|problems| panic!("{}", problems[0]))
}

fn one(require: &str) -> Gates {
    gates(&format!("[[gate]]\nid = \"g\"\nrequire = [{require}]\neffect = \"deny\"\nmessage = \"m\"\n"))
}

#[track_caller]
fn decides(gates: &Gates, input: &str, want: &str) {
    let context = Context::default();
    let decided = gates.decide(input, &context);
    let found = match () {
        () if !decided.errors.is_empty() => "error",
        () if !decided.unknown.is_empty() => "unknown",
        () => decided.decision.name(),
    };
    assert_eq!(found, want, "{input}: {decided:?}");
    assert!(found == decided.decision.name() || decided.decision == Decision::Deny);
    assert_eq!(gates.decide_json(input, &context), serde_json::to_string(&decided).unwrap());
}

#[test]
fn fields_are_compared_as_asked() {
    for (require, input, want) in [
        (r#"{ input = "approvals", at_least = 2 }"#, r#"{"approvals": 2}"#, "allow"),
        (r#"{ input = "approvals", at_least = 2 }"#, r#"{"approvals": 1.99}"#, "deny"),
        (r#"{ input = "approvals", at_least = 2 }"#, r#"{"approvals": "2"}"#, "allow"),
        (r#"{ input = "approvals", at_least = 2 }"#, r#"{"approvals": "two"}"#, "error"),
        (r#"{ input = "approvals", at_least = 2 }"#, r#"{"approvals": null}"#, "unknown"),
        (r#"{ input = "approvals", at_least = 2 }"#, r#"{"x": 1}"#, "unknown"),
        (r#"{ input = "approvals", at_least = 2 }"#, r#"{"approvals": 2"#, "error"),
        (r#"{ input = "approvals", at_least = 2 }"#, "[{\"approvals\": 2}, \"\t\"]", "error"),
        (r#"{ input = "a.b", equals = "x" }"#, r#"{"a": {"b": "x"}}"#, "allow"),
        (r#"{ input = "a.b", equals = "x" }"#, r#"{"a": {"b": "\u0078"}}"#, "allow"),
        (r#"{ input = "a.b", equals = "x" }"#, r#"{"a": {"b": {}}}"#, "error"),
        (r#"{ input = "a.b", equals = "x" }"#, r#"{"a": 5}"#, "unknown"),
        (r#"{ input = "tags.env", present = true }"#, r#"{"tags": {"env": "prod"}}"#, "allow"),
        (r#"{ input = "tags.env", present = true }"#, r#"{"tags": {"env": " "}}"#, "deny"),
        (r#"{ input = "tags.env", present = true }"#, r#"{"tags": {}}"#, "deny"),
        (r#"{ input = "cpu", below = "2", times = "used" }"#, r#"{"cpu": 1.9, "used": 1}"#, "allow"),
        (r#"{ input = "cpu", below = "2", times = "used" }"#, r#"{"cpu": 2, "used": 1}"#, "deny"),
        (r#"{ input = "cpu", below = "2", times = "used" }"#, r#"{"cpu": 2}"#, "unknown"),
        (r#"{ input = "c.*.cpu", at_most = "500" }"#, r#"{"c": [{"cpu": 1}, {"cpu": 600}]}"#, "deny"),
        (r#"{ input = "c.*.cpu", at_most = "500" }"#, r#"{"c": [{"cpu": 1}, {}]}"#, "unknown"),
        (r#"{ input = "c.*.cpu", at_most = "500" }"#, r#"{"c": []}"#, "unknown"),
        (r#"{ input = "c.*.cpu", at_most = "0.5" }"#, r#"{"c": [{"cpu": "500m"}]}"#, "allow"),
        (r#"{ input = "m", at_most = "1073741824" }"#, r#"{"m": "1Gi"}"#, "allow"),
        ("{ any = [{ a = 1 }, { b = true }] }", r#"{"a": 2, "b": true}"#, "allow"),
        ("{ any = [{ a = 1 }, { b = true }] }", r#"{"a": 2}"#, "unknown"),
        ("{ any = [{ a = 1 }, { b = true }] }", r#"{"a": "x", "b": true}"#, "error"),
        (r#"{ not = { severity = "SEV1" } }"#, r#"{"severity": "SEV2"}"#, "allow"),
        (r#"{ not = { severity = "SEV1" } }"#, "{}", "unknown"),
        (r#"{ input = "env", equals = "Prod", case = "insensitive" }"#, r#"{"env": "pROD"}"#, "allow"),
    ] {
        decides(&one(require), input, want);
    }
}

#[test]
fn bad_inputs_are_errors() {
    let gates = one(r#"{ input = "a", equals = "x" }"#);
    for input in
        ["", "{", "[]", "5", "{\"a\": \"x\"} y", "{\"a\": \"x\", \"a\": \"y\"}", "{\"a\": \"\\ud800\"}", "{\"b\": 1e}"]
    {
        decides(&gates, input, "error");
    }
}

#[test]
fn a_gate_applies_when_what_it_asks_for_is_there() {
    let gates = gates(
        "[[gate]]\nid = \"g\"\nwhen = { action = \"deploy\", environment = \"production\" }\nrequire = [{ input = \"ok\", equals = true }]\neffect = \"deny\"\nmessage = \"m\"\n",
    );
    decides(&gates, r#"{"action": "deploy", "environment": "staging"}"#, "allow");
    decides(&gates, r#"{"kind": "Pod"}"#, "allow");
    decides(&gates, r#"{"action": "deploy"}"#, "unknown");
    decides(&gates, r#"{"action": "deploy", "environment": "production", "ok": true}"#, "allow");
    decides(&gates, r#"{"action": "deploy", "environment": "production", "ok": false}"#, "deny");
}

#[test]
fn deny_overrides_warn_and_dry_run() {
    let gate = |id: &str, effect: &str| {
        format!(
            "[[gate]]\nid = \"{id}\"\nrequire = [{{ input = \"{id}\", equals = true }}]\neffect = \"{effect}\"\nmessage = \"m\"\n"
        )
    };
    let gates = gates(&[gate("a", "deny"), gate("b", "warn"), gate("c", "dry_run")].concat());
    decides(&gates, r#"{"a": true, "b": true, "c": true}"#, "allow");
    decides(&gates, r#"{"a": true, "b": true, "c": false}"#, "allow");
    decides(&gates, r#"{"a": true, "b": false, "c": false}"#, "allow_with_warnings");
    decides(&gates, r#"{"a": false, "b": false, "c": true}"#, "deny");
}

#[test]
fn a_waiver_covers_its_gate_until_it_expires() {
    let text = "[[gate]]\nid = \"g\"\nrequire = [{ input = \"ok\", equals = true }]\neffect = \"deny\"\nwaivable = true\nmessage = \"m\"\n";
    let waivable = gates(text);
    let input = |gate: &str| {
        format!(
            r#"{{"ok": false, "waivers": [{{"id": "W-1", "gate": "{gate}", "reason": "r", "approved_by": "a", "granted": "2026-05-01", "expires": "2026-06-30"}}]}}"#
        )
    };
    let on = |day: &str| Context::on(day.parse().ok());
    for (gate, day, want) in [
        ("g", "2026-06-30", Decision::Allow),
        ("g", "2026-07-01", Decision::Deny),
        ("g", "2026-04-30", Decision::Deny),
        ("h", "2026-06-01", Decision::Deny),
    ] {
        let decided = waivable.decide(&input(gate), &on(day));
        assert_eq!(decided.decision, want, "{gate} {day}");
        assert_eq!(decided.waived.len(), usize::from(want == Decision::Allow));
    }
    let fixed = gates(&text.replace("waivable = true\n", ""));
    assert_eq!(fixed.decide(&input("g"), &on("2026-06-01")).decision, Decision::Deny);
    let broken = waivable.decide(r#"{"ok": false, "waivers": [{"id": 5}]}"#, &on("2026-06-01"));
    assert_eq!((broken.decision, broken.errors.len()), (Decision::Deny, 1));
}

#[test]
fn mistakes_are_named_with_their_place() {
    for (gate, want) in [
        ("[[gate]]\nid = \"g\"\nrequire = []\neffect = \"deny\"\nmessage = \"m\"", "g.toml:4:11: `require` is empty"),
        (
            "[[gate]]\nid = \"g\"\nrequire = [{ input = \"a\" }]\neffect = \"deny\"\nmessage = \"m\"",
            "g.toml:4:14: `a` is named, but nothing is asked of it",
        ),
        (
            "[[gate]]\nid = \"g\"\nrequire = [{ input = \"a\", atleast = 2 }]\neffect = \"deny\"\nmessage = \"m\"",
            "g.toml:4:27: unknown key `atleast`",
        ),
        (
            "[[gate]]\nid = \"g\"\nrequire = [{ framework = \"operational-excellence\", control = \"WAF-OPS-015\", min_level = 3 }]\neffect = \"deny\"\nmessage = \"m\"",
            "g.toml:4:62: unknown control `WAF-OPS-015`",
        ),
        (
            "[[gate]]\nid = \"g\"\nrequire = [{ framework = \"operational-excellence\", control = \"WAF-OPS-010\", min_level = 6 }]\neffect = \"deny\"\nmessage = \"m\"",
            "g.toml:4:89: `operational-excellence` has no level 6",
        ),
        (
            "[[gate]]\nid = \"g\"\nrequire = [{ rule = \"unexplained\", max = 0 }]\neffect = \"denny\"\nmessage = \"m\"",
            "g.toml:4:21: `rule` cannot be `unexplained`",
        ),
    ] {
        let text = format!("schema = \"headroom/gate/1\"\n{gate}");
        let problems = Gates::parse(&[Source { name: "g.toml", text: &text }]).unwrap_err();
        assert!(problems[0].to_string().starts_with(want), "{want}: {}", problems[0]);
    }
}
