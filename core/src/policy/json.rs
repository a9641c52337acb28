//! JSON that gates look into beside the input: results of assessments, cost reports.
//!
//! Just what is looked for. The JSON library's own value brings maps, indices and ways of writing along, which would be a
//! fifth of the modules for policy engines, where size counts.

use std::fmt;
use std::ops::Index;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// A value.
#[derive(Clone, Debug)]
pub(super) enum Json {
    Null,
    Truth(bool),
    Whole(u64),
    Number(f64),
    Text(String),
    List(Vec<Self>),
    /// Of keys that are said twice the last counts.
    Table(Vec<(String, Self)>),
}

static NULL: Json = Json::Null;

impl Json {
    /// A value from its text.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        serde_json::from_str(text).map_err(|error| error.to_string())
    }

    pub(super) fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    pub(super) fn as_str(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    pub(super) fn as_whole(&self) -> Option<u64> {
        if let Self::Whole(number) = self { Some(*number) } else { None }
    }

    pub(super) fn as_list(&self) -> Option<&[Self]> {
        if let Self::List(items) = self { Some(items) } else { None }
    }

    pub(super) fn is_empty_table(&self) -> bool {
        matches!(self, Self::Table(entries) if entries.is_empty())
    }

    pub(super) fn entry(&self, key: &str) -> Option<&Self> {
        let Self::Table(entries) = self else { return None };
        entries.iter().rev().find(|(known, _)| known == key).map(|(_, value)| value)
    }
}

/// The value of a key; null where there is none.
impl Index<&str> for Json {
    type Output = Self;

    fn index(&self, key: &str) -> &Self {
        self.entry(key).unwrap_or(&NULL)
    }
}

impl PartialEq<str> for Json {
    fn eq(&self, text: &str) -> bool {
        self.as_str() == Some(text)
    }
}

/// The order of keys does not count.
impl PartialEq for Json {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Truth(one), Self::Truth(other)) => one == other,
            (Self::Whole(one), Self::Whole(other)) => one == other,
            (Self::Number(one), Self::Number(other)) => one.to_bits() == other.to_bits(),
            (Self::Text(one), Self::Text(other)) => one == other,
            (Self::List(one), Self::List(other)) => one == other,
            (Self::Table(one), Self::Table(held)) => {
                let all = |of: &[(String, Self)], there: &Self, here: &Self| {
                    of.iter().all(|(key, _)| there.entry(key).is_some_and(|value| *value == here[key.as_str()]))
                };
                all(one, other, self) && all(held, self, other)
            }
            _ => false,
        }
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;

        impl<'de> Visitor<'de> for Reader {
            type Value = Json;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value")
            }

            fn visit_unit<E>(self) -> Result<Json, E> {
                Ok(Json::Null)
            }

            fn visit_bool<E>(self, truth: bool) -> Result<Json, E> {
                Ok(Json::Truth(truth))
            }

            fn visit_u64<E>(self, number: u64) -> Result<Json, E> {
                Ok(Json::Whole(number))
            }

            fn visit_i64<E>(self, number: i64) -> Result<Json, E> {
                Ok(Json::Number(number as f64))
            }

            fn visit_f64<E>(self, number: f64) -> Result<Json, E> {
                Ok(Json::Number(number))
            }

            fn visit_str<E>(self, text: &str) -> Result<Json, E> {
                Ok(Json::Text(text.to_owned()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Json, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = seq.next_element()? {
                    items.push(item);
                }
                Ok(Json::List(items))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Json::Table(entries))
            }
        }

        deserializer.deserialize_any(Reader)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Json {
        Json::read(text).unwrap()
    }

    #[test]
    fn values_are_looked_up_and_compared() {
        let value = read(r#"{"a":{"b":"x","n":3,"b":"y"},"list":[1,-1,0.5,true,null],"empty":{}}"#);
        assert!(value["a"]["b"] == *"y" && value["a"]["n"].as_whole() == Some(3));
        assert!(value["a"]["c"]["d"].is_null() && value["empty"].is_empty_table() && !value["a"].is_empty_table());
        assert_eq!(value["list"].as_list().map(<[Json]>::len), Some(5));
        for (one, other, same) in [
            (r#"{"a":1,"b":null}"#, r#"{"b":null,"a":1}"#, true),
            (r#"{"a":1}"#, r#"{"a":1,"b":null}"#, false),
            (r#"{"a":1,"a":2}"#, r#"{"a":2}"#, true),
            ("[1,2]", "[2,1]", false),
            ("0.5", "0.5", true),
            ("1", "true", false),
        ] {
            assert_eq!(read(one) == read(other), same, "{one} {other}");
        }
        assert!(Json::read("{").is_err());
    }
}
