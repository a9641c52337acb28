//! Where things are built, by which Cargo, and where they go.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{Budget, Outcome, Shipped, Sizes, component, kubewarden, npm, opa};

/// Modules that are compiled together: alone each would ask other features of what they share, and compile it once more.
struct Group {
    profile: &'static str,
    packages: [&'static str; 2],
}

/// What decides, and is to be small.
const SMALL: Group = Group { profile: "module", packages: [opa::PACKAGE, kubewarden::PACKAGE] };

/// What reads large bills: quick where rows are read, small elsewhere.
const FAST: Group = Group { profile: "module-fast", packages: [component::PACKAGE, npm::PACKAGE] };

const TARGET: &str = "wasm32-unknown-unknown";

/// The workspace and its target directory.
#[derive(Clone, Debug)]
pub struct Workspace {
    root: PathBuf,
    target: PathBuf,
}

impl Workspace {
    /// The workspace that this crate belongs to, built into a target directory; the usual one where none is named.
    pub fn new(target: Option<PathBuf>) -> Self {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = here.ancestors().nth(2).unwrap_or(here).to_owned();
        let usual = || std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
        let target = target.unwrap_or_else(usual);
        Self { root, target }
    }

    /// Where the workspace lies.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The target directory.
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// The directory of finished products.
    pub fn out(&self) -> PathBuf {
        self.target.join("wasm")
    }

    /// Builds a package's library for WebAssembly, to be small.
    pub fn cdylib(&self, package: &str) -> Outcome<Vec<u8>> {
        self.built(package, &SMALL, "", None)
    }

    /// The same to read large bills, with these flags of the compiler.
    pub fn cdylib_for_bills(&self, package: &str, flags: &str) -> Outcome<Vec<u8>> {
        self.built(package, &FAST, flags, None)
    }

    /// The same as [`Self::cdylib`], but for a feature of the package.
    pub fn cdylib_featuring(&self, package: &str, feature: &str) -> Outcome<Vec<u8>> {
        self.built(package, &SMALL, "", Some(feature))
    }

    fn built(&self, package: &str, group: &Group, flags: &str, feature: Option<&str>) -> Outcome<Vec<u8>> {
        self.add_target()?;
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        command.args(["build", "--quiet", "--locked", "--lib", "--target", TARGET, "--profile", group.profile]);
        command.args(group.packages.map(|package| format!("--package={package}")));
        command.arg("--target-dir").arg(&self.target);
        // What is shipped is compiled by the compiler itself, whatever else compiles the workspace.
        command.env_remove("RUSTC_WORKSPACE_WRAPPER");
        if !flags.is_empty() {
            command.env("CARGO_ENCODED_RUSTFLAGS", flags);
        }
        if let Some(feature) = feature {
            command.arg(format!("--features={package}/{feature}"));
        }
        // Variants share what they are made of, but are linked to one file, which is read before another is made.
        fs::create_dir_all(&self.target)?;
        let turn = File::create(self.target.join(group.profile).with_extension("lock"))?;
        turn.lock()?;
        self.run(&mut command)?;
        let file = format!("{}.wasm", package.replace('-', "_"));
        Ok(fs::read(self.target.join(TARGET).join(group.profile).join(file))?)
    }

    /// Writes a product, if it fits.
    ///
    /// # Errors
    /// When it is larger than it may be; nothing is written then.
    pub fn ship(&self, name: &str, bytes: &[u8], budget: Budget) -> Outcome<Shipped> {
        let sizes = Sizes::remembered(bytes, &self.target.join("sizes"))?;
        if sizes.brotli > budget.brotli {
            return Err(format!(
                "`{name}` has outgrown its budget: {} bytes packed by brotli, of at most {}",
                sizes.brotli, budget.brotli
            )
            .into());
        }
        let path = self.write(name, bytes)?;
        Ok(Shipped { path, sizes, budget })
    }

    /// The same to a path outside the directory of finished products.
    pub fn ship_to(&self, path: &Path, bytes: &[u8], budget: Budget) -> Outcome<Shipped> {
        // A path that starts anew replaces the directory it is joined to.
        self.ship(&path.to_string_lossy(), bytes, budget)
    }

    /// Writes a file to a path outside the directory of finished products, whole or not at all.
    pub fn write_to(&self, path: &Path, bytes: &[u8]) -> Outcome<PathBuf> {
        self.write(&path.to_string_lossy(), bytes)
    }

    /// Writes a file beside the products, whole or not at all: tests may build side by side.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Outcome<PathBuf> {
        let path = self.out().join(name);
        fs::create_dir_all(path.parent().unwrap_or(&path))?;
        if fs::read(&path).is_ok_and(|there| there == bytes) {
            return Ok(path);
        }
        let fresh = path.with_added_extension(std::process::id().to_string());
        fs::write(&fresh, bytes)?;
        fs::rename(&fresh, &path)?;
        Ok(path)
    }

    /// Runs a command in the workspace.
    ///
    /// # Errors
    /// What it said, when it failed.
    pub fn run(&self, command: &mut Command) -> Outcome<()> {
        let output = command.current_dir(&self.root).output()?;
        if output.status.success() {
            return Ok(());
        }
        Err(format!("{command:?} failed:\n{}", String::from_utf8_lossy(&output.stderr)).into())
    }

    /// A toolchain file names the target, but does not install it everywhere.
    fn add_target(&self) -> Outcome<()> {
        let rustup = |args: &[&str]| {
            let mut command = Command::new("rustup");
            command.env("RUSTUP_AUTO_INSTALL", "0").current_dir(&self.root).args(args);
            command
        };
        // Without rustup the toolchain is somebody else's care; what is missing shows when the module is built.
        let Ok(listed) = rustup(&["target", "list", "--installed"]).output() else { return Ok(()) };
        if String::from_utf8_lossy(&listed.stdout).lines().any(|target| target == TARGET) {
            return Ok(());
        }
        self.run(&mut rustup(&["target", "add", TARGET]))
    }
}
