//! The engine for JavaScript: what crosses the boundary is text and bytes, never a row.
//!
//! Nothing is decided here. A call is the JSON text of [`headroom_core::api::answer`], bills are pushed as chunks to a
//! [`Session`], and what comes back is the text of a document. The package in `wasm/npm` makes functions, types and
//! errors of it; `cargo run -p headroom-wasm-build -- npm` builds both.

#![cfg(target_arch = "wasm32")]

mod session;

use headroom_core::api;
use wasm_bindgen::prelude::wasm_bindgen;

pub use session::Session;

/// Answers a call that holds all its texts; a failure is a document too.
#[wasm_bindgen]
pub fn answer(call: &str) -> String {
    api::answer(call)
}

/// The engine's version.
#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

/// A panic is a fault of the engine: its message goes to whoever called, in place of a bare trap.
#[wasm_bindgen(start)]
fn started() {
    std::panic::set_hook(Box::new(|panic| wasm_bindgen::throw_str(&panic.to_string())));
}
