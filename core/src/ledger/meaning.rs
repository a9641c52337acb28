//! What a row's key columns mean: its group, its account, how its costs are made.
//!
//! Fields are looked at together and remembered by their bytes, as a bill has few distinct combinations of them. Tags are
//! walked, and what their values leave of the policy's rules decides: so a tag that differs on every row costs a walk, and
//! a key never seen before costs little more than a known one.

use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::FixedState;

use super::cache::{Cache, KeyHash};
use super::classify::{Claim, Decider, Dimension};
use super::facts::KeyFacts;
use super::keys::{AccountKey, GroupKey, Interner, Keys};
use super::packed::{PackedTags, Walked};
use super::plan::Plan;
use super::tags::TagCounter;
use super::texts::Texts;
use crate::bill::scan::{BATCH, Batch};
use crate::bill::{CostPlan, Part, Record, Source};
use crate::condition::Field;
use crate::money::Currency;

/// What a row's key columns say, by number.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Meaning {
    pub(super) group: u32,
    pub(super) account: u32,
    pub(super) tag_set: u32,
    pub(super) costs: u32,
    pub(super) marks: Marks,
}

/// Facts about a row that are true or not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Marks(u8);

impl Marks {
    /// Its charge category is Usage.
    pub(super) const USAGE: Self = Self(1);
    /// It belongs to the owner asked for.
    pub(super) const INCLUDED: Self = Self(1 << 1);
    /// It names no currency.
    pub(super) const NO_CURRENCY: Self = Self(1 << 2);
    /// A packed column holds a tag.
    pub(super) const TAGGED: Self = Self(1 << 3);
    /// A packed column cannot be read.
    pub(super) const UNREADABLE_TAGS: Self = Self(1 << 4);
    /// It is of a month that is not asked for.
    pub(super) const PASSED_OVER: Self = Self(1 << 5);

    #[inline]
    pub(super) fn has(self, mark: Self) -> bool {
        self.0 & mark.0 != 0
    }

    #[inline]
    fn and(self, mark: Self, holds: bool) -> Self {
        Self(self.0 | if holds { mark.0 } else { 0 })
    }
}

impl Meaning {
    /// Stands for a row of a month that is not asked for.
    pub(super) const PASSED_OVER: Self = Self { group: 0, account: 0, tag_set: 0, costs: 0, marks: Marks::PASSED_OVER };
}

/// What the fields of a row say, apart from its tags.
#[derive(Clone, Copy, Debug)]
struct Base {
    place: Place,
    costs: u32,
    marks: Marks,
}

/// Whose bill a row is on, in which currency, and for which account.
#[derive(Clone, Copy, Debug)]
struct Place {
    source: u32,
    currency: u32,
    part: Part,
    account: u32,
}

/// A group as it is known by the numbers of its values and rules.
#[derive(Clone, Copy, Debug, Default)]
struct KnownGroup {
    group: u32,
    included: bool,
}

/// Finds meanings, and numbers what they are made of.
#[derive(Debug)]
pub(super) struct Meanings {
    plan: Arc<Plan>,
    decider: Box<dyn Decider>,
    pub(super) keys: Keys,
    pub(super) tags: TagCounter,
    cost_plans: Interner<CostPlan>,
    texts: Texts,
    bases: Bases,
    /// By provider, billing account, currency, part and sub-account.
    places: HashMap<[u32; 5], Place, FixedState>,
    /// By source, currency, part, values and rules.
    groups: Cache<KnownGroup>,
    packed: PackedTags,
    claim: Claim,
    bytes: Vec<u8>,
    numbers: Vec<u32>,
}

/// Bases that are remembered, and what goes with each.
#[derive(Debug)]
struct Bases {
    ids: Cache<u32>,
    list: Vec<Base>,
    /// For each, the values of those dimensions that are fields, in order.
    values: Vec<u32>,
    /// For each, the rules that its fields leave possible.
    candidates: Vec<u64>,
    most: usize,
}

