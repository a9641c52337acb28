//! What holds of every assessment, whatever its evidence.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::sample::subsequence;

use super::*;
use crate::calendar::Date;
use crate::condition::document::Source;

/// Frameworks and the catalogue, read once.
struct Shelf {
    catalogue: &'static Catalogue,
    frameworks: Vec<Framework>,
}

fn shelf() -> &'static Shelf {
    static SHELF: std::sync::OnceLock<Shelf> = std::sync::OnceLock::new();
    SHELF.get_or_init(|| {
        let catalogue = Catalogue::builtin();
        let frameworks = FRAMEWORKS.iter().map(|(id, _)| shipped(id).unwrap().unwrap().clone()).collect();
        Shelf { catalogue, frameworks }
    })
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn result(framework: &Framework, assessment: &Assessment, strict: bool) -> Answered {
    let question = Question { as_of: day("2026-06-30"), target: None, strict };
    assess(framework, shelf().catalogue, assessment, question)
}

/// The levels of the whole and of each control.
fn levels(framework: &Framework, assessment: &Assessment) -> Vec<(u8, u8)> {
    let result = result(framework, assessment, false);
    let own = result.level.iter().map(|level| (level.confirmed, level.potential));
    own.chain(result.controls.iter().map(|control| (control.confirmed, control.potential))).collect()
}

fn quantity() -> impl Strategy<Value = Quantity> {
    (0_u32..=120, 0_usize..6).prop_map(|(value, unit)| {
        let unit = [Unit::Percent, Unit::Minute, Unit::Hour, Unit::PerWeek, Unit::PerDay, Unit::Count][unit];
        Quantity::new(crate::money::Amount::from_whole(i64::from(value)), unit).unwrap()
    })
}

/// A value of the metric's own kind; counts of nothing are among them.
fn value(metric: &Metric) -> BoxedStrategy<FactValue> {
    match &metric.kind {
        Kind::Quantity(Unit::Percent) => prop_oneof![
            (0_u64..=20, 0_u64..=20).prop_map(|(n, d)| FactValue::Share { n: n.min(d), d }),
            (0_i64..=100).prop_map(|value| {
                FactValue::Quantity(Quantity::new(crate::money::Amount::from_whole(value), Unit::Percent).unwrap())
            }),
        ]
        .boxed(),
        Kind::Quantity(_) => quantity().prop_map(FactValue::Quantity).boxed(),
        Kind::Truth => any::<bool>().prop_map(FactValue::Truth).boxed(),
        Kind::Words(words) => subsequence(words.clone(), 0..=words.len())
            .prop_map(|mut words| {
                words.sort();
                FactValue::Words(words)
            })
            .boxed(),
        Kind::Activity => {
            (0_i32..500).prop_map(|ago| FactValue::Done(day("2026-06-30").plus_days(-ago).unwrap())).boxed()
        }
    }
}

fn facts(framework: &'static Framework) -> BoxedStrategy<Vec<Fact>> {
    let mut wanted: BTreeSet<(String, String)> = BTreeSet::new();
    for criterion in framework.criteria() {
        for (metric, scope) in criterion.check.looks_up() {
            let known = shelf().catalogue.get(metric).unwrap();
            wanted.insert((metric.to_owned(), scope.unwrap_or(&known.scopes[0]).to_owned()));
        }
    }
    let wanted: Vec<(String, String)> = wanted.into_iter().collect();
    let count = wanted.len();
    subsequence(wanted, 0..=count)
        .prop_flat_map(|chosen| {
            let fact = |(metric, scope): (String, String)| {
                let known = shelf().catalogue.get(&metric).unwrap();
                (value(known), 0_i32..200).prop_map(move |(value, ago)| {
                    let observed = day("2026-06-30").plus_days(-ago).unwrap();
                    let observed = if let FactValue::Done(done) = value { done } else { observed };
                    let (metric, scope) = (metric.clone(), scope.clone());
                    Fact { metric, scope, value, observed, measured: false, from: None }
                })
            };
            chosen.into_iter().map(fact).collect::<Vec<_>>()
        })
        .boxed()
}

fn said() -> impl Strategy<Value = Said> {
    prop_oneof![6 => Just(Said::Yes), 2 => Just(Said::No), 1 => Just(Said::Unknown), 1 => Just(Said::NotApplicable)]
}

