//! Work on bytes that may be damaged, by a library that takes them for whole.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

thread_local! {
    /// Whether this thread is at work on such bytes.
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// What comes of the work; `None` where it found the bytes to be damaged, in whatever way it says so.
pub(super) fn guarded<T, E>(work: impl FnOnce() -> Result<T, E>) -> Option<T> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let usual = take_hook();
        set_hook(Box::new(move |panic| {
            if !GUARDED.get() {
                usual(panic);
            }
        }));
    });
    GUARDED.set(true);
    // What a panic leaves behind is thrown away with the bytes.
    let outcome = catch_unwind(AssertUnwindSafe(work));
    GUARDED.set(false);
    outcome.ok()?.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_answer() {
        assert_eq!(guarded(|| Ok::<_, ()>(1)), Some(1));
        assert_eq!(guarded(|| Err::<(), _>(1)), None);
        assert_eq!(guarded(|| -> Result<(), ()> { panic!("not printed") }), None);
    }
}
