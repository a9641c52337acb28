//! The functions of the OPA WebAssembly ABI 1.3. Addresses are those of values that the module gave out, or of bytes that
//! the host wrote behind the heap pointer: the ABI has no other way to name them, and the host is trusted with them.

#![expect(unsafe_code, reason = "the ABI passes addresses, and an exported name is an unsafe attribute")]

use std::cell::Cell;
use std::ffi::CString;
use std::panic;

use headroom_core::api::Failure;

use crate::heap::HEAP;
use crate::{ENTRYPOINTS, Notation, Value, evaluate};

#[link(wasm_import_module = "env")]
unsafe extern "C" {
    fn opa_abort(message: *const u8);
}

/// What the ABI answers for a path that cannot be followed.
const INVALID_PATH: i32 = 2;

/// What is asked by hosts that set one thing after another.
#[derive(Default)]
struct Evaluation {
    entrypoint: Cell<i32>,
    data: Cell<*mut Value>,
    input: Cell<*mut Value>,
    result: Cell<*mut Value>,
}

/// Ends the evaluation with a message, which must not hold a zero byte.
pub(crate) fn abort_with(message: &str) -> ! {
    // Not allocated as ever: there may be no memory left.
    let mut line = [0_u8; 1024];
    let mut most = message.len().min(line.len() - 1);
    while !message.is_char_boundary(most) {
        most -= 1;
    }
    line[..most].copy_from_slice(&message.as_bytes()[..most]);
    // SAFETY: the host reads up to the zero byte that ends the line.
    unsafe { opa_abort(line.as_ptr()) };
    std::arch::wasm32::unreachable()
}

fn abort(failure: &Failure) -> ! {
    abort_with(&failure.to_string())
}

/// From here on a panic is told to the host. Nothing is allocated for it.
fn tell_panics() {
    thread_local! {
        static TOLD: Cell<bool> = const { Cell::new(false) };
    }
    if !TOLD.replace(true) {
        panic::set_hook(Box::new(|panic| abort_with(&panic.to_string())));
    }
}

/// Bytes that the host wrote.
fn text<'t>(address: usize, len: usize) -> Option<&'t str> {
    if len == 0 {
        return Some("");
    }
    // SAFETY: by the ABI the host has written so many bytes there, and leaves them until the call returns.
    let bytes = unsafe { std::slice::from_raw_parts(std::ptr::with_exposed_provenance(address), len) };
    std::str::from_utf8(bytes).ok()
}

/// The value at an address.
fn value<'v>(address: *mut Value) -> Option<&'v mut Value> {
    // SAFETY: by the ABI it is 0 or an address of `give`, whose value lives until the host sets the heap back.
    unsafe { address.as_mut() }
}

fn give(value: Value) -> *mut Value {
    Box::into_raw(Box::new(value))
}

/// Text that ends with a zero byte, which JSON never holds.
fn line(text: String) -> *const u8 {
    CString::new(text).map_or(std::ptr::null(), |text| text.into_raw().cast_const().cast())
}

fn answer(entrypoint: i32, data: *mut Value, input: &str, notation: Notation) -> String {
    evaluate(entrypoint, value(data).as_deref(), input, notation).unwrap_or_else(|failure| abort(&failure))
}

#[unsafe(no_mangle)]
extern "C" fn opa_malloc(len: usize) -> *mut u8 {
    tell_panics();
    let bytes: Vec<u64> = Vec::with_capacity(len.div_ceil(8).max(1));
    bytes.leak().as_mut_ptr().cast()
}

#[unsafe(no_mangle)]
extern "C" fn opa_free(_: usize) {}

#[unsafe(no_mangle)]
extern "C" fn opa_value_free(_: usize) {}

#[unsafe(no_mangle)]
extern "C" fn opa_heap_ptr_get() -> usize {
    HEAP.end()
}

#[unsafe(no_mangle)]
extern "C" fn opa_heap_ptr_set(end: usize) {
    HEAP.set_end(end);
}

// Free blocks are not kept, so there are none to put aside.

#[unsafe(no_mangle)]
extern "C" fn opa_heap_blocks_stash() {}

#[unsafe(no_mangle)]
extern "C" fn opa_heap_blocks_restore() {}

#[unsafe(no_mangle)]
extern "C" fn opa_heap_stash_clear() {}

