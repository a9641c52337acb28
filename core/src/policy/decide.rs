//! Deciding.

use super::context::Context;
use super::decision::{Decided, Decision, Finding, GateWaiver, Waived};
use super::figures::{REPORT_SCHEMA, ReportFigures};
use super::gate::{Asked, Bounds, CostRule, Effect, Gate, Gates, Mode, OnUnknown, Requirement};
use super::input::{Found, Values};
use super::standing::{Stands, Subject};
use crate::condition::{Case, TextTest, quoted};
use crate::money::Amount;

const SCHEMA: &str = "headroom/decision/1";

/// What came of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Came {
    Yes,
    No,
    /// Something it asks of is not there.
    Unknown,
    /// Something it asks of cannot be what it is.
    Error,
}

impl Came {
    fn of(truth: bool) -> Self {
        if truth { Self::Yes } else { Self::No }
    }
}

impl Gates {
    /// Decides over an input, JSON text.
    pub fn decide(&self, input: &str, context: &Context) -> Decided {
        let mut decided = nothing_yet();
        match self.values(input) {
            Ok(values) => self.decide_values(&values, input, context),
            Err(message) => {
                decided.decision = Decision::Deny;
                decided.errors.push(broken(message));
                decided
            }
        }
    }

    fn decide_values(&self, values: &Values<'_>, input: &str, context: &Context) -> Decided {
        let mut decided = nothing_yet();
        let mut scene = Scene { gates: self, values, input, context, report: None };
        for gate in &self.all {
            scene.gate(gate, &mut decided);
        }
        if !decided.errors.is_empty() {
            decided.decision = Decision::Deny;
        } else if decided.gates.is_empty() {
            let gates = match self.all.as_slice() {
                [] => "no gate was given".to_owned(),
                [only] => format!("the gate `{}` does not apply to this input", only.id),
                several => format!("none of the {} gates applies to this input", several.len()),
            };
            decided.warnings.push(format!("{gates}, so nothing was checked"));
        }
        decided
    }

    /// Decides over an input, JSON text, and gives the decision as JSON text.
    pub fn decide_json(&self, input: &str, context: &Context) -> String {
        let decided = match self.values(input) {
            Ok(values) => match self.plainly_allowed(&values, context) {
                Some(allowed) => return allowed,
                None => self.decide_values(&values, input, context),
            },
            Err(_) => self.decide(input, context),
        };
        // Texts and lists of texts, which JSON can always hold.
        serde_json::to_string(&decided).unwrap_or_else(|_| r#"{"decision":"deny"}"#.to_owned())
    }

    fn values<'i>(&self, input: &'i str) -> Result<Values<'i>, String> {
        let values = self.paths.read(input).map_err(|error| format!("the input is not valid JSON: {error}"))?;
        // A list or a bare value has no fields, so that every gate would pass it by.
        if input.trim_start().starts_with('{') { Ok(values) } else { Err("the input is not a JSON object".to_owned()) }
    }

    /// The decision where every gate that applies is satisfied by the input alone: the common case, without findings.
    fn plainly_allowed(&self, values: &Values<'_>, context: &Context) -> Option<String> {
        let mut json = String::with_capacity(192);
        json.push_str("{\"schema\":\"headroom/decision/1\",\"decision\":\"allow\",\"gates\":[");
        let (mut first, subject) = (true, self.subject(values));
        for gate in &self.all {
            match asked(&gate.when, values, Over::Some) {
                Came::No => continue,
                Came::Unknown if !some_holds(&gate.when, values) => continue,
                Came::Unknown | Came::Error => return None,
                Came::Yes => {}
            }
            for requirement in &gate.require {
                let came = match requirement {
                    Requirement::Input(condition) => asked(condition, values, Over::Every),
                    Requirement::Control { framework, control, min_level, mode } => {
                        context.control((framework, control), (*min_level, *mode), subject, gate.waivable).came
                    }
                    Requirement::Criterion { framework, criterion } => {
                        match context.criterion(framework, criterion, subject, gate.waivable) {
                            stands if stands.idle => return None,
                            stands => stands.came,
                        }
                    }
                    Requirement::Cost { .. } => return None,
                };
                if came != Came::Yes {
                    return None;
                }
            }
            if !std::mem::replace(&mut first, false) {
                json.push(',');
            }
            json.push_str(&serde_json::to_string(&gate.id).ok()?);
        }
        if first {
            return None;
        }
        json.push_str("],\"reasons\":[],\"waived\":[],\"unknown\":[],\"dry_run\":[],\"errors\":[],\"warnings\":[]}");
        Some(json)
    }

    fn subject<'v>(&self, values: &'v Values<'_>) -> Subject<'v> {
        Subject::of(self.service.and_then(|slot| values.at(slot).next()))
    }
}

