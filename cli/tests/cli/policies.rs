//! `policy check` over documents of every kind: allocation policies, frameworks, gates, metrics.

use super::support::{Scratch, run};

const ALLOCATION: &str = r#"schema = "headroom/allocation/1"
[[rule]]
id = "compute"
when = { service_name = "Compute" }
set = { squad = "payments" }
"#;

const FRAMEWORK: &str = r#"schema = "headroom/framework/1"
id = "own"
title = "Own"
source = [{ tag = "OWN", title = "ours" }]
[[stage]]
ordinal = 1
name = "One"
source = "OWN"
[[stage]]
ordinal = 2
name = "Two"
source = "OWN"
[[control]]
id = "C"
short = "Pipeline"
source = "OWN"
[[criterion]]
id = "C.1"
part = "item"
stage = 1
control = "C"
statement = "builds take less than 15 minutes"
check = { metric = "pipeline_duration", below = "15 min" }
source = "OWN"
[[criterion]]
id = "C.2"
part = "item"
stage = 2
control = "C"
statement = "builds take less than 10 minutes"
check = { metric = "pipeline_duration", below = "10 min" }
source = "OWN"
"#;

const GATES: &str = r#"schema = "headroom/gate/1"
[[gate]]
id = "pipeline"
when = { action = "deploy" }
require = [{ framework = "operational-excellence", control = "WAF-OPS-010", min_level = 3 }]
effect = "deny"
message = "bring the pipeline to level 3"
"#;

const METRICS: &str = r#"schema = "headroom/metrics/1"
[[source]]
tag = "OWN"
title = "ours"
[[metric]]
id = "queue_time"
name = "Time in the queue"
unit = "min"
direction = "lower"
source = ["OWN"]
"#;

/// All files that come with the program.
#[test]
fn the_shipped_policies_are_right() {
    let mut shown = String::new();
    for kind in ["allocation", "commitments", "frameworks", "gates", "rightsizing", "waste", "."] {
        let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/../policies/").to_owned() + kind;
        let entries = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
        let mut files: Vec<_> =
            entries.filter(|path| path.extension().is_some_and(|ending| ending == "toml")).collect();
        files.sort();
        for file in files {
            let name = file.file_name().unwrap().to_str().unwrap();
            shown += run(&format!("policy check --policy policies/{kind}/{name}")).answer();
        }
    }
    insta::assert_snapshot!(shown);
}

#[test]
fn documents_of_every_kind_are_checked_together() {
    let scratch = Scratch::new("documents_of_every_kind");
    scratch
        .file("allocation.toml", ALLOCATION)
        .file("framework.toml", FRAMEWORK)
        .file("gates.toml", GATES)
        .file("metrics.toml", METRICS);
    let all = "policy check --policy allocation.toml --policy framework.toml --policy gates.toml --policy metrics.toml";
    insta::assert_snapshot!(scratch.run(all).shown());
    insta::assert_snapshot!(
        "documents_of_every_kind_as_markdown",
        scratch.run(&format!("{all} --format markdown")).shown()
    );
}

/// Every lint, on a document with one slip: file, line and key, and the nearest name.
#[test]
fn slips_of_every_kind_are_placed() {
    let scratch = Scratch::new("slips_of_every_kind");
    let twice = |text: &str, table: &str| {
        let at = text.find(table).unwrap();
        format!("{text}{}", &text[at..])
    };
    let slips: [(&str, String); 16] = [
        ("condition.toml", ALLOCATION.replace("service_name", "servcie_name")),
        ("rule-twice.toml", twice(ALLOCATION, "[[rule]]")),
        ("framework-key.toml", FRAMEWORK.replace("statement", "statment")),
        ("metric.toml", FRAMEWORK.replacen("pipeline_duration", "pipeline_durration", 1)),
        ("unit.toml", FRAMEWORK.replace("15 min", "15 %")),
        ("looser.toml", FRAMEWORK.replace("10 min", "20 min")),
        ("criterion-twice.toml", FRAMEWORK.replace("C.2", "C.1")),
        ("control.toml", FRAMEWORK.replacen("control = \"C\"", "control = \"D\"", 1)),
        ("stage.toml", FRAMEWORK.replace("stage = 2", "stage = 3")),
        (
            "unreachable.toml",
            FRAMEWORK.replace(
                "{ metric = \"pipeline_duration\", below = \"10 min\" }",
                "{ metric = \"iac_coverage\", scope = \"all\", above = \"100 %\" }",
            ),
        ),
        ("no-source.toml", FRAMEWORK.replacen("source = \"OWN\"\n[[stage]]", "[[stage]]", 1)),
        ("gate-control.toml", GATES.replace("WAF-OPS-010", "WAF-OPS-01")),
        ("gate-level.toml", GATES.replace("min_level = 3", "min_level = 6")),
        ("gate-twice.toml", twice(GATES, "[[gate]]")),
        ("effect.toml", GATES.replace("\"deny\"", "\"denny\"")),
        ("metric-unit.toml", METRICS.replace("\"min\"", "\"mins\"")),
    ];
    let mut shown = String::new();
    for (name, text) in slips {
        let run = scratch.file(name, text).run(&format!("policy check --policy {name}"));
        shown.push_str(&run.shown());
        shown.push('\n');
    }
    insta::assert_snapshot!(shown);
}
