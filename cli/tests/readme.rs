//! The README shows what the program prints.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap()
}

fn readme() -> String {
    fs::read_to_string(root().join("README.md")).unwrap()
}

/// A directory with the sample in it, where examples may leave documents.
fn scratch() -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("readme");
    let _ = fs::remove_dir_all(&directory);
    fs::create_dir_all(&directory).unwrap();
    symlink(root().join("datasets"), directory.join("datasets")).unwrap();
    directory
}

fn run(directory: &Path, words: &str) -> Output {
    let program = Command::new(env!("CARGO_BIN_EXE_headroom"))
        .args(words.split(' '))
        .current_dir(directory)
        .env("NO_COLOR", "1")
        .output();
    program.unwrap()
}

/// Command and shown lines of each example.
fn examples() -> Vec<(String, String)> {
    let readme = readme();
    let blocks = readme.split("```console\n").skip(1).filter_map(|rest| rest.split("```").next());
    let example = |block: &str| {
        let (command, shown) = block.split_once('\n')?;
        let words = command.strip_prefix("$ cargo run --release -p headroom -- ")?;
        Some((words.to_owned(), shown.to_owned()))
    };
    blocks.filter_map(example).collect()
}

#[test]
fn the_commands_print_what_is_shown() {
    let (directory, readme) = (scratch(), readme());
    // Documents that a later example reads.
    let makers: Vec<&str> = readme
        .lines()
        .filter_map(|line| line.strip_prefix("headroom "))
        .filter(|line| line.contains(" --output ") && line.contains(" datasets/"))
        .collect();
    assert_eq!(makers.len(), 4);
    for words in makers {
        let ended = run(&directory, words);
        assert!(ended.status.success(), "{words}: {}", String::from_utf8_lossy(&ended.stderr));
    }
    let examples = examples();
    assert_eq!(examples.len(), 13);
    for (command, shown) in examples {
        let printed = String::from_utf8(run(&directory, &command).stdout).unwrap();
        assert!(shown.lines().count() > 4, "{command}");
        match (shown.strip_prefix("…\n"), shown.strip_suffix("…\n")) {
            (Some(rest), _) => {
                let part = rest.strip_suffix("…\n").unwrap_or(rest);
                assert!(printed.contains(part), "{command}: {printed}");
            }
            (None, Some(beginning)) => assert!(printed.starts_with(beginning), "{printed}"),
            (None, None) => assert_eq!(printed, shown, "{command}"),
        }
    }
}
