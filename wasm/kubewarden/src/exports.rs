//! The functions of waPC, by which a host calls a guest.

#![expect(unsafe_code, reason = "waPC passes addresses, and an exported name is an unsafe attribute")]

#[link(wasm_import_module = "wapc")]
unsafe extern "C" {
    #[link_name = "__guest_request"]
    fn guest_request(function: *mut u8, payload: *mut u8);
    #[link_name = "__guest_response"]
    fn guest_response(answer: *const u8, len: usize);
    #[link_name = "__guest_error"]
    fn guest_error(message: *const u8, len: usize);
}

/// Answers a call: 1 where it was answered, 0 where it failed.
#[unsafe(no_mangle)]
extern "C" fn __guest_call(function_len: usize, payload_len: usize) -> i32 {
    let (mut function, mut payload) = (vec![0; function_len], vec![0; payload_len]);
    // SAFETY: the host writes as many bytes as it said, into buffers of that size.
    unsafe { guest_request(function.as_mut_ptr(), payload.as_mut_ptr()) };
    let text = |bytes| String::from_utf8(bytes).map_err(|_| "the call is not UTF-8".to_owned());
    let answer = text(function).and_then(|function| crate::call(&function, &text(payload)?));
    // SAFETY: the host reads the bytes before it returns.
    match answer {
        Ok(answer) => {
            unsafe { guest_response(answer.as_ptr(), answer.len()) };
            1
        }
        Err(message) => {
            unsafe { guest_error(message.as_ptr(), message.len()) };
            0
        }
    }
}
