//! The engine as a WebAssembly module that imports nothing: bytes in, bytes out, no clock, no network.
//!
//! The module exports its `memory` and three functions. Text goes through buffers of the module's memory, in UTF-8:
//!
//! | export | what it does |
//! | --- | --- |
//! | `headroom_alloc(len: u32) -> u32` | reserves a buffer of `len` bytes and gives its address |
//! | `headroom_free(address: u32, len: u32)` | releases a buffer, whoever reserved it |
//! | `headroom_answer(address: u32, len: u32) -> u64` | answers the call in that buffer: address · 2³² + length of the answer |
//!
//! What calls and answers look like is told by [`headroom_core::api`]: a call is a JSON document, the answer is the
//! document asked for, or a failure as a JSON document. The caller releases both buffers. An address that the module
//! never gave out is answered with a failure; it is never followed.
//!
//! ```js
//! const { instance } = await WebAssembly.instantiate(bytes);
//! const { memory, headroom_alloc, headroom_answer, headroom_free } = instance.exports;
//! const call = new TextEncoder().encode(JSON.stringify({ call: "report", as_of: "2026-06-03", bills }));
//! const address = headroom_alloc(call.length);
//! new Uint8Array(memory.buffer, address, call.length).set(call);
//! const answer = BigInt.asUintN(64, headroom_answer(address, call.length));
//! headroom_free(address, call.length);
//! const [at, length] = [Number(answer >> 32n), Number(answer & 0xffffffffn)];
//! const text = new TextDecoder().decode(new Uint8Array(memory.buffer, at, length));
//! headroom_free(at, length);
//! ```

mod buffers;
#[cfg(target_arch = "wasm32")]
mod exports;

pub use buffers::Buffers;
