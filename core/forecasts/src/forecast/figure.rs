//! Figures as documents hold them: decimal text, the same on every machine.

use std::fmt;

use serde::{Serialize, Serializer};

/// Digits that are kept: more than any forecast can mean, fewer than a float holds.
const DIGITS: i32 = 9;

/// A figure that is written with nine significant digits, without exponent and without trailing zeros.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Figure(pub f64);

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_decimal(f, self.0, DIGITS - 1 - magnitude(self.0))
    }
}

/// A percentage or ratio that is written with up to four decimals.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Ratio(pub f64);

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_decimal(f, self.0, 4)
    }
}

/// Places before the decimal point, less one.
fn magnitude(value: f64) -> i32 {
    if value == 0.0 { 0 } else { libm::floor(libm::log10(value.abs())) as i32 }
}

fn write_decimal(f: &mut fmt::Formatter<'_>, value: f64, decimals: i32) -> fmt::Result {
    let text = format!("{value:.*}", decimals.clamp(0, 18) as usize);
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    f.write_str(if text == "-0" { "0" } else { text })
}

impl Serialize for Figure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Serialize for Ratio {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_short_and_plain() {
        for (value, text) in [
            (0.0, "0"),
            (-0.0, "0"),
            (1234.5, "1234.5"),
            (1.0 / 3.0, "0.333333333"),
            (-2e-7 / 3.0, "-0.0000000666666667"),
            (123_456_789_012.0, "123456789012"),
            (1e21, "1000000000000000000000"),
        ] {
            assert_eq!(Figure(value).to_string(), text);
        }
        assert_eq!(Ratio(84.123_46).to_string(), "84.1235");
        assert_eq!(Ratio(100.0).to_string(), "100");
    }
}
