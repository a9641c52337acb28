//! The shipped frameworks hold what their sources do: counts, thresholds, figures, and nothing else that decides.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use headroom_core::maturity::{Check, Comparator, FRAMEWORKS, Framework, Part, Quantity, Unit, shipped};
use headroom_tests::artifact::root;

/// The rows of a table under `tests/conformance`.
fn rows(name: &str) -> Vec<[String; 3]> {
    let text = fs::read_to_string(root().join("tests/conformance").join(name)).unwrap();
    let row = |line: &str| {
        let cells: Vec<String> = line.split('\t').map(str::to_owned).collect();
        <[String; 3]>::try_from(cells).unwrap()
    };
    text.lines().skip(1).map(row).collect()
}

fn frameworks() -> BTreeMap<String, Framework> {
    let read = |id: &str| (id.to_owned(), shipped(id).unwrap().unwrap().clone());
    FRAMEWORKS.iter().map(|(id, _)| read(id)).collect()
}

fn words(quantity: Quantity, unit: Unit) -> String {
    quantity.words(unit, None)
}

/// A check, written as the tables write it.
fn shown(framework: &Framework, check: &Check) -> String {
    let limit = |comparator: Comparator, quantity, unit| format!("{} {}", comparator.sign(), words(quantity, unit));
    match check {
        Check::Answer | Check::Cell { .. } => "answer".to_owned(),
        Check::Threshold { metric, scope, comparator, limit: bound, unit, items } => {
            let items = items.map_or_else(String::new, |(comparator, bound, unit)| {
                format!(" with {}", limit(comparator, bound, unit))
            });
            format!("{metric} ({scope}) {}{items}", limit(*comparator, *bound, *unit))
        }
        Check::Target { metric, scope } => format!("{metric} ({scope}) has no target"),
        Check::Truth { fact, expected } => format!("{fact} is {}", if *expected { "yes" } else { "no" }),
        Check::Words { fact, words, exactly } => {
            format!("{fact} {} {}", if *exactly { "exactly" } else { "one of" }, words.join(", "))
        }
        Check::AtMostEvery { activity, interval, unit } => {
            format!("{activity} at most every {}", words(*interval, *unit))
        }
        Check::ControlAt { control, level } => format!("{} at {level}", framework.controls()[*control].id),
        Check::Criterion(index) => framework.criteria()[*index].id.clone(),
        Check::Improved { metrics, scope, otherwise } => {
            let otherwise = otherwise.as_ref().map_or_else(String::new, |fact| format!(", else {fact} is yes"));
            format!("improved {} ({scope}){otherwise}", metrics.join(", "))
        }
        Check::All(parts) => parts.iter().map(|part| shown(framework, part)).collect::<Vec<_>>().join(" and "),
        Check::Any(parts) => {
            format!("({})", parts.iter().map(|part| shown(framework, part)).collect::<Vec<_>>().join(" or "))
        }
    }
}

fn count(framework: &Framework, what: &str) -> usize {
    let of_part = |part: &str| framework.criteria().iter().filter(|criterion| criterion.part.name() == part).count();
    let of_kind = |kind: &str| framework.references().iter().filter(|record| record.kind == kind).count();
    if let Some((part, kind)) = what.split_once(" + reference:") {
        return of_part(part.strip_prefix("part:").unwrap()) + of_kind(kind);
    }
    match what.split_once(':') {
        Some(("part", part)) => of_part(part),
        Some(("reference", kind)) => of_kind(kind),
        Some(("duty", role)) => framework
            .references()
            .iter()
            .filter(|record| record.kind == "duty" && record.of.as_deref() == Some(role))
            .count(),
        Some(("describes", stage)) => {
            framework.stages().iter().find(|known| known.ordinal.to_string() == stage).unwrap().describes.len()
        }
        Some((part, place)) => framework
            .criteria()
            .iter()
            .filter(|criterion| {
                let control = criterion.control.map(|control| framework.controls()[control].id.as_str());
                let stage = criterion.stage.map(|stage| stage.to_string());
                criterion.part.name() == part && (control == Some(place) || stage.as_deref() == Some(place))
            })
            .count(),
        None => match what {
            "stages" => framework.stages().len(),
            "controls" => framework.controls().len(),
            "actions" => framework.actions().len(),
            "anomalies" => framework.anomalies().len(),
            "level titles" => framework.controls().iter().map(|control| control.level_titles.len()).sum(),
            "optional" => framework.criteria().iter().filter(|criterion| criterion.optional).count(),
            "effort figures" => framework.controls().iter().map(|control| control.effort.len()).sum(),
            "effort hours" => {
                framework.controls().iter().flat_map(|control| &control.effort).map(|(_, hours)| *hours as usize).sum()
            }
            "lost figures" => framework
                .references()
                .iter()
                .flat_map(|record| &record.figures)
                .filter(|figure| figure.is_none())
                .count(),
            "weeks" => framework
                .stages()
                .iter()
                .filter_map(|stage| stage.weeks)
                .map(|(first, last)| (last - first + 1) as usize)
                .sum(),
            "stated exit lines" => {
                let exits = framework.criteria().iter().filter(|criterion| criterion.part == Part::Exit);
                exits.map(|criterion| criterion.stated_as.clone().unwrap()).collect::<BTreeSet<_>>().len()
            }
            "practice groups" => {
                let practices = framework.references().iter().filter(|record| record.kind == "practice");
                practices.map(|record| record.of.clone().unwrap()).collect::<BTreeSet<_>>().len()
            }
            _ => usize::MAX,
        },
    }
}

