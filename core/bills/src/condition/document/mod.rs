//! Policy documents: TOML for people or JSON for machines, as one tree that knows where each value stands.
//!
//! [`Document::read`] takes either form; a [`Walk`] then takes the tree apart, value by value, and
//! collects every [`Problem`] with its position instead of stopping at the first.

mod fault;
mod json;
mod nearest;
mod node;
mod position;
mod table;
#[cfg(feature = "toml")]
mod toml;
#[cfg(not(feature = "toml"))]
#[path = "no_toml.rs"]
mod toml;
mod walk;

use std::sync::Arc;

pub use fault::{Fault, Problem};
pub use nearest::{nearest, slip};
pub use node::{Entry, Node, Value};
pub use position::Position;
pub use table::Table;
pub use walk::Walk;

use position::Lines;

/// A document's name and text.
#[derive(Clone, Copy, Debug)]
pub struct Source<'s> {
    /// What messages call it.
    pub name: &'s str,
    /// Its text, TOML or JSON.
    pub text: &'s str,
}

/// Depth to which tables and lists may nest.
const MAX_DEPTH: usize = 64;

/// A document that has been read, and the means to name places in it.
#[derive(Clone, Debug)]
pub struct Document {
    root: Node,
    lines: Lines,
    file: Arc<str>,
}

impl Document {
    /// Reads `text`: JSON when its first byte that is not blank is `{`, TOML otherwise.
    ///
    /// `name` is what messages call the document. A byte order mark is ignored.
    ///
    /// # Errors
    /// The syntax error, or a nesting deeper than 64.
    pub fn read(name: &str, text: &str) -> Result<Self, Problem> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        if text.trim_start().starts_with('{') {
            return Self::read_json(name, text);
        }
        Self::new(name, text, toml::read(text))
    }

    /// Reads JSON, whatever value it is.
    ///
    /// # Errors
    /// As those of [`Self::read`].
    pub fn read_json(name: &str, text: &str) -> Result<Self, Problem> {
        Self::new(name, text, json::read(text))
    }

    /// Reads one value in TOML's notation, such as `{ service_name = "AmazonS3" }`.
    pub(super) fn read_value(name: &str, text: &str) -> Result<Self, Problem> {
        Self::new(name, text, toml::read_value(text))
    }

    fn new(name: &str, text: &str, root: Result<Node, (usize, Fault)>) -> Result<Self, Problem> {
        let lines = Lines::new(text);
        let file: Arc<str> = Arc::from(name);
        match root {
            Ok(root) => Ok(Self { root, lines, file }),
            Err((at, fault)) => Err(Problem { at: lines.position(&file, at), fault }),
        }
    }

    /// The outermost value; for a document of [`Document::read`] a table.
    pub fn root(&self) -> &Node {
        &self.root
    }

    /// The line and column of a byte offset.
    pub fn position(&self, at: usize) -> Position {
        self.lines.position(&self.file, at)
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    /// Keys, values and positions as one text, the same for both forms.
    fn outline(document: &Document, node: &Node, out: &mut String) {
        match &node.value {
            Value::Text(text) => write!(out, "{text:?}").unwrap(),
            Value::Number(text) => out.push_str(text),
            Value::List(items) => {
                out.push('[');
                for item in items {
                    outline(document, item, out);
                    out.push(' ');
                }
                out.push(']');
            }
            Value::Table(entries) => {
                for entry in entries {
                    let at = document.position(entry.at);
                    write!(out, "{}@{}:{}(", entry.key, at.line, at.column).unwrap();
                    outline(document, &entry.node, out);
                    out.push(')');
                }
            }
            other => out.push_str(other.kind()),
        }
    }

    fn read(text: &str) -> String {
        let document = Document::read("p", text).unwrap();
        let mut out = String::new();
        outline(&document, document.root(), &mut out);
        out
    }

    #[test]
    fn both_forms_keep_order_digits_and_positions() {
        assert_eq!(
            read("z = 1_0.50\na = ['x', true]\n[[r]]\n'ü' = \"é\"\nb = 0x1F\n"),
            "z@1:1(10.50)a@2:1([\"x\" true or false ])r@3:3([ü@4:1(\"é\")b@5:1(31) ])"
        );
        assert_eq!(
            read("{\"z\": 10.50,\n \"a\": [\"x\", true],\n \"r\": [{\"ü\": \"é\", \"b\\u0041\": null}]}"),
            "z@1:2(10.50)a@2:2([\"x\" true or false ])r@3:2([ü@3:9(\"é\")bA@3:19(null) ])"
        );
    }

    #[test]
    fn syntax_errors_name_the_place() {
        for (text, want) in [
            ("a = ", "p:1:5: not valid TOML:"),
            ("a = 1\nb = = 2", "p:2:5: not valid TOML:"),
            ("a = 1\na = 2", "p:2:1: not valid TOML: duplicate key"),
            ("{\"a\": 1,\n}", "p:2:1: not valid JSON: a key in quotes was expected"),
            ("{\"a\": 1", "p:1:8: not valid JSON: the text ends within an object"),
            ("{\"a\": 1, \"a\": 2}", "p:1:10: `a` is written twice"),
            ("{\"a\": \"\\ud800\"}", "p:1:8: not valid JSON: this is no escape of a character"),
            ("{} x", "p:1:4: not valid JSON: nothing may follow the value"),
        ] {
            let problem = Document::read("p", text).unwrap_err();
            assert!(problem.to_string().starts_with(want), "{text}: {problem}");
        }
    }

    #[test]
    fn nesting_has_a_limit() {
        for depth in [100, 100_000] {
            for text in [
                format!("{{\"a\":{}{}}}", "[".repeat(depth), "]".repeat(depth)),
                format!("a = {}{}", "[".repeat(depth), "]".repeat(depth)),
                format!("a = {}1{}", "{a=".repeat(depth), "}".repeat(depth)),
                format!("{} = 1", vec!["a"; depth].join(".")),
            ] {
                assert!(Document::read("p", &text).is_err());
            }
        }
    }
}
