//! Sixty-four bytes as bit masks, one bit a byte.

use wide::u8x16;

/// Bytes looked at together.
pub(in crate::bill) const LANES: usize = 64;

/// Where the structural bytes of 64 bytes are; bit `i` stands for byte `i`.
#[derive(Clone, Copy)]
pub(super) struct Masks {
    pub(super) commas: u64,
    pub(super) quotes: u64,
    pub(super) newlines: u64,
    /// Whether there is a NUL byte, which no text has.
    pub(super) has_nul: bool,
}

/// What a processor does at a stroke.
pub(super) trait Processor {
    /// Where the structural bytes are.
    fn masks(&self, bytes: &[u8; LANES]) -> Masks;

    /// Bit `i` of the result is the parity of bits `0..=i`: which bytes lie inside quotes, the opening one included.
    fn prefix_parity(&self, mask: u64) -> u64;

    /// Lists where the set bits of a mask are, each plus `base`; the places behind them are written over at will.
    fn positions(&self, mask: u64, base: u32, places: &mut [u32; LANES]);
}

/// Any processor: what the compiler's target has.
#[derive(Clone, Copy, Debug)]
pub(super) struct Portable;

impl Processor for Portable {
    #[inline(always)]
    fn masks(&self, bytes: &[u8; LANES]) -> Masks {
        Masks::of(bytes)
    }

    #[inline(always)]
    fn prefix_parity(&self, mask: u64) -> u64 {
        prefix_parity(mask)
    }

    /// Four at a time without looking: a row has dozens of fields.
    #[inline(always)]
    fn positions(&self, mut mask: u64, base: u32, places: &mut [u32; LANES]) {
        let (strokes, _) = places.as_chunks_mut::<4>();
        for stroke in strokes {
            for place in stroke {
                *place = base.wrapping_add(mask.trailing_zeros());
                mask &= mask.wrapping_sub(1);
            }
            if mask == 0 {
                return;
            }
        }
    }
}

impl Masks {
    #[inline(always)]
    fn of(bytes: &[u8; LANES]) -> Self {
        let lanes = lanes(bytes);
        let mut masks = Self { commas: at(&lanes, b','), quotes: at(&lanes, b'"'), newlines: 0, has_nul: false };
        // Hardly a byte but these two is as low as they are, and most chunks have neither.
        let least = lanes[0].min(lanes[1]).min(lanes[2].min(lanes[3]));
        if least.min(u8x16::splat(b'\n')).simd_eq(least).to_bitmask() != 0 {
            masks.newlines = at(&lanes, b'\n');
            masks.has_nul = least.simd_eq(u8x16::splat(0)).to_bitmask() != 0;
        }
        masks
    }
}

/// The quotes alone.
#[inline(always)]
pub(super) fn quotes(bytes: &[u8; LANES]) -> u64 {
    at(&lanes(bytes), b'"')
}

/// Where a byte stands.
#[inline(always)]
fn at(lanes: &[u8x16; 4], byte: u8) -> u64 {
    let wanted = u8x16::splat(byte);
    let places = |lane: usize| u64::from(lanes[lane].simd_eq(wanted).to_bitmask()) << (lane * 16);
    places(0) | places(1) | places(2) | places(3)
}

/// The bytes sixteen by sixteen.
#[inline(always)]
pub(in crate::bill) fn lanes(bytes: &[u8; LANES]) -> [u8x16; 4] {
    let (chunks, _) = bytes.as_chunks::<16>();
    [0, 1, 2, 3].map(|lane| u8x16::new(chunks[lane]))
}

/// Bit `i` of the result is the parity of bits `0..=i`.
#[inline(always)]
pub(in crate::bill) fn prefix_parity(mut mask: u64) -> u64 {
    mask ^= mask << 1;
    mask ^= mask << 2;
    mask ^= mask << 4;
    mask ^= mask << 8;
    mask ^= mask << 16;
    mask ^ (mask << 32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_mark_every_position() {
        for at in 0..LANES {
            let mut bytes = [b'x'; LANES];
            bytes[at] = b',';
            bytes[(at + 1) % LANES] = b'"';
            bytes[(at + 2) % LANES] = b'\n';
            let masks = Masks::of(&bytes);
            assert_eq!(masks.commas, 1 << at);
            assert_eq!(masks.quotes, 1 << ((at + 1) % LANES));
            assert_eq!(masks.newlines, 1 << ((at + 2) % LANES));
            assert_eq!(quotes(&bytes), masks.quotes);
            assert!(!masks.has_nul);
            bytes[(at + 3) % LANES] = 0;
            assert!(Masks::of(&bytes).has_nul);
        }
    }

    #[test]
    fn parity_covers_from_opening_to_before_closing_quote() {
        assert_eq!(prefix_parity(0b0100_0100), 0b0011_1100);
        assert_eq!(prefix_parity(1 << 63), 1 << 63);
        assert_eq!(prefix_parity(1), u64::MAX);
    }
}
