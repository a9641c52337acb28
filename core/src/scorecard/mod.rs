//! What came of an assessment, on one page: in words, and as Markdown.
//!
//! The terminal's own layout is the command line's; the sentences are here, so that both say the same.

mod decision;
mod markdown;
mod words;

pub use decision::{decision_headline, decision_markdown, decision_sections, finding};
pub use markdown::markdown;
pub use words::{
    OpenList, action_notes, blocking, cautions, control_next, evidence, headline, open_lists, progress, stage_words,
    star, trend, weakest,
};
