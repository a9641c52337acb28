//! Bills on disk: finding them, unpacking them, and reading them on several threads.

mod discover;
mod open;
mod read;

pub(crate) use discover::{Input, discover};
pub(crate) use read::{Progress, read_all};
