//! What a worker has counted, without what it remembers to read on.

use std::sync::Arc;

use super::decode::Counts;
use super::file::{Events, FileParts};
use super::keys::Keys;
use super::not_utf8::NotUtf8;
use super::plan::Plan;
use super::portable::{Portable, Reader, Writer};
use super::refusal::Refusals;
use super::tags::TagCounts;
use super::worker::{Overflow, Tally};
use crate::order::Order as _;
use crate::portable;

/// What [`Worker`](super::Worker)s of one file have counted; parts may be merged in any order, as a tree or in a row.
#[derive(Debug)]
pub struct Counted<T> {
    pub(super) plan: Arc<Plan>,
    pub(super) facts: CountedFacts,
    pub(super) tally: T,
}

/// What does not depend on the tally.
#[derive(Debug)]
pub(super) struct CountedFacts {
    /// Index and number of lines of each block read.
    pub(super) blocks: Vec<(u64, u64)>,
    pub(super) rows: u64,
    pub(super) refusals: Refusals,
    pub(super) not_utf8: NotUtf8,
    pub(super) counts: Counts,
    pub(super) tags: TagCounts,
    pub(super) keys: Keys,
    /// Whether a sum went out of range.
    pub(super) overflowed: bool,
}

portable!(CountedFacts { blocks, rows, refusals, not_utf8, counts, tags, keys, overflowed });

impl<T: Tally> Counted<T> {
    /// Rows read, refused ones included.
    pub fn rows(&self) -> u64 {
        self.facts.rows
    }

    /// Lines of the blocks read.
    pub fn lines(&self) -> u64 {
        self.facts.blocks.iter().map(|(_, lines)| lines).sum()
    }

    /// Takes in another part of the same file.
    pub fn merge(&mut self, other: Self) {
        let (mine, theirs) = (&mut self.facts, other.facts);
        mine.blocks.extend(theirs.blocks);
        mine.rows += theirs.rows;
        mine.refusals.merge(theirs.refusals);
        mine.not_utf8.merge(theirs.not_utf8);
        mine.counts.merge(theirs.counts);
        mine.tags.merge(theirs.tags);
        let map = mine.keys.absorb(theirs.keys);
        mine.overflowed |= theirs.overflowed;
        mine.overflowed |= self.tally.merge(other.tally, &map).is_err();
    }

    /// The whole file; `header_lines` is how many lines stand before the first block.
    ///
    /// # Errors
    /// When a sum went out of range.
    pub fn finish(self, header_lines: u64) -> Result<FileParts<T>, Overflow> {
        let mut facts = self.facts;
        if facts.overflowed {
            return Err(Overflow);
        }
        facts.blocks.order();
        let mut starts = Vec::with_capacity(facts.blocks.len());
        let mut line = header_lines + 1;
        for (index, lines) in &facts.blocks {
            starts.push((*index, line));
            line += lines;
        }
        let start_of = |block: u64| match starts.binary_search_by_key(&block, |(index, _)| *index) {
            Ok(at) => starts[at].1,
            Err(_) => 0,
        };
        Ok(FileParts {
            plan: self.plan,
            rows: facts.rows,
            refused: facts.refusals.count(),
            refusals: facts.refusals.located(start_of),
            open_quote_line: facts.refusals.open_quote_line(start_of),
            not_utf8: facts.not_utf8.first(start_of),
            events: Events {
                rounded_amounts: facts.counts.rounded,
                unreadable_tags: facts.counts.unreadable_tags,
                no_currency: facts.counts.no_currency,
                unbilled: facts.counts.unbilled,
                not_utf8: facts.not_utf8.count(),
            },
            tags: facts.tags,
            keys: facts.keys,
            tally: self.tally,
        })
    }

    /// Writes it for another engine.
    pub(super) fn write(&self, to: &mut Writer) {
        self.facts.write(to);
        self.tally.write(to);
    }

    /// Reads what another engine wrote under the same plan, into a tally that is empty.
    pub(super) fn read(from: &mut Reader<'_>, plan: Arc<Plan>, mut tally: T) -> Option<Self> {
        let facts = CountedFacts::read(from)?;
        tally.read(from)?;
        Some(Self { plan, facts, tally })
    }
}
