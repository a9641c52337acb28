//! Writing texts.

use super::escapes::plain;

/// Writes a text as JSON writes it.
pub fn push_text(out: &mut String, text: &str) {
    let start = out.len();
    out.push('"');
    out.push_str(text);
    close_text(out, start);
}

/// Ends a text that stands at the end of `out` behind the quotation mark at `start`, and escapes what must not stand there.
pub fn close_text(out: &mut String, start: usize) {
    let written = out.as_bytes().get(start + 1..).unwrap_or_default();
    let first = start + 1 + plain(written);
    if first < out.len() {
        let tail = out.get(first..).unwrap_or_default().to_owned();
        out.truncate(first);
        let mut rest = tail.as_str();
        while let Some(byte) = rest.as_bytes().first() {
            out.push('\\');
            match escaped(*byte) {
                b'u' => {
                    out.push_str("u00");
                    for digit in [byte >> 4, byte & 15] {
                        out.push(char::from_digit(u32::from(digit), 16).unwrap_or('0'));
                    }
                }
                letter => out.push(char::from(letter)),
            }
            rest = rest.get(1..).unwrap_or_default();
            let (same, others) = rest.split_at_checked(plain(rest.as_bytes())).unwrap_or_default();
            out.push_str(same);
            rest = others;
        }
    }
    out.push('"');
}

/// What a byte that must not stand in a text is written as, behind a backslash.
const fn escaped(byte: u8) -> u8 {
    match byte {
        0x08 => b'b',
        0x0C => b'f',
        b'\n' => b'n',
        b'\r' => b'r',
        b'\t' => b't',
        0..b' ' => b'u',
        itself => itself,
    }
}
