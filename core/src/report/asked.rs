//! What bills and usage have to do with the day of asking: what lies beyond it is not known on it, and what ends long before
//! it says little of it.

use super::figures::counted;
use super::{Warning, text};
use crate::bill::Source;
use crate::calendar::Date;

/// So many days may lie between what is known and the day of asking: exports come late.
pub(crate) const LATE: i32 = 7;

/// What comes of it, in the words of a warning.
const ADVICE: &str = "advice is made";

/// That bills end long before the day of asking, of each that does while another does not, or go on after it. Given are the
/// last day before it of each, and the last of all.
pub(crate) fn of_bills<'s>(
    ends: impl IntoIterator<Item = (&'s Source, Date)>,
    last: Option<Date>,
    as_of: Date,
) -> Vec<Warning> {
    let ends: Vec<(&Source, Date)> = ends.into_iter().collect();
    let all = ends.iter().map(|(_, end)| *end).max().and_then(|end| stale("the bills end", end, as_of, ADVICE));
    let mut warnings: Vec<Warning> = match all {
        Some(all) => vec![all],
        None => ends
            .iter()
            .filter_map(|(source, end)| {
                stale(&format!("the bill of {} ends", text::source(source)), *end, as_of, ADVICE)
            })
            .collect(),
    };
    warnings.extend(last.and_then(|last| cut("the bills go", last, as_of)));
    warnings
}

/// The same of usage that ends on a day.
pub(crate) fn of_usage(last: Date, as_of: Date) -> impl Iterator<Item = Warning> {
    [stale("the usage ends", last, as_of, ADVICE), cut("the usage goes", last, as_of)].into_iter().flatten()
}

/// That what is known ends long before the day of asking, and what is made of it nevertheless.
pub(crate) fn stale(what_ends: &str, last: Date, as_of: Date, is_made: &str) -> Option<Warning> {
    let days = as_of.days_since_epoch() - 1 - last.days_since_epoch();
    let count = u64::try_from(days).ok().filter(|_| days > LATE)?;
    let message =
        format!("{what_ends} {} before {as_of}: {is_made} from what was known then", counted(count, "day", "days"));
    Some(Warning { code: "stale".to_owned(), message, count })
}

fn cut(what_goes: &str, last: Date, as_of: Date) -> Option<Warning> {
    let days = last.days_since_epoch() - as_of.days_since_epoch();
    let count = u64::try_from(days).ok().filter(|_| days > 0)? + 1;
    let message = format!(
        "{what_goes} on to {last}: {} left out, from the day of asking on, {as_of}",
        counted(count, "day is", "days are")
    );
    Some(Warning { code: "after_asking".to_owned(), message, count })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn a_week_is_not_late_and_the_day_of_asking_is_no_look_ahead() {
        let says =
            |last: &str| -> Vec<String> { of_usage(day(last), day("2026-06-11")).map(|told| told.message).collect() };
        assert_eq!(says("2026-06-03"), Vec::<String>::new());
        assert_eq!(says("2026-06-11"), Vec::<String>::new());
        let stale = "the usage ends 8 days before 2026-06-11: advice is made from what was known then";
        assert_eq!(says("2026-06-02"), [stale]);
        let cut = "the usage goes on to 2026-06-12: 2 days are left out, from the day of asking on, 2026-06-11";
        assert_eq!(says("2026-06-12"), [cut]);
    }

    #[test]
    fn one_bill_that_ended_is_named_and_all_together_are_not() {
        let sources = [Source::new(Some("AWS"), Some("1")), Source::new(None, None)];
        let says = |ends: [&str; 2]| -> Vec<String> {
            let ends = sources.iter().zip(ends.map(day));
            of_bills(ends, None, day("2026-06-11")).into_iter().map(|told| told.message).collect()
        };
        let then = "before 2026-06-11: advice is made from what was known then";
        assert_eq!(says(["2026-05-31", "2026-06-10"]), [format!("the bill of AWS 1 ends 10 days {then}")]);
        assert_eq!(says(["2026-05-31", "2026-06-01"]), [format!("the bills end 9 days {then}")]);
    }
}
