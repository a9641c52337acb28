//! From a record to numbers: group, account, period and costs.

use std::sync::Arc;

use super::cache::{Cache, KeyHash};
use super::classify::Dimension;
use super::facts::KeyFacts;
use super::keys::{AccountKey, GroupKey, Keys, Known, Symbols};
use super::period::{Period, PeriodFault, PeriodReader};
use super::plan::{ALWAYS, Plan};
use super::tags::{TagCounter, TagCounts, single_tag};
use crate::bill::scan::{BATCH, Batch};
use crate::bill::{CostFault, CostPlan, Costs, Record, Schema, Source, visit_tags_at};
use crate::calendar::{Date, Instant, Month};
use crate::condition::Field;
use crate::money::Currency;

/// One row, read.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    /// The row's fields.
    pub record: &'a Record<'a>,
    /// Number of its group.
    pub group: u32,
    /// Number of its account.
    pub account: u32,
    /// The month it counts for.
    pub month: Month,
    /// The UTC day its charge period starts on.
    pub date: Date,
    /// Its metrics.
    pub costs: &'a Costs,
    /// Whether it belongs to the owner asked for; everybody's does when none is.
    pub included: bool,
    pub(super) source: u32,
    pub(super) usage: bool,
    pub(super) period: Period,
    pub(super) periods: &'a PeriodReader,
    pub(super) plan: &'a Plan,
}

impl Row<'_> {
    /// What the file's columns mean.
    pub fn schema(&self) -> &Schema {
        self.plan.schema()
    }

    /// When the charge period starts.
    pub fn start(&self) -> Instant {
        self.period.start
    }

    /// Whether the charge period is at most a day long.
    pub fn is_daily(&self) -> bool {
        self.periods.is_daily(self.record, self.period.start)
    }
}

/// Why a row cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DecodeFault {
    Period(PeriodFault),
    Cost(CostFault),
}

/// What is counted while rows are read, beside what they add up to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) rounded: u64,
    pub(super) unreadable_tags: u64,
    pub(super) no_currency: u64,
}

/// What a row's key columns say.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Entry {
    meaning: Meaning,
    tag_set: u32,
    tagged: bool,
    unreadable_tags: bool,
    passed_over: bool,
}

impl Entry {
    /// Stands for a row of a month that is not asked for.
    const PASSED_OVER: Self = Self {
        meaning: Meaning {
            group: 0,
            account: 0,
            source: 0,
            costs: 0,
            usage: false,
            included: false,
            no_currency: false,
        },
        tag_set: 0,
        tagged: false,
        unreadable_tags: false,
        passed_over: true,
    };

    #[inline]
    pub(super) fn is_passed_over(&self) -> bool {
        self.passed_over
    }