fn nothing_yet() -> Decided {
    Decided {
        schema: SCHEMA,
        decision: Decision::Allow,
        gates: Vec::new(),
        reasons: Vec::new(),
        waived: Vec::new(),
        unknown: Vec::new(),
        dry_run: Vec::new(),
        errors: Vec::new(),
        warnings: Vec::new(),
    }
}

fn broken(message: String) -> Finding {
    Finding {
        gate: String::new(),
        effect: Effect::Deny.name(),
        requirement: "the input is a JSON object".to_owned(),
        actual: None,
        blocking: Vec::new(),
        message,
    }
}

/// A requirement as people read it, with what is and what holds it back.
struct Story {
    requirement: String,
    actual: Option<String>,
    blocking: Vec<String>,
}

struct Scene<'s, 'i> {
    gates: &'s Gates,
    values: &'s Values<'i>,
    input: &'s str,
    context: &'s Context,
    /// The figures of an input that is a cost report itself, once they were asked for.
    report: Option<Result<Option<ReportFigures>, String>>,
}

impl Scene<'_, '_> {
    fn gate(&mut self, gate: &Gate, decided: &mut Decided) {
        let finding = |effect: Effect, story: Story| Finding {
            gate: gate.id.clone(),
            effect: effect.name(),
            requirement: story.requirement,
            actual: story.actual,
            blocking: story.blocking,
            message: gate.message.clone(),
        };
        let mut missed = Vec::new();
        match asked(&gate.when, self.values, Over::Some) {
            Came::No => return,
            // Nothing that it asks for is there: it is about another kind of input.
            Came::Unknown if !some_holds(&gate.when, self.values) => return,
            Came::Unknown => {
                let story = Story {
                    requirement: format!("it is known whether {}", self.words(&gate.when)),
                    ..self.story_of(&gate.when)
                };
                missed.push((Came::Unknown, story));
            }
            Came::Error => {
                let mut found = finding(gate.effect, self.story_of(&gate.when));
                if let Some(fault) = self.fault_of(&gate.when) {
                    found.message = fault;
                }
                decided.errors.push(found);
            }
            Came::Yes => {
                let mut idle = Vec::new();
                for requirement in &gate.require {
                    let (came, story, is_idle) = self.requirement(requirement, gate.waivable);
                    match came {
                        Came::Yes if is_idle => idle.push((Came::Unknown, story)),
                        Came::Yes => {}
                        Came::Error => decided.errors.push(self.fault(finding(gate.effect, story), requirement)),
                        Came::No | Came::Unknown => missed.push((came, story)),
                    }
                }
                // One that does not apply holds nothing back; where none applies, nothing is required, nor met.
                if idle.len() == gate.require.len() {
                    missed.append(&mut idle);
                }
            }
        }
        decided.gates.push(gate.id.clone());
        if missed.is_empty() {
            return;
        }
        let waiver = if gate.waivable { self.waiver(gate, decided) } else { None };
        for (came, story) in missed {
            let effect = match (came, gate.on_unknown) {
                (Came::Unknown, OnUnknown::Warn) if gate.effect == Effect::Deny => Effect::Warn,
                _ => gate.effect,
            };
            let mut found = finding(effect, story);
            if came == Came::Unknown && gate.on_unknown == OnUnknown::Allow {
                found.effect = "allow";
            }
            if let Some(waiver) = &waiver {
                let (waiver, expires) = (waiver.id.clone(), waiver.expires);
                decided.waived.push(Waived { finding: found, waiver, expires });
                continue;
            }
            let counts = came == Came::No || gate.on_unknown != OnUnknown::Allow;
            if counts {
                decided.decision = decided.decision.max(match effect {
                    Effect::Deny => Decision::Deny,
                    Effect::Warn => Decision::AllowWithWarnings,
                    Effect::DryRun => Decision::Allow,
                });
            }
            match (came, effect) {
                (Came::Unknown, _) => decided.unknown.push(found),
                (_, Effect::DryRun) => decided.dry_run.push(found),
                _ => decided.reasons.push(found),
            }
        }
    }

