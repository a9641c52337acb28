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
    let (mut files, mut args) = (Vec::new(), Vec::new());
    let entries = call.as_object().ok_or("a call is an object")?;
    let text = |value: &Value| value.as_str().map(str::to_owned).ok_or("a text was expected");
    let named = text(&call["call"])?;
    let checks = named == "policy_check";
    args.extend(named.split('_').map(str::to_owned));
    for (key, value) in entries {
        match key.as_str() {
            "call" => {}
            // As good as not said.
            _ if value.is_null() => {}
            "gates" => {
                for gate in value.as_array().ok_or("a list of gates was expected")? {
                    let (name, content) = (text(&gate["name"])?, text(&gate["text"])?);
                    // Without text it is one that comes with the program.
                    if !content.is_empty() {
                        files.push((name.clone(), content));
                    }
                    args.extend(["--gate".to_owned(), name]);
                }
            }
            "assessment" | "input" => {
                files.push((text(&value["name"])?, text(&value["text"])?));
                args.push(text(&value["name"])?);
            }
            "frameworks" | "history" | "evidence" | "deployments" | "incidents" => {
                for file in value.as_array().ok_or("a list of files was expected")? {
                    let name = text(&file["name"])?;
                    files.push((name.clone(), text(&file["text"])?));
                    let flag = if key == "frameworks" { "framework" } else { key };
                    args.extend([format!("--{flag}"), name]);
                }
            }
            "framework" => args.extend(["--framework".to_owned(), text(value)?]),
            "series" | "budgets" => {
                files.push((text(&value["name"])?, text(&value["text"])?));
                args.extend([format!("--{key}"), text(&value["name"])?]);
            }
            "horizon" | "period" => args.extend([format!("--{key}"), value.to_string()]),
            "target" => args.extend(["--target".to_owned(), value.to_string()]),
            "strict" => args.extend(value.as_bool().filter(|strict| *strict).map(|_| "--strict".to_owned())),
            "traffic" | "capacity" | "load_tests" => {
                files.push((text(&value["name"])?, text(&value["text"])?));
                args.extend([format!("--{}", key.replace('_', "-")), text(&value["name"])?]);
            }
            "usage" | "releases" if value.is_object() => {
                files.push((text(&value["name"])?, text(&value["text"])?));
                args.extend([format!("--{key}"), text(&value["name"])?]);
            }
            "suppose" => {
                for release in value.as_array().ok_or("a list of releases was expected")? {
                    args.extend(["--release".to_owned(), text(release)?]);
                }
            }
            "reserve" => args.extend(["--reserve".to_owned(), text(value)?]),
            "horizon_days" => args.extend(["--horizon-days".to_owned(), value.to_string()]),
            "usage" => {
                for file in value.as_array().ok_or("a list of files was expected")? {
                    files.push((text(&file["name"])?, text(&file["text"])?));
                    args.push(text(&file["name"])?);
                }
            }
            "assumptions" | "offers" => {
                files.push((text(&value["name"])?, text(&value["text"])?));
                args.extend([format!("--{key}"), text(&value["name"])?]);
            }
            "offset" => args.push(format!("--offset={}", text(value)?)),
            "environments" => {
                for name in value.as_array().ok_or("a list of names was expected")? {
                    args.extend(["--environment".to_owned(), text(name)?]);
                }
            }
            "profile" | "strategy" => args.extend([format!("--{key}"), text(value)?]),
            "bills" | "policy" | "explanations" | "requests" => {
                for file in value.as_array().ok_or("a list of files was expected")? {
                    let name = text(&file["name"])?;
                    files.push((name.clone(), text(&file["text"])?));
                    if key != "bills" && !checks {
                        args.push(format!("--{key}"));
                    }
                    args.push(name);
                }
            }
            "as_of" | "month" | "metric" | "overlap" | "format" | "models" => {
                args.extend([format!("--{}", key.replace('_', "-")), text(value)?]);
            }
            "view" => args.extend(["--view".to_owned(), text(value)?.trim_end_matches("_month").to_owned()]),
            "by" => {
                let dimensions: Vec<String> =
                    value.as_array().into_iter().flatten().map(text).collect::<Result<_, _>>()?;
                args.extend(["--by".to_owned(), dimensions.join(",")]);
            }
            "for" => {
                for (name, owner) in value.as_object().into_iter().flatten() {
                    args.extend(["--for".to_owned(), format!("{name}={}", text(owner)?)]);
                }
            }
            _ => return Err(format!("the command line has nothing for `{key}`").into()),
        }
    }
    if !entries.contains_key("format") {
        args.extend(["--format".to_owned(), "json".to_owned()]);
    }
    Ok((files, args))
}
