//! How large a module is, and how large it may be.

use std::fmt;
use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::Outcome;

/// The most that a module may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Bytes as brotli packs it, at its best.
    pub brotli: usize,
}

impl Budget {
    /// So many thousands of bytes, packed by brotli.
    pub const fn kilobytes(of: usize) -> Self {
        Self { brotli: of * 1000 }
    }
}

/// Sizes of a module, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    /// As it is loaded.
    pub raw: usize,
    /// As gzip packs it, at its best.
    pub gzip: usize,
    /// As brotli packs it, at its best.
    pub brotli: usize,
}

impl Sizes {
    /// Packs the bytes to see how much they take.
    pub fn of(bytes: &[u8]) -> Outcome<Self> {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        gzip.write_all(bytes)?;
        let mut packed = Vec::new();
        let best = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 24, ..Default::default() };
        brotli::BrotliCompress(&mut &*bytes, &mut packed, &best)?;
        Ok(Self { raw: bytes.len(), gzip: gzip.finish()?.len(), brotli: packed.len() })
    }

    /// The same, remembered in a directory: packing at its best takes seconds, and many tests ask for a product.
    pub(crate) fn remembered(bytes: &[u8], directory: &Path) -> Outcome<Self> {
        let path = directory.join(digest(&[bytes]));
        let known = fs::read_to_string(&path).ok().and_then(|text| {
            // Without its end it is cut short.
            let mut sizes = text.strip_suffix('\n')?.split(' ').map_while(|size| size.parse().ok());
            Some(Self { raw: sizes.next()?, gzip: sizes.next()?, brotli: sizes.next()? })
        });
        if let Some(sizes) = known {
            return Ok(sizes);
        }
        let sizes = Self::of(bytes)?;
        fs::create_dir_all(directory)?;
        fs::write(path, format!("{} {} {}\n", sizes.raw, sizes.gzip, sizes.brotli))?;
        Ok(sizes)
    }
}

/// What bytes are known by: their length and a hash.
pub(crate) fn digest(parts: &[&[u8]]) -> String {
    let mut hasher = DefaultHasher::new();
    for part in parts {
        part.hash(&mut hasher);
    }
    format!("{}-{:016x}", parts.iter().map(|part| part.len()).sum::<usize>(), hasher.finish())
}

/// A product that was written, and fits.
#[derive(Clone, Debug)]
pub struct Shipped {
    /// Where it lies.
    pub path: PathBuf,
    /// How large it is.
    pub sizes: Sizes,
    /// How large it may be.
    pub budget: Budget,
}

impl fmt::Display for Shipped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Sizes { raw, gzip, brotli } = self.sizes;
        let most = self.budget.brotli;
        write!(f, "{}: {raw} bytes, {gzip} gzip, {brotli} brotli of at most {most}", self.path.display())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_those_of_the_packed_bytes() {
        let sizes = Sizes::of(&vec![7; 100_000]).unwrap();
        assert_eq!(sizes.raw, 100_000);
        assert!(sizes.gzip < 300 && sizes.brotli < 100, "{sizes:?}");
        let none = Sizes::of(&[]).unwrap();
        assert!(none.raw == 0 && none.gzip > 0, "{none:?}");
    }

    #[test]
    fn what_is_remembered_is_of_the_same_bytes() {
        let directory = std::env::temp_dir().join(format!("headroom-sizes-{}", std::process::id()));
        let (even, odd) = (vec![2; 1000], vec![3; 1000]);
        let sizes = Sizes::remembered(&even, &directory).unwrap();
        assert_eq!(sizes, Sizes::of(&even).unwrap());
        assert_eq!(sizes, Sizes::remembered(&even, &directory).unwrap());
        // What is damaged is made anew.
        for damaged in ["1000 7\n", "1000 7 3"] {
            std::fs::write(directory.join(digest(&[&odd])), damaged).unwrap();
            assert_eq!(Sizes::remembered(&odd, &directory).unwrap(), Sizes::of(&odd).unwrap());
        }
        assert_ne!(digest(&[&even]), digest(&[&odd]));
        std::fs::remove_dir_all(directory).unwrap();
    }
}
