//! The sample's series: what forecasts are shown on.

use std::fmt::Write as _;

use headroom_core::calendar::{Date, Month};

use super::SampleFile;
use crate::prng::Prng;

const SEED: u64 = 0x5E41_E500;

/// Requests in thousands by hour of the day, for a shop that sleeps at night.
const HOURS: [i64; 24] = [12, 8, 6, 5, 5, 7, 14, 28, 46, 61, 70, 74, 78, 76, 72, 71, 73, 79, 84, 88, 80, 62, 40, 22];

/// Percent of a usual day, from Monday.
const DAYS: [i64; 7] = [104, 106, 105, 103, 108, 92, 82];

/// Percent of a usual month, from January.
const MONTHS: [i64; 12] = [94, 92, 97, 98, 101, 99, 95, 93, 100, 104, 116, 111];

/// `datasets/series.csv`: requests by hour, cost by day and by month, storage by week; one value of each is missing.
pub fn series() -> SampleFile {
    let mut prng = Prng::new(SEED);
    let mut text = String::from("series,date,value\n");
    let mut write = |series: &str, date: &str, missing: bool, cents: i64| {
        let value = if missing { String::new() } else { format!("{}.{:02}", cents / 100, cents % 100) };
        let _ = writeln!(text, "{series},{date},{value}");
    };
    // Noise that remembers, in thousandths.
    let mut wander = |last: &mut i64, keeps: i64, size: i64| {
        *last = *last * keeps / 100 + prng.between(-size, size);
        1000 + *last
    };
    let (first, mut noise) = (Date::new(2026, 5, 10), 0);
    for hour in 0..24 * 33 {
        let Some(day) = first.and_then(|first| first.plus_days((hour / 24) as i32)) else { continue };
        let level = HOURS[hour % 24] * DAYS[weekday(day)] * wander(&mut noise, 80, 30);
        write("checkout.requests", &format!("{day}T{:02}:00:00Z", hour % 24), hour == 400, level / 100);
    }
    let (first, mut noise) = (Date::new(2026, 1, 1), 0);
    for at in 0..161 {
        let Some(day) = first.and_then(|first| first.plus_days(at)) else { continue };
        let level = (36_000 + 60 * i64::from(at)) * DAYS[weekday(day)] / 100 * wander(&mut noise, 50, 25);
        write("payments.cost", &day.to_string(), at == 70, level / 1000);
    }
    let (mut month, mut noise) = (Month::new(2021, 1).unwrap_or_default(), 0);
    for at in 0..64 {
        let level =
            (900_000 + 14_000 * at) * MONTHS[usize::from(month.number()) - 1] / 100 * wander(&mut noise, 60, 20);
        write("platform.cost", &month.to_string(), at == 30, level / 1000);
        month = month.next();
    }
    let (first, mut level, mut noise) = (Date::new(2025, 1, 6), 1_200_000, 0);
    for week in 0..75 {
        let Some(day) = first.and_then(|first| first.plus_days(7 * week)) else { continue };
        level += 9000 + level / 400;
        write("storage.gib", &day.to_string(), week == 20, level / 1000 * wander(&mut noise, 30, 4));
    }
    SampleFile { name: "series.csv".to_owned(), bytes: text.into_bytes() }
}

/// Days since Monday.
fn weekday(day: Date) -> usize {
    // The first of January 1970 was a Thursday.
    (day.days_since_epoch() + 3).rem_euclid(7) as usize
}