    #[inline]
    pub(super) fn group(&self) -> u32 {
        self.meaning.group
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Meaning {
    group: u32,
    account: u32,
    source: u32,
    costs: u32,
    usage: bool,
    included: bool,
    no_currency: bool,
}

/// Decodes rows under a plan.
#[derive(Debug)]
pub(super) struct Decoder {
    plan: Arc<Plan>,
    /// By raw bytes of the key columns.
    by_bytes: Cache<Entry>,
    /// By the values that decide, for rows whose bytes always differ (a tag unique to each row).
    by_values: Cache<Meaning>,
    value_lookups: u64,
    value_hits: u64,
    periods: PeriodReader,
    cost_plans: Vec<CostPlan>,
    pub(super) keys: Keys,
    pub(super) tags: TagCounter,
    other_tags: TagCounts,
    pub(super) counts: Counts,
    key: Vec<u8>,
    values: Vec<u8>,
    tag_values: Vec<Option<String>>,
    symbols: Symbols,
    key_symbols: Vec<u32>,
    known_groups: Known,
    known_accounts: Known,
}

impl Decoder {
    pub(super) fn new(plan: Arc<Plan>) -> Self {
        let budget = plan.question().cache_bytes;
        Self {
            by_bytes: Cache::new(budget - budget / 4),
            by_values: Cache::new(budget / 4),
            value_lookups: 0,
            value_hits: 0,
            periods: PeriodReader::new(plan.schema().period(), plan.question().view),
            cost_plans: Vec::new(),
            keys: Keys::default(),
            tags: TagCounter::default(),
            other_tags: TagCounts::default(),
            counts: Counts::default(),
            key: Vec::new(),
            values: Vec::new(),
            tag_values: vec![None; plan.tag_keys.len()],
            symbols: Symbols::default(),
            key_symbols: Vec::new(),
            known_groups: Known::default(),
            known_accounts: Known::default(),
            plan,
        }
    }

    /// Finds what the rows' keys mean. First all hashes, then all look-ups: so the memory is asked for the next row's
    /// slot while the last one's is still on its way.
    #[inline]
    pub(super) fn find(&mut self, batch: &Batch<'_>, found: &mut [Entry; BATCH]) {
        if self.tags.is_full() {
            self.tags.fold();
            self.by_bytes.clear();
        }
        let mut wanted = [true; BATCH];
        if let Some(only) = self.plan.question().only {
            for (index, wanted) in wanted.iter_mut().enumerate().take(batch.len()) {
                // A period that cannot be read is decode's to refuse.
                *wanted = self.periods.read(&batch.record(index)).map_or(true, |period| only.contains(&period.month));
            }
        }
        if !self.plan.cacheable {
            for (index, entry) in found.iter_mut().enumerate().take(batch.len()) {
                *entry = if wanted[index] { self.new_entry(&batch.record(index)) } else { Entry::PASSED_OVER };
            }
            return;
        }
        let mut hashes = [KeyHash::default(); BATCH];
        for (index, hash) in hashes.iter_mut().enumerate().take(batch.len()).filter(|(index, _)| wanted[*index]) {
            let record = batch.record(index);
            self.key.clear();
            for (first, last) in &self.plan.key_runs {
                self.key.extend_from_slice(record.raw_run(*first, *last));
                self.key.push(b',');
            }
            *hash = KeyHash::of(&self.key, self.plan.question().hash_secret);
        }
        let mut known = [None; BATCH];
        for (hash, known) in hashes.iter().zip(&mut known).take(batch.len()) {
            *known = self.by_bytes.get(*hash);
        }
        for (index, (known, entry)) in known.into_iter().zip(found).enumerate().take(batch.len()) {
            *entry = match known {
                _ if !wanted[index] => Entry::PASSED_OVER,
                Some(entry) => entry,
                None => self.remember(&batch.record(index), hashes[index]),
            };
        }
    }

    /// Reads the row.
    #[inline]
    pub(super) fn decode<'a>(
        &'a mut self,
        record: &'a Record<'a>,
        entry: Entry,
        costs: &'a mut Costs,
    ) -> Result<Row<'a>, DecodeFault> {
        let period = self.periods.read(record).map_err(DecodeFault::Period)?;
        let meaning = entry.meaning;
        let (read, rounded) = self.cost_plans[meaning.costs as usize].read(record).map_err(DecodeFault::Cost)?;
        *costs = read;
        self.counts.rounded += u64::from(rounded);
        self.counts.unreadable_tags += u64::from(entry.unreadable_tags);
        self.counts.no_currency += u64::from(meaning.no_currency);
        self.count_tags(record, entry);
        Ok(Row {
            record,
            group: meaning.group,
            account: meaning.account,
            month: period.month,
            date: period.start.date,
            costs,
            source: meaning.source,
            usage: meaning.usage,
            period,
            periods: &self.periods,
            plan: &self.plan,
            included: meaning.included,
        })
    }

    /// Takes in what another worker counted.
    pub(super) fn absorb_counts(&mut self, counts: Counts, tags: TagCounts) {
        self.counts.rounded += counts.rounded;
        self.counts.unreadable_tags += counts.unreadable_tags;
        self.counts.no_currency += counts.no_currency;
        self.other_tags.merge(tags);
    }

    /// The tag counts of all rows read here or taken in.
    pub(super) fn finish_tags(&mut self) -> TagCounts {
        let mut tags = self.tags.finish(&self.plan.schema().tags().single);
        tags.merge(std::mem::take(&mut self.other_tags));
        tags
    }

    #[inline]
    fn count_tags(&mut self, record: &Record<'_>, entry: Entry) {
        let mut tagged = entry.tagged;
        self.tags.count(entry.tag_set);
        let single = &self.plan.schema().tags().single;
        if !single.is_empty() {
            for (index, (_, column)) in single.iter().enumerate() {
                let present = !record.raw(*column).is_empty() && !record.is_null(*column);
                tagged |= present;
                self.tags.count_single(index, present);
            }
        }
        self.tags.tagged_rows += u64::from(tagged);
    }

    #[inline(never)]
    fn remember(&mut self, record: &Record<'_>, hash: KeyHash) -> Entry {
        // The batch may have brought it already.
        if let Some(entry) = self.by_bytes.get(hash) {
            return entry;
        }
        let entry = self.new_entry(record);
        self.by_bytes.insert(hash, entry);
        entry
    }

    fn new_entry(&mut self, record: &Record<'_>) -> Entry {
        let (tag_set, unreadable_tags, tagged) = self.read_tags(record);
        Entry { meaning: self.meaning(record), tag_set, tagged, unreadable_tags, passed_over: false }
    }

    /// One walk over the packed tags: counts their keys, keeps the values that decide.
    fn read_tags(&mut self, record: &Record<'_>) -> (u32, bool, bool) {
        let (plan, tags, tag_values) = (&self.plan, &mut self.tags, &mut self.tag_values);
        tags.begin();
        tag_values.fill(None);
        let (mut unreadable, mut tagged) = (false, false);
        let columns = plan.schema().tags();
        for column in &columns.packed {
            let read = visit_tags_at(record, *column, &mut |packed, value| {
                let key = columns.key(packed);
                tagged = true;
                tags.push(key);
                if let Ok(index) = plan.tag_keys.binary_search_by(|name| name.as_str().cmp(key)) {
                    let slot = &mut tag_values[index];
                    if slot.is_none() {
                        *slot = Some(value.into_owned());
                    }
                }
            });
            unreadable |= read.is_err();
        }
        (tags.end(), unreadable, tagged)
    }

