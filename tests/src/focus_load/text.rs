//! Cells of a CSV row.

use std::io::Write as _;

/// When a text cell is quoted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quoting {
    /// Only where the text needs it.
    Minimal,
    /// Wherever there is text; numbers and empty cells stay bare.
    All,
}

/// One line of a CSV file, cell by cell.
#[derive(Debug)]
pub(super) struct Line {
    bytes: Vec<u8>,
    quoting: Quoting,
}

impl Line {
    pub(super) fn new(quoting: Quoting) -> Self {
        Self { bytes: Vec::with_capacity(2048), quoting }
    }

    pub(super) fn clear(&mut self) {
        self.bytes.clear();
    }

    /// The line with its line feed, which takes the place of the last comma.
    pub(super) fn finish(&mut self) -> &[u8] {
        if let Some(last) = self.bytes.last_mut() {
            *last = b'\n';
        }
        &self.bytes
    }

    pub(super) fn empty(&mut self, cells: usize) {
        self.bytes.extend(std::iter::repeat_n(b',', cells));
    }

    pub(super) fn text(&mut self, text: &str) {
        let quoted = match self.quoting {
            Quoting::All => !text.is_empty(),
            Quoting::Minimal => text.bytes().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r')),
        };
        if quoted {
            self.bytes.push(b'"');
            for piece in text.split_inclusive('"') {
                self.bytes.extend_from_slice(piece.as_bytes());
                if piece.ends_with('"') {
                    self.bytes.push(b'"');
                }
            }
            self.bytes.push(b'"');
        } else {
            self.bytes.extend_from_slice(text.as_bytes());
        }
        self.bytes.push(b',');
    }

    /// `units` · 10⁻ᵈ with exactly `digits` decimals.
    pub(super) fn decimal(&mut self, units: i64, digits: u32) {
        self.push_decimal(units, digits);
        self.bytes.push(b',');
    }

    /// `units` · 10⁻ᵈ without trailing zeros.
    pub(super) fn trimmed(&mut self, units: i64, digits: u32) {
        let start = self.bytes.len();
        self.push_decimal(units, digits);
        let kept = self.bytes[start..].iter().rposition(|byte| *byte != b'0').map_or(0, |last| last + 1);
        self.bytes.truncate(start + kept);
        if self.bytes.last() == Some(&b'.') {
            self.bytes.pop();
        }
        self.bytes.push(b',');
    }

    /// `units` · 10⁻¹⁶ as `d.dddE-XX`, cut to four digits.
    pub(super) fn scientific(&mut self, units: i64) {
        let (mut mantissa, mut exponent) = (units, -13_i32);
        while mantissa > 9999 {
            mantissa /= 10;
            exponent += 1;
        }
        while mantissa != 0 && mantissa < 1000 {
            mantissa *= 10;
            exponent -= 1;
        }
        if mantissa == 0 {
            exponent = 0;
        }
        // Writing to a `Vec` cannot fail.
        let _ = write!(
            self.bytes,
            "{}.{:03}E{}{:02},",
            mantissa / 1000,
            mantissa % 1000,
            if exponent < 0 { '-' } else { '+' },
            exponent.abs()
        );
    }

    fn push_decimal(&mut self, units: i64, digits: u32) {
        let mut buffer = [0_u8; 24];
        let mut at = buffer.len();
        let mut rest = units.unsigned_abs();
        let mut written = 0;
        while rest > 0 || written <= digits {
            if written == digits && digits > 0 {
                at -= 1;
                buffer[at] = b'.';
            }
            at -= 1;
            buffer[at] = b'0' + (rest % 10) as u8;
            rest /= 10;
            written += 1;
        }
        if units < 0 {
            at -= 1;
            buffer[at] = b'-';
        }
        self.bytes.extend_from_slice(&buffer[at..]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl Fn(&mut Line), quoting: Quoting) -> String {
        let mut line = Line::new(quoting);
        write(&mut line);
        String::from_utf8(line.finish().to_vec()).unwrap()
    }

    #[test]
    fn numbers() {
        let all = |line: &mut Line| {
            line.decimal(-1_234, 2);
            line.decimal(5, 4);
            line.decimal(0, 10);
            line.decimal(i64::MIN, 15);
            line.trimmed(1_500, 3);
            line.trimmed(3_000, 3);
            line.trimmed(0, 15);
            line.scientific(3_354_999);
            line.scientific(12);
            line.scientific(0);
        };
        assert_eq!(
            written(all, Quoting::All),
            "-12.34,0.0005,0.0000000000,-9223.372036854775808,1.5,3,0,3.354E-10,1.200E-15,0.000E+00\n"
        );
    }

    #[test]
    fn text() {
        let all = |line: &mut Line| {
            line.text("plain");
            line.text("a, \"b\"");
            line.empty(2);
            line.text("");
        };
        assert_eq!(written(all, Quoting::Minimal), "plain,\"a, \"\"b\"\"\",,,\n");
        assert_eq!(written(all, Quoting::All), "\"plain\",\"a, \"\"b\"\"\",,,\n");
    }
}
