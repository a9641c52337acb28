//! Rows for tests.

/// A row as the scanner would cut it: its bytes, every field quoted, and where each field ends.
pub(super) fn row<'f>(fields: impl Iterator<Item = &'f str>) -> (Vec<u8>, Vec<u32>) {
    let (mut bytes, mut ends) = (Vec::new(), Vec::new());
    for field in fields {
        if !ends.is_empty() {
            bytes.push(b',');
        }
        bytes.push(b'"');
        bytes.extend_from_slice(field.replace('"', "\"\"").as_bytes());
        bytes.push(b'"');
        ends.push(u32::try_from(bytes.len()).unwrap());
    }
    (bytes, ends)
}
