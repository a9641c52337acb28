//! Explanations that explain nothing.

use super::document::{Change, Report, Warning};
use super::figures::counted;
use super::question::Request;
use crate::change::{Explanations, Level, Review};

/// How many of them are named.
const NAMED: usize = 5;

/// What a reader should know of explanations that no change of their month takes up: they may be misspelt.
///
/// To one owner most of what was said is about others, and groups cut `by` other dimensions are not what it was said
/// of: there nothing is missed. An announcement is none of them where its scope is in the report, since what was announced may change little; nor is
/// an explanation in the months after its own, through which it merely holds.
pub(crate) fn unused(said: &Explanations, reports: &[Report], request: &Request) -> Option<Warning> {
    if !request.owner.is_empty() {
        return None;
    }
    let dimensions = reports.first().map(|report| report.dimensions.as_slice()).unwrap_or_default();
    let is_cut_otherwise = |review: &&Review| {
        request.by.is_some() && review.level == Level::Group && !review.key.keys().all(|name| dimensions.contains(name))
    };
    let reviews = said.reviews().filter(|review| !is_cut_otherwise(review) && is_unused(said, review, reports));
    let unused: Vec<String> = reviews.map(|review| review.at.to_string()).collect();
    let count = unused.len() as u64;
    let mut places = unused.get(..NAMED).unwrap_or(&unused).join(", ");
    if unused.len() > NAMED {
        places.push_str(", …");
    }
    let explain = counted(count, "explanation matches", "explanations match");
    let message = format!("{explain} no change listed here: {places}");
    (count > 0).then(|| Warning { code: "unused_explanations".to_owned(), message, count })
}

fn is_unused(said: &Explanations, review: &Review, reports: &[Report]) -> bool {
    let mut of_month = reports.iter().filter(|report| report.month == review.month).peekable();
    if of_month.peek().is_none() {
        return false;
    }
    let is_taken_up = |report: &Report| {
        let said_of = |change| taken_up(said, change, report);
        report.changes.iter().filter_map(said_of).any(|taken| std::ptr::eq(taken, review))
    };
    !of_month.any(|report| if review.planned { is_there(review, report) } else { is_taken_up(report) })
}

/// What was said of a change.
fn taken_up<'s>(said: &'s Explanations, change: &Change, report: &Report) -> Option<&'s Review> {
    let level = Level::named(&change.scope.level)?;
    said.review(level, &change.scope.key.0, report.month, change.delta, change.previous.unwrap_or_default())
}

/// Whether the report has the scope, as far as its groups tell.
fn is_there(review: &Review, report: &Report) -> bool {
    let can_tell = review.key.keys().all(|name| report.dimensions.contains(name));
    let is_listed = report.groups.iter().any(|group| review.names(&group.key.0));
    let is_changed = report.changes.iter().any(|change| review.names(&change.scope.key.0));
    match review.level {
        // Groups are made of the report's dimensions, so any other name fits none.
        Level::Group => is_listed,
        Level::Total | Level::Dimension(_) | Level::SubAccount => !can_tell || is_listed || is_changed,
    }
}
