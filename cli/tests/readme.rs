//! The README shows what the program prints.

use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

#[test]
fn the_first_command_prints_what_is_shown() {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let block = readme.split("```console\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let (command, shown) = block.split_once('\n').unwrap();
    let words = command.strip_prefix("$ cargo run --release -p headroom -- ").unwrap().split(' ');
    let output = Command::new(env!("CARGO_BIN_EXE_headroom"))
        .args(words)
        .current_dir(root())
        .env("NO_COLOR", "1")
        .output()
        .unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    let shown = shown.strip_suffix("…\n").unwrap();
    assert!(shown.lines().count() > 20);
    assert!(printed.starts_with(shown), "{printed}");
}
