//! The program, spawned in a directory of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::Value;

use crate::{Outcome, artifact};

/// The built program.
#[derive(Debug)]
pub struct Program {
    path: PathBuf,
    scratch: PathBuf,
    runs: AtomicU32,
}

/// A file: name and text.
pub type File = (String, String);

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// The exit code; `None` when a signal ended it.
    pub code: Option<i32>,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Program {
    /// Builds the program, if need be; its runs leave their files under `scratch`.
    pub fn build(scratch: impl Into<PathBuf>) -> Outcome<Self> {
        Ok(Self { path: artifact::program()?, scratch: scratch.into(), runs: AtomicU32::new(0) })
    }

    /// Runs it in a fresh directory with these files.
    pub fn run(&self, files: &[File], args: &[String]) -> Outcome<Ended> {
        let run = self.runs.fetch_add(1, Ordering::Relaxed);
        let directory = self.scratch.join(format!("run-{}-{run}", std::process::id()));
        fs::create_dir_all(&directory)?;
        for (name, text) in files {
            fs::write(directory.join(name), text)?;
        }
        let ended = self.run_in(&directory, args);
        fs::remove_dir_all(&directory)?;
        ended
    }

    fn run_in(&self, directory: &Path, args: &[String]) -> Outcome<Ended> {
        let output = Command::new(&self.path).args(args).current_dir(directory).env("NO_COLOR", "1").output()?;
        Ok(Ended {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout)?,
            stderr: String::from_utf8(output.stderr)?,
        })
    }
}

/// The files and arguments by which the program is asked what the call asks.
///
/// # Errors
/// When the call has something that the command line cannot say.
pub fn command_line(call: &Value) -> Outcome<(Vec<File>, Vec<String>)> {
    let entries = call.as_object().ok_or("a call is an object")?;
    let named = text(&call["call"])?;
    let of_usage = ["waste", "rightsize", "schedule"].contains(&named.as_str());
    let mut line = Line { checks: named == "policy_check", of_usage, files: Vec::new(), args: Vec::new() };
    if named == "waste" {
        line.args.extend(["rightsize", "--idle"].map(str::to_owned));
    } else {
        line.args.extend(named.split('_').map(str::to_owned));
    }
    // What is null is as good as not said.
    for (key, value) in entries.iter().filter(|(key, value)| *key != "call" && !value.is_null()) {
        line.say(key, value)?;
    }
    if !entries.contains_key("format") {
        line.flag("format", "json".to_owned());
    }
    Ok((line.files, line.args))
}

fn text(value: &Value) -> Outcome<String> {
    Ok(value.as_str().map(str::to_owned).ok_or("a text was expected")?)
}

fn list(value: &Value) -> Outcome<&Vec<Value>> {
    Ok(value.as_array().ok_or("a list was expected")?)
}

/// A command line in the making.
struct Line {
    /// Whether it checks policies, which it then names without a flag.
    checks: bool,
    /// Whether it asks of usage: its bills have a flag, as usage has none.
    of_usage: bool,
    files: Vec<File>,
    args: Vec<String>,
}

impl Line {
    fn flag(&mut self, key: &str, value: String) {
        self.args.extend([format!("--{}", key.replace('_', "-")), value]);
    }

    /// Puts a file there, and gives its name.
    fn file(&mut self, file: &Value) -> Outcome<String> {
        let name = text(&file["name"])?;
        self.files.push((name.clone(), text(&file["text"])?));
        Ok(name)
    }

    /// Says what the call says under a key.
    fn say(&mut self, key: &str, value: &Value) -> Outcome<()> {
        match key {
            "gates" => {
                for gate in list(value)? {
                    // Without text it is one that comes with the program.
                    let name = if gate["text"] == "" { text(&gate["name"])? } else { self.file(gate)? };
                    self.flag("gate", name);
                }
            }
            "bills" if self.of_usage => {
                for file in list(value)? {
                    let name = self.file(file)?;
                    self.flag("bills", name);
                }
            }
            "assessment" | "input" => {
                let name = self.file(value)?;
                self.args.push(name);
            }
            "bills" | "usage" | "policy" if value.is_array() && (key != "policy" || self.checks) => {
                for file in list(value)? {
                    let name = self.file(file)?;
                    self.args.push(name);
                }
            }
            "frameworks" | "history" | "evidence" | "deployments" | "incidents" | "policy" | "explanations"
            | "requests" | "savings" | "earlier" => {
                for file in list(value)? {
                    let name = self.file(file)?;
                    self.flag(if key == "frameworks" { "framework" } else { key }, name);
                }
            }
            "series" | "budgets" | "assumptions" | "offers" | "rules" | "traffic" | "usage" | "capacity"
            | "releases" | "events" | "load_tests" => {
                let name = self.file(value)?;
                self.flag(key, name);
            }
            "suppose" | "environments" => {
                for one in list(value)? {
                    self.flag(if key == "suppose" { "release" } else { "environment" }, text(one)?);
                }
            }
            "strict" => self.args.extend(value.as_bool().filter(|strict| *strict).map(|_| "--strict".to_owned())),
            "horizon" | "horizon_days" | "period" | "target" => self.flag(key, value.to_string()),
            // An offset may begin with a minus.
            "offset" => self.args.push(format!("--offset={}", text(value)?)),
            "as_of" | "month" | "metric" | "overlap" | "format" | "models" | "framework" | "profile" | "strategy"
            | "reserve" | "measures" => self.flag(key, text(value)?),
            "view" => self.flag("view", text(value)?.trim_end_matches("_month").to_owned()),
            "by" => {
                let dimensions: Vec<String> = list(value)?.iter().map(text).collect::<Result<_, _>>()?;
                self.flag("by", dimensions.join(","));
            }
            "for" => {
                for (name, owner) in value.as_object().into_iter().flatten() {
                    self.flag("for", format!("{name}={}", text(owner)?));
                }
            }
            _ => return Err(format!("the command line has nothing for `{key}`").into()),
        }
        Ok(())
    }
}
