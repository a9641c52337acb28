//! One walk over the packed tags of a row: which keys it carries, and the values that decide.

use std::borrow::Cow;
use std::collections::HashMap;

use foldhash::fast::FixedState;

use super::plan::Plan;
use super::tags::TagCounter;
use crate::bill::{Record, visit_tags_at};

/// The packed tags of one row, in memory that is used again for the next.
#[derive(Debug, Default)]
pub(super) struct PackedTags {
    /// What is known of keys, as the packed columns spell them.
    keys: HashMap<Box<str>, PackedKey, FixedState>,
    /// The values that decide, one after the other.
    text: String,
    /// Where in `text` the value of each key asked for stands.
    spans: Vec<Option<(u32, u32)>>,
    /// Numbers of the row's keys, in the order in which they stand.
    ids: Vec<u32>,
}

/// What a key of a packed column is.
#[derive(Clone, Copy, Debug)]
struct PackedKey {
    /// Its number in the counter; `None` when there are too many keys to count.
    id: Option<u32>,
    /// Its position among the keys asked for.
    asked: Option<u32>,
}

/// What the walk found beside the values.
#[derive(Clone, Copy, Debug)]
pub(super) struct Walked {
    /// The set of keys.
    pub(super) set: u32,
    /// There is a tag.
    pub(super) tagged: bool,
    /// A cell could not be read to its end.
    pub(super) unreadable: bool,
}

impl PackedTags {
    /// Reads the row's packed columns.
    pub(super) fn walk(&mut self, plan: &Plan, record: &Record<'_>, counter: &mut TagCounter) -> Walked {
        self.text.clear();
        self.spans.clear();
        self.spans.resize(plan.tag_keys.len(), None);
        self.ids.clear();
        let (mut tagged, mut unreadable) = (false, false);
        for column in &plan.schema().tags().packed {
            let read = visit_tags_at(record, *column, &mut |packed, value| {
                tagged = true;
                self.take(plan, packed, &value, counter);
            });
            unreadable |= read.is_err();
        }
        Walked { set: counter.set(&self.ids), tagged, unreadable }
    }

    /// The value of the key at this position among those asked for, as the last row walked has it.
    pub(super) fn value(&self, position: usize) -> Option<Cow<'_, str>> {
        let (start, end) = (*self.spans.get(position)?)?;
        self.text.get(start as usize..end as usize).map(Cow::Borrowed)
    }

    #[inline]
    fn take(&mut self, plan: &Plan, packed: &str, value: &str, counter: &mut TagCounter) {
        let key = match self.keys.get(packed) {
            Some(key) => *key,
            None => self.learn(plan, packed, counter),
        };
        self.ids.extend(key.id);
        if let Some(span) = key.asked.and_then(|asked| self.spans.get_mut(asked as usize))
            && span.is_none()
        {
            let start = self.text.len() as u32;
            self.text.push_str(value);
            *span = Some((start, self.text.len() as u32));
        }
    }

    #[cold]
    fn learn(&mut self, plan: &Plan, packed: &str, counter: &mut TagCounter) -> PackedKey {
        let key = plan.schema().tags().key(packed);
        let asked = plan.tag_keys.binary_search_by(|name| name.as_str().cmp(key)).ok().map(|asked| asked as u32);
        let known = PackedKey { id: counter.id(key), asked };
        // Keys beyond those that are counted are not remembered either, so that memory stays bounded.
        if known.id.is_some() {
            self.keys.insert(packed.into(), known);
        }
        known
    }
}
