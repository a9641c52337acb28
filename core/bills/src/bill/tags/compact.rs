//! Where the keys and values of the commonest packed tags stand.
//!
//! Most cells are a JSON object of texts, `"{""team"":""payments"",""env"":""prod""}"`. There every second quote ends a
//! delimiter, so that the quotes alone, 64 bytes at a time, tell where each text is; nothing else of a value that nobody
//! asks for is looked at, but for escapes.

use wide::u8x16;

use crate::bill::record::Record;
use crate::bill::scan::{LANES, lanes, prefix_parity};

/// Tags a cell may have to be read here.
const MOST: usize = 16;

/// Delimiters listed beyond those of the most tags before that is noticed: of one stroke, and three written for nothing.
const SURPLUS: usize = LANES / 2 + 3;

/// Where the delimiters of a cell stand, in memory that is used again for the next.
#[derive(Debug)]
pub(crate) struct TagPlaces {
    /// From the first key on, the first quote of each delimiter.
    delimiters: [u32; 4 * MOST + SURPLUS],
    count: usize,
    escaped: bool,
}

/// The escapes of a cell as far as they have been read.
#[derive(Default)]
struct Escapes {
    /// What lies before this place belongs to an escape.
    end: usize,
    /// Quotes of the next stroke that belong to one, as its mask has them.
    quotes: u64,
}

/// A part of a cell: where it starts, from the first key on, and its length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) start: usize,
    pub(crate) length: usize,
}

/// Bytes of a cell before its first key.
pub(crate) const BEFORE: usize = 2;

impl Span {
    /// The part itself, of the bytes that [`TagPlaces::read`] returned.
    #[inline]
    pub(crate) fn of(self, bytes: &[u8]) -> &[u8] {
        bytes.get(self.start..self.start + self.length).unwrap_or_default()
    }
}

impl Default for TagPlaces {
    fn default() -> Self {
        Self { delimiters: [0; 4 * MOST + SURPLUS], count: 0, escaped: false }
    }
}

impl TagPlaces {
    /// Finds the texts of a cell and returns its bytes from the first key on, and what else is at hand behind them; `None`
    /// for any other form, or for escapes that are numbers, which is no error. The texts are UTF-8.
    #[inline]
    pub(crate) fn read<'t>(&mut self, record: &Record<'t>, column: usize) -> Option<&'t [u8]> {
        (self.count, self.escaped) = (0, false);
        let mut read = Escapes::default();
        let raw = record.raw(column);
        let length = raw.strip_prefix(b"\"{")?.strip_suffix(b"}\"")?.len();
        let bytes = record.from(column)?.get(BEFORE..)?;
        let (mut base, mut carry, mut open, mut high) = (0, 0, 0, u8x16::splat(0));
        while base < length {
            let chunk = bytes.get(base..)?.first_chunk::<LANES>()?;
            let (mut quotes, mut escapes) = (0, 0);
            for (lane, bytes) in lanes(chunk).into_iter().enumerate() {
                quotes |= u64::from(bytes.simd_eq(u8x16::splat(b'"')).to_bitmask()) << (lane * 16);
                escapes |= u64::from(bytes.simd_eq(u8x16::splat(b'\\')).to_bitmask()) << (lane * 16);
                high |= bytes;
            }
            if length - base < LANES {
                let within = (1 << (length - base)) - 1;
                quotes &= within;
                escapes &= within;
            }
            if escapes != 0 || read.quotes != 0 {
                self.escaped = true;
                quotes &= !read.take(bytes, base, escapes)?;
            }
            let firsts = quotes & (prefix_parity(quotes) ^ carry);
            let seconds = quotes ^ firsts;
            if seconds != (firsts << 1 | open) {
                return None;
            }
            open = firsts >> 63;
            carry = 0_u64.wrapping_sub(open);
            self.list(firsts, base as u32)?;
            base += LANES;
        }
        let is_ascii = (high & u8x16::splat(0x80)).simd_eq(u8x16::splat(0)).to_bitmask() == 0xffff;
        let whole = open == 0 && self.is_object(bytes, length as u32);
        (whole && (is_ascii || std::str::from_utf8(raw).is_ok())).then_some(bytes)
    }

    /// Lists the places of a mask's bits, four at a time without looking.
    #[inline]
    fn list(&mut self, mut mask: u64, base: u32) -> Option<()> {
        let from = self.count;
        self.count += mask.count_ones() as usize;
        let (strokes, _) = self.delimiters.get_mut(from..).filter(|_| from <= 4 * MOST)?.as_chunks_mut::<4>();
        for stroke in strokes {
            for place in stroke {
                *place = base + (mask.trailing_zeros() & 63);
                mask &= mask.wrapping_sub(1);
            }
            if mask == 0 {
                break;
            }
        }
        Some(())
    }

    /// Whether the delimiters are those of `key : value` again and again, with commas between.
    #[inline]
    fn is_object(&self, bytes: &[u8], length: u32) -> bool {
        if self.count > 4 * MOST || !self.count.is_multiple_of(4) {
            return false;
        }
        let (quads, _) = self.delimiters[..self.count].as_chunks::<4>();
        // A mark may have one blank behind it, as some writers put it.
        let gap = |from: u32, to: u32, mark: u8| {
            let [first, second] =
                bytes.get(from as usize + 2..).and_then(<[u8]>::first_chunk).copied().unwrap_or_default();
            first == mark && (to == from + 3 || (to == from + 4 && second == b' '))
        };
        let mut is_object = quads.first().is_some_and(|[first, ..]| *first == 0);
        for [_, key_end, value, _] in quads {
            is_object &= gap(*key_end, *value, b':');
        }
        for pair in quads.windows(2) {
            is_object &= gap(pair[0][3], pair[1][0], b',');
        }
        is_object && quads.last().is_some_and(|[.., end]| end + 2 == length)
    }

    /// Whether a text of the cell last read must be undone of escapes.
    #[inline]
    pub(crate) fn is_escaped(&self, text: &[u8]) -> bool {
        self.escaped && text.contains(&b'\\')
    }

    /// Keys and values of the cell last read, in order.
    #[inline]
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (Span, Span)> {
        let (quads, _) = self.delimiters[..self.count].as_chunks::<4>();
        let span = |open: u32, close: u32| Span { start: open as usize + 2, length: (close - open - 2) as usize };
        quads.iter().map(move |[key, key_end, value, value_end]| (span(*key, *key_end), span(*value, *value_end)))
    }
}

