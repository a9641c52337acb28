//! The settings of the policy, read, and what they say of an object.

use std::cell::RefCell;

use headroom_core::api::{Failure, PreparedGates};
use headroom_core::calendar::Date;
use headroom_core::policy::Decided;

use crate::request::Request;
use crate::response::Validated;

/// Gates, evidence, day and waivers.
#[derive(Debug)]
pub struct Policy {
    settings: String,
    gates: PreparedGates,
    /// The same for the later day of a request, the last one that there was.
    later: RefCell<Option<(Date, PreparedGates)>>,
}

impl Policy {
    /// Reads settings: `{"gates": [{"name": …, "document": {…}}], "evidence": […], "as_of": "2026-05-31", "waivers": […],
    /// "subject": "metadata.labels.squad"}`, of which all but `gates` may be left out (see [`PreparedGates::configured`]). An
    /// object brings no waivers, since whoever asks for admission must not waive what is asked of it.
    ///
    /// # Errors
    /// Whatever is wrong with them.
    pub fn read(settings: &str) -> Result<Self, Failure> {
        let gates = PreparedGates::configured(PLACE, settings)?;
        if gates.input_waives() {
            let failure = Failure::at(PLACE, "an object may not waive gates itself");
            return Err(failure.hint("list the `waivers`"));
        }
        Ok(Self { settings: settings.to_owned(), gates, later: RefCell::default() })
    }

    /// Whether it was read from these settings.
    pub(crate) fn is_of(&self, settings: &str) -> bool {
        self.settings == settings
    }

    /// Decides over the object of a request.
    pub(crate) fn validate(&self, request: &Request<'_>) -> Validated {
        if let Some(fault) = request.fault {
            return Validated::refused(fault.to_owned());
        }
        // What is on its way out asks for nothing: that its finalizers go must not be held up.
        if request.is_dying {
            return Validated::accepted();
        }
        let decided = self.gates.decide(request.object);
        match (self.gates.as_of(), request.day) {
            (Some(as_of), Some(day)) if day > as_of => match self.on(day, request.object) {
                Ok(later) => stricter(&decided, &later, as_of, day),
                Err(failure) => Validated::refused(failure.to_string()),
            },
            _ => Validated::of(&decided),
        }
    }

    /// Decides by a later day than that of the settings.
    fn on(&self, day: Date, object: &str) -> Result<Decided, Failure> {
        let mut later = self.later.borrow_mut();
        if later.as_ref().is_none_or(|(last, _)| *last != day) {
            *later = Some((day, PreparedGates::configured_since(PLACE, &self.settings, Some(day))?));
        }
        later.as_ref().map(|(_, gates)| gates.decide(object)).ok_or_else(|| Failure::new("no settings were given"))
    }
}

/// What messages call the settings.
const PLACE: &str = "settings";

/// The stricter of two decisions: what has expired between the days counts no more, and what began between them not yet.
fn stricter(decided: &Decided, later: &Decided, as_of: Date, day: Date) -> Validated {
    if decided.decision >= later.decision {
        return Validated::of(decided);
    }
    let mut validated = Validated::of(later);
    validated
        .warn(format!("decided by {day}, the day of the request: `as_of` of the settings, {as_of}, is to be renewed"));
    validated
}
