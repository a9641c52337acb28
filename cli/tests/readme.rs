//! The README shows what the program prints.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Command and shown lines of each example.
fn examples() -> Vec<(String, String)> {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
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
    let examples = examples();
    assert_eq!(examples.len(), 8);
    for (command, shown) in examples {
        let output = Command::new(env!("CARGO_BIN_EXE_headroom"))
            .args(command.split(' '))
            .current_dir(root())
            .env("NO_COLOR", "1")
            .output()
            .unwrap();
        let printed = String::from_utf8(output.stdout).unwrap();
        assert!(shown.lines().count() > 4, "{command}");
        match shown.strip_suffix("…\n") {
            Some(beginning) => assert!(printed.starts_with(beginning), "{printed}"),
            None => assert_eq!(printed, shown, "{command}"),
        }
    }
}
