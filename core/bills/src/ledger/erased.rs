//! A tally whose type nobody needs to know: files are read by the same code, whatever is added up.

use std::any::Any;
use std::fmt;

use super::decode::Row;
use super::file::FileParts;
use super::keys::KeyMap;
use super::portable::{Reader, Writer};
use super::worker::{Adds, Overflow, Tally};

/// Any tally.
pub(super) struct Erased(Box<dyn AnyTally>);

/// Makes the tallies of a pass.
pub(super) type New<'a> = &'a (dyn Fn() -> Erased + Sync);

/// What came of each file of a pass.
pub(super) type Results<T, F> = Vec<Result<FileParts<T>, F>>;

/// Reads files by tallies of any type.
pub(super) fn typed<T: Tally, F>(results: Results<Erased, F>) -> Results<T, F> {
    // Those of one pass are of the type that it was asked for, so that none is passed over.
    results.into_iter().filter_map(|parts| parts.map(|parts| parts.retyped(Erased::into_tally)).transpose()).collect()
}

impl Erased {
    pub(super) fn new<T: Tally>(tally: T) -> Self {
        Self(Box::new(tally))
    }

    /// The tally, where it is of this type.
    pub(super) fn into_tally<T: Tally>(self) -> Option<T> {
        self.0.into_any().downcast().ok().map(|tally| *tally)
    }
}

impl fmt::Debug for Erased {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Erased")
    }
}

trait AnyTally: Send {
    fn adds(&mut self) -> &mut dyn Adds;
    fn merge(&mut self, other: Box<dyn Any>, map: &KeyMap) -> Result<(), Overflow>;
    fn write(&self, to: &mut Writer);
    fn read(&mut self, from: &mut Reader<'_>) -> Option<()>;
    fn into_any(self: Box<Self>) -> Box<dyn Any>;
}

impl<T: Tally> AnyTally for T {
    fn adds(&mut self) -> &mut dyn Adds {
        Tally::adds(self)
    }

    fn merge(&mut self, other: Box<dyn Any>, map: &KeyMap) -> Result<(), Overflow> {
        // Those of one question are of one type.
        other.downcast::<T>().map_or(Ok(()), |other| Tally::merge(self, *other, map))
    }

    fn write(&self, to: &mut Writer) {
        Tally::write(self, to);
    }

    fn read(&mut self, from: &mut Reader<'_>) -> Option<()> {
        Tally::read(self, from)
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }
}

impl Tally for Erased {
    fn add(&mut self, row: &Row<'_>, invoiced: bool) -> Result<(), Overflow> {
        self.0.adds().add(row, invoiced)
    }

    fn adds(&mut self) -> &mut dyn Adds {
        self.0.adds()
    }

    fn merge(&mut self, other: Self, map: &KeyMap) -> Result<(), Overflow> {
        self.0.merge(other.0.into_any(), map)
    }

    fn write(&self, to: &mut Writer) {
        self.0.write(to);
    }

    fn read(&mut self, from: &mut Reader<'_>) -> Option<()> {
        self.0.read(from)
    }
}
