//! That nothing is lost, to the last digit.

use headroom_core::bill::Metric;
use headroom_core::report::{Report, words};

use super::style::Tone;
use super::table::Screen;

/// Input, allocated and unallocated, exact.
type Sums = [String; 3];

/// The section that shows input = allocated + unallocated for every metric, with the decimal points in line.
pub(super) fn conservation(screen: &mut Screen, report: &Report) {
    screen.title("Every amount is accounted for: input = allocated + unallocated");
    let names = Metric::ALL.map(|metric| metric.name().len()).into_iter().max().unwrap_or(0);
    let sums = Metric::ALL.map(|metric| tied(report, metric));
    let mut lined_up = sums.clone();
    for part in 0..3 {
        align(lined_up.iter_mut().flatten().map(|sums| &mut sums[part]));
    }
    let taken = |sums: &Sums| 2 + names + 2 + sums.iter().map(String::len).sum::<usize>() + 2 * 3;
    let fits = lined_up.iter().flatten().all(|sums| taken(sums) <= screen.width);
    for ((metric, exact), lined_up) in Metric::ALL.into_iter().zip(sums).zip(lined_up) {
        let first = format!("  {:names$}  ", metric.name());
        let blank = " ".repeat(first.len());
        match (exact, lined_up) {
            (_, Some([input, allocated, unallocated])) if fits => {
                let line = format!("{input} = {allocated} + {unallocated}");
                screen.lines.push(format!("{first}{}", line.trim_end()));
            }
            (Some(mut exact), _) => {
                align(exact.iter_mut());
                for (lead, (sign, sum)) in
                    [&first, &blank, &blank].into_iter().zip(["  ", "= ", "+ "].iter().zip(exact))
                {
                    screen.lines.push(format!("{lead}{sign}{}", sum.trim_end()));
                }
            }
            _ => {
                let tone = if words::ties(report, metric) { Tone::Plain } else { Tone::Bad };
                screen.hanging(&words::conservation(report, metric), &first, &blank, tone);
            }
        }
    }
    let ties = Metric::ALL.iter().all(|metric| words::ties(report, *metric));
    screen.text(words::conservation_verdict(report), if ties { Tone::Good } else { Tone::Bad });
}

/// A metric's sums, if they are stated and tie.
fn tied(report: &Report, metric: Metric) -> Option<Sums> {
    let sums = report.conservation.get(metric);
    let exact = [sums.input?, sums.allocated?, sums.unallocated?].map(|amount| amount.to_string());
    words::ties(report, metric).then_some(exact)
}

/// Puts decimal points below each other: blanks in front of the whole part and behind the fraction.
fn align<'s>(texts: impl Iterator<Item = &'s mut String>) {
    let mut texts: Vec<&mut String> = texts.collect();
    let whole = |text: &str| text.split('.').next().map_or(0, str::len);
    let before = texts.iter().map(|text| whole(text)).max().unwrap_or(0);
    let after = texts.iter().map(|text| text.len() - whole(text)).max().unwrap_or(0);
    for text in &mut texts {
        let (left, right) = (before - whole(text), after - (text.len() - whole(text)));
        **text = format!("{}{}{}", " ".repeat(left), text, " ".repeat(right));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimal_points_stand_in_line() {
        let mut texts = ["-1.25", "1000", "0.123456", ""].map(str::to_owned);
        align(texts.iter_mut());
        assert_eq!(texts, ["  -1.25    ", "1000       ", "   0.123456", "           "]);
    }
}
