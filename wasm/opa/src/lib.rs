//! Headroom's gates as a module of the OPA WebAssembly ABI, version 1.3: what loads a compiled Rego policy loads it as it is.
//!
//! `data.headroom` holds the gates, the evidence they look at and the day (see [`PreparedGates::configured`]); they are read
//! when the host sets its data, not at each decision. `input` is what is decided about. Two entrypoints answer:
//!
//! | entrypoint | result |
//! | --- | --- |
//! | `headroom/decision` | the decision document (`headroom/decision/1`) |
//! | `headroom/allow` | whether the decision is not a denial |
//!
//! The module imports the host's memory and `opa_abort`, and nothing else. Whatever keeps it from deciding, data that
//! cannot be read or a panic, reaches `opa_abort` as a message.
//!
//! Memory follows the ABI: the host owns the heap pointer, writes the input behind it, and sets it back before each
//! evaluation. So memory is only ever taken from the end ([`heap`](self)), what an evaluation took is gone with the next
//! one, and nothing that outlives an evaluation may be made during one: data is read in `opa_json_parse`, before the host
//! asks where the heap ends.
//!
//! [`PreparedGates::configured`]: headroom_core::api::PreparedGates::configured

mod evaluate;
#[cfg(target_arch = "wasm32")]
mod exports;
#[cfg(target_arch = "wasm32")]
mod heap;
mod value;

pub use evaluate::{ENTRYPOINTS, Notation, evaluate};
pub use value::Value;