    /// A waiver of the gate that holds on the day; a fault in the waivers is an error.
    fn waiver(&self, gate: &Gate, decided: &mut Decided) -> Option<GateWaiver> {
        let as_of = self.context.as_of?;
        let given = match self.values.one(self.gates.waivers?)? {
            Found::Whole(text) => serde_json::from_str::<Vec<GateWaiver>>(text).map_err(|error| error.to_string()),
            _ => Err("a list was expected".to_owned()),
        };
        match given {
            Ok(waivers) => waivers.into_iter().find(|waiver| {
                let reasoned = !waiver.reason.trim().is_empty() && !waiver.approved_by.trim().is_empty();
                waiver.gate == gate.id && reasoned && waiver.granted <= as_of && as_of <= waiver.expires
            }),
            Err(error) => {
                decided.errors.push(Finding {
                    gate: gate.id.clone(),
                    requirement: "the input's `waivers` can be read".to_owned(),
                    ..broken(format!("the input's `waivers` cannot be read: {error}"))
                });
                None
            }
        }
    }

    /// What came of a requirement, and whether it does not apply.
    fn requirement(&mut self, requirement: &Requirement, waivable: bool) -> (Came, Story, bool) {
        let subject = self.gates.subject(self.values);
        let told = |requirement: String, stands: Stands| {
            (stands.came, Story { requirement, actual: stands.actual, blocking: stands.blocking }, stands.idle)
        };
        match requirement {
            Requirement::Control { framework, control, min_level, mode } => {
                let stands = self.context.control((framework, control), (*min_level, *mode), subject, waivable);
                let mode = if *mode == Mode::Confirmed { "certainly" } else { "possibly" };
                told(format!("{control} of {framework} is {mode} at level {min_level} or above"), stands)
            }
            Requirement::Criterion { framework, criterion } => {
                let stands = self.context.criterion(framework, criterion, subject, waivable);
                told(format!("{criterion} of {framework} is met"), stands)
            }
            Requirement::Cost { rule, max } => {
                let (came, story) = self.cost(*rule, *max);
                (came, story, false)
            }
            Requirement::Input(condition) => {
                (asked(condition, self.values, Over::Every), self.story_of(condition), false)
            }
        }
    }

    /// An input that is a cost report itself counts beside those that were given.
    fn cost(&mut self, rule: CostRule, max: Amount) -> (Came, Story) {
        let requirement = format!("{} is at most {max}", rule.name());
        let story = |actual| Story { requirement: requirement.clone(), actual, blocking: Vec::new() };
        let own = self.report.get_or_insert_with(|| {
            let value: serde_json::Value = serde_json::from_str(self.input).map_err(|error| error.to_string())?;
            if value["schema"] == REPORT_SCHEMA { ReportFigures::of(&value).map(Some) } else { Ok(None) }
        });
        let own = match own {
            Ok(own) => own.as_ref(),
            Err(error) => return (Came::Error, story(Some(error.clone()))),
        };
        match self.context.cost(rule, own) {
            Some(figure) => (Came::of(figure <= max), story(Some(figure.to_string()))),
            None => (Came::Unknown, story(None)),
        }
    }

