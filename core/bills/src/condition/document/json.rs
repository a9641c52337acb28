//! JSON into the tree.

use super::{Entry, Fault, MAX_DEPTH, Node, Value};
use crate::json::{self, Reader, Token};

type Failed = (usize, Fault);

pub(super) fn read(text: &str) -> Result<Node, Failed> {
    let mut reader = Reader::new(text);
    let node = node(&mut reader, 0)?;
    reader.end().map_err(syntax)?;
    Ok(node)
}

fn syntax(fault: json::Fault) -> Failed {
    let (at, message) = fault.into_parts();
    (at, Fault::Syntax { format: "JSON", message })
}

fn node(reader: &mut Reader<'_>, depth: usize) -> Result<Node, Failed> {
    let at = reader.place();
    if depth > MAX_DEPTH {
        return Err((at, Fault::TooDeep));
    }
    let value = match reader.value().map_err(syntax)? {
        Token::Null => Value::Null,
        Token::Truth(truth) => Value::Bool(truth),
        Token::Number(digits) => Value::Number(digits.to_owned()),
        Token::Text(text) => Value::Text(text.into_owned()),
        Token::List => {
            let mut items = Vec::new();
            while reader.next_item().map_err(syntax)? {
                items.push(node(reader, depth + 1)?);
            }
            Value::List(items)
        }
        Token::Table => Value::Table(entries(reader, depth)?),
    };
    Ok(Node { at, value })
}

fn entries(reader: &mut Reader<'_>, depth: usize) -> Result<Vec<Entry>, Failed> {
    let mut entries: Vec<Entry> = Vec::new();
    // Places of the entries in order of their keys.
    let mut known: Vec<usize> = Vec::new();
    while let Some(key) = reader.next_key().map_err(syntax)? {
        let at = reader.key_place();
        let place = known.binary_search_by(|place| entries.get(*place).map_or("", |entry| &entry.key).cmp(&key));
        match place {
            Ok(_) => return Err((at, Fault::KeyTwice { key: key.into_owned() })),
            Err(place) => known.insert(place, entries.len()),
        }
        entries.push(Entry { key: key.into_owned(), at, node: node(reader, depth + 1)? });
    }
    Ok(entries)
}
