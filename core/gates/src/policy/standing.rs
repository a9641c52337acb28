//! What assessments say of the controls and criteria that gates require.

use std::fmt::Write as _;

use super::asked::Came;
use super::context::{Assessed, Context, Held, Lean};
use super::gate::Mode;
use super::input::Found;
use crate::order::Order as _;

/// Whose assessment counts, and the field of the input that says so.
#[derive(Clone, Copy, Debug)]
pub(super) struct Subject<'s> {
    field: &'s str,
    named: Named<'s>,
}

#[derive(Clone, Copy, Debug)]
enum Named<'s> {
    /// The input names nobody.
    Anybody,
    /// The one that the input names.
    One(&'s str),
    /// The input names nobody who could be known; why.
    Nobody(&'static str),
}

impl<'s> Subject<'s> {
    /// By what stands in the field; where the subject has to be named, naming nobody is no way round.
    pub(super) fn of(field: &'s str, found: impl Iterator<Item = &'s Found<'s>>, is_needed: bool) -> Self {
        let mut found = found.filter(|found| !found.is_blank());
        let named = match (found.next(), found.next()) {
            (None, _) if is_needed => Named::Nobody("is not there"),
            (None, _) => Named::Anybody,
            (Some(Found::Text(name)), None) => Named::One(name.trim()),
            (Some(_), None) => Named::Nobody("is no text"),
            (Some(_), Some(_)) => Named::Nobody("names several"),
        };
        Self { field, named }
    }
}

/// What came of a requirement on an assessment, with what is and what holds it back.
pub(super) struct Stands {
    pub(super) came: Came,
    pub(super) actual: Option<String>,
    pub(super) blocking: Vec<String>,
    /// The criterion does not apply, so that nothing was asked.
    pub(super) idle: bool,
}

impl Stands {
    fn new(came: Came, actual: Option<String>) -> Self {
        Self { came, actual, blocking: Vec::new(), idle: false }
    }
}

impl Context {
    /// The one result of a framework that counts for a subject; otherwise why there is none, where that can be said.
    fn assessed(&self, framework: &str, subject: Subject<'_>) -> Result<&Assessed, Option<String>> {
        let Subject { field, named } = subject;
        let mut all = self.results.iter().filter(|result| result.framework == framework);
        match named {
            Named::One(name) => {
                let (mut own, others): (Vec<_>, Vec<_>) = all.partition(|result| result.subject == name);
                match own.pop() {
                    Some(one) => Ok(one),
                    None if others.is_empty() => Err(None),
                    None => Err(Some(format!("{}, not of `{name}`", subjects(&others)))),
                }
            }
            Named::Anybody => match (all.next(), all.next()) {
                (Some(one), None) => Ok(one),
                (None, _) => Err(None),
                (Some(one), Some(two)) => {
                    let all: Vec<_> = [one, two].into_iter().chain(all).collect();
                    Err(Some(format!("{}, and the input names no `{field}`", subjects(&all))))
                }
            },
            Named::Nobody(why) => {
                let all: Vec<_> = all.collect();
                Err((!all.is_empty()).then(|| format!("{}, and the input's `{field}` {why}", subjects(&all))))
            }
        }
    }

    /// Whether a control is at a level; a level that rests on waivers counts while they hold, and for gates that may be waived.
    pub(super) fn control(
        &self,
        (framework, control): (&str, &str),
        (min_level, mode): (u8, Mode),
        subject: Subject<'_>,
        waivable: bool,
    ) -> Stands {
        let standing = match self.assessed(framework, subject) {
            Ok(assessed) => assessed.controls.get(control),
            Err(why) => return Stands::new(Came::Unknown, why),
        };
        let Some(standing) = standing else { return Stands::new(Came::Unknown, None) };
        let level = match mode {
            Mode::Confirmed => standing.confirmed,
            Mode::Potential => standing.potential,
        };
        let mut actual = format!("level {}", standing.confirmed);
        if standing.potential > standing.confirmed {
            let _ = write!(actual, ", up to {}", standing.potential);
        }
        if level >= min_level {
            let lean = |lapsed_only: bool| -> Vec<String> {
                let counts = |(stage, _, lean): &&(u8, String, Lean)| {
                    *stage <= min_level && (!lapsed_only || *lean == Lean::Lapsed)
                };
                standing.waived.iter().filter(counts).map(|(_, id, _)| id.clone()).collect()
            };
            let (came, blocking, why) = if waivable {
                (Came::Unknown, lean(true), "resting on a waiver that does not hold on the day")
            } else {
                (Came::No, lean(false), "resting on a waiver, and this gate may not be waived")
            };
            if !blocking.is_empty() {
                return Stands { blocking, ..Stands::new(came, Some(format!("{actual}, {why}"))) };
            }
            // What is too old is not known: it leaves a level possible, and no longer certain.
            let stale = standing.stale.iter().filter(|(stage, _)| *stage <= min_level && mode == Mode::Confirmed);
            let blocking: Vec<String> = stale.map(|(_, id)| id.clone()).collect();
            if blocking.is_empty() {
                return Stands::new(Came::Yes, None);
            }
            let actual = format!("{actual}, resting on evidence that is too old on the day");
            return Stands { blocking, ..Stands::new(Came::Unknown, Some(actual)) };
        }
        let open = standing.open.iter().filter(|(stage, _)| *stage <= min_level);
        let came = if mode == Mode::Confirmed && standing.potential >= min_level { Came::Unknown } else { Came::No };
        Stands { blocking: open.map(|(_, id)| id.clone()).collect(), ..Stands::new(came, Some(actual)) }
    }

    /// Whether a criterion is met; what does not apply holds nothing back.
    pub(super) fn criterion(&self, framework: &str, criterion: &str, subject: Subject<'_>, waivable: bool) -> Stands {
        let held = match self.assessed(framework, subject) {
            Ok(assessed) => assessed.criteria.get(criterion),
            Err(why) => return Stands::new(Came::Unknown, why),
        };
        let (came, actual) = match held {
            None => (Came::Unknown, None),
            Some(Held::Waived(_)) if !waivable => {
                (Came::No, Some("waived, and this gate may not be waived".to_owned()))
            }
            Some(Held::Waived(Lean::Holds)) => (Came::Yes, Some("waived".to_owned())),
            Some(Held::Waived(Lean::Lapsed)) => {
                (Came::Unknown, Some("waived, and the waiver does not hold on the day".to_owned()))
            }
            Some(Held::Stale(outcome)) => {
                let outcome = outcome.replace('_', " ");
                (Came::Unknown, Some(format!("{outcome}, on evidence that is too old on the day")))
            }
            Some(Held::Said(outcome)) => {
                let came = match outcome.as_str() {
                    "met" | "not_applicable" => Came::Yes,
                    "unknown" => Came::Unknown,
                    _ => Came::No,
                };
                (came, Some(outcome.replace('_', " ")))
            }
        };
        let idle = matches!(held, Some(Held::Said(outcome)) if outcome == "not_applicable");
        let blocking = if came == Came::Yes { Vec::new() } else { vec![criterion.to_owned()] };
        Stands { blocking, idle, ..Stands::new(came, actual) }
    }
}

fn subjects(of: &[&Assessed]) -> String {
    let mut names: Vec<String> = of.iter().map(|assessed| format!("`{}`", assessed.subject)).collect();
    names.order();
    format!("an assessment of {}", names.join(" and of "))
}