fn answers(framework: &'static Framework) -> BoxedStrategy<Vec<Answer>> {
    let asked = framework.criteria().iter().filter(|criterion| criterion.question.is_some());
    let asked: Vec<String> = asked.map(|criterion| criterion.id.clone()).collect();
    let count = asked.len();
    (subsequence(asked, 0..=count), prop::collection::vec(said(), count))
        .prop_map(|(asked, said)| {
            let answer = |(criterion, said)| Answer { criterion, said, by: None, at: None, note: None };
            asked.into_iter().zip(said).map(answer).collect()
        })
        .boxed()
}

fn waivers(framework: &'static Framework) -> BoxedStrategy<Vec<Waiver>> {
    let ids: Vec<String> = framework.criteria().iter().map(|criterion| criterion.id.clone()).collect();
    (prop::sample::subsequence(ids, 0..=3), -60_i32..60)
        .prop_map(|(ids, until)| {
            let waiver = |(at, id)| Waiver {
                id: format!("W-{at}"),
                covers: Covers::Criterion(id),
                reason: "r".to_owned(),
                approved_by: "a".to_owned(),
                granted: day("2026-01-01"),
                expires: day("2026-06-30").plus_days(until).unwrap(),
            };
            ids.into_iter().enumerate().map(waiver).collect()
        })
        .boxed()
}

fn declared(framework: &'static Framework) -> BoxedStrategy<Vec<(String, u8)>> {
    let titled = framework.controls().iter().filter(|control| !control.level_titles.is_empty());
    let ids: Vec<String> = titled.map(|control| control.id.clone()).collect();
    let count = ids.len();
    (subsequence(ids, 0..=count), prop::collection::vec(1_u8..=5, count))
        .prop_map(|(ids, levels)| ids.into_iter().zip(levels).collect())
        .boxed()
}

fn history(framework: &'static Framework) -> BoxedStrategy<Vec<Earlier>> {
    let id = framework.id().to_owned();
    prop::collection::vec(quantity(), 0..=1)
        .prop_map(move |figures| {
            let figure = |value| ("deployment_frequency".to_owned(), "production".to_owned(), value);
            let figures: Vec<_> = figures.into_iter().map(figure).collect();
            vec![Earlier { as_of: Some(day("2026-03-01")), framework: id.clone(), figures, ..Earlier::default() }]
        })
        .boxed()
}

