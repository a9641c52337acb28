//! Bills on disk: finding them, unpacking them, and reading them on several threads.

mod bills;
mod discover;
mod open;
mod read;

pub(crate) use bills::DiskBills;
use discover::{Input, discover};
