//! Memory as the OPA ABI has it: one end that only moves up, and is set back by the host.

#![expect(unsafe_code, reason = "an allocator is unsafe to implement, and this one must be the host's as well")]

use std::alloc::{GlobalAlloc, Layout};
use std::arch::wasm32::{memory_grow, memory_size};
use std::cell::Cell;

use crate::exports::abort_with;

const PAGE: usize = 1 << 16;

unsafe extern "C" {
    /// Set by the linker: its address is where the heap begins.
    static __heap_base: u8;
}

/// The end of what is in use.
pub(crate) struct Heap {
    /// 0 until it is first asked for.
    end: Cell<usize>,
}

// SAFETY: the module has one thread; without the `atomics` feature there is no other.
unsafe impl Sync for Heap {}

#[global_allocator]
pub(crate) static HEAP: Heap = Heap { end: Cell::new(0) };

impl Heap {
    /// The end of what is in use.
    pub(crate) fn end(&self) -> usize {
        if self.end.get() == 0 {
            self.end.set((&raw const __heap_base).addr());
        }
        self.end.get()
    }

    /// Sets the end back, or past what the host has written itself.
    pub(crate) fn set_end(&self, end: usize) {
        self.end.set(end);
    }

    /// Takes memory from the end up to an address.
    fn reach(&self, to: usize) -> bool {
        let there = memory_size(0) * PAGE;
        if to > there && memory_grow(0, (to - there).div_ceil(PAGE)) == usize::MAX {
            abort_with("out of memory");
        }
        self.end.set(to);
        true
    }
}

// SAFETY: every block lies between the end before and the end after it was taken, so no two overlap; what is given back is
// the last block or is left alone. The host sets the end back only where it gives up what lies behind it.
unsafe impl GlobalAlloc for Heap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let from = self.end().checked_next_multiple_of(layout.align());
        match from.and_then(|from| Some((from, from.checked_add(layout.size())?))) {
            Some((from, to)) if self.reach(to) => std::ptr::with_exposed_provenance_mut(from),
            _ => std::ptr::null_mut(),
        }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        if block.addr() + layout.size() == self.end() {
            self.end.set(block.addr());
        }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // The last block, as a text that is being written mostly is, grows where it stands.
        if block.addr() + layout.size() == self.end()
            && let Some(to) = block.addr().checked_add(size)
            && self.reach(to)
        {
            return block;
        }
        // SAFETY: the size is that of a layout of the caller's, which must not be 0 nor overflow.
        let moved = unsafe { self.alloc(Layout::from_size_align_unchecked(size, layout.align())) };
        if !moved.is_null() {
            // SAFETY: both blocks hold at least so many bytes, and a fresh block overlaps none.
            unsafe { std::ptr::copy_nonoverlapping(block, moved, layout.size().min(size)) };
        }
        moved
    }
}
