//! JSON text, read and written where size counts.
//!
//! Policy engines load modules of some ten kilobytes, into which a general library for JSON brings its errors, its numbers
//! and a visitor for every type. What decides needs less: values where they stand in the text, numbers digit for digit,
//! texts that are borrowed unless they have escapes. [`Reader`] gives these one after another, [`Members`] those of a table
//! of few keys. Elsewhere JSON is `serde_json`'s, against which this is tested.
//!
//! ```
//! use headroom_bills::json::{Reader, Token};
//!
//! let mut reader = Reader::new(r#"{"squad": "search", "replicas": 3.0}"#);
//! assert_eq!(reader.value().unwrap(), Token::Table);
//! let mut found = Vec::new();
//! while let Some(key) = reader.next_key().unwrap() {
//!     found.push((key, reader.raw().unwrap().text()));
//! }
//! assert_eq!(found, [("squad".into(), "\"search\""), ("replicas".into(), "3.0")]);
//! reader.end().unwrap();
//! ```

mod escapes;
mod fault;
#[cfg(test)]
mod laws;
mod members;
mod reader;
mod write;

pub use fault::Fault;
pub use members::{Members, items, parsed, text};
pub use reader::{Raw, Reader, Token};
pub use write::{close_text, push_text};