impl Bases {
    /// None yet, and never more than fit in about `budget` bytes.
    fn new(budget: usize) -> Self {
        /// A base and what goes with it where neither dimensions nor rules are many.
        const BYTES: usize = size_of::<Base>() + 32;
        Self {
            ids: Cache::new(budget / 2),
            list: Vec::new(),
            values: Vec::new(),
            candidates: Vec::new(),
            most: (budget / 2 / BYTES).max(4 * BATCH),
        }
    }

    /// Whether so many more can be remembered without forgetting any.
    fn have_room(&self, more: usize) -> bool {
        self.list.len() + more <= self.most && self.ids.has_room(more)
    }

    fn clear(&mut self) {
        self.ids.clear();
        self.list.clear();
        self.values.clear();
        self.candidates.clear();
    }

    /// The part of a base in a list that holds as many items for each.
    #[inline]
    fn part<'l, T>(&self, list: &'l [T], base: usize) -> &'l [T] {
        let each = list.len() / self.list.len().max(1);
        list.get(base * each..(base + 1) * each).unwrap_or_default()
    }
}

impl Meanings {
    /// Nothing known yet; fields may be remembered in about `budget` bytes.
    pub(super) fn new(plan: Arc<Plan>, budget: usize) -> Self {
        Self {
            decider: plan.question().classifier.clone().decider(),
            keys: Keys::default(),
            tags: TagCounter::default(),
            cost_plans: Interner::default(),
            texts: Texts::default(),
            bases: Bases::new(budget / 2),
            places: HashMap::default(),
            groups: Cache::new(budget / 2),
            packed: PackedTags::default(),
            claim: Claim::default(),
            bytes: Vec::new(),
            numbers: Vec::new(),
            plan,
        }
    }

    /// How a row's costs are made.
    #[inline]
    pub(super) fn cost_plan(&self, meaning: Meaning) -> &CostPlan {
        &self.cost_plans.values()[meaning.costs as usize]
    }

    /// Finds what the key columns of some of a batch's rows mean, in steps: so the memory is asked for what the next
    /// row needs while the last one's is still on its way.
    pub(super) fn find(&mut self, batch: &Batch<'_>, rows: &[usize], found: &mut [Meaning; BATCH]) {
        let mut bases = [0; BATCH];
        self.find_bases(batch, rows, &mut bases);
        let mut hashes = [KeyHash::default(); BATCH];
        for row in rows {
            let base = self.bases.list[bases[*row]];
            let walked = self.decide(&batch.record(*row), bases[*row]);
            hashes[*row] = self.hash_of_numbers();
            let marks = base.marks.and(Marks::TAGGED, walked.tagged).and(Marks::UNREADABLE_TAGS, walked.unreadable);
            let (account, costs) = (base.place.account, base.costs);
            found[*row] = Meaning { group: 0, account, tag_set: walked.set, costs, marks };
        }
        for row in rows {
            let known = match self.groups.get(hashes[*row]) {
                Some(known) => known,
                None => self.learn_group(&batch.record(*row), bases[*row], hashes[*row]),
            };
            found[*row].group = known.group;
            found[*row].marks = found[*row].marks.and(Marks::INCLUDED, known.included);
        }
    }

    /// The positions of what the rows' fields say.
    fn find_bases(&mut self, batch: &Batch<'_>, rows: &[usize], found: &mut [usize; BATCH]) {
        if !self.plan.cacheable {
            self.bases.clear();
            for row in rows {
                found[*row] = self.learn_base(&batch.record(*row));
            }
            return;
        }
        if !self.bases.have_room(rows.len()) {
            self.bases.clear();
        }
        let mut hashes = [KeyHash::default(); BATCH];
        for row in rows {
            hashes[*row] = self.plan.hash(&batch.record(*row), &self.plan.field_runs, &mut self.bytes);
        }
        for row in rows {
            found[*row] = match self.bases.ids.get(hashes[*row]) {
                Some(base) => base as usize,
                None => {
                    let base = self.learn_base(&batch.record(*row));
                    self.bases.ids.insert(hashes[*row], base as u32);
                    base
                }
            };
        }
    }

