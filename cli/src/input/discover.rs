//! From what the user wrote to a list of files.

use std::fs;
use std::path::{Path, PathBuf};

use super::text::no_such_file;
use crate::exit::{Fault, Outcome, of_io};

/// One bill to read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Input {
    File(PathBuf),
    Stdin,
}

/// Names of files taken from a directory; files named one by one or by a pattern may be called anything.
const ENDINGS: [&str; 4] = [".csv", ".csv.gz", ".csv.zst", ".parquet"];

impl Input {
    /// The name messages and documents use.
    pub(super) fn name(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Stdin => "-".to_owned(),
        }
    }

    /// Whether it can be read only once: standard input, or what is named like a file and is a pipe.
    pub(super) fn is_stream(&self) -> bool {
        match self {
            Self::File(path) => fs::metadata(path).is_ok_and(|data| !data.is_file()),
            Self::Stdin => true,
        }
    }

    pub(super) fn size(&self) -> u64 {
        match self {
            Self::File(path) => fs::metadata(path).map_or(0, |data| data.len()),
            Self::Stdin => 0,
        }
    }
}

/// Expands files, directories (with what lies below them), patterns and `-`, each file once, in a stable order.
pub(super) fn discover(words: &[String]) -> Outcome<Vec<Input>> {
    let mut inputs = Vec::new();
    for word in words {
        let found = expand(word)?;
        for input in found {
            if !inputs.contains(&input) {
                inputs.push(input);
            }
        }
    }
    Ok(inputs)
}

fn expand(word: &str) -> Outcome<Vec<Input>> {
    if word == "-" {
        return Ok(vec![Input::Stdin]);
    }
    let path = Path::new(word);
    if path.is_dir() {
        let mut files = Vec::new();
        walk(path, &mut files)?;
        files.sort();
        if files.is_empty() {
            let hint = format!("bills are files ending in {}", ENDINGS.join(", "));
            return Err(Fault::at(word, "no bills in this directory").hint(hint));
        }
        return Ok(files);
    }
    if path.exists() {
        return Ok(vec![Input::File(path.to_owned())]);
    }
    if word.contains(['*', '?', '[']) {
        // As a shell has it: what is hidden is asked for by its dot.
        let like_a_shell = glob::MatchOptions { require_literal_leading_dot: true, ..glob::MatchOptions::new() };
        let matches = glob::glob_with(word, like_a_shell)
            .map_err(|error| Fault::at(word, format_args!("bad pattern: {}", error.msg)))?;
        let mut files: Vec<Input> =
            matches.filter_map(Result::ok).filter(|path| path.is_file()).map(Input::File).collect();
        files.sort();
        if !files.is_empty() {
            return Ok(files);
        }
        return Err(
            Fault::at(word, "no file matches").hint("quote the pattern if the shell changes it, or name the files")
        );
    }
    Err(no_such_file(path, word))
}

fn walk(directory: &Path, files: &mut Vec<Input>) -> Outcome<()> {
    let fault = |error: std::io::Error| of_io(directory.display(), &error);
    for entry in fs::read_dir(directory).map_err(fault)? {
        let entry = entry.map_err(fault)?;
        let (path, kind) = (entry.path(), entry.file_type().map_err(fault)?);
        // What is hidden is the system's or an editor's; named, it is read.
        if entry.file_name().as_encoded_bytes().starts_with(b".") {
            continue;
        }
        if kind.is_dir() {
            walk(&path, files)?;
        } else if (kind.is_file() || kind.is_symlink())
            && ENDINGS.iter().any(|ending| path.to_string_lossy().to_ascii_lowercase().ends_with(ending))
        {
            files.push(Input::File(path));
        }
    }
    Ok(())
}
