//! What can be said of a condition before any data is seen.

use super::{Check, Condition, Subject, Test};
use crate::order::Order as _;

/// Steps after which a comparison of two conditions gives up: deep nests could take exponential time.
const MAX_STEPS: u32 = 20_000;

impl Condition {
    /// Why it can never hold, as far as that can be told from the condition alone.
    pub fn never(&self) -> Option<String> {
        match self {
            Self::Check(check) => check.test.never().map(|reason| format!("{reason}: `{check:#}`")),
            Self::Not(part) if part.is_always() => Some(format!("it negates what always holds: `{part:#}`")),
            Self::Not(_) => None,
            Self::Any(parts) if parts.is_empty() => Some("`any` of an empty list".to_owned()),
            Self::Any(parts) => {
                let mut reasons = parts.iter().map(Self::never);
                let first = reasons.next().flatten()?;
                reasons.all(|reason| reason.is_some()).then_some(first)
            }
            Self::All(_) => {
                let mut parts = Vec::new();
                self.flatten(&mut parts);
                parts.iter().find_map(|part| part.never()).or_else(|| contradiction(&parts))
            }
        }
    }

    /// Whether it always holds, as far as that can be told from the condition alone.
    pub fn is_always(&self) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(Self::is_always),
            Self::Any(parts) => parts.iter().any(Self::is_always),
            Self::Not(part) => part.never().is_some(),
            Self::Check(_) => false,
        }
    }

    /// Whether it holds wherever `other` holds, as far as that can be told from the two alone.
    ///
    /// `true` is certain; `false` may only mean that it could not be told.
    pub fn covers(&self, other: &Self) -> bool {
        let mut steps = MAX_STEPS;
        covers(self, other, &mut steps)
    }

    /// The parts that must all hold.
    fn flatten<'c>(&'c self, into: &mut Vec<&'c Self>) {
        match self {
            Self::All(parts) => parts.iter().for_each(|part| part.flatten(into)),
            other => into.push(other),
        }
    }
}

fn covers(weak: &Condition, strong: &Condition, steps: &mut u32) -> bool {
    if *steps == 0 {
        return false;
    }
    *steps -= 1;
    match (weak, strong) {
        (Condition::All(parts), _) => parts.iter().all(|part| covers(part, strong, steps)),
        (_, Condition::Any(parts)) => parts.iter().all(|part| covers(weak, part, steps)),
        (Condition::Check(weak), Condition::Check(strong)) => {
            weak.subject == strong.subject && weak.test.covers(&strong.test)
        }
        (Condition::Not(weak), Condition::Not(strong)) => covers(strong, weak, steps),
        _ => {
            if let Condition::Any(parts) = weak
                && parts.iter().any(|part| covers(part, strong, steps))
            {
                return true;
            }
            match strong {
                Condition::All(parts) => parts.iter().any(|part| covers(weak, part, steps)),
                _ => false,
            }
        }
    }
}

/// What is asked of one subject: the test, and whether it must hold or must not.
type Asked<'c> = (&'c Test, bool);

/// Why these cannot all hold.
fn contradiction(parts: &[&Condition]) -> Option<String> {
    let mut asked: Vec<(&Subject, Asked<'_>)> = Vec::new();
    for part in parts {
        match part {
            Condition::Check(Check { subject, test }) => asked.push((subject, (test, true))),
            Condition::Not(inner) => {
                if let Condition::Check(Check { subject, test }) = inner.as_ref() {
                    asked.push((subject, (test, false)));
                }
                let denied = parts.iter().find(|part| inner.covers(part));
                if let Some(denied) = denied {
                    return Some(format!("`{denied:#}` and `{part:#}` exclude each other"));
                }
            }
            _ => {}
        }
    }
    asked.order_by_key(|(subject, _)| *subject);
    asked.chunk_by(|a, b| a.0 == b.0).find_map(|group| {
        let subject = group[0].0;
        let asked: Vec<Asked<'_>> = group.iter().map(|(_, asked)| *asked).collect();
        (asked.len() > 1).then(|| impossible(&asked)).flatten().map(|reason| format!("`{subject}` {reason}"))
    })
}

/// Why no value passes all of these.
fn impossible(asked: &[Asked<'_>]) -> Option<String> {
    let passes = |value: Option<&str>| asked.iter().all(|(test, wanted)| test.holds(value) == *wanted);
    if passes(None) {
        return None;
    }
    let must_be_absent = asked.iter().any(|asked| matches!(asked, (Test::Absent, true) | (Test::Present, false)));
    if must_be_absent {
        return Some("would have to be present and absent at once".to_owned());
    }
    // A number may be written in many ways, so text tests cannot be tried on its shortest form.
    let texts = asked.iter().any(|(test, _)| matches!(test, Test::Text(_)));
    let mut interval = Some((i128::MIN, i128::MAX));
    for (test, wanted) in asked {
        if !wanted {
            continue;
        }
        match test {
            Test::Range(range) => {
                interval = interval.zip(range.interval()).map(|(a, b)| (a.0.max(b.0), a.1.min(b.1)));
                interval = interval.filter(|(low, high)| low <= high);
            }
            Test::Amounts(_) if texts => {}
            _ => {
                let candidates = test.candidates();
                if candidates.is_some_and(|values| !values.iter().any(|value| passes(Some(value)))) {
                    return Some(format!("cannot be `{test:#}` and pass the other checks on it"));
                }
            }
        }
    }
    interval.is_none().then(|| "is bounded so that no number fits".to_owned())
}
