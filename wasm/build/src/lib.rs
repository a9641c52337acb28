//! What Headroom ships as WebAssembly: built with Cargo, completed, measured, and held to its size.
//!
//! One file a product; each builds its crate for `wasm32-unknown-unknown` ([`Workspace::cdylib`]), makes of it what a host
//! loads, and hands the bytes to [`Workspace::ship`], which refuses what has outgrown its [`Budget`]. Results lie in
//! `target/wasm`. On the command line:
//!
//! ```console
//! $ cargo run -p headroom-wasm-build -- component
//! ```

mod compact;
pub mod component;
pub mod gates;
mod json;
pub mod kubewarden;
pub mod npm;
pub mod opa;
pub mod portal;
mod size;
mod typescript;
mod workspace;

pub use size::{Budget, Shipped, Sizes};
pub use typescript::declarations;
pub use workspace::Workspace;

/// The result of a build: whatever went wrong, in words.
pub type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;