impl Escapes {
    /// Reads the escapes that start in a stroke; returns which of its quotes belong to escapes.
    #[cold]
    fn take(&mut self, bytes: &[u8], base: usize, mut starts: u64) -> Option<u64> {
        let mut quotes = std::mem::take(&mut self.quotes);
        while starts != 0 {
            let bit = starts.trailing_zeros();
            let at = base + bit as usize;
            starts &= starts - 1;
            if at < self.end {
                continue;
            }
            self.end = at + 2;
            match bytes.get(at + 1..)? {
                // The quote stands there twice.
                [b'"', b'"', ..] => {
                    let pair = 0b110_u128 << bit;
                    quotes |= pair as u64;
                    self.quotes = (pair >> 64) as u64;
                    self.end += 1;
                }
                [b'x' | b'u' | b'U' | b'"', ..] => return None,
                [kind, ..] if kind.is_ascii() => {}
                _ => return None,
            }
        }
        Some(quotes)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::plain::unescaped;
    use super::super::visit_tags;
    use super::*;

    type Pairs = Vec<(String, String)>;

    /// The tags of a cell if it is read here, and by the way of any cell.
    fn both(cell: &[u8], behind: &[u8]) -> (Option<Pairs>, Option<Pairs>) {
        let bytes = [b"x,", cell, b"\n", behind].concat();
        let ends = [1, 2 + cell.len() as u32];
        let record = Record::new(&bytes, 0, &ends);
        let mut places = TagPlaces::default();
        // What was read before must not matter.
        let _ = places.read(&Record::new(b"\"{\"\"a\"\":\"\"b\"\"}\"", 0, &[15]), 0);
        let found = places.read(&record, 1).map(|bytes| {
            let text = |span: Span| {
                let text = bytes[span.start..span.start + span.length].to_vec();
                if places.is_escaped(&text) {
                    unescaped(std::str::from_utf8(&text).unwrap())
                } else {
                    String::from_utf8(text).unwrap()
                }
            };
            let pairs = places.pairs().filter(|(_, value)| value.length > 0);
            pairs.map(|(key, value)| (text(key), text(value))).collect()
        });
        let mut seen = Vec::new();
        let text = record.text(1).unwrap_or_default();
        let read = visit_tags(&text, &mut |key, value| seen.push((key.to_owned(), value.into_owned())));
        (found, read.ok().map(|()| seen))
    }

    #[test]
    fn the_commonest_cells_are_read_here_and_others_are_not() {
        let behind = [b'x'; 2 * LANES];
        for (packed, here) in [
            (r#"{"team":"payments","env":"prod"}"#, true),
            (r#"{"team": "payments", "env": "prod"}"#, true),
            (r#"{"team":"","":"no key","env":"é,:}{"}"#, true),
            (r#"{"a":"b","a":"c"}"#, true),
            (r#"{"team" :"payments"}"#, false),
            (r#"{"team":"pay\nments \"\" \\","e\"":"\\\""}"#, true),
            (r#"{"team":"\u0041"}"#, false),
            (r#"{"team":"a\é"}"#, false),
            (r#"{"team":"a\"}"#, false),
            (r#"{"team\":"a"}"#, false),
            (r#"{"team":1}"#, false),
            (r#"{"team":null,"env":"prod"}"#, false),
            (r#"{"team":"x",}"#, false),
            (r#"{"team";"x"}"#, false),
            (r#"{"team":"x" "env":"y"}"#, false),
            (r#"{"team":"x"}}"#, false),
            (r#"{"team"}"#, false),
            ("{}", false),
            ("{team=x}", false),
        ] {
            let cell = format!("\"{}\"", packed.replace('"', "\"\""));
            let (found, want) = both(cell.as_bytes(), &behind);
            assert_eq!(found.is_some(), here, "{packed}");
            assert!(found.is_none() || found == want, "{packed}: {found:?}");
            // Near the end of the bytes at hand nothing can be read at a stroke.
            assert_eq!(both(cell.as_bytes(), b"").0, None);
        }
        for (tags, here) in [(MOST, true), (MOST + 1, false), (5 * MOST, false)] {
            let pairs: Vec<String> = (0..tags).map(|n| format!("\"\"k{n}\"\":\"\"v{n}\"\"")).collect();
            let (found, want) = both(format!("\"{{{}}}\"", pairs.join(",")).as_bytes(), &behind);
            assert_eq!(found.is_some(), here, "{tags}");
            assert!(found.is_none() || found == want);
        }
        let wrong = b"\"{\"\"team\"\":\"\"\xff\"\"}\"";
        assert_eq!(both(wrong, &behind).0, None);
        let quotes = format!("\"{{{}}}\"", "\"".repeat(40 * LANES));
        assert_eq!(both(quotes.as_bytes(), &behind).0, None);
    }

    proptest! {
        #[test]
        fn what_is_read_here_is_what_the_cell_says(
            parts in prop::collection::vec(
                prop::sample::select(vec![
                    "\"\"", "\"\"", "\\\"\"", "\\\\", "\"\":\"\"", "\"\",\"\"", "\"\": \"\"", "\"\", \"\"", "\"", ":", ",", " ", "a", "é", "\\",
                    "team", "{", "}", "a value longer than a stroke, so that delimiters are cut in two",
                ]),
                0..24,
            ),
        ) {
            let cell = format!("\"{{{}}}\"", parts.concat());
            if let (Some(found), want) = both(cell.as_bytes(), &[b'"'; 2 * LANES]) {
                prop_assert_eq!(Some(found), want, "{}", cell);
            }
        }

        #[test]
        fn texts_are_found_wherever_a_stroke_ends(
            tags in prop::collection::vec(("[a-z:/é]{0,40}", "([a-z,:{} é]|\\\\\\\\|\\\\\"\"|\\\\n){0,70}"), 1..8),
            blank in any::<bool>(),
        ) {
            let (mark, comma) = if blank { (": ", ", ") } else { (":", ",") };
            let pairs: Vec<String> =
                tags.iter().map(|(key, value)| format!("\"\"{key}\"\"{mark}\"\"{value}\"\"")).collect();
            let cell = format!("\"{{{}}}\"", pairs.join(comma));
            let (found, want) = both(cell.as_bytes(), &[b'"'; 2 * LANES]);
            prop_assert!(found.is_some(), "{}", cell);
            prop_assert_eq!(found, want);
        }
    }
}
