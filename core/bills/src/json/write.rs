//! Writing texts.

/// Writes a text as JSON writes it.
pub fn push_text(out: &mut String, text: &str) {
    let start = out.len();
    out.push('"');
    out.push_str(text);
    close_text(out, start);
}

/// Ends a text that stands at the end of `out` behind the quotation mark at `start`, and escapes what must not stand there.
pub fn close_text(out: &mut String, start: usize) {
    let text = out.get(start + 1..).unwrap_or_default();
    if text.bytes().any(|byte| escaped(byte).is_some()) {
        let text = text.to_owned();
        out.truncate(start + 1);
        let mut rest = text.as_str();
        // What is escaped is a character of one byte.
        while let Some(at) = rest.bytes().position(|byte| escaped(byte).is_some()) {
            out.push_str(rest.get(..at).unwrap_or_default());
            let byte = rest.as_bytes().get(at).copied().unwrap_or_default();
            out.push('\\');
            match escaped(byte) {
                Some(b'u') | None => {
                    out.push_str("u00");
                    for digit in [byte >> 4, byte & 15] {
                        out.push(char::from_digit(u32::from(digit), 16).unwrap_or('0'));
                    }
                }
                Some(letter) => out.push(char::from(letter)),
            }
            rest = rest.get(at + 1..).unwrap_or_default();
        }
        out.push_str(rest);
    }
    out.push('"');
}

/// What a byte is written as behind a backslash; `None` where it stands as it is.
const fn escaped(byte: u8) -> Option<u8> {
    match byte {
        b'"' | b'\\' => Some(byte),
        0x08 => Some(b'b'),
        0x0C => Some(b'f'),
        b'\n' => Some(b'n'),
        b'\r' => Some(b'r'),
        b'\t' => Some(b't'),
        0..b' ' => Some(b'u'),
        _ => None,
    }
}
