//! Small files: policies, explanations, the config file, tables beside the bills.

use std::fs;
use std::io::{ErrorKind, Read as _};
use std::ops::ControlFlow;
use std::path::Path;

use headroom_core::condition::document::nearest;

use crate::exit::{Fault, Outcome, of_io};
use crate::parquet::{Table, is_parquet};

/// Reads a text file; `name` is what messages call it.
pub(crate) fn read_text(path: &Path, name: &str) -> Outcome<String> {
    let bytes = fs::read(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => no_such_file(path, name),
        _ => of_io(name, &error),
    })?;
    String::from_utf8(bytes).map_err(|_| Fault::at(name, "the text is not UTF-8").hint("save the file in UTF-8"))
}

/// Reads a table: CSV, or Parquet as the CSV that it would be.
pub(crate) fn read_table(path: &Path, name: &str) -> Outcome<String> {
    let (mut start, mut held) = ([0; 4], 0);
    // What goes wrong here goes wrong again where it is said.
    if let Ok(mut file) = fs::File::open(path) {
        held = file.read(&mut start).unwrap_or_default();
    }
    if !is_parquet(&start[..held]) {
        return read_text(path, name);
    }
    let file = fs::File::open(path).map_err(|error| of_io(name, &error))?;
    let table = Table::open(file).map_err(|fault| fault.at(name))?;
    let mut bytes = table.header();
    let mut take = |rows: &[u8]| {
        bytes.extend_from_slice(rows);
        ControlFlow::Continue(())
    };
    table.each_block(&mut take, &|_| {}).map_err(|fault| fault.at(name))?;
    String::from_utf8(bytes).map_err(|_| Fault::at(name, "the texts are not UTF-8").hint("write them in UTF-8"))
}

/// The fault of a file that is not there, with one of almost its name if there is one.
pub(super) fn no_such_file(path: &Path, name: &str) -> Fault {
    if path.is_symlink() {
        return Fault::at(name, "the link leads to no file");
    }
    let neighbour = neighbour(path).map(|name| format!("did you mean `{name}`?"));
    Fault::at(name, "no such file").hint_if(neighbour)
}

/// A file of almost this name in the same directory, as the user would write it.
fn neighbour(path: &Path) -> Option<String> {
    let parent = path.parent()?;
    let here = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
    let wanted = path.file_name()?.to_string_lossy().to_ascii_lowercase();
    let entries = fs::read_dir(here).ok()?.filter_map(Result::ok);
    let mut names: Vec<String> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    let stem = |name: &str| name.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let same_stem = || names.iter().find(|name| !stem(name).is_empty() && stem(name) == stem(&wanted));
    let lower: Vec<String> = names.iter().map(|name| name.to_ascii_lowercase()).collect();
    let close = nearest(&wanted, lower.iter().map(String::as_str));
    let close = close.and_then(|close| lower.iter().position(|name| name == close)).and_then(|at| names.get(at));
    close.or_else(same_stem).map(|name| parent.join(name).display().to_string())
}
