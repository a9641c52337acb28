//! What stands for Parquet in a program that is built without it.

use std::fs::File;
use std::io::Read;
use std::ops::ControlFlow;

use headroom_core::order::BTreeSet;

use super::Kind;
use super::fault::TableFault;
use crate::exit::{Fault, Outcome};

/// Whether a file that starts like this is Parquet.
pub(crate) fn is_parquet(start: &[u8]) -> bool {
    start.starts_with(b"PAR1") || start.starts_with(b"PARE")
}

/// There is none.
pub(crate) enum Table {}

/// Nor rows of it.
pub(crate) enum Taken {}

impl Table {
    pub(crate) fn open(_: File) -> Result<Self, TableFault> {
        Err(TableFault::NotBuilt)
    }

    pub(crate) fn gather(_: impl Read) -> Result<Self, TableFault> {
        Err(TableFault::NotBuilt)
    }

    pub(crate) fn names(&self) -> Vec<String> {
        match *self {}
    }

    pub(crate) fn header(&self) -> Vec<u8> {
        match *self {}
    }

    pub(crate) fn select(&mut self, _: BTreeSet<usize>) -> Result<(), TableFault> {
        match *self {}
    }

    pub(crate) fn take(&self) -> Result<Option<(Taken, u64)>, TableFault> {
        match *self {}
    }

    pub(crate) fn render(&self, _: &Taken, _: &mut dyn FnMut(u64, &[u8])) -> Result<(), TableFault> {
        match *self {}
    }

    pub(crate) fn each_block(
        &self,
        _: &mut dyn FnMut(&[u8]) -> ControlFlow<()>,
        _: &dyn Fn(u64),
    ) -> Result<(), TableFault> {
        match *self {}
    }
}

/// Nor a writer.
pub(crate) enum TableWriter {}

impl TableWriter {
    pub(crate) fn new(_: fn(&str) -> Kind) -> Outcome<Self> {
        Err(Fault::new("this program is built without Parquet")
            .hint("build it with the feature `parquet`, or ask for CSV or JSON"))
    }

    pub(crate) fn take(&mut self, _: &[u8], _: &mut dyn FnMut(&[u8]) -> ControlFlow<()>) -> Outcome<ControlFlow<()>> {
        match *self {}
    }

    pub(crate) fn finish(self, _: &mut dyn FnMut(&[u8]) -> ControlFlow<()>) -> Outcome<()> {
        match self {}
    }
}
