//! Headroom's gates as a Kubewarden policy: a waPC guest that decides whether a cluster admits an object.
//!
//! The settings of the policy hold the gates, the evidence they look at and the day, and waivers of gates (see
//! [`Policy::read`]). What is decided about is the object of the admission request, without regard to what it says of itself:
//! it brings neither waivers nor evidence, and a later day that the cluster has written into it counts. What is being deleted
//! is let go. Three functions answer:
//!
//! | function | answer |
//! | --- | --- |
//! | `validate` | whether the object is accepted; reasons of a denial are its message, warnings are warnings |
//! | `validate_settings` | whether the gates can be read, and otherwise what is wrong with them |
//! | `protocol_version` | `"v1"` |
//!
//! The module imports the three functions of waPC that a guest cannot do without, and nothing else. What keeps it from
//! deciding is never an acceptance.

#[cfg(target_arch = "wasm32")]
mod exports;
#[cfg(target_arch = "wasm32")]
mod heap;
mod policy;
mod request;
mod response;

pub use policy::Policy;

use std::cell::RefCell;

use headroom_core::json::{Fault, Members, Raw};
use request::Request;
use response::{SettingsResponse, Validated};

thread_local! {
    /// The settings last used, read: they are the same from request to request.
    static SETTINGS: RefCell<Option<Policy>> = const { RefCell::new(None) };
}

/// Answers a function of the protocol.
///
/// # Errors
/// When there is no such function, or what it was called with is not what it takes.
pub fn call(function: &str, payload: &str) -> Result<String, String> {
    match function {
        "validate" => validate(payload),
        "validate_settings" => Ok(SettingsResponse::of(Policy::read(payload).err()).json()),
        "protocol_version" => Ok("\"v1\"".to_owned()),
        other => Err(format!("there is no function `{other}`")),
    }
}

/// The settings and the request, as the policy server sends them.
fn sent(payload: &str) -> Result<(&str, Request<'_>), Fault> {
    let members = Members::read(Raw::whole(payload))?;
    Ok((members.need("settings")?.text(), Request::read(members.need("request")?)?))
}

fn validate(payload: &str) -> Result<String, String> {
    let (settings, request) = sent(payload).map_err(|fault| format!("the request cannot be read: {fault}"))?;
    SETTINGS.with_borrow_mut(|held| {
        if held.as_ref().is_none_or(|policy| !policy.is_of(settings)) {
            match Policy::read(settings) {
                Ok(policy) => *held = Some(policy),
                Err(failure) => return Ok(Validated::refused(failure.to_string()).json()),
            }
        }
        let Some(policy) = held else { return Err("no settings were given".to_owned()) };
        Ok(policy.validate(&request).json())
    })
}

#[cfg(test)]
mod tests;