    /// An error says what is wrong with the data, where a miss says what to do.
    fn fault(&self, mut finding: Finding, requirement: &Requirement) -> Finding {
        let fault = match requirement {
            Requirement::Input(condition) => self.fault_of(condition),
            _ => finding.actual.clone(),
        };
        if let Some(fault) = fault {
            finding.message = fault;
        }
        finding
    }

    /// What in the input cannot be what a condition asks of it: the field, what was found and what was expected.
    fn fault_of(&self, condition: &Asked) -> Option<String> {
        let wrong = |slot: usize, expected: &str, fits: &dyn Fn(&Found<'_>) -> bool| {
            let found = self.values.at(slot).find(|found| !found.is_blank() && !fits(found))?;
            let found = shown(found);
            Some(format!("`{}` is {found}, and {expected} was expected", self.gates.paths.name(slot)))
        };
        match condition {
            Asked::All(parts) | Asked::Any(parts) => parts.iter().find_map(|part| self.fault_of(part)),
            Asked::Not(part) => self.fault_of(part),
            Asked::Present(_) | Asked::Absent(_) => None,
            Asked::Truth(slot, _) => wrong(*slot, "true or false", &|found| matches!(found, Found::Truth(_))),
            Asked::Text(slot, _) => wrong(*slot, "a text", &|found| found.text().is_some()),
            Asked::Numbers(slot, _) => wrong(*slot, "a number", &|found| found.number().is_some()),
            Asked::Range(slot, bounds) => {
                let number = |slot| wrong(slot, "a number", &|found: &Found<'_>| found.number().is_some());
                number(*slot).or_else(|| bounds.times.and_then(number)).or_else(|| {
                    let other = bounds.times?;
                    let name = |slot| self.gates.paths.name(slot);
                    (asked(condition, self.values, Over::Every) == Came::Error)
                        .then(|| format!("`{}` and `{}` cannot be compared item by item", name(*slot), name(other)))
                })
            }
        }
    }

    /// The values a condition looked at.
    fn story_of(&self, condition: &Asked) -> Story {
        let mut slots = Vec::new();
        slots_of(condition, &mut slots);
        slots.dedup();
        let shown = |slot: &usize| {
            let values: Vec<String> = self.values.at(*slot).map(shown).collect();
            let values = if values.is_empty() { "not there".to_owned() } else { values.join(", ") };
            format!("{} is {values}", self.gates.paths.name(*slot))
        };
        let actual: Vec<String> = slots.iter().map(shown).collect();
        Story { requirement: self.words(condition), actual: Some(actual.join("; ")), blocking: Vec::new() }
    }

    /// A condition as people read it.
    fn words(&self, condition: &Asked) -> String {
        let name = |slot: &usize| self.gates.paths.name(*slot);
        let join = |parts: &[Asked], word: &str| {
            let parts: Vec<String> = parts.iter().map(|part| self.words(part)).collect();
            parts.join(word)
        };
        match condition {
            Asked::All(parts) => join(parts, " and "),
            Asked::Any(parts) => format!("({})", join(parts, " or ")),
            Asked::Not(part) => format!("not ({})", self.words(part)),
            Asked::Present(slot) => format!("{} is there", name(slot)),
            Asked::Absent(slot) => format!("{} is not there", name(slot)),
            Asked::Truth(slot, truth) => format!("{} is {truth}", name(slot)),
            Asked::Text(slot, test) => format!("{} {}", name(slot), text_words(test)),
            Asked::Numbers(slot, numbers) => {
                let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
                format!("{} is {}", name(slot), numbers.join(" or "))
            }
            Asked::Range(slot, bounds) => {
                let times =
                    bounds.times.map_or_else(String::new, |other| format!(" times {}", self.gates.paths.name(other)));
                let bounds = [
                    ("at least", bounds.min),
                    ("at most", bounds.max),
                    ("above", bounds.above),
                    ("below", bounds.below),
                ];
                let parts: Vec<String> =
                    bounds.iter().filter_map(|(word, bound)| Some(format!("{word} {}{times}", (*bound)?))).collect();
                format!("{} is {}", name(slot), parts.join(" and "))
            }
        }
    }
}

fn text_words(test: &TextTest) -> String {
    let texts: Vec<String> = test.texts().iter().map(|text| quoted(text)).collect();
    let operator = match test.operator() {
        crate::condition::Operator::Equals => "is".to_owned(),
        other => other.name().replace('_', " "),
    };
    let case = if test.case() == Case::Insensitive { ", whatever its case" } else { "" };
    format!("{operator} {}{case}", texts.join(" or "))
}

fn shown(found: &Found<'_>) -> String {
    match found {
        Found::Absent => "not there".to_owned(),
        Found::Text(text) => quoted(text),
        Found::Number(number) => (*number).to_owned(),
        Found::Truth(truth) => truth.to_string(),
        Found::Whole(text) if text.starts_with('{') => "an object".to_owned(),
        Found::Whole(_) => "a list".to_owned(),
    }
}

fn slots_of(condition: &Asked, into: &mut Vec<usize>) {
    match condition {
        Asked::All(parts) | Asked::Any(parts) => parts.iter().for_each(|part| slots_of(part, into)),
        Asked::Not(part) => slots_of(part, into),
        Asked::Present(slot)
        | Asked::Absent(slot)
        | Asked::Truth(slot, _)
        | Asked::Text(slot, _)
        | Asked::Numbers(slot, _) => into.push(*slot),
        Asked::Range(slot, bounds) => {
            into.push(*slot);
            into.extend(bounds.times);
        }
    }
}

/// How many of the values at a path with `*` must be as asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Over {
    /// Each: what is required is required of every item.
    Every,
    /// One: a gate applies as soon as one item calls for it.
    Some,
}

