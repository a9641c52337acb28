//! Answering an entrypoint.

use headroom_core::api::Failure;
use headroom_core::policy::Decision;

use crate::Value;

/// The entrypoints as JSON: names and numbers.
pub const ENTRYPOINTS: &str = if cfg!(feature = "panics") {
    r#"{"headroom/decision":0,"headroom/allow":1,"headroom/panic":2}"#
} else {
    r#"{"headroom/decision":0,"headroom/allow":1}"#
};

/// The result set of an entrypoint over an input, JSON text: one result.
///
/// A fault of the input is a denial that says what is wrong, and no failure.
///
/// # Errors
/// When the data holds no gates that can be read, or there is no such entrypoint.
pub fn evaluate(entrypoint: i32, data: Option<&Value>, input: &str) -> Result<String, Failure> {
    let nothing = || Failure::new("no data was set, so there are no gates").hint("set data to the gates");
    let gates = data.ok_or_else(nothing)?.gates()?;
    match entrypoint {
        0 => Ok(result(&gates.decide_json(input))),
        1 => Ok(result(if gates.decide(input).decision == Decision::Deny { "false" } else { "true" })),
        #[cfg(feature = "panics")]
        #[expect(clippy::panic, reason = "this is what the feature is for")]
        2 => panic!("a panic was asked for"),
        other => Err(Failure::new(format_args!("there is no entrypoint {other}"))
            .hint("0 is `headroom/decision`, 1 is `headroom/allow`")),
    }
}

fn result(value: &str) -> String {
    let mut set = String::with_capacity(value.len() + 13);
    set.push_str("[{\"result\":");
    set.push_str(value);
    set.push_str("}]");
    set
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_entrypoints_say_the_same() {
        let data = r#"{"headroom":{"gates":[{"name":"g","document":{"schema":"headroom/gate/1","gate":[
            {"id":"squad","require":[{"input":"squad","present":true}],"effect":"deny","message":"name a squad"}]}}]}}"#;
        let data = Value::read(data).unwrap();
        for (input, allowed) in
            [(r#"{"squad":"search"}"#, true), ("{}", false), ("[]", false), ("", false), ("{", false)]
        {
            let decision = evaluate(0, Some(&data), input).unwrap();
            assert!(decision.starts_with(r#"[{"result":{"schema":"headroom/decision/1","decision":""#), "{decision}");
            assert_eq!(decision.contains(r#""decision":"allow""#), allowed, "{input}");
            assert_eq!(evaluate(1, Some(&data), input).unwrap(), format!("[{{\"result\":{allowed}}}]"), "{input}");
        }
        assert!(evaluate(7, Some(&data), "{}").unwrap_err().to_string().contains("no entrypoint 7"));
        assert!(evaluate(0, None, "{}").unwrap_err().to_string().contains("no data was set"));
    }
}
