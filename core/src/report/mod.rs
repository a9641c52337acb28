//! The report document and its renderings as text.

mod document;

pub use document::*;
