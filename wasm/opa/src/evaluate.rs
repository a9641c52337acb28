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

/// How a result set is written: the ABI calls them the formats 0 and 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notation {
    /// As JSON, which knows no sets: a list.
    Json,
    /// As Rego writes values: a set. OPA itself asks for this one.
    Rego,
}

impl Notation {
    /// The one that the ABI means by a number.
    pub const fn of(format: i32) -> Self {
        if format == 1 { Self::Rego } else { Self::Json }
    }

    /// A result set of one result.
    fn set(self, value: &str) -> String {
        let (open, close) = match self {
            Self::Json => ("[{\"result\":", "}]"),
            Self::Rego => ("{{\"result\":", "}}"),
        };
        let mut set = String::with_capacity(open.len() + value.len() + close.len());
        set.extend([open, value, close]);
        set
    }
}

/// The result set of an entrypoint over an input, JSON text: one result.
///
/// A fault of the input is a denial that says what is wrong, and no failure.
///
/// # Errors
/// When the data holds no gates that can be read, or there is no such entrypoint.
pub fn evaluate(entrypoint: i32, data: Option<&Value>, input: &str, notation: Notation) -> Result<String, Failure> {
    let nothing = || Failure::new("no data was set, so there are no gates").hint("set data to the gates");
    let gates = data.ok_or_else(nothing)?.gates()?;
    match entrypoint {
        0 => Ok(notation.set(&gates.decide_json(input))),
        1 => Ok(notation.set(if gates.decide(input).decision == Decision::Deny { "false" } else { "true" })),
        #[cfg(feature = "panics")]
        #[expect(clippy::panic, reason = "this is what the feature is for")]
        2 => panic!("a panic was asked for"),
        other => Err(Failure::new(format_args!("there is no entrypoint {other}"))
            .hint("0 is `headroom/decision`, 1 is `headroom/allow`")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_entrypoints_say_the_same() {
        let data = r#"{"headroom":{"gates":[{"name":"g","document":{"schema":"headroom/gate/1","gate":[
            {"id":"squad","require":[{"input":"squad","present":true}],"effect":"deny","message":"name a squad"}]}}]}}"#;
        let data = Value::read(data).unwrap();
        let evaluate = |entrypoint, data: Option<&Value>, input: &str| {
            let [json, rego] = [0, 1].map(|format| super::evaluate(entrypoint, data, input, Notation::of(format)));
            // A set of the same result, where JSON has a list.
            if let (Ok(json), Ok(rego)) = (&json, &rego) {
                let inner = json.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap();
                assert_eq!(*rego, format!("{{{inner}}}"));
            }
            json
        };
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
