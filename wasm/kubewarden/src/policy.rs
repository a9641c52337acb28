//! The settings of the policy, read, and what they say of an object.

use headroom_core::api::{Failure, PreparedGates};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::response::Validated;

/// Gates, evidence, day and waivers.
#[derive(Debug)]
pub struct Policy {
    gates: PreparedGates,
    /// Waivers as the settings write them: a JSON list.
    waivers: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings<'t> {
    #[serde(borrow)]
    gates: &'t RawValue,
    #[serde(borrow)]
    evidence: Option<&'t RawValue>,
    #[serde(borrow)]
    as_of: Option<&'t RawValue>,
    #[serde(borrow)]
    waivers: Option<&'t RawValue>,
}

impl Policy {
    /// Reads settings: `{"gates": [{"name": …, "document": {…}}], "evidence": […], "as_of": "2026-05-31", "waivers": […]}`,
    /// of which all but `gates` may be left out (see [`PreparedGates::configured`]). `waivers` are those that an input of a
    /// gate may bring; an object brings none, since whoever asks for admission must not waive what is asked of it.
    ///
    /// # Errors
    /// Whatever is wrong with them.
    pub fn read(settings: &str) -> Result<Self, Failure> {
        let given: Settings<'_> = serde_json::from_str(settings).map_err(|error| Failure::at("settings", error))?;
        // Joined as text, so that no digit of a document is lost.
        let members = [("gates", Some(given.gates)), ("evidence", given.evidence), ("as_of", given.as_of)];
        let members: Vec<String> =
            members.iter().filter_map(|(key, value)| Some(format!("\"{key}\":{}", value.as_ref()?.get()))).collect();
        let gates = PreparedGates::configured("settings", &format!("{{{}}}", members.join(",")))?;
        Ok(Self { gates, waivers: given.waivers.map(|waivers| waivers.get().to_owned()) })
    }

    /// Decides over an object, JSON text.
    pub(crate) fn validate(&self, object: &str) -> Validated {
        #[derive(Deserialize)]
        struct Object<'t> {
            #[serde(borrow)]
            waivers: Option<&'t RawValue>,
        }
        match serde_json::from_str::<Object<'_>>(object) {
            Ok(Object { waivers: Some(_) }) => Validated::refused(
                "an object may not waive gates itself: its `waivers` belong into the settings".to_owned(),
            ),
            Ok(_) => match (&self.waivers, object.trim_end().strip_suffix('}')) {
                (Some(waivers), Some(open)) => {
                    let comma = if open.trim_end().ends_with('{') { "" } else { "," };
                    Validated::of(&self.gates.decide(&format!("{open}{comma}\"waivers\":{waivers}}}")))
                }
                _ => Validated::of(&self.gates.decide(object)),
            },
            Err(_) => Validated::refused("the request has no object to decide about".to_owned()),
        }
    }
}
