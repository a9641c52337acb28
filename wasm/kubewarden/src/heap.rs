//! Memory in blocks of powers of two, each size with a list of those that are free.
//!
//! The allocator that comes with Rust is a tenth of the module. A guest has one thread and little to hold: settings, and what
//! one request takes, which is all given back.

#![expect(unsafe_code, reason = "an allocator is unsafe to implement")]

use std::alloc::{GlobalAlloc, Layout};
use std::arch::wasm32::{memory_grow, memory_size};
use std::cell::Cell;
use std::ptr::{null_mut, with_exposed_provenance_mut};

const PAGE: usize = 1 << 16;

/// The smallest block, which still holds the address of the next free one and is aligned for everything.
const LEAST: usize = 16;

/// As many sizes as there are powers of two in the memory.
const SIZES: usize = usize::BITS as usize;

unsafe extern "C" {
    /// Set by the linker: its address is where the heap begins.
    static __heap_base: u8;
}

struct Heap {
    /// Where what was never in use begins; 0 until it is first asked for.
    end: Cell<usize>,
    /// The address of the first free block of each size; each holds that of the next, and the last one 0.
    free: [Cell<usize>; SIZES],
}

// SAFETY: the module has one thread; without the `atomics` feature there is no other.
unsafe impl Sync for Heap {}

#[global_allocator]
static HEAP: Heap = Heap { end: Cell::new(0), free: [const { Cell::new(0) }; SIZES] };

/// Bytes of the block for a layout; `None` where no memory is so large. A block begins at a multiple of `LEAST`, and no
/// value asks for more.
fn block_size(layout: Layout) -> Option<usize> {
    if layout.align() > LEAST {
        return None;
    }
    layout.size().max(LEAST).checked_next_power_of_two()
}

impl Heap {
    /// A block that was never in use.
    fn fresh(&self, size: usize) -> *mut u8 {
        let from = match self.end.get() {
            0 => (&raw const __heap_base).addr().next_multiple_of(LEAST),
            end => end,
        };
        let Some(to) = from.checked_add(size) else { return null_mut() };
        let there = memory_size(0) * PAGE;
        if to > there && memory_grow(0, (to - there).div_ceil(PAGE)) == usize::MAX {
            return null_mut();
        }
        self.end.set(to);
        with_exposed_provenance_mut(from)
    }
}

// SAFETY: a block lies between the end before and the end after it was taken, or was given back and is in no list any more; so no
// two in use overlap. Its size follows from the layout alone, which is the same when it is given back.
unsafe impl GlobalAlloc for Heap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let Some(size) = block_size(layout) else { return null_mut() };
        let list = &self.free[size.trailing_zeros() as usize];
        let first = list.get();
        if first == 0 {
            return self.fresh(size);
        }
        // SAFETY: a free block holds the address of the next one, and is aligned for it.
        list.set(unsafe { with_exposed_provenance_mut::<usize>(first).read() });
        with_exposed_provenance_mut(first)
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        let Some(size) = block_size(layout) else { return };
        let list = &self.free[size.trailing_zeros() as usize];
        let address = block.expose_provenance();
        // SAFETY: the block is nobody's any more, and large enough.
        unsafe { with_exposed_provenance_mut::<usize>(address).write(list.get()) };
        list.set(address);
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: the size is that of a layout of the caller's, which must not be 0 nor overflow.
        let wanted = unsafe { Layout::from_size_align_unchecked(size, layout.align()) };
        if block_size(wanted) == block_size(layout) {
            return block;
        }
        // SAFETY: both blocks hold at least so many bytes, and a block in use overlaps none.
        unsafe {
            let moved = self.alloc(wanted);
            if !moved.is_null() {
                std::ptr::copy_nonoverlapping(block, moved, layout.size().min(size));
                self.dealloc(block, layout);
            }
            moved
        }
    }
}
