//! The settings of the policy, read, and what they say of an object.

use headroom_core::api::{Failure, PreparedGates};
use headroom_core::json::{Members, Raw};

use crate::response::Validated;

/// Gates, evidence, day and waivers.
#[derive(Debug)]
pub struct Policy {
    gates: PreparedGates,
    /// Waivers as the settings write them: a JSON list.
    waivers: Option<String>,
}

impl Policy {
    /// Reads settings: `{"gates": [{"name": …, "document": {…}}], "evidence": […], "as_of": "2026-05-31", "waivers": […]}`,
    /// of which all but `gates` may be left out (see [`PreparedGates::configured`]). `waivers` are those that an input of a
    /// gate may bring; an object brings none, since whoever asks for admission must not waive what is asked of it.
    ///
    /// # Errors
    /// Whatever is wrong with them.
    pub fn read(settings: &str) -> Result<Self, Failure> {
        let given = Members::of(Raw::whole(settings), &["gates", "evidence", "as_of", "waivers"])
            .map_err(|fault| Failure::at("settings", fault))?;
        // Joined as text, so that no digit of a document is lost.
        let mut configured = String::from("{");
        for (key, value) in given.iter().filter(|(key, _)| *key != "waivers") {
            let comma = if configured.len() > 1 { "," } else { "" };
            configured.extend([comma, "\"", key, "\":", value.text()]);
        }
        configured.push('}');
        let waivers = given.get("waivers").map_err(|fault| Failure::at("settings", fault))?;
        let waivers = waivers.map(|waivers| waivers.text().to_owned());
        Ok(Self { gates: PreparedGates::configured("settings", &configured)?, waivers })
    }

    /// Decides over an object, JSON text.
    pub(crate) fn validate(&self, object: &str) -> Validated {
        let Ok(members) = Members::read(Raw::whole(object)) else {
            return Validated::refused("the request has no object to decide about".to_owned());
        };
        if !matches!(members.get("waivers"), Ok(None)) {
            let message = "an object may not waive gates itself: its `waivers` belong into the settings";
            return Validated::refused(message.to_owned());
        }
        match (&self.waivers, object.trim_end().strip_suffix('}')) {
            (Some(waivers), Some(open)) => {
                let comma = if open.trim_end().ends_with('{') { "" } else { "," };
                Validated::of(&self.gates.decide(&format!("{open}{comma}\"waivers\":{waivers}}}")))
            }
            _ => Validated::of(&self.gates.decide(object)),
        }
    }
}
