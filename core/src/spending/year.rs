//! What twelve months will cost, from months.

use super::days::Days;
use super::document::ExpectedPeriod;
use super::expected::History;
use super::sum::Simulated;
use crate::calendar::Month;
use crate::forecast::{Question, Refusal, Refused, foresee};
use crate::release::Bearing;
use crate::series::{Series, Stamp, Step};

/// Whole months that a forecast of twelve needs.
const LEAST_MONTHS: usize = 12;

impl History<'_> {
    /// The twelve months after this one, from whole months.
    pub(super) fn next_year(
        &self,
        costs: &Days,
        this: Month,
        bearing: Option<&Bearing<'_>>,
    ) -> Result<ExpectedPeriod, Refused> {
        let first = costs.first_whole_month();
        let (mut months, mut month) = (Vec::new(), first);
        while month < this {
            months.push(costs.whole(month).then(|| costs.of_month(month)));
            month = month.next();
        }
        // Months that are missing in the middle are filled in; those at the end come before the twelve.
        let behind = months.iter().rev().take_while(|cost| cost.is_none()).count();
        months.truncate(months.len() - behind);
        let before = months.iter().take_while(|cost| cost.is_none()).count();
        months.drain(..before);
        let first = (0..before).fold(first, |month, _| month.next());
        let count = months.iter().flatten().count();
        if count < LEAST_MONTHS {
            let s = if count == 1 { "" } else { "s" };
            return Err(Refused {
                reason: format!("it has {count} whole month{s}, and a year ahead needs {LEAST_MONTHS}"),
                hint: "give the bills of earlier months".to_owned(),
            });
        }
        if let Some(refusal) = Refusal::of_gaps(months.len() - count, months.len()) {
            return Err(Refused { hint: "give the bills of the months that are missing".to_owned(), ..refusal.into() });
        }
        // This month comes before the twelve, where the history is long enough.
        let horizon = (13 + behind).min(months.len()).max(12 + behind);
        let question = Question { horizon, periods: vec![12], models: self.ask.models };
        let step = Step::Months { count: 1, day: 0 };
        let series = Series { name: String::new(), first: Stamp::Month(first), step, values: months };
        let foreseen = foresee(&series, &question, bearing).map_err(Refused::from)?;
        let begin = horizon - 12;
        let from = if begin > behind { this.next() } else { this };
        let to = (1..12).fold(from, |month, _| month.next());
        Ok(Simulated::of(&foreseen).sum(begin..horizon, 0.0).period(from, to))
    }
}
