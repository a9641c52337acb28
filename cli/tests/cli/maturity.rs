//! Assessments and gates on the sample, as a terminal shows them.

use super::support::{Scratch, run};

const ASSESS: &str = "assess datasets/operations/assessment.toml --deployments datasets/operations/deployments.csv --incidents datasets/operations/incidents.csv";
const GATE: &str = "gate datasets/operations/request.json --as-of 2026-06-12 --gate";

#[track_caller]
fn fits(shown: &str) {
    assert!(shown.lines().all(|line| line.chars().count() <= 80), "{shown}");
}

#[test]
fn a_scorecard_of_80_columns() {
    let shown = run(ASSESS).shown();
    fits(&shown);
    insta::assert_snapshot!(shown);
}

#[test]
fn a_scorecard_as_markdown() {
    insta::assert_snapshot!(run(&format!("{ASSESS} --format markdown")).shown());
}

#[test]
fn a_plan_of_80_columns() {
    let scratch = Scratch::new("a_plan_of_80_columns");
    let plan = "schema = \"headroom/assessment/1\"\nframework = \"infrastructure-excellence\"\nsubject = { id = \"platform\", kind = \"team\" }\nas_of = \"2026-03-03\"\nstarted = \"2026-01-05\"\n[answers]\nP1-1 = \"yes\"\nP1-2 = \"in_progress\"\n";
    let shown = scratch.file("plan.toml", plan).run("assess plan.toml").shown();
    fits(&shown);
    insta::assert_snapshot!(shown);
}

#[test]
fn every_decision_reads_well() {
    let scratch = Scratch::new("every_decision_reads_well");
    let assessed = run(&format!("{ASSESS} --format json"));
    scratch.file("assessed.json", assessed.answer()).file("bad.json", "{\"action\": ");
    for gates in ["two-reviewers", "no-severe-image-findings", "production-needs-pipeline", "reserved-capacity"] {
        let shown = run(&format!("{GATE} {gates}")).shown();
        insta::assert_snapshot!(format!("decision_{gates}"), shown);
    }
    let pipeline = "{\"action\": \"deploy\", \"environment\": \"production\"}";
    let with = scratch
        .file("request.json", pipeline)
        .run("gate request.json --gate production-needs-pipeline --evidence assessed.json --as-of 2026-06-12");
    insta::assert_snapshot!(with.shown());
    insta::assert_snapshot!(scratch.run("gate bad.json --gate two-reviewers --as-of 2026-06-12").shown());
    insta::assert_snapshot!(scratch.run("gate request.json --gate two-reviewer --as-of 2026-06-12").shown());
}

#[test]
fn each_answer_is_saved_and_none_is_asked_twice() {
    let scratch = Scratch::new("each_answer_is_saved");
    let interview = "assess --interactive new.toml --framework finops --subject checkout --as-of 2026-06-12";
    // A share, a slip that is refused and asked again, and the end of the answers.
    let first = scratch.run_with_input(interview, b"85 %\n70 min\n7 of 10\nq\n");
    assert!(first.shown().contains("is measured in %, not in min"), "{}", first.shown());
    let saved = scratch.read("new.toml");
    assert!(saved.contains("value = \"85 %\"") && saved.contains("n = \"7\"\nd = \"10\""), "{saved}");
    let second = scratch.run_with_input(interview, b"13 %\n").shown();
    assert!(second.contains("1/1 Distance of forecast"), "{second}");
    assert!(second.contains("Level 2 of 3, Walk"), "{second}");
    assert!(scratch.run_with_input(interview, b"").shown().contains("0 questions"));
}