/// A value from JSON; 0 where it is none.
#[unsafe(no_mangle)]
extern "C" fn opa_json_parse(address: usize, len: usize) -> *mut Value {
    tell_panics();
    // The host of Rust counts the zero byte that ends a C string; JSON holds none.
    let json = text(address, len).map(|text| text.strip_suffix('\0').unwrap_or(text));
    json.and_then(Value::read).map_or(std::ptr::null_mut(), give)
}

/// Rego's notation of values; JSON is the part of it that hosts write.
#[unsafe(no_mangle)]
extern "C" fn opa_value_parse(address: usize, len: usize) -> *mut Value {
    opa_json_parse(address, len)
}

#[unsafe(no_mangle)]
extern "C" fn opa_json_dump(address: *mut Value) -> *const u8 {
    line(value(address).map_or_else(|| "null".to_owned(), |value| value.text().to_owned()))
}

#[unsafe(no_mangle)]
extern "C" fn opa_value_dump(address: *mut Value) -> *const u8 {
    line(value(address).map_or_else(|| "null".to_owned(), |value| value.rego()))
}

#[unsafe(no_mangle)]
extern "C" fn opa_value_add_path(base: *mut Value, path: *mut Value, put: *mut Value) -> i32 {
    let (Some(base), Some(path), Some(put)) = (value(base), value(path), value(put)) else { return INVALID_PATH };
    change(base, path, |base, path| base.with(path, put))
}

#[unsafe(no_mangle)]
extern "C" fn opa_value_remove_path(base: *mut Value, path: *mut Value) -> i32 {
    let (Some(base), Some(path)) = (value(base), value(path)) else { return INVALID_PATH };
    change(base, path, Value::without)
}

fn change(base: &mut Value, path: &Value, by: impl FnOnce(&Value, &[String]) -> Option<Value>) -> i32 {
    match path.as_path().and_then(|path| by(base, &path)) {
        Some(changed) => {
            *base = changed;
            0
        }
        None => INVALID_PATH,
    }
}

#[unsafe(no_mangle)]
extern "C" fn builtins() -> *mut Value {
    give(Value::of("{}".to_owned()))
}

#[unsafe(no_mangle)]
extern "C" fn entrypoints() -> *mut Value {
    give(Value::of(ENTRYPOINTS.to_owned()))
}

/// Evaluates in one call: the host has written the input and says where the heap ends behind it.
#[unsafe(no_mangle)]
extern "C" fn opa_eval(
    _reserved: usize,
    entrypoint: i32,
    data: *mut Value,
    input: usize,
    len: usize,
    heap: usize,
    format: i32,
) -> *const u8 {
    HEAP.set_end(heap);
    let Some(input) = text(input, len) else { abort_with("the input is not UTF-8") };
    line(answer(entrypoint, data, input, Notation::of(format)))
}

#[unsafe(no_mangle)]
extern "C" fn opa_eval_ctx_new() -> *mut Evaluation {
    Box::into_raw(Box::default())
}

fn evaluation<'e>(address: *mut Evaluation) -> &'e Evaluation {
    // SAFETY: by the ABI it is an address of `opa_eval_ctx_new`, whose value lives until the host sets the heap back.
    match unsafe { address.as_ref() } {
        Some(evaluation) => evaluation,
        None => abort_with("an evaluation is at no address"),
    }
}

#[unsafe(no_mangle)]
extern "C" fn opa_eval_ctx_set_input(of: *mut Evaluation, input: *mut Value) {
    evaluation(of).input.set(input);
}

#[unsafe(no_mangle)]
extern "C" fn opa_eval_ctx_set_data(of: *mut Evaluation, data: *mut Value) {
    evaluation(of).data.set(data);
}

#[unsafe(no_mangle)]
extern "C" fn opa_eval_ctx_set_entrypoint(of: *mut Evaluation, entrypoint: i32) {
    evaluation(of).entrypoint.set(entrypoint);
}

#[unsafe(no_mangle)]
extern "C" fn opa_eval_ctx_get_result(of: *mut Evaluation) -> *mut Value {
    evaluation(of).result.get()
}

/// Evaluates what was set before.
#[unsafe(no_mangle)]
extern "C" fn eval(of: *mut Evaluation) -> i32 {
    let of = evaluation(of);
    // What `opa_json_parse` could not read has no address, and its text is not kept.
    let Some(input) = value(of.input.get()) else { abort_with("no input was set, or it is not JSON") };
    of.result.set(give(Value::set(answer(of.entrypoint.get(), of.data.get(), input.text(), Notation::Json))));
    0
}