impl Over {
    /// Not every item is so, when one is not: `not` turns the two around.
    fn turned(self) -> Self {
        match self {
            Self::Every => Self::Some,
            Self::Some => Self::Every,
        }
    }

    fn join(self, a: Came, b: Came) -> Came {
        let rank = |came: Came| match (came, self) {
            (Came::Yes, Self::Every) | (Came::No, Self::Some) => 0,
            (Came::Unknown, _) => 1,
            (Came::No, Self::Every) | (Came::Yes, Self::Some) => 2,
            (Came::Error, _) => 3,
        };
        if rank(b) > rank(a) { b } else { a }
    }

    /// What came of all values together; nothing where there are none.
    fn all(self, each: impl Iterator<Item = Came>) -> Option<Came> {
        each.reduce(|a, b| self.join(a, b))
    }
}

/// Whether something that a gate's `when` asks for is there and as asked.
fn some_holds(condition: &Asked, values: &Values<'_>) -> bool {
    some_holds_over(condition, values, Over::Some)
}

fn some_holds_over(condition: &Asked, values: &Values<'_>, over: Over) -> bool {
    match condition {
        Asked::All(parts) | Asked::Any(parts) => parts.iter().any(|part| some_holds_over(part, values, over)),
        Asked::Not(part) => !matches!(asked(part, values, over.turned()), Came::Unknown),
        Asked::Absent(_) => false,
        check => asked(check, values, over) == Came::Yes,
    }
}