    fn meaning(&mut self, record: &Record<'_>) -> Meaning {
        if !self.plan.cacheable || self.values_differ() {
            return self.classify(record);
        }
        self.collect_values(record);
        let hash = KeyHash::of(&self.values, self.plan.question().hash_secret);
        self.value_lookups += 1;
        if let Some(meaning) = self.by_values.get(hash) {
            self.value_hits += 1;
            return meaning;
        }
        let meaning = self.classify(record);
        self.by_values.insert(hash, meaning);
        meaning
    }

    /// Whether looking values up has turned out to be of no use: keys that differ in bytes differ in values too.
    fn values_differ(&self) -> bool {
        /// Look-ups before judging.
        const TRIED: u64 = 2048;
        self.value_lookups >= TRIED && self.value_hits * 4 < self.value_lookups
    }

    /// The values that decide a row's group, each with its length, so that no two rows' texts can run together.
    fn collect_values(&mut self, record: &Record<'_>) {
        let plan = &self.plan;
        let values = &mut self.values;
        values.clear();
        let mut push = |value: Option<&[u8]>| {
            let len = value.map_or(u32::MAX, |value| value.len() as u32);
            values.extend_from_slice(&len.to_le_bytes());
            values.extend_from_slice(value.unwrap_or_default());
        };
        for column in plan.schema().class_columns() {
            push(Some(record.trimmed(*column)));
        }
        for field in ALWAYS.iter().chain(&plan.fields) {
            push(plan.schema().text(*field, record).as_deref().map(str::as_bytes));
        }
        for (index, key) in plan.tag_keys.iter().enumerate() {
            let own = single_tag(plan.schema(), record, key);
            push(own.as_deref().or(self.tag_values[index].as_deref()).map(str::as_bytes));
        }
    }

    /// The number of the row's source: mostly one of the first.
    fn source(&mut self, record: &Record<'_>) -> u32 {
        let text = |field| self.plan.schema().text(field, record);
        let (provider, account) = (text(Field::ProviderName), text(Field::BillingAccountId));
        let is_it = |source: &Arc<Source>| {
            source.provider_name.as_deref() == provider.as_deref()
                && source.billing_account_id.as_deref() == account.as_deref()
        };
        if let Some(id) = self.keys.sources.values().iter().take(8).position(is_it) {
            return id as u32;
        }
        let owned = |text: Option<std::borrow::Cow<'_, str>>| text.map(std::borrow::Cow::into_owned);
        let source = Source { provider_name: owned(provider), billing_account_id: owned(account) };
        self.keys.sources.id(Arc::new(source))
    }

    fn classify(&mut self, record: &Record<'_>) -> Meaning {
        let source_id = self.source(record);
        let (schema, question) = (self.plan.schema(), self.plan.question());
        let class = schema.classify(record);
        let facts = KeyFacts { schema, record, tag_keys: &self.plan.tag_keys, tag_values: &self.tag_values };
        let claim = question.classifier.classify(&facts);
        let (symbols, key) = (&mut self.symbols, &mut self.key_symbols);
        let currency = schema.text(Field::BillingCurrency, record);
        key.clear();
        key.extend([source_id, symbols.number(currency.as_deref()), class.part as u32]);
        let values_from = key.len();
        for dimension in &question.dimensions {
            let number = match dimension {
                Dimension::Assigned(index) => symbols.number(claim.values.get(*index).and_then(Option::as_deref)),
                Dimension::Field(field) => symbols.number(schema.text(*field, record).as_deref()),
            };
            key.push(number);
        }
        let (symbols, key) = (&self.symbols, &self.key_symbols);
        let included = question.owner.iter().all(|(index, wanted)| {
            key.get(values_from + index).is_some_and(|value| symbols.text(*value).as_deref() == wanted.as_deref())
        });
        let source = || self.keys.sources.values()[source_id as usize].clone();
        let currency_of = || Currency::new(currency.as_deref().unwrap_or_default());
        let groups = &mut self.keys.groups;
        let group = self.known_groups.id(key, || {
            let values = key[values_from..].iter().map(|number| symbols.text(*number)).collect();
            groups.id(GroupKey { source: source(), currency: currency_of(), part: class.part, values })
        });
        let sub_account = schema.text(Field::SubAccountId, record);
        let account_key = [key[0], key[1], key[2], self.symbols.number(sub_account.as_deref())];
        let accounts = &mut self.keys.accounts;
        let account = self.known_accounts.id(&account_key, || {
            let sub_account_id = sub_account.as_deref().map(Arc::from);
            accounts.id(AccountKey { source: source(), currency: currency_of(), part: class.part, sub_account_id })
        });
        self.keys.note_rules(group, claim.rules.iter().flatten().copied());
        let costs = self.cost_plans.iter().position(|plan| *plan == class.costs).unwrap_or_else(|| {
            self.cost_plans.push(class.costs);
            self.cost_plans.len() - 1
        });
        Meaning {
            group,
            account,
            source: source_id,
            costs: costs as u32,
            usage: class.usage,
            included,
            no_currency: currency.is_none(),
        }
    }
}
