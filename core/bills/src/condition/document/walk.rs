//! Taking a document apart, with every problem collected.

use super::{Document, Entry, Fault, Node, Position, Problem, Value, nearest};
use crate::money::{Amount, AmountError};

/// One pass over a document that collects its problems.
///
/// The methods return `None` after reporting what is wrong, so that a reader can go on with the rest.
#[derive(Debug)]
pub struct Walk<'d> {
    document: &'d Document,
    problems: Vec<Problem>,
}

impl<'d> Walk<'d> {
    /// Starts a pass.
    pub fn new(document: &'d Document) -> Self {
        Self { document, problems: Vec::new() }
    }

    /// What was reported so far, in the order it was met.
    pub fn into_problems(self) -> Vec<Problem> {
        self.problems
    }

    /// How many problems were reported so far.
    pub fn problem_count(&self) -> usize {
        self.problems.len()
    }

    /// The line and column of a byte offset.
    pub fn position(&self, at: usize) -> Position {
        self.document.position(at)
    }

    /// Reports a fault at a byte offset.
    pub fn report(&mut self, at: usize, fault: Fault) {
        let at = self.document.position(at);
        self.problems.push(Problem { at, fault });
    }

    /// Reports that `key` holds the wrong kind of value.
    pub fn wrong_kind(&mut self, key: &str, node: &Node, expected: &'static str) {
        self.report(node.at, Fault::WrongKind { key: key.to_owned(), expected, found: node.value.kind() });
    }

    /// Reports a key that means nothing here.
    pub fn unknown_key(&mut self, entry: &Entry, known: &[&'static str]) {
        let fault = Fault::UnknownKey {
            key: entry.key.clone(),
            nearest: nearest(&entry.key, known.iter().copied()).map(str::to_owned),
            known: known.to_vec(),
        };
        self.report(entry.at, fault);
    }

    /// The entries of a table.
    pub fn table<'n>(&mut self, key: &str, node: &'n Node) -> Option<&'n [Entry]> {
        if let Value::Table(entries) = &node.value {
            return Some(entries);
        }
        self.wrong_kind(key, node, "a table");
        None
    }

    /// The items of a list.
    pub fn list<'n>(&mut self, key: &str, node: &'n Node) -> Option<&'n [Node]> {
        if let Value::List(items) = &node.value {
            return Some(items);
        }
        self.wrong_kind(key, node, "a list");
        None
    }

    /// A text that is not empty or blank.
    pub fn text<'n>(&mut self, key: &str, node: &'n Node, if_empty: &'static str) -> Option<&'n str> {
        match &node.value {
            Value::Text(text) if text.trim().is_empty() => {
                self.report(node.at, Fault::Empty { key: key.to_owned(), hint: if_empty });
                None
            }
            Value::Text(text) => Some(text),
            Value::Number(number) => {
                self.report(node.at, Fault::NumberAsText { key: key.to_owned(), number: number.clone() });
                None
            }
            _ => {
                self.wrong_kind(key, node, "a text");
                None
            }
        }
    }

    /// A text or a list of texts, none empty or blank.
    pub fn texts(&mut self, key: &str, node: &Node, if_empty: &'static str) -> Option<Vec<String>> {
        match &node.value {
            Value::List(items) => {
                // No short circuit: every bad item is to be reported.
                let texts: Vec<_> = items.iter().map(|item| self.text(key, item, if_empty)).collect();
                texts.into_iter().map(|text| text.map(str::to_owned)).collect()
            }
            Value::Text(_) | Value::Number(_) => self.text(key, node, if_empty).map(|text| vec![text.to_owned()]),
            _ => {
                self.wrong_kind(key, node, "a text or a list of texts");
                None
            }
        }
    }

    /// A decimal, written as a number or as a text, held exactly.
    pub fn amount(&mut self, key: &str, node: &Node) -> Option<Amount> {
        let (Value::Text(text) | Value::Number(text)) = &node.value else {
            self.wrong_kind(key, node, "a decimal number");
            return None;
        };
        let reason = match Amount::parse(text.as_bytes()) {
            Ok(parsed) if !parsed.rounded => return Some(parsed.amount),
            Ok(_) => "it has more than 18 decimals".to_owned(),
            Err(AmountError::Malformed) => "it is not a decimal".to_owned(),
            Err(error) => error.to_string(),
        };
        self.report(node.at, Fault::NotExact { key: key.to_owned(), text: text.clone(), reason });
        None
    }

    /// A decimal or a list of decimals.
    pub fn amounts(&mut self, key: &str, node: &Node) -> Option<Vec<Amount>> {
        match &node.value {
            Value::List(items) => {
                let amounts: Vec<_> = items.iter().map(|item| self.amount(key, item)).collect();
                amounts.into_iter().collect()
            }
            _ => self.amount(key, node).map(|amount| vec![amount]),
        }
    }

    /// `true` or `false`.
    pub fn truth(&mut self, key: &str, node: &Node) -> Option<bool> {
        if let Value::Bool(truth) = node.value {
            return Some(truth);
        }
        self.wrong_kind(key, node, "true or false");
        None
    }
}
