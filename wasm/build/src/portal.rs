//! The portal page: as files to host, as one file that opens from disk, and as elements for other pages.
//!
//! Its scripts are TypeScript, bundled by esbuild; what that needs is named in `wasm/portal/package-lock.json`.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::{Budget, Outcome, Shipped, Workspace, npm};

/// Where the page lies.
pub const DIRECTORY: &str = "wasm/portal";

/// What is measured of the page: its name under `dist`, and the most that it may take.
const PRODUCTS: [(&str, Budget); 3] = [
    ("hosted/page.js", Budget::kilobytes(57)),
    ("headroom.html", Budget::kilobytes(1800)),
    ("headroom-elements.js", Budget::kilobytes(46)),
];

/// Builds the package that the page rests on, then the page.
///
/// # Errors
/// When npm or Node fail or are not there, or a product is too large.
pub fn build(workspace: &Workspace) -> Outcome<Vec<Shipped>> {
    let mut shipped = npm::build(workspace)?;
    let home = workspace.root().join(DIRECTORY);
    install(workspace, &home)?;
    workspace.run(Command::new("node").arg(home.join("build/main.js")))?;
    let dist = home.join("dist");
    for (name, budget) in PRODUCTS {
        let path = dist.join(name);
        shipped.push(workspace.ship_to(&path, &fs::read(&path)?, budget)?);
    }
    Ok(shipped)
}

/// Installs what the lock file names, unless it is there.
fn install(workspace: &Workspace, home: &Path) -> Outcome<()> {
    let (wanted, there) = (home.join("package-lock.json"), home.join("node_modules/.package-lock.json"));
    let written = |path: &Path| fs::metadata(path).and_then(|facts| facts.modified()).ok();
    if written(&there).is_some_and(|there| Some(there) >= written(&wanted)) {
        return Ok(());
    }
    // What the bundler is made of needs no scripts of its own to be run.
    let mut npm = Command::new("npm");
    npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix"]).arg(home);
    workspace.run(&mut npm)
}
