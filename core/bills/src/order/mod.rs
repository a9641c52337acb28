//! Order: sorting, and maps and sets that are in order, in little code.
//!
//! What the standard library has is as quick as can be, and compiled anew for every type; in a module that is loaded over
//! a network its size is what counts, and few of our lists and maps are long.

mod map;
mod set;
mod sort;
mod walk;

pub use map::{BTreeMap, Entry};
pub use set::{BTreeSet, IntoMembers, Members};
pub use sort::{Order, sort_points};
pub use walk::{IntoIter, Iter, IterMut, Walk};

#[cfg(test)]
mod laws;
