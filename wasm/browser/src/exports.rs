//! The functions a host sees. Nothing here follows an address: that is left to [`Buffers`], which knows its own.

#![expect(unsafe_code, reason = "an exported name is an unsafe attribute: two of one name would be unsound")]

use std::cell::RefCell;

use crate::Buffers;

thread_local! {
    static BUFFERS: RefCell<Buffers> = const { RefCell::new(Buffers::new()) };
}

/// Reserves `len` bytes, all zero. (A `usize` is a `u32` here.)
#[unsafe(no_mangle)]
extern "C" fn headroom_alloc(len: usize) -> usize {
    BUFFERS.with_borrow_mut(|buffers| buffers.hold(vec![0; len]))
}

/// Releases a buffer.
#[unsafe(no_mangle)]
extern "C" fn headroom_free(address: usize, len: usize) {
    BUFFERS.with_borrow_mut(|buffers| buffers.release(address, len));
}

/// Answers the call in a buffer.
#[unsafe(no_mangle)]
extern "C" fn headroom_answer(address: usize, len: usize) -> u64 {
    let (at, length) = BUFFERS.with_borrow_mut(|buffers| buffers.answer(address, len));
    (at as u64) << 32 | length as u64
}
