//! Writes the JSON Schemas without the blanks that make them readable: they are half of them. What is printed is indented again.

#![expect(
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    reason = "the core does no I/O; what builds it reads files, writes files, and speaks to Cargo by printing"
)]

use std::path::Path;
use std::{env, fs, io};

const SCHEMAS: &str = "../policies/schemas";

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed={SCHEMAS}");
    let out = env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?;
    for entry in fs::read_dir(SCHEMAS)? {
        let path = entry?.path();
        println!("cargo::rerun-if-changed={}", path.display());
        if let Some(name) = path.file_name() {
            fs::write(Path::new(&out).join(name), dense(&fs::read_to_string(&path)?))?;
        }
    }
    Ok(())
}

/// JSON without blanks between its values.
fn dense(json: &str) -> String {
    let (mut inside, mut escaped) = (false, false);
    json.chars()
        .filter(|character| {
            let is_kept = inside || !character.is_whitespace();
            inside ^= *character == '"' && !escaped;
            escaped = inside && *character == '\\' && !escaped;
            is_kept
        })
        .collect()
}
