//! Buffers that a host writes calls into and reads answers from.

use std::collections::BTreeMap;

use headroom_core::api::{self, Failure};

/// Buffers by address. A host names a buffer by its address and length; what it names wrongly is not there.
#[derive(Debug, Default)]
pub struct Buffers {
    held: BTreeMap<usize, Box<[u8]>>,
}

impl Buffers {
    /// No buffers.
    pub const fn new() -> Self {
        Self { held: BTreeMap::new() }
    }

    /// Holds the bytes until they are released; gives their address.
    pub fn hold(&mut self, bytes: Vec<u8>) -> usize {
        // Empty buffers have no memory of their own, and would all share one address.
        let mut buffer = if bytes.is_empty() { Box::from([0]) } else { bytes.into_boxed_slice() };
        let address = buffer.as_mut_ptr() as usize;
        self.held.insert(address, buffer);
        address
    }

    /// Releases a buffer; whether there was one of this address and length.
    pub fn release(&mut self, address: usize, len: usize) -> bool {
        let there = self.get(address, len).is_some();
        there && self.held.remove(&address).is_some()
    }

    /// The bytes of a buffer.
    pub fn get(&self, address: usize, len: usize) -> Option<&[u8]> {
        let buffer = self.held.get(&address)?;
        if len.max(1) == buffer.len() { buffer.get(..len) } else { None }
    }

    /// Answers the call in a buffer: address and length of the answer, which is held like any other buffer.
    pub fn answer(&mut self, address: usize, len: usize) -> (usize, usize) {
        let call = self.get(address, len).map(std::str::from_utf8);
        let answer = match call {
            Some(Ok(call)) => api::answer(call),
            Some(Err(error)) => api::document_json(
                &Failure::at("call", error).hint("encode the call as UTF-8 before it is handed over"),
            ),
            None => api::document_json(
                &Failure::at("call", format_args!("no buffer of {len} bytes is held at {address}"))
                    .hint("write the call into a buffer of `headroom_alloc`, of exactly its length"),
            ),
        };
        let len = answer.len();
        (self.hold(answer.into_bytes()), len)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(buffers: &mut Buffers, call: &[u8]) -> String {
        let address = buffers.hold(call.to_vec());
        let (at, len) = buffers.answer(address, call.len());
        let text = String::from_utf8(buffers.get(at, len).unwrap().to_vec()).unwrap();
        assert!(buffers.release(address, call.len()) && buffers.release(at, len));
        text
    }

    #[test]
    fn answers_what_the_engine_answers() {
        let mut buffers = Buffers::new();
        let call = r#"{"call":"report","as_of":"2026-06-03","bills":[]}"#;
        assert_eq!(answered(&mut buffers, call.as_bytes()), api::answer(call));
        assert_eq!(answered(&mut buffers, b""), api::answer(""));
        assert!(answered(&mut buffers, b"\xff").contains("encode the call as UTF-8"));
        assert!(buffers.held.is_empty());
    }

    #[test]
    fn a_wrong_address_or_length_is_not_followed() {
        let mut buffers = Buffers::new();
        let address = buffers.hold(b"abc".to_vec());
        for (at, len) in [(address, 2), (address, 4), (address + 1, 2), (0, 0), (usize::MAX, 3)] {
            assert!(buffers.get(at, len).is_none());
            assert!(!buffers.release(at, len));
            let (at, len) = buffers.answer(at, len);
            assert!(std::str::from_utf8(buffers.get(at, len).unwrap()).unwrap().contains("no buffer of"));
        }
        assert!(buffers.release(address, 3));
        assert!(!buffers.release(address, 3));
    }

    #[test]
    fn empty_buffers_are_distinct() {
        let mut buffers = Buffers::new();
        let (a, b) = (buffers.hold(Vec::new()), buffers.hold(Vec::new()));
        assert_ne!(a, b);
        assert_eq!(buffers.get(a, 0), Some(&b""[..]));
        assert!(buffers.release(a, 0) && buffers.release(b, 0));
    }
}
