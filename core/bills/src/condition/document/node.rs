//! The tree, and looking things up in it.

use std::ops::Index;

/// A value and the byte at which it starts.
#[derive(Clone, Debug)]
pub struct Node {
    /// Byte offset of the value in the document.
    pub at: usize,
    /// The value.
    pub value: Value,
}

/// A value as it was written.
#[derive(Clone, Debug)]
pub enum Value {
    /// A text.
    Text(String),
    /// A number, digit for digit: nothing is lost to a float.
    Number(String),
    /// `true` or `false`.
    Bool(bool),
    /// A list.
    List(Vec<Node>),
    /// A table, its keys in the order they were written, none twice.
    Table(Vec<Entry>),
    /// A TOML date or time.
    Date,
    /// JSON's `null`.
    Null,
}

impl Value {
    /// What kind of value it is, for a message.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "a text",
            Self::Number(_) => "a number",
            Self::Bool(_) => "true or false",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
            Self::Date => "a date",
            Self::Null => "null",
        }
    }
}

/// A key of a table with its value.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Byte offset of the key in the document.
    pub at: usize,
    /// The value.
    pub node: Node,
}

static NOTHING: Node = Node { at: 0, value: Value::Null };

impl Node {
    /// Whether it is `null`, or not there.
    pub fn is_null(&self) -> bool {
        matches!(self.value, Value::Null)
    }

    /// A text.
    pub fn as_text(&self) -> Option<&str> {
        if let Value::Text(text) = &self.value { Some(text) } else { None }
    }

    /// A whole number that is not negative.
    pub fn as_whole(&self) -> Option<u64> {
        if let Value::Number(digits) = &self.value { digits.parse().ok() } else { None }
    }

    /// A list.
    pub fn as_list(&self) -> Option<&[Self]> {
        if let Value::List(items) = &self.value { Some(items) } else { None }
    }

    /// The entries of a table; none of anything else.
    pub fn entries(&self) -> &[Entry] {
        if let Value::Table(entries) = &self.value { entries } else { &[] }
    }

    /// The value of a key, where it is a table that has it.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entries().iter().find(|entry| entry.key == key).map(|entry| &entry.node)
    }
}

/// The value of a key; null where there is none.
impl Index<&str> for Node {
    type Output = Self;

    fn index(&self, key: &str) -> &Self {
        self.get(key).unwrap_or(&NOTHING)
    }
}

impl PartialEq<str> for Node {
    fn eq(&self, text: &str) -> bool {
        self.as_text() == Some(text)
    }
}

/// Where it stands does not count, nor the order of keys; numbers are the same when their digits are.
impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        match (&self.value, &other.value) {
            (Value::Null, Value::Null) | (Value::Date, Value::Date) => true,
            (Value::Bool(one), Value::Bool(other)) => one == other,
            (Value::Number(one), Value::Number(other)) | (Value::Text(one), Value::Text(other)) => one == other,
            (Value::List(one), Value::List(other)) => one == other,
            (Value::Table(one), Value::Table(held)) => {
                one.len() == held.len() && one.iter().all(|entry| other.get(&entry.key) == Some(&entry.node))
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::json::read;
    use super::*;

    #[test]
    fn values_are_looked_up_and_compared() {
        let value = read(r#"{"a":{"b":"y","n":3},"list":[1,-1,0.5,true,null],"empty":{}}"#).unwrap();
        assert!(value["a"]["b"] == *"y" && value["a"]["n"].as_whole() == Some(3));
        assert!(value["a"]["c"]["d"].is_null() && value.get("c").is_none() && value["empty"].entries().is_empty());
        assert_eq!(value["list"].as_list().map(<[Node]>::len), Some(5));
        for (one, other, same) in [
            (r#"{"a":1,"b":null}"#, r#"{"b":null,"a":1}"#, true),
            (r#"{"a":1}"#, r#"{"a":1,"b":null}"#, false),
            (r#"{"a":1}"#, r#"{"b":1}"#, false),
            ("[1,2]", "[2,1]", false),
            ("0.5", " 0.5", true),
            ("1", "true", false),
        ] {
            assert_eq!(read(one).unwrap() == read(other).unwrap(), same, "{one} {other}");
        }
    }
}
