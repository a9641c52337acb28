//! A JSON value that a host handed over: its text, and if it is the data of the policy, the gates in it.

use headroom_core::api::{Failure, PreparedGates};
use headroom_core::json::{Members, Raw, Reader, items, push_text, text};

/// What the gates' configuration is called, in messages and in the data.
const PLACE: &str = "data.headroom";

/// A value. Its text is kept as it came, so that numbers lose no digit and keys keep their order.
#[derive(Debug)]
pub struct Value {
    text: String,
    /// The gates in `headroom`; `None` where there is no such key.
    gates: Option<Result<PreparedGates, Failure>>,
    /// Whether it is a set, for which the text has a list.
    is_set: bool,
}

impl Value {
    /// A value from its text; `None` where that is not JSON.
    pub fn read(text: &str) -> Option<Self> {
        let mut reader = Reader::new(text);
        let value = reader.raw().ok()?;
        reader.end().ok()?;
        Some(Self::of(value.text().to_owned()))
    }

    /// A value from text that is known to be JSON.
    pub(crate) fn of(text: String) -> Self {
        let configured = Members::read(Raw::whole(&text)).ok().and_then(|members| members.get("headroom").transpose());
        let gates = configured.map(|configured| match configured {
            Ok(configured) => PreparedGates::configured(PLACE, configured.text()),
            Err(twice) => Err(Failure::at("data", twice)),
        });
        Self { text, gates, is_set: false }
    }

    /// A result set, from the list that it is in JSON.
    #[cfg(any(target_arch = "wasm32", test))]
    pub(crate) fn set(list: String) -> Self {
        Self { text: list, gates: None, is_set: true }
    }

    /// It as Rego writes values, of which JSON is a part.
    pub fn rego(&self) -> String {
        let members = self.text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        match members {
            Some(members) if self.is_set => format!("{{{members}}}"),
            _ => self.text.clone(),
        }
    }

    /// Its text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The gates in it.
    ///
    /// # Errors
    /// When there are none, or they cannot be read.
    pub fn gates(&self) -> Result<&PreparedGates, Failure> {
        match &self.gates {
            Some(Ok(gates)) => Ok(gates),
            Some(Err(failure)) => Err(failure.clone()),
            None => Err(Failure::at(PLACE, "the data holds no gates")
                .hint("set data to `{\"headroom\": {\"gates\": [{\"name\": ..., \"document\": {...}}]}}`")),
        }
    }

    /// The value with another at a path of keys; objects on the way are made. `None` where the path goes through what is
    /// no object.
    pub fn with(&self, path: &[String], value: &Self) -> Option<Self> {
        Some(Self::of(put(&self.text, path, Some(&value.text))?))
    }

    /// The value without what is at a path of keys.
    pub fn without(&self, path: &[String]) -> Option<Self> {
        Some(Self::of(put(&self.text, path, None)?))
    }

    /// The keys of a path: the value is a list of texts.
    pub fn as_path(&self) -> Option<Vec<String>> {
        let keys = items(Raw::whole(&self.text)).ok()?;
        keys.into_iter().map(|key| Some(text("path", key).ok()?.into_owned())).collect()
    }
}

/// The text of an object with a member replaced, added or taken out.
fn put(text: &str, path: &[String], value: Option<&str>) -> Option<String> {
    let Some((key, rest)) = path.split_first() else { return value.map(str::to_owned) };
    let held = Members::read(Raw::whole(text)).ok()?;
    let mut out = String::from("{");
    let mut push = |key: &str, part: &str| {
        if out.len() > 1 {
            out.push(',');
        }
        push_text(&mut out, key);
        out.push(':');
        out.push_str(part);
    };
    let mut found = false;
    for (name, member) in held.iter() {
        if name != key {
            push(name, member.text());
            continue;
        }
        found = true;
        if !rest.is_empty() || value.is_some() {
            push(name, &put(member.text(), rest, value)?);
        }
    }
    if let (false, Some(_)) = (found, value) {
        push(key, &put(if rest.is_empty() { "null" } else { "{}" }, rest, value)?);
    }
    out.push('}');
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_put_and_taken_out() {
        let value = |text| Value::read(text).unwrap();
        let path = |keys: &[&str]| keys.iter().map(|key| (*key).to_owned()).collect::<Vec<_>>();
        let base = value(r#"{"b":1.0000000000000000001,"a":{"x":[1]}}"#);
        for (keys, put, whole) in [
            (&["a", "x"][..], "2", r#"{"b":1.0000000000000000001,"a":{"x":2}}"#),
            (&["a", "y", "z"], "true", r#"{"b":1.0000000000000000001,"a":{"x":[1],"y":{"z":true}}}"#),
            (&["b"], "{}", r#"{"b":{},"a":{"x":[1]}}"#),
            (&["c\""], "null", r#"{"b":1.0000000000000000001,"a":{"x":[1]},"c\"":null}"#),
            (&[], "[]", "[]"),
        ] {
            assert_eq!(base.with(&path(keys), &value(put)).unwrap().text(), whole, "{keys:?}");
        }
        assert!(base.with(&path(&["b", "x"]), &value("1")).is_none());
        assert_eq!(base.without(&path(&["a", "x"])).unwrap().text(), r#"{"b":1.0000000000000000001,"a":{}}"#);
        assert_eq!(base.without(&path(&["z"])).unwrap().text(), base.text());
        assert!(base.without(&path(&["b", "z"])).is_none());
        assert!(Value::read("{").is_none() && Value::read("1 2").is_none());
    }

    #[test]
    fn a_set_is_a_list_in_json() {
        let set = Value::set(r#"[{"result":[1]}]"#.to_owned());
        assert_eq!((set.text(), &*set.rego()), (r#"[{"result":[1]}]"#, r#"{{"result":[1]}}"#));
        assert_eq!(Value::read("[1]").unwrap().rego(), "[1]");
    }

    #[test]
    fn gates_are_those_under_headroom() {
        let of = |text: &str| Value::read(text).unwrap().gates().map(|_| ()).map_err(|failure| failure.to_string());
        let gate = r#"{"schema":"headroom/gate/1","gate":[{"id":"g","require":[{"input":"a","present":true}],"effect":"deny","message":"m"}]}"#;
        assert_eq!(of(&format!(r#"{{"headroom":{{"gates":[{{"name":"g.json","document":{gate}}}]}}}}"#)), Ok(()));
        for (text, says) in [
            ("{}", "data.headroom: the data holds no gates"),
            ("[]", "the data holds no gates"),
            (r#"{"headroom":1}"#, "data.headroom: "),
            (r#"{"headroom":1,"headroom":{}}"#, "data: `headroom` is written twice"),
            (r#"{"headroom":{"gates":[]}}"#, "no gate was given"),
            (r#"{"headroom":{"gates":[],"gate":1}}"#, "unknown field `gate`"),
            (r#"{"headroom":{"gates":[{"name":"g.json","document":{"schema":"headroom/gate/1"}}]}}"#, "g.json:1:"),
            (
                r#"{"headroom":{"gates":[{"name":"g.json","document":"[[gate]]"}]}}"#,
                "documents in TOML are not read here",
            ),
        ] {
            let failure = of(text).unwrap_err();
            // The TOML reader may be there in a build of the whole workspace.
            assert!(failure.contains(says) || says.contains("TOML"), "{text}: {failure}");
        }
    }
}
