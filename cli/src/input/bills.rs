//! The bills of a command, as the core asks for them.

use std::fs::File;
use std::io::Read;
use std::num::NonZero;
use std::ops::ControlFlow;
use std::path::Path;
use std::thread;

use headroom_core::bill::BillFault;
use headroom_core::ledger::{BillBytes, Bills, FileParts, Question, Tally};
use indicatif::{ProgressBar, ProgressStyle};

use super::open::holds_table;
use super::read::{each_chunk, read_all};
use super::{Input, discover};
use crate::args::BillArgs;
use crate::config::Config;
use crate::exit::{Fault, Outcome};

/// Bills from which a bar shows how far reading has come.
const BAR_FROM: u64 = 64 << 20;

/// Files on disk, or standard input.
pub(crate) struct DiskBills {
    inputs: Vec<Input>,
    names: Vec<String>,
    threads: usize,
    bar: ProgressBar,
}

impl DiskBills {
    /// The bills that the command line names, else those of the config file.
    pub(crate) fn find(args: &BillArgs, config: &Config) -> Outcome<Self> {
        let words = if args.bills.is_empty() { &config.bills } else { &args.bills };
        if words.is_empty() {
            return Err(Fault::new("no bills given").hint("name files or a directory, such as `exports/`"));
        }
        let inputs = discover(words)?;
        let total: u64 = inputs.iter().map(Input::size).sum();
        let bar = if args.quiet || total < BAR_FROM { ProgressBar::hidden() } else { ProgressBar::new(total) };
        if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {bytes}/{total_bytes} {eta}") {
            bar.set_style(style);
        }
        let names = inputs.iter().map(Input::name).collect();
        let threads = args.threads.map_or_else(|| thread::available_parallelism().map_or(1, NonZero::get), usize::from);
        Ok(Self { inputs, names, threads, bar })
    }
}

impl Bills for DiskBills {
    type Fault = Fault;

    fn names(&self) -> &[String] {
        &self.names
    }

    fn can_reread(&self) -> bool {
        !self.inputs.iter().any(Input::is_stream)
    }

    fn read<T: Tally>(
        &self,
        files: &[usize],
        question: &Question,
        tally: &(dyn Fn() -> T + Sync),
    ) -> Vec<Result<FileParts<T>, Self::Fault>> {
        let inputs: Vec<Input> = files.iter().map(|file| self.inputs[*file].clone()).collect();
        self.bar.reset();
        self.bar.set_length(inputs.iter().map(Input::size).sum());
        self.bar.set_message("reading");
        let read = read_all(&inputs, question, self.threads, &|bytes| self.bar.inc(bytes), tally);
        self.bar.finish_and_clear();
        read
    }

    fn same_bytes(&self, a: usize, b: usize) -> bool {
        let (a, b) = (&self.inputs[a], &self.inputs[b]);
        match (a, b) {
            _ if a.is_stream() || b.is_stream() => false,
            (Input::File(a), Input::File(b)) => same_bytes(a, b).unwrap_or(false),
            _ => false,
        }
    }
}

impl BillBytes for DiskBills {
    fn each_chunk(&self, file: usize, take: &mut dyn FnMut(&[u8]) -> ControlFlow<()>) -> Outcome<()> {
        let input = &self.inputs[file];
        self.bar.reset();
        self.bar.set_length(input.size());
        self.bar.set_message("reading");
        let read = each_chunk(input, &|bytes| self.bar.inc(bytes), take);
        self.bar.finish_and_clear();
        read
    }

    fn numbers_rows(&self, file: usize) -> bool {
        holds_table(&self.inputs[file])
    }

    fn fault(&self, file: usize, fault: BillFault) -> Fault {
        Fault::of_bill(&self.names[file], &fault)
    }
}

fn same_bytes(a: &Path, b: &Path) -> std::io::Result<bool> {
    let (mut a, mut b) = (File::open(a)?, File::open(b)?);
    if a.metadata()?.len() != b.metadata()?.len() {
        return Ok(false);
    }
    let (mut left, mut right) = (vec![0; 64 << 10], Vec::new());
    loop {
        let read = a.read(&mut left)?;
        if read == 0 {
            return Ok(true);
        }
        right.clear();
        b.by_ref().take(read as u64).read_to_end(&mut right)?;
        if left[..read] != right[..] {
            return Ok(false);
        }
    }
}
