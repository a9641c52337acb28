//! Policies and explanations that are not what they should be.

use super::support::{Scratch, months};

const POLICY: &str = r#"schema = "headroom/allocation/1"
[[rule]]
id = "compute"
when = { service_name = "Compute" }
set = { squad = "payments" }
"#;

const EXPLANATIONS: &str = r#"schema = "headroom/explanations/1"
[[explanation]]
scope = { level = "service_name", key = { service_name = "Compute" } }
month = "2026-05"
by = "payments"
on = "2026-06-03"
why = "planned growth"
"#;

fn refusals(scratch: &Scratch, flag: &str, texts: &[(&str, String)]) -> String {
    let refusal = |(name, text): &(&str, String)| {
        scratch.file(name, text);
        let run = scratch.run(&format!("report bill.csv {flag} {name}"));
        format!("{}\n", run.refusal())
    };
    texts.iter().map(refusal).collect()
}

#[test]
fn policies() {
    let scratch = Scratch::new("policies");
    scratch.file("bill.csv", months(&[(4, "1"), (5, "2")])).file("good.toml", POLICY);
    scratch.run("report bill.csv --policy good.toml").answer();
    let twice = format!("{POLICY}{}", POLICY.split_once('\n').unwrap().1);
    let shown = refusals(
        &scratch,
        "--policy",
        &[
            ("key.toml", POLICY.replace("when", "whne")),
            ("field.toml", POLICY.replace("service_name", "servcie_name")),
            ("schema.toml", POLICY.replace("allocation/1", "allocation/2")),
            ("explanations.toml", EXPLANATIONS.to_owned()),
            ("no-schema.toml", POLICY.split_once('\n').unwrap().1.to_owned()),
            ("empty.toml", String::new()),
            ("twice.toml", twice),
            ("quote.toml", POLICY.replace("\"compute\"", "\"compute")),
            ("bracket.json", "{\"schema\": \"headroom/allocation/1\", \"rule\": [".to_owned()),
            ("comma.json", "{\"schema\": \"headroom/allocation/1\",, \"rule\": []}".to_owned()),
            ("type.toml", POLICY.replace("\"payments\"", "7")),
            ("bill.toml", months(&[(5, "1")])),
        ],
    );
    insta::assert_snapshot!(shown);
    scratch.file("latin.toml", b"schema = \"h\xe9adroom\"");
    insta::assert_snapshot!(scratch.run("report bill.csv --policy latin.toml").refusal(), @r"
    error: latin.toml: the text is not UTF-8

    hint: save the file in UTF-8
    ");
}

#[test]
fn explanations() {
    let scratch = Scratch::new("explanations");
    scratch.file("bill.csv", months(&[(4, "1"), (5, "2")])).file("good.toml", EXPLANATIONS);
    let explained = scratch.run("report bill.csv --explanations good.toml --for squad=payments");
    let want = "service Compute (explained by payments on 2026-06-03: planned growth)";
    assert!(explained.flowing().contains(want), "{}", explained.stdout);
    let shown = refusals(
        &scratch,
        "--explanations",
        &[
            ("key.toml", EXPLANATIONS.replace("why", "wyh")),
            ("level.toml", EXPLANATIONS.replace("level = \"service_name\"", "level = \"service_nam\"")),
            ("month.toml", EXPLANATIONS.replace("2026-05", "2026-5")),
            ("day.toml", EXPLANATIONS.replace("2026-06-03", "3 June")),
            ("schema.toml", POLICY.to_owned()),
            ("no-key.toml", EXPLANATIONS.replace(", key = { service_name = \"Compute\" }", "")),
            ("other-key.toml", EXPLANATIONS.replace("{ service_name =", "{ squad =")),
            ("until.toml", format!("{EXPLANATIONS}until = \"2026-04\"\n")),
            ("list.toml", EXPLANATIONS.replace("[[explanation]]", "[explanation]")),
        ],
    );
    insta::assert_snapshot!(shown);
}