fn scene() -> impl Strategy<Value = (&'static Framework, Assessment)> {
    (0..shelf().frameworks.len()).prop_flat_map(|at| {
        let framework = &shelf().frameworks[at];
        let parts = (facts(framework), answers(framework), waivers(framework), declared(framework), history(framework));
        parts.prop_map(move |(facts, answers, waivers, declared, history)| {
            let subject = Subject { id: "checkout".to_owned(), kind: "service".to_owned() };
            (framework, Assessment { subject, facts, answers, declared, waivers, history, ..Assessment::default() })
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn what_is_certain_never_exceeds_what_is_possible((framework, assessment) in scene()) {
        for (confirmed, potential) in levels(framework, &assessment) {
            prop_assert!(confirmed <= potential);
            prop_assert!((framework.floor()..=framework.top()).contains(&confirmed));
        }
    }

    #[test]
    fn the_order_of_evidence_never_shows((framework, assessment) in scene(), swap in any::<u64>()) {
        let mut other = assessment.clone();
        let rotate = |len: usize| if len == 0 { 0 } else { swap as usize % len };
        other.facts.rotate_left(rotate(assessment.facts.len()));
        other.answers.rotate_left(rotate(assessment.answers.len()));
        other.answers.reverse();
        other.waivers.reverse();
        let json = |assessment| serde_json::to_string(&result(framework, assessment, false)).unwrap();
        prop_assert_eq!(json(&assessment), json(&other));
    }

    /// Of several facts of one day, measured and stated, the same one counts in any order.
    #[test]
    fn facts_of_one_day_have_no_order((framework, mut assessment) in scene(), (_, more) in scene(), days in 0_i32..3) {
        assessment.facts.extend(more.facts);
        for (at, fact) in assessment.facts.iter_mut().enumerate() {
            fact.measured = at % 2 == 0;
            fact.observed = day("2026-06-30").plus_days(-days).unwrap();
        }
        let twice = assessment.facts.clone().into_iter().map(|fact| Fact { measured: !fact.measured, ..fact });
        assessment.facts.extend(twice.collect::<Vec<_>>());
        let mut other = assessment.clone();
        other.facts.reverse();
        let json = |assessment| serde_json::to_string(&result(framework, assessment, false)).unwrap();
        prop_assert_eq!(json(&assessment), json(&other));
    }

    /// Of a criterion that was unknown, not declared and not waived, evidence makes the certain level no lower and the
    /// possible one no higher.
    #[test]
    fn evidence_for_the_unknown_narrows((framework, mut assessment) in scene(), pick in any::<u64>()) {
        // Whoever declared or waived something has spoken of it already.
        assessment.waivers.clear();
        let mut facts = std::mem::take(&mut assessment.facts);
        let mut answers = std::mem::take(&mut assessment.answers);
        let kept = facts.len() + answers.len();
        prop_assume!(kept > 0);
        let at = pick as usize % kept;
        let held = if at < facts.len() {
            let fact = facts.remove(at);
            // Evidence that is too old says nothing.
            (Some(fact), None)
        } else {
            let answer = answers.remove(at - facts.len());
            (None, Some(answer))
        };
        assessment.facts = facts;
        assessment.answers = answers;
        let before = levels(framework, &assessment);
        let was = result(framework, &assessment, false);
        // What is given must concern only what was unknown, and controls that nobody declared a level of.
        let touched = |criterion: &Criterion| match &held {
            (Some(fact), _) => criterion.check.looks_up().iter().any(|(metric, _)| *metric == fact.metric),
            (_, Some(answer)) => criterion.id == answer.criterion,
            _ => false,
        };
        for (criterion, result) in framework.criteria().iter().zip(&was.criteria) {
            if touched(criterion) {
                prop_assume!(result.outcome == Outcome::Unknown);
                let controls = criterion.control.iter().chain(&criterion.also);
                for control in controls {
                    let id = &framework.controls()[*control].id;
                    prop_assume!(!assessment.declared.iter().any(|(known, _)| known == id));
                    prop_assume!(!assessment.answers.iter().any(|answer| answer.criterion.starts_with(id.as_str())));
                }
            }
        }
        let mut after = assessment.clone();
        after.facts.extend(held.0);
        after.answers.extend(held.1);
        for ((confirmed, potential), (confirmed_after, potential_after)) in before.into_iter().zip(levels(framework, &after)) {
            prop_assert!(confirmed_after >= confirmed, "{confirmed} became {confirmed_after}");
            prop_assert!(potential_after <= potential, "{potential} became {potential_after}");
        }
    }

    #[test]
    fn failing_a_criterion_raises_nothing((framework, mut assessment) in scene(), pick in any::<u64>()) {
        let asked: Vec<&Criterion> = framework.criteria().iter().filter(|criterion| criterion.question.is_some()).collect();
        prop_assume!(!asked.is_empty());
        let failed = asked[pick as usize % asked.len()].id.clone();
        // What a waiver covers does not fail: it counts, where what does not apply does not.
        assessment.waivers.retain(|waiver| matches!(&waiver.covers, Covers::Criterion(id) if *id != failed));
        let before = levels(framework, &assessment);
        assessment.answers.retain(|answer| answer.criterion != failed);
        assessment.answers.push(Answer { criterion: failed, said: Said::No, by: None, at: None, note: None });
        for ((confirmed, potential), (confirmed_after, potential_after)) in before.into_iter().zip(levels(framework, &assessment)) {
            prop_assert!(confirmed_after <= confirmed, "{confirmed} became {confirmed_after}");
            prop_assert!(potential_after <= potential, "{potential} became {potential_after}");
        }
    }

    /// The same of figures: one that lies farther from what is asked raises nothing.
    #[test]
    fn a_worse_figure_raises_nothing((framework, mut assessment) in scene(), pick in any::<u64>(), worse in 1_i64..200) {
        let direction = |fact: &Fact| shelf().catalogue.get(&fact.metric).map(|metric| metric.direction);
        let can_fail = |fact: &&mut Fact| {
            let is_figure = matches!(fact.value, FactValue::Quantity(_));
            is_figure && matches!(direction(fact), Some(Direction::Higher | Direction::Lower))
        };
        // What a waiver covers does not fail: it counts, where what does not apply does not.
        assessment.waivers.clear();
        let before = levels(framework, &assessment);
        let mut figures: Vec<&mut Fact> = assessment.facts.iter_mut().filter(can_fail).collect();
        prop_assume!(!figures.is_empty());
        let at = pick as usize % figures.len();
        let fact = &mut *figures[at];
        let Kind::Quantity(unit) = shelf().catalogue.get(&fact.metric).unwrap().kind else { return Ok(()) };
        let limit = match direction(fact) {
            Some(Direction::Higher) => 0,
            _ => 1_000_000 + worse,
        };
        fact.value = FactValue::Quantity(Quantity::new(crate::money::Amount::from_whole(limit), unit).unwrap());
        for ((confirmed, potential), (confirmed_after, potential_after)) in before.into_iter().zip(levels(framework, &assessment)) {
            prop_assert!(confirmed_after <= confirmed, "{confirmed} became {confirmed_after}");
            prop_assert!(potential_after <= potential, "{potential} became {potential_after}");
        }
    }

    /// The rows of tables have no order either, within a file or over files.
    #[test]
    fn the_order_of_rows_never_shows(rows in prop::collection::vec((1_u8..=30, 0_u8..24, 0_u8..24, 0_usize..2, any::<bool>(), any::<bool>()), 1..20), swap in any::<u64>()) {
        let places = ["production", "staging"];
        let line = |(day, hour, took, place, failed, back): &(u8, u8, u8, usize, bool, bool)| {
            let place = places[*place];
            let time = |hour: u8, minute: u8| format!("2026-06-{day:02}T{hour:02}:{minute:02}:00Z");
            let (commit, start, end) = (time(*hour / 2, 0), time(*hour, 10), time(*hour, 10 + took));
            (format!("checkout,{place},{start},{end},{commit},{failed},{back}\n"), format!("checkout,{place},{start},{end}\n"))
        };
        // A row that is there twice is refused.
        let lines: std::collections::BTreeSet<(String, String)> = rows.iter().map(line).collect();
        let mut own: Vec<_> = lines.into_iter().collect();
        own.dedup_by(|a, b| a.1 == b.1);
        let measured = |lines: &[(String, String)], cut: usize| {
            let subject = Subject { id: "checkout".to_owned(), kind: "service".to_owned() };
            let (first, second) = lines.split_at(cut);
            let text = |header: &str, lines: &[(String, String)], incidents: bool| {
                let rows = lines.iter().map(|line| if incidents { line.1.as_str() } else { line.0.as_str() });
                format!("{header}\n{}", rows.collect::<String>())
            };
            [(Log::Deployments, "service,environment,start,end,commit_time,failed,rolled_back"), (Log::Incidents, "service,environment,start,end")]
                .map(|(kind, header)| {
                    let incidents = kind == Log::Incidents;
                    let texts = [text(header, first, incidents), text(header, second, incidents)];
                    let files = [Source { name: "a.csv", text: &texts[0] }, Source { name: "b.csv", text: &texts[1] }];
                    facts_of_logs(kind, &files, &subject, day("2026-06-30"))
                })
        };
        let before = measured(&own, own.len() / 2);
        prop_assert!(before.iter().all(Result::is_ok), "{before:?}");
        let len = own.len();
        own.rotate_left(swap as usize % len);
        own.swap(0, len - 1);
        prop_assert_eq!(before, measured(&own, swap as usize % len));
    }

    #[test]
    fn a_waiver_past_its_expiry_never_counts((framework, mut assessment) in scene()) {
        for waiver in &mut assessment.waivers {
            waiver.expires = day("2026-06-29");
        }
        let with = levels(framework, &assessment);
        let shown = result(framework, &assessment, false);
        assessment.waivers.clear();
        prop_assert_eq!(with, levels(framework, &assessment));
        prop_assert!(shown.waivers.iter().all(|waiver| waiver.state == "expired" && waiver.criteria.is_empty()));
        prop_assert!(shown.controls.iter().all(|control| !control.shown.contains('*')));
    }

    #[test]
    fn following_the_actions_reaches_the_target((framework, assessment) in scene(), strict in any::<bool>()) {
        let result = result(framework, &assessment, strict);
        let Some(level) = &result.level else { return Ok(()) };
        if let Some(last) = result.actions.last() {
            prop_assert!(last.level >= level.target, "{} leads to {} of {}", last.what, last.level, level.target);
        } else {
            prop_assert!(level.confirmed >= level.target);
        }
        let levels: Vec<u8> = result.actions.iter().map(|action| action.level).collect();
        prop_assert!(levels.is_sorted());
    }
}
