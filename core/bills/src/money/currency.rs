//! Currency codes.

use std::fmt;
use std::sync::Arc;

use serde::{Serialize, Serializer};

/// A billing currency: an ISO 4217 code, or the name of a virtual currency as FOCUS 1.2 allows.
///
/// Amounts in different currencies are never added. [`Currency::NONE`] stands where a bill names none.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency(Arc<str>);

impl Currency {
    /// ISO 4217's code for "no currency", used where a bill does not name one.
    pub const NONE: &str = "XXX";

    /// The currency of this code; blank text is [`Currency::NONE`].
    ///
    /// Three letters are a code of ISO 4217, which has capitals alone: `usd` is `USD`. Other names stay as they are.
    pub fn new(code: &str) -> Self {
        let code = code.trim();
        if code.is_empty() {
            return Self(Self::NONE.into());
        }
        let is_iso = code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_alphabetic());
        Self(if is_iso { code.to_ascii_uppercase().into() } else { code.into() })
    }

    /// The currency whose [`Self::shared_code`] this is.
    pub(crate) fn of_code(code: Arc<str>) -> Self {
        Self(code)
    }

    /// The code, shared.
    pub(crate) fn shared_code(&self) -> &Arc<str> {
        &self.0
    }

    /// The code.
    pub fn code(&self) -> &str {
        &self.0
    }

    /// Decimals of the minor unit (ISO 4217), for rounding what a person reads: 2 unless the standard says otherwise.
    pub fn minor_digits(&self) -> u32 {
        match self.code() {
            "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX" | "UYI" | "VND"
            | "VUV" | "XAF" | "XOF" | "XPF" => 0,
            "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
            "CLF" | "UYW" => 4,
            _ => 2,
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minor_units_follow_iso_4217() {
        let digits = |code| Currency::new(code).minor_digits();
        assert_eq!((digits("USD"), digits("JPY"), digits("KWD"), digits("")), (2, 0, 3, 2));
    }

    #[test]
    fn codes_have_capitals_and_names_their_own_spelling() {
        for (text, want) in [("usd", "USD"), (" Eur ", "EUR"), ("Credits", "Credits"), ("t0k", "t0k"), (" ", "XXX")] {
            assert_eq!(Currency::new(text).code(), want, "{text}");
        }
    }
}