fn figures(framework: &Framework, what: &str) -> String {
    let stage = |ordinal: &str| framework.stages().iter().find(|stage| stage.ordinal.to_string() == ordinal).unwrap();
    let control = |id: &str| &framework.controls()[framework.control(id).unwrap()];
    match what.split_once(':') {
        Some(("window", ordinal)) => stage(ordinal).window.clone().unwrap(),
        Some(("stage", ordinal)) => stage(ordinal).name.clone(),
        Some(("weeks", ordinal)) => {
            let (first, last) = stage(ordinal).weeks.unwrap();
            format!("{first}-{last}")
        }
        Some(("stated", ordinal)) => {
            let stated = &stage(ordinal).stated;
            stated.iter().map(|range| format!("{} {}", range.metric, range.text)).collect::<Vec<_>>().join(", ")
        }
        Some(("levels", id)) => {
            let titles = &control(id).level_titles;
            titles.iter().map(|(_, title)| title.as_str()).collect::<Vec<_>>().join(", ")
        }
        Some(("effort", id)) => {
            let effort = &control(id).effort;
            effort.iter().map(|(role, hours)| format!("{} {hours}", role.name())).collect::<Vec<_>>().join(", ")
        }
        Some(("related", id)) => {
            let related = control(id).related.iter();
            related.map(|at| framework.controls()[*at].id.clone()).collect::<Vec<_>>().join(", ")
        }
        Some(("severity", id)) => control(id).severity.clone().unwrap_or_default(),
        Some(("action", priority)) => {
            let action = framework.actions().iter().find(|action| action.priority.to_string() == priority).unwrap();
            action.controls.iter().map(|at| framework.controls()[*at].id.clone()).collect::<Vec<_>>().join(", ")
        }
        _ if what == "inferred" => {
            let cells = framework.criteria().iter().filter(|cell| matches!(cell.check, Check::Cell { inferred: true }));
            cells.map(|cell| cell.id.clone()).collect::<Vec<_>>().join(", ")
        }
        _ if what.starts_with("questions of ") => {
            let at = framework.control(what.strip_prefix("questions of ").unwrap());
            let mapped = framework.criteria().iter().filter(|question| {
                question.part == Part::Question
                    && (question.control == at || question.also.iter().any(|also| Some(*also) == at))
            });
            mapped.map(|question| question.id.clone()).collect::<Vec<_>>().join(", ")
        }
        _ => {
            let record = framework.references().iter().find(|record| record.id == what).unwrap();
            let figure = |figure: &Option<String>| figure.clone().unwrap_or_else(|| "lost".to_owned());
            record.figures.iter().map(figure).collect::<Vec<_>>().join(", ")
        }
    }
}

#[test]
fn counts_are_those_of_the_sources() {
    let frameworks = frameworks();
    for [id, what, want] in rows("counts.tsv") {
        assert_eq!(count(&frameworks[&id], &what).to_string(), want, "{id}: {what}");
    }
}

#[test]
fn thresholds_are_those_of_the_sources_and_no_others() {
    let frameworks = frameworks();
    let mut listed = BTreeSet::new();
    for [id, name, want] in rows("thresholds.tsv") {
        let framework = &frameworks[&id];
        let criterion = &framework.criteria()[framework.criterion(&name).unwrap_or_else(|| panic!("{id}: {name}"))];
        assert_eq!(shown(framework, &criterion.check), want, "{id}: {name}");
        listed.insert((id, name));
    }
    for (id, framework) in &frameworks {
        for criterion in framework.criteria() {
            let decides = !matches!(criterion.check, Check::Answer | Check::Cell { .. } | Check::Target { .. });
            let key = (id.clone(), criterion.id.clone());
            let base = ("operational-excellence".to_owned(), criterion.id.clone());
            if decides {
                assert!(listed.contains(&key) || listed.contains(&base), "{key:?} is not listed");
            }
        }
    }
}

#[test]
fn figures_are_those_of_the_sources() {
    let frameworks = frameworks();
    for [id, what, want] in rows("figures.tsv") {
        assert_eq!(figures(&frameworks[&id], &what), want, "{id}: {what}");
    }
}

#[test]
fn every_record_names_its_source() {
    for (id, framework) in frameworks() {
        let tags: BTreeSet<&str> = framework.sources().iter().map(|source| source.tag.as_str()).collect();
        let records = framework.criteria().iter().map(|criterion| criterion.source.as_str());
        let records = records.chain(framework.controls().iter().map(|control| control.source.as_str()));
        let records = records.chain(framework.stages().iter().map(|stage| stage.source.as_str()));
        let records = records.chain(framework.references().iter().map(|record| record.source.as_str()));
        let mut seen = 0;
        for tag in records {
            assert!(tags.contains(tag), "{id}: {tag}");
            seen += 1;
        }
        assert!(seen > 10, "{id}");
    }
}
