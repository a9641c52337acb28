//! Colour, pipes, help.

use std::process::Stdio;

use super::support::{Run, Scratch, command, months, root, run};

#[test]
fn colour_only_where_it_was_asked_for() {
    let scratch = Scratch::new("colour");
    scratch.file("may.csv", months(&[(4, "1"), (5, "2")]));
    let plain = scratch.run("report may.csv").answer().to_owned();
    assert!(!plain.contains('\u{1b}'), "a pipe is no terminal");
    let coloured = scratch.run("report may.csv --color always");
    assert!(coloured.stdout.contains("\u{1b}[1mCost report, May 2026\u{1b}[0m"), "{}", coloured.stdout);
    let mut asked_not_to = command(scratch.path(), "report may.csv --color always");
    asked_not_to.env("NO_COLOR", "1");
    assert_eq!(Run::of(asked_not_to, b"").stdout, coloured.stdout, "the command line beats the environment");
    let mut auto = command(scratch.path(), "report may.csv --color auto");
    auto.env("NO_COLOR", "1");
    assert_eq!(Run::of(auto, b"").stdout, plain);
    assert_eq!(scratch.run("report may.csv --color never").stdout, plain);
}

#[test]
fn a_reader_that_goes_away_is_no_fault() {
    for words in [
        "report datasets/bills",
        "report datasets/bills --format json",
        "inspect datasets/bills",
        "completions bash",
        "--help",
        "report --help",
        "--version",
    ] {
        let mut child =
            command(&root(), words).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{words}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{words}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_a_fault() {
    for words in ["report datasets/bills", "completions zsh"] {
        let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
        let mut child =
            command(&root(), words).stdin(Stdio::null()).stdout(full).stderr(Stdio::piped()).spawn().unwrap();
        let mut stderr = String::new();
        std::io::Read::read_to_string(&mut child.stderr.take().unwrap(), &mut stderr).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(2), "{words}");
        assert_eq!(stderr, "error: standard output: no space left on device\n", "{words}");
    }
}

#[test]
fn completions_name_the_commands() {
    for (shell, sign) in
        [("bash", "complete -F _headroom"), ("zsh", "#compdef headroom"), ("fish", "complete -c headroom")]
    {
        let run = run(&format!("completions {shell}"));
        let script = run.answer();
        assert!(script.contains(sign), "{shell}");
        for word in ["report", "inspect", "completions", "fail-on", "explanations"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
    }
}

#[test]
fn version() {
    assert_eq!(run("--version").answer(), format!("headroom {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn help_fits_a_terminal() {
    for words in ["--help", "report --help", "inspect --help", "completions --help", "-h", "report -h", "inspect -h"] {
        let run = run(words);
        for line in run.answer().lines() {
            assert!(line.chars().count() <= 80, "{words}: {line}");
        }
    }
    insta::assert_snapshot!(run("report --help").answer());
    insta::assert_snapshot!(run("inspect --help").answer());
}
