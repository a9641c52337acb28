//! TOML into the tree.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Entry, Fault, MAX_DEPTH, Node, Value};
use crate::order::Order as _;

type Failed = (usize, Fault);

pub(super) fn read(text: &str) -> Result<Node, Failed> {
    let table = DeTable::parse(text).map_err(|error| syntax(text, &error))?;
    let at = table.span().start;
    Ok(Node { at, value: Value::Table(entries(table.into_inner(), 0)?) })
}

pub(super) fn read_value(text: &str) -> Result<Node, Failed> {
    node(DeValue::parse(text).map_err(|error| syntax(text, &error))?, 0)
}

fn syntax(text: &str, error: &toml::de::Error) -> Failed {
    let at = error.span().map_or(text.len(), |span| span.start);
    (at, Fault::Syntax { format: "TOML", message: error.message().to_owned() })
}

fn node(value: Spanned<DeValue<'_>>, depth: usize) -> Result<Node, Failed> {
    let at = value.span().start;
    if depth > MAX_DEPTH {
        return Err((at, Fault::TooDeep));
    }
    let value = match value.into_inner() {
        DeValue::String(text) => Value::Text(text.into_owned()),
        DeValue::Integer(integer) => match i128::from_str_radix(integer.as_str(), integer.radix()) {
            Ok(number) => Value::Number(number.to_string()),
            Err(_) => Value::Number(integer.as_str().to_owned()),
        },
        DeValue::Float(float) => Value::Number(float.as_str().to_owned()),
        DeValue::Boolean(truth) => Value::Bool(truth),
        DeValue::Datetime(_) => Value::Date,
        DeValue::Array(items) => {
            let items = items.into_iter().map(|item| node(item, depth + 1));
            Value::List(items.collect::<Result<_, _>>()?)
        }
        DeValue::Table(table) => Value::Table(entries(table, depth)?),
    };
    Ok(Node { at, value })
}

fn entries(table: DeTable<'_>, depth: usize) -> Result<Vec<Entry>, Failed> {
    let mut entries = table
        .into_iter()
        .map(|(key, value)| {
            let at = key.span().start;
            Ok(Entry { key: key.into_inner().into_owned(), at, node: node(value, depth + 1)? })
        })
        .collect::<Result<Vec<_>, Failed>>()?;
    // The parser sorts keys by name; the order in which they were written carries meaning (dimensions).
    entries.order_by_key(|entry| entry.at);
    Ok(entries)
}
