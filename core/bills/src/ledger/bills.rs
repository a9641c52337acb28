//! A set of bills, wherever their bytes are.

use super::erased::{Erased, New, Results, typed};
use super::file::FileParts;
use super::plan::Question;
use super::reader::FileReader;
use super::worker::Tally;
use crate::bill::BillFault;

/// Bills that can be read, and mostly read again for a second question.
pub trait Bills {
    /// Why one of them cannot be read.
    type Fault;

    /// Their names, as messages and documents show them.
    fn names(&self) -> &[String];

    /// Whether they can be read more than once.
    fn can_reread(&self) -> bool;

    /// Puts a question to the files at these positions; one result each, in the order asked.
    fn read<T: Tally>(
        &self,
        files: &[usize],
        question: &Question,
        tally: &(dyn Fn() -> T + Sync),
    ) -> Vec<Result<FileParts<T>, Self::Fault>>;

    /// Whether two files hold the same bytes.
    fn same_bytes(&self, a: usize, b: usize) -> bool;
}

/// Bills in memory: names and contents, not compressed.
#[derive(Debug)]
pub struct MemoryBills<'a> {
    names: Vec<String>,
    contents: Vec<&'a [u8]>,
}

impl<'a> MemoryBills<'a> {
    /// Bills of these names and contents.
    pub fn new(bills: impl IntoIterator<Item = (String, &'a [u8])>) -> Self {
        let (names, contents) = bills.into_iter().unzip();
        Self { names, contents }
    }

    fn read_any(&self, files: &[usize], question: &Question, tally: New<'_>) -> Results<Erased, (String, BillFault)> {
        let read = |file: &usize| {
            let mut reader = FileReader::new(question.clone(), tally());
            reader.push(self.contents[*file])?;
            reader.finish()
        };
        files.iter().map(|file| read(file).map_err(|fault| (self.names[*file].clone(), fault))).collect()
    }

    /// The bytes of the bill at this position.
    pub(super) fn content(&self, file: usize) -> &'a [u8] {
        self.contents[file]
    }
}

impl Bills for MemoryBills<'_> {
    type Fault = (String, BillFault);

    fn names(&self) -> &[String] {
        &self.names
    }

    fn can_reread(&self) -> bool {
        true
    }

    fn read<T: Tally>(
        &self,
        files: &[usize],
        question: &Question,
        tally: &(dyn Fn() -> T + Sync),
    ) -> Vec<Result<FileParts<T>, Self::Fault>> {
        typed(self.read_any(files, question, &|| Erased::new(tally())))
    }

    fn same_bytes(&self, a: usize, b: usize) -> bool {
        self.contents[a] == self.contents[b]
    }
}