    /// Lets the decider decide on a row; the numbers of its group are under way then.
    #[inline]
    fn decide(&mut self, record: &Record<'_>, base: usize) -> Walked {
        let walked = self.packed.walk(&self.plan, record, &mut self.tags);
        let bases = &self.bases;
        let candidates = bases.part(&bases.candidates, base);
        let facts = KeyFacts { plan: &self.plan, record, packed: &self.packed };
        self.decider.decide(candidates, &facts, &mut self.texts, &mut self.claim);
        let place = bases.list[base].place;
        let numbers = &mut self.numbers;
        numbers.clear();
        numbers.extend([place.source, place.currency, place.part as u32]);
        let mut fields = bases.part(&bases.values, base).iter();
        numbers.extend(self.plan.question().dimensions.iter().map(|dimension| match dimension {
            Dimension::Assigned(index) => self.claim.values.get(*index).copied().unwrap_or_default(),
            Dimension::Field(_) => fields.next().copied().unwrap_or_default(),
        }));
        numbers.extend(self.claim.rules.iter().map(|rule| rule.map_or(0, |rule| rule + 1)));
        walked
    }

    #[inline]
    fn hash_of_numbers(&mut self) -> KeyHash {
        self.bytes.clear();
        self.bytes.extend(self.numbers.iter().flat_map(|number| number.to_le_bytes()));
        KeyHash::of(&self.bytes, self.plan.question().hash_secret)
    }

    #[inline(never)]
    fn learn_base(&mut self, record: &Record<'_>) -> usize {
        let place = self.place(record);
        let (schema, question) = (self.plan.schema(), self.plan.question());
        let class = schema.classify(record);
        for dimension in &question.dimensions {
            if let Dimension::Field(field) = dimension {
                self.bases.values.push(self.texts.number(schema.text(*field, record).as_deref()));
            }
        }
        let facts = KeyFacts { plan: &self.plan, record, packed: &self.packed };
        self.decider.narrow(&facts, &mut self.bases.candidates);
        let marks = Marks::default().and(Marks::USAGE, class.usage).and(Marks::NO_CURRENCY, place.currency == 0);
        self.bases.list.push(Base { place, costs: self.cost_plans.id(class.costs), marks });
        self.bases.list.len() - 1
    }

    fn place(&mut self, record: &Record<'_>) -> Place {
        let schema = self.plan.schema();
        let part = schema.classify(record).part;
        let mut number = |field| self.texts.number(schema.text(field, record).as_deref());
        let (provider, payer) = (number(Field::ProviderName), number(Field::BillingAccountId));
        let (currency, sub_account) = (number(Field::BillingCurrency), number(Field::SubAccountId));
        let key = [provider, payer, currency, part as u32, sub_account];
        if let Some(place) = self.places.get(&key) {
            return *place;
        }
        let text = |number| self.texts.text(number).map(|text| text.as_ref().to_owned());
        let source = Arc::new(Source { provider_name: text(provider), billing_account_id: text(payer) });
        let source_id = self.keys.sources.id(source.clone());
        let account = self.keys.accounts.id(AccountKey {
            source,
            currency: Currency::new(&text(currency).unwrap_or_default()),
            part,
            sub_account_id: self.texts.text(sub_account).cloned(),
        });
        self.keys.note_source(account, source_id);
        let place = Place { source: source_id, currency, part, account };
        self.places.insert(key, place);
        place
    }

    #[cold]
    fn learn_group(&mut self, record: &Record<'_>, base: usize, hash: KeyHash) -> KnownGroup {
        self.decide(record, base);
        let place = self.bases.list[base].place;
        let question = self.plan.question();
        let values = self.numbers.iter().skip(3).take(question.dimensions.len());
        let values: Vec<Option<Arc<str>>> = values.map(|number| self.texts.text(*number).cloned()).collect();
        let has = |(index, wanted): &(usize, Option<String>)| {
            values.get(*index).is_some_and(|value| value.as_deref() == wanted.as_deref())
        };
        let included = question.owner.iter().all(has);
        let group = self.keys.groups.id(GroupKey {
            source: self.keys.sources.values()[place.source as usize].clone(),
            currency: Currency::new(self.texts.text(place.currency).map(AsRef::as_ref).unwrap_or_default()),
            part: place.part,
            values,
        });
        self.keys.note_rules(group, self.claim.rules.iter().flatten().copied());
        let known = KnownGroup { group, included };
        self.groups.insert(hash, known);
        known
    }
}
