//! `headroom init`

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Component, Path, PathBuf};

use headroom_core::api::{self, Failure};
use headroom_core::condition::quoted;

use super::shared;
use crate::args::{InitArgs, TargetArgs};
use crate::config::{self, Config};
use crate::exit::{Ending, Fault, Outcome};
use crate::input::DiskBills;
use crate::output;

pub(crate) fn run(args: &InitArgs) -> Outcome<Ending> {
    let config_path = args.output.with_file_name(config::NAME);
    let targets = [Some(&args.output), (!args.no_config).then_some(&config_path)];
    if !args.stdout && !args.force {
        // Said before the bills are read, which may take long.
        if let Some(there) = targets.into_iter().flatten().find(|path| path.exists()) {
            let only_config = *there == config_path && args.output != config_path;
            let way = if only_config { "`--no-config` to leave it" } else { "`--output FILE` to write elsewhere" };
            return Err(Fault::at(there.display(), "the file is there already")
                .hint(format_args!("pass `--force` to replace it, {way}, or `--stdout` to look first")));
        }
    }
    let config = Config::find()?;
    let bills = DiskBills::find(&args.bills, &config)?;
    let starter = api::starter(&bills, &shared::request(&args.bills)?).map_err(Failure::from)?;
    if args.stdout {
        TargetArgs { output: None }.write(&starter.text)?;
        return Ok(Ending::Fine);
    }
    let home = args.output.parent().filter(|home| !home.as_os_str().is_empty());
    if let Some(home) = home {
        fs::create_dir_all(home).map_err(|error| Fault::at(home.display(), error))?;
    }
    put(&args.output, &starter.text, args.force)?;
    let mut written = format!("wrote {}", args.output.display());
    if !args.no_config {
        let words = if args.bills.bills.is_empty() { &config.bills } else { &args.bills.bills };
        put(&config_path, &config_text(words, &args.output, home.unwrap_or(Path::new(""))), args.force)?;
        written = format!("{written} and {}", config_path.display());
    }
    if !args.bills.quiet {
        let tags: Vec<String> = starter.squad_tags.iter().map(|tag| format!("`{tag}`")).collect();
        let found = match tags.len() {
            0 => "no tag names squads, so name the owners of accounts in it".to_owned(),
            _ => format!("squads are read from the tag {}", tags.join(", ")),
        };
        output::tell(&format!("{written}; {found}"));
    }
    Ok(Ending::Fine)
}

/// Writes a file that must not be there, unless it may be replaced.
fn put(path: &Path, text: &str, replace: bool) -> Outcome<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true);
    if replace {
        options.create(true).truncate(true)
    } else {
        options.create_new(true)
    };
    let mut file = options.open(path).map_err(|error| Fault::at(path.display(), error))?;
    file.write_all(text.as_bytes()).map_err(|error| Fault::at(path.display(), error))
}

/// The config file: these bills, this policy; paths as seen from `home`.
fn config_text(bills: &[String], policy: &Path, home: &Path) -> String {
    let seen = |bill: &String| quoted(&seen_from(home, Path::new(bill)).display().to_string());
    let bills: Vec<String> = bills.iter().filter(|bill| *bill != "-").map(seen).collect();
    let policy = policy.file_name().map_or_else(String::new, |name| quoted(&name.to_string_lossy()));
    let mut text = String::from(
        "# What applies where the command line does not say; paths are relative to this file.\n\
         schema = \"headroom/config/1\"\n",
    );
    let _ = if bills.is_empty() {
        writeln!(text, "# bills = [\"exports/\"]")
    } else {
        writeln!(text, "bills = [{}]", bills.join(", "))
    };
    let _ = writeln!(text, "policy = [{policy}]");
    text.push_str("# explanations = \"explanations.toml\" # who explained or announced which change\n");
    text.push_str("# format = \"table\" # or markdown, json, csv\n");
    text
}

/// A path that is relative to the working directory, as seen from another directory.
fn seen_from(home: &Path, path: &Path) -> PathBuf {
    if home.as_os_str().is_empty() || path.is_absolute() {
        return path.to_owned();
    }
    let (Ok(home), Ok(path)) = (std::path::absolute(home), std::path::absolute(path)) else { return path.to_owned() };
    let common = home.components().zip(path.components()).take_while(|(a, b)| a == b).count();
    // A way up through `..` would not be the same from elsewhere.
    if home.components().chain(path.components()).any(|part| part == Component::ParentDir) {
        return path;
    }
    let up = home.components().skip(common).map(|_| Component::ParentDir);
    up.chain(path.components().skip(common)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bills_are_found_from_where_the_config_lies() {
        for (home, path, want) in [
            ("", "exports/*.csv", "exports/*.csv"),
            ("policies", "exports", "../exports"),
            ("policies/a", "policies/b/x.csv", "../b/x.csv"),
            ("policies", "/data/x.csv", "/data/x.csv"),
        ] {
            assert_eq!(seen_from(Path::new(home), Path::new(path)), Path::new(want), "{home} {path}");
        }
    }
}