/// An error is an error whatever else holds; a miss is a miss whatever else is unknown.
fn asked(condition: &Asked, values: &Values<'_>, over: Over) -> Came {
    let join = |parts: &[Asked], decides: Came, otherwise: Came| {
        let (mut error, mut decided, mut unknown) = (false, false, false);
        for part in parts {
            let came = asked(part, values, over);
            error |= came == Came::Error;
            unknown |= came == Came::Unknown;
            decided |= came == decides;
        }
        match (error, decided, unknown) {
            (true, ..) => Came::Error,
            (_, true, _) => decides,
            (_, _, true) => Came::Unknown,
            _ => otherwise,
        }
    };
    let each = |slot: usize, ask: &dyn Fn(&Found<'_>) -> Came| {
        let one = |found: &Found<'_>| if found.is_blank() { Came::Unknown } else { ask(found) };
        over.all(values.at(slot).map(one)).unwrap_or(Came::Unknown)
    };
    match condition {
        Asked::All(parts) => join(parts, Came::No, Came::Yes),
        Asked::Any(parts) => join(parts, Came::Yes, Came::No),
        Asked::Not(part) => match asked(part, values, over.turned()) {
            Came::Yes => Came::No,
            Came::No => Came::Yes,
            other => other,
        },
        Asked::Present(slot) => {
            over.all(values.at(*slot).map(|found| Came::of(found.says_something()))).unwrap_or(Came::No)
        }
        Asked::Absent(slot) => over.all(values.at(*slot).map(|found| Came::of(found.is_blank()))).unwrap_or(Came::Yes),
        Asked::Truth(slot, truth) => each(*slot, &|found| match found {
            Found::Truth(held) => Came::of(held == truth),
            _ => Came::Error,
        }),
        Asked::Text(slot, test) => each(*slot, &|found| match found.text() {
            Some(value) => Came::of(test.matches(value)),
            None => Came::Error,
        }),
        Asked::Numbers(slot, numbers) => each(*slot, &|found| match found.number() {
            Some(number) => Came::of(numbers.contains(&number)),
            None => Came::Error,
        }),
        Asked::Range(slot, bounds) => range(values, *slot, bounds, over),
    }
}

fn range(values: &Values<'_>, slot: usize, bounds: &Bounds, over: Over) -> Came {
    let within = |number: Amount, factor: Option<Amount>| {
        let bound = |bound: Option<Amount>| match (bound, factor) {
            (Some(bound), Some(factor)) => bound.checked_mul(factor).ok_or(()).map(Some),
            (bound, _) => Ok(bound),
        };
        let all = (bound(bounds.min), bound(bounds.max), bound(bounds.above), bound(bounds.below));
        let (Ok(min), Ok(max), Ok(above), Ok(below)) = all else { return Came::Error };
        Came::of(
            min.is_none_or(|min| number >= min)
                && max.is_none_or(|max| number <= max)
                && above.is_none_or(|above| number > above)
                && below.is_none_or(|below| number < below),
        )
    };
    let Some(other) = bounds.times else {
        let one = |found: &Found<'_>| match found.number() {
            _ if found.is_blank() => Came::Unknown,
            Some(number) => within(number, None),
            None => Came::Error,
        };
        return over.all(values.at(slot).map(one)).unwrap_or(Came::Unknown);
    };
    let (own, others): (Vec<_>, Vec<_>) = (values.at(slot).collect(), values.at(other).collect());
    if own.is_empty() || others.is_empty() {
        return Came::Unknown;
    }
    if others.len() != 1 && others.len() != own.len() {
        return Came::Error;
    }
    let one = |(at, found): (usize, &&Found<'_>)| {
        let Some(factor) = others.get(at).or_else(|| others.first()) else { return Came::Unknown };
        if found.is_blank() || factor.is_blank() {
            return Came::Unknown;
        }
        match (found.number(), factor.number()) {
            (Some(number), Some(factor)) => within(number, Some(factor)),
            _ => Came::Error,
        }
    };
    over.all(own.iter().enumerate().map(one)).unwrap_or(Came::Unknown)
}
