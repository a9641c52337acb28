//! `headroom-engine`: the package for browsers and Node.
//!
//! Two builds of one crate, with vectors and without, share their glue: JavaScript loads the one that its machine runs.
//! `wasm-opt` takes no part: it was tried, and what it saves is lost in packing (801 kB by brotli before, 808 after).

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::process::Command;

use headroom_core::api::SCHEMAS;
use wasm_bindgen_cli_support::Bindgen;

use crate::size::digest;
use crate::typescript::declarations;
use crate::{Budget, Outcome, Shipped, Workspace};

/// The crate it is built from.
pub const PACKAGE: &str = "headroom-wasm-browser";

/// Where the package lies: its own files there, what is built under `dist`.
pub const DIRECTORY: &str = "wasm/npm";

/// What it takes today, with little to spare: it is to shrink, and may not grow unseen.
const BUDGET: Budget = Budget::kilobytes(938);

/// What all browsers of the last years run, in the quicker of the two.
const VECTORS: &str = "-Ctarget-feature=+simd128";

/// Name of the module, and flags it is compiled with.
const BUILDS: [(&str, &str); 2] = [("headroom", VECTORS), ("headroom-scalar", "")];

/// Texts that go wherever the package goes: its licence, and what is said of data that others have made.
const NOTICES: [(&str, &str); 2] = [("LICENSE", "LICENSE"), ("policies/mappings/NOTICE", "NOTICE")];

/// Builds the package into `wasm/npm/dist`.
///
/// # Errors
/// When a module is too large, the two builds do not share their glue, or Cargo does not say what they are made of.
pub fn build(workspace: &Workspace) -> Outcome<Vec<Shipped>> {
    let dist = workspace.root().join(DIRECTORY).join("dist");
    let glue = dist.join("glue");
    fs::create_dir_all(&glue)?;
    let source = workspace.root().join(DIRECTORY).join("src");
    workspace.write_to(&source.join("documents.d.ts"), declarations(&SCHEMAS)?.as_bytes())?;
    for entry in fs::read_dir(source)? {
        let path = entry?.path();
        if let Some(name) = path.file_name().filter(|_| path.is_file()) {
            workspace.write_to(&dist.join(name), &fs::read(&path)?)?;
        }
    }
    for (text, name) in NOTICES {
        workspace.write_to(&dist.join(name), &fs::read(workspace.root().join(text))?)?;
    }
    workspace.write_to(&dist.join("THIRD_PARTY"), third_party(workspace)?.as_bytes())?;
    let mut shipped = Vec::new();
    let mut written: Option<String> = None;
    for (name, flags) in BUILDS {
        let module = workspace.cdylib_for_bills(PACKAGE, flags)?;
        let bound = workspace.target().join("wasm-bindgen").join(name);
        bind(module, &bound)?;
        let script = fs::read_to_string(bound.join("headroom.js"))?;
        if written.as_ref().is_some_and(|other| *other != script) {
            return Err("the builds with and without vectors differ in their glue".into());
        }
        written = Some(script);
        let bytes = fs::read(bound.join("headroom_bg.wasm"))?;
        shipped.push(workspace.ship_to(&dist.join(format!("{name}.wasm")), &bytes, BUDGET)?);
        workspace.write_to(&glue.join("headroom.d.ts"), &fs::read(bound.join("headroom.d.ts"))?)?;
    }
    workspace.write_to(&glue.join("headroom.js"), written.unwrap_or_default().as_bytes())?;
    Ok(shipped)
}

/// The crates of others that the module is compiled of: name and version, licence, and where their texts are.
fn third_party(workspace: &Workspace) -> Outcome<String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(workspace.root());
    command.args(["tree", "--locked", "--package", PACKAGE, "--target", "wasm32-unknown-unknown"]);
    command.args(["--edges", "normal,no-proc-macro", "--prefix", "none", "--format", "{p}\t{l}\t{r}"]);
    let output = command.output()?;
    if !output.status.success() {
        return Err(format!("{command:?} failed:\n{}", String::from_utf8_lossy(&output.stderr)).into());
    }
    let listed = String::from_utf8(output.stdout)?;
    let crates: BTreeSet<&str> =
        listed.lines().map(|line| line.trim_end_matches(" (*)").trim_end()).filter(|line| is_of_others(line)).collect();
    let mut text =
        String::from("The modules of this package contain code of these crates, under the licences named.\n\n");
    for one in crates {
        text.push_str(&one.replace('\t', "  "));
        text.push('\n');
    }
    Ok(text)
}

/// Crates of the workspace stand with their directory.
fn is_of_others(line: &str) -> bool {
    let (named, _) = line.split_once('\t').unwrap_or((line, ""));
    !line.is_empty() && !named.contains('(')
}

/// Makes the glue of a module, unless it is there of the very same: both builds take a while, and many tests ask for them.
fn bind(module: Vec<u8>, bound: &Path) -> Outcome<()> {
    let (mark, of) = (bound.join("of"), digest(&[&module, include_bytes!("npm.rs")]));
    if fs::read_to_string(&mark).is_ok_and(|there| there == of) {
        return Ok(());
    }
    fs::remove_file(&mark).or_else(|fault| if fault.kind() == ErrorKind::NotFound { Ok(()) } else { Err(fault) })?;
    let mut bindgen = Bindgen::new();
    bindgen
        .input_bytes("headroom", module)
        .out_name("headroom")
        .web(true)?
        .typescript(true)
        // An engine that has failed is started anew in its place.
        .reset_state_function(true)
        .omit_default_module_path(true);
    bindgen.remove_name_section(true).remove_producers_section(true).generate(bound)?;
    fs::write(mark, of)?;
    Ok(())
}
