//! The functions a host sees. Nothing here follows an address: that is left to [`Buffers`], which knows its own.

#![expect(unsafe_code, reason = "an exported name is an unsafe attribute: two of one name would be unsound")]

use std::cell::RefCell;

use crate::Buffers;

thread_local! {
    static BUFFERS: RefCell<Buffers> = const { RefCell::new(Buffers::new()) };
}

/// Reserves `len` bytes, all zero.
#[unsafe(no_mangle)]
extern "C" fn headroom_alloc(len: u32) -> u32 {
    BUFFERS.with_borrow_mut(|buffers| buffers.hold(vec![0; len as usize])) as u32
}

/// Releases a buffer.
#[unsafe(no_mangle)]
extern "C" fn headroom_free(address: u32, len: u32) {
    BUFFERS.with_borrow_mut(|buffers| buffers.release(address as usize, len as usize));
}

/// Answers the call in a buffer.
#[unsafe(no_mangle)]
extern "C" fn headroom_answer(address: u32, len: u32) -> u64 {
    let (at, len) = BUFFERS.with_borrow_mut(|buffers| buffers.answer(address as usize, len as usize));
    (at as u64) << 32 | len as u64
}
