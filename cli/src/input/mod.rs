//! Bills on disk: finding them, unpacking them, and reading them on several threads.

mod bills;
mod discover;
mod open;
mod read;
mod table;
mod text;
mod usage;

pub(crate) use bills::DiskBills;
use discover::{Input, discover};
pub(crate) use text::{read_table, read_text};
pub(crate) use usage::usage;
