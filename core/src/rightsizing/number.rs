//! Reading the numbers of metrics.

/// Powers of ten that a double holds exactly.
const TENS: [f64; 16] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

/// A finite number, as `f64::from_str` reads it. Up to 15 digits without an exponent are read by one exact division.
pub(crate) fn number(text: &[u8]) -> Option<f64> {
    plain(text).or_else(|| {
        let text = std::str::from_utf8(text).ok()?.trim();
        // A nothing with a sign, as `-0`, is nothing.
        text.parse::<f64>().ok().filter(|number| number.is_finite()).map(|number| number + 0.0)
    })
}

fn plain(text: &[u8]) -> Option<f64> {
    if text.is_empty() || text.len() > 16 {
        return None;
    }
    let (mut digits, mut point) = (0_u64, None);
    for (at, byte) in text.iter().enumerate() {
        match byte {
            b'0'..=b'9' => digits = digits * 10 + u64::from(byte - b'0'),
            b'.' if point.is_none() => point = Some(at),
            _ => return None,
        }
    }
    let decimals = point.map_or(0, |at| text.len() - 1 - at);
    let count = text.len() - usize::from(point.is_some());
    if count == 0 || count > 15 {
        return None;
    }
    Some(digits as f64 / TENS.get(decimals)?)
}

/// Seconds since 1970 of a time: a count of seconds or milliseconds, or a date and time as bills write them.
pub(crate) fn seconds(text: &[u8]) -> Option<i64> {
    /// Seconds of the year 2000 and of 2100: what lies a thousand times higher is in milliseconds.
    const YEARS: std::ops::Range<i64> = 946_684_800..4_102_444_800;
    let whole = match text.iter().position(|byte| *byte == b'.') {
        Some(point) => &text[..point],
        None => text,
    };
    if (9..=13).contains(&whole.len()) && whole.iter().all(u8::is_ascii_digit) {
        let count = whole.iter().fold(0_i64, |count, byte| count * 10 + i64::from(byte - b'0'));
        let seconds = if YEARS.contains(&count) { count } else { count / 1000 };
        return YEARS.contains(&seconds).then_some(seconds);
    }
    // `2026-05-01 00:00:01 +0000 UTC`: the zone is named twice.
    let text = text
        .strip_suffix(b" UTC")
        .filter(|rest| rest.ends_with(b" +0000"))
        .map_or(text, |rest| &rest[..rest.len() - 6]);
    let seconds = crate::calendar::Instant::parse(text).ok()?.seconds_since_epoch();
    YEARS.contains(&seconds).then_some(seconds)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn nothing_has_no_sign() {
        for text in ["0", "-0", "-0.0", "-0e5", "-1e-400"] {
            assert_eq!(number(text.as_bytes()).map(f64::to_bits), Some(0), "{text}");
        }
    }

    #[test]
    fn times_are_read_in_every_spelling() {
        for text in [
            "1777593600",
            "1777593600.5",
            "1777593600000",
            "2026-05-01T00:00:00Z",
            "2026-05-01",
            "2026-05-01 00:00:00 +0000 UTC",
        ] {
            assert_eq!(seconds(text.as_bytes()), Some(1_777_593_600), "{text}");
        }
        for text in ["", "12", "yesterday", "9999999999999999", "1901-01-01", "-5"] {
            assert_eq!(seconds(text.as_bytes()), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn the_quick_way_is_the_usual_one(whole in 0_u64..100_000_000, decimals in 0_u64..10_000) {
            let text = format!("{whole}.{decimals:04}");
            prop_assert_eq!(number(text.as_bytes()), text.parse().ok());
        }
    }
}
