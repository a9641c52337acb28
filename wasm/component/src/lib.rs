//! The engine as a WebAssembly component: the world `headroom` of `wit/engine.wit`, which imports nothing.
//!
//! Nothing is decided here: documents are handed to [`headroom_core::api`], and what it answers is handed back.

#[cfg(target_arch = "wasm32")]
mod exports;
