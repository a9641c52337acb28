//! What a row's key columns mean: its group, its account, how its costs are made.
//!
//! Fields that belong together are remembered by their bytes, as a bill has few distinct combinations of them. Tags are
//! walked, and what their values leave of the policy's rules decides: so a tag that differs on every row costs a walk, and
//! a key never seen before costs little more than a known one.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use foldhash::fast::FixedState;

use super::cache::{Cache, KeyHash};
use super::classify::{Claim, Decider};
use super::facts::KeyFacts;
use super::key_bytes::KeyBytes;
use super::keys::{AccountKey, GroupKey, Interner, Keys};
use super::packed::{PackedTags, Walked};
use super::plan::{Plan, ValueOf};
use super::remembered::Remembered;
use super::rule_sets::FirstRules;
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
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
    /// A value of its group has lost bytes that are not UTF-8.
    pub(super) const NOT_UTF8: Self = Self(1 << 6);

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

/// Whose bill a row is on, in which currency, and for which account.
#[derive(Clone, Copy, Debug)]
struct Owner {
    source: u32,
    /// Number of the currency's code; 0 for none.
    currency: u32,
    /// Number of the sub-account; 0 for none.
    sub_account: u32,
    /// The account's number for each [`Part`], as far as it is known.
    accounts: [Option<u32>; Part::ALL.len()],
}

/// What a row is charged for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Kind {
    part: Part,
    costs: u32,
    marks: Marks,
}

/// A group as it is known by the numbers of its values.
#[derive(Clone, Copy, Debug, Default)]
struct KnownGroup {
    group: u32,
    included: bool,
    /// A value holds U+FFFD: by right, or in place of bytes that are not UTF-8.
    replaced: bool,
    /// Rules noted that put charges into it.
    rules: FirstRules,
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
    owners: Remembered<Owner>,
    kinds: Remembered<Kind>,
    /// By source, currency, part and values.
    groups: Cache<KnownGroup>,
    /// All groups by source, currency, part and values, and whether they are the owner's who was asked for.
    group_numbers: HashMap<Box<[u32]>, (u32, bool), FixedState>,
    packed: PackedTags,
    claim: Claim,
    candidates: Vec<u64>,
    bytes: KeyBytes,
    /// What stands for the groups of a batch's rows, one after the other.
    numbers: Vec<u32>,
    /// Rules that put rows of a batch into their groups, and are none of the first.
    later_rules: Vec<(usize, u32)>,
}

impl Meanings {
    /// Nothing known yet; fields may be remembered in about `budget` bytes.
    pub(super) fn new(plan: Arc<Plan>, budget: usize) -> Self {
        let decider = plan.question().classifier.clone().decider(&plan.assigned());
        Self {
            packed: PackedTags::new(&plan, decider.most_values()),
            decider,
            keys: Keys::default(),
            tags: TagCounter::new(plan.question().hash_secret),
            cost_plans: Interner::default(),
            texts: Texts::default(),
            owners: Remembered::new(budget / 4),
            kinds: Remembered::new(budget / 4),
            groups: Cache::new(budget / 2),
            group_numbers: HashMap::default(),
            claim: Claim::default(),
            candidates: Vec::new(),
            bytes: KeyBytes::default(),
            numbers: Vec::new(),
            later_rules: Vec::new(),
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
        let (mut owners, mut kinds) = ([None; BATCH], [None; BATCH]);
        self.find_fields(batch, rows, &mut owners, &mut kinds);
        let secret = self.plan.question().hash_secret;
        let mut hashes = [KeyHash::default(); BATCH];
        let mut rules = [FirstRules::default(); BATCH];
        self.numbers.clear();
        self.later_rules.clear();
        for row in rows {
            let (Some(owner), Some(kind)) = (owners[*row], kinds[*row]) else { continue };
            let from = self.numbers.len();
            let walked = self.decide(&batch.record(*row), owner, kind);
            hashes[*row] = self.bytes.hash_of_numbers(&self.numbers[from..], secret);
            rules[*row] = self.note_claim(*row);
            let Kind { part, costs, marks } = self.kinds.what(kind);
            let marks = marks.and(Marks::NO_CURRENCY, self.owners.what(owner).currency == 0);
            let marks = marks.and(Marks::TAGGED, walked.tagged).and(Marks::UNREADABLE_TAGS, walked.unreadable);
            found[*row] = Meaning { group: 0, account: self.account(owner, part), tag_set: walked.set, costs, marks };
        }
        self.groups.expect(&hashes);
        let each = self.numbers.len() / rows.len().max(1);
        for (position, row) in rows.iter().enumerate() {
            let Some(kind) = kinds[*row] else { continue };
            let known = match self.groups.get(hashes[*row]) {
                Some(known) if rules[*row].are_in(known.rules) => known,
                known => {
                    let range = position * each..(position + 1) * each;
                    self.learn_group(known, kind, range, hashes[*row], rules[*row])
                }
            };
            found[*row].group = known.group;
            let marks = found[*row].marks.and(Marks::INCLUDED, known.included);
            found[*row].marks = marks.and(Marks::NOT_UTF8, known.replaced && !self.is_utf8(&batch.record(*row)));
        }
        for (row, rule) in &self.later_rules {
            self.keys.note_rule(found[*row].group, *rule);
        }
    }

    /// What rules the claim just made names, of the first few; later ones are listed with the row.
    #[inline]
    fn note_claim(&mut self, row: usize) -> FirstRules {
        let mut rules = FirstRules::default();
        for rule in self.claim.rules.iter().flatten() {
            if !rules.insert(*rule) {
                self.later_rules.push((row, *rule));
            }
        }
        rules
    }

    /// The numbers of what the rows' fields say; in the end every row has both.
    #[inline(never)]
    fn find_fields(
        &mut self,
        batch: &Batch<'_>,
        rows: &[usize],
        owners: &mut [Option<u32>; BATCH],
        kinds: &mut [Option<u32>; BATCH],
    ) {
        let plan = self.plan.clone();
        if !plan.cacheable {
            // What a row costs is one of the fields, and in no key.
            self.owners.forget();
            self.kinds.forget();
            for row in rows {
                let record = batch.record(*row);
                owners[*row] = Some(self.learn_owner(&record, None));
                kinds[*row] = Some(self.learn_kind(&record, None));
            }
            return;
        }
        let secret = plan.question().hash_secret;
        self.owners.make_room();
        self.kinds.make_room();
        let owner_hashes = self.owners.find(&plan.owners, secret, batch, rows, &mut self.bytes, owners);
        let kind_hashes = self.kinds.find(&plan.kinds, secret, batch, rows, &mut self.bytes, kinds);
        for row in rows {
            let (owner_hash, kind_hash) = (owner_hashes[*row], kind_hashes[*row]);
            // A row of the batch may have brought it by now.
            owners[*row] = owners[*row].or_else(|| self.owners.get(owner_hash));
            kinds[*row] = kinds[*row].or_else(|| self.kinds.get(kind_hash));
            owners[*row] = owners[*row].or_else(|| Some(self.learn_owner(&batch.record(*row), Some(owner_hash))));
            kinds[*row] = kinds[*row].or_else(|| Some(self.learn_kind(&batch.record(*row), Some(kind_hash))));
        }
    }

    /// Lets the decider decide on a row, and appends the numbers of its group: source, currency, part and values.
    #[inline(never)]
    fn decide(&mut self, record: &Record<'_>, owner: u32, kind: u32) -> Walked {
        let walked = self.packed.walk(&self.plan, record, &mut self.tags);
        self.candidates.clear();
        let candidates = self.owners.candidates(owner).iter().zip(self.kinds.candidates(kind));
        self.candidates.extend(candidates.map(|(owner, kind)| owner & kind));
        let facts = KeyFacts { plan: &self.plan, record, packed: &self.packed };
        self.decider.decide(&self.candidates, self.packed.numbers(), &facts, &mut self.texts, &mut self.claim);
        let Owner { source, currency, .. } = self.owners.what(owner);
        let numbers = &mut self.numbers;
        numbers.extend([source, currency, self.kinds.what(kind).part as u32]);
        let (of_owner, of_kind) = (self.owners.values(owner), self.kinds.values(kind));
        numbers.extend(self.plan.dimensions.iter().map(|value| {
            let (values, index) = match value {
                ValueOf::Classifier(index) => (self.claim.values.as_slice(), *index),
                ValueOf::Owner(index) => (of_owner, *index),
                ValueOf::Kind(index) => (of_kind, *index),
            };
            values.get(index).copied().unwrap_or_default()
        }));
        walked
    }

    #[inline(never)]
    fn learn_owner(&mut self, record: &Record<'_>, hash: Option<KeyHash>) -> u32 {
        let (plan, texts) = (&self.plan, &mut self.texts);
        let text = |field| plan.schema().text(field, record);
        let (provider, account) = (text(Field::ProviderName), text(Field::BillingAccountId));
        let owner = Owner {
            source: self.keys.sources.id(Arc::new(Source::new(provider.as_deref(), account.as_deref()))),
            currency: texts.number(text(Field::BillingCurrency).as_deref()),
            sub_account: texts.number(text(Field::SubAccountId).as_deref()),
            accounts: [None; Part::ALL.len()],
        };
        self.owners.values.extend(plan.owners.dimensions.iter().map(|field| texts.number(text(*field).as_deref())));
        let facts = KeyFacts { plan, record, packed: &self.packed };
        self.decider.narrow(&plan.owners.fields, &facts, &mut self.owners.candidates);
        self.owners.push(hash, owner)
    }

    #[inline(never)]
    fn learn_kind(&mut self, record: &Record<'_>, hash: Option<KeyHash>) -> u32 {
        let (plan, texts) = (&self.plan, &mut self.texts);
        let class = plan.schema().classify(record);
        // Comparing with the first of them spares hashing, and a browser the time to optimise what hashes.
        let first = self.cost_plans.values().iter().take(8).position(|plan| *plan == class.costs);
        let costs = first.map_or_else(|| self.cost_plans.id(class.costs), |number| number as u32);
        let kind = Kind { part: class.part, costs, marks: Marks::default().and(Marks::USAGE, class.usage) };
        let number = |field: &Field| texts.number(plan.schema().text(*field, record).as_deref());
        self.kinds.values.extend(plan.kinds.dimensions.iter().map(number));
        let facts = KeyFacts { plan, record, packed: &self.packed };
        self.decider.narrow(&plan.kinds.fields, &facts, &mut self.kinds.candidates);
        self.kinds.push_once(hash, kind)
    }

    /// The number of an owner's account.
    #[inline]
    fn account(&mut self, owner: u32, part: Part) -> u32 {
        self.owners.what(owner).accounts[part as usize].unwrap_or_else(|| self.learn_account(owner, part))
    }

    #[cold]
    fn learn_account(&mut self, owner: u32, part: Part) -> u32 {
        let Owner { source, currency, sub_account, .. } = self.owners.what(owner);
        let account = self.keys.accounts.id(AccountKey {
            source: self.keys.sources.values()[source as usize].clone(),
            currency: self.currency(currency),
            part,
            sub_account_id: self.texts.text(sub_account).cloned(),
        });
        self.keys.note_source(account, source);
        self.owners.what_mut(owner).accounts[part as usize] = Some(account);
        account
    }

    /// Learns what the numbers in this range of those under way stand for, or that rules not yet noted lead there.
    #[cold]
    fn learn_group(
        &mut self,
        known: Option<KnownGroup>,
        kind: u32,
        range: Range<usize>,
        hash: KeyHash,
        rules: FirstRules,
    ) -> KnownGroup {
        let mut known = known.unwrap_or_else(|| self.number_group(kind, range));
        for rule in rules.without(known.rules) {
            known.rules.insert(rule);
            self.keys.note_rule(known.group, rule);
        }
        self.groups.insert(hash, known);
        known
    }

    /// The group that the numbers in this range of those under way stand for.
    fn number_group(&mut self, kind: u32, range: Range<usize>) -> KnownGroup {
        let key = &self.numbers[range];
        let [source, currency, _, values @ ..] = key else { return KnownGroup::default() };
        let texts = values.iter().filter_map(|number| self.texts.text(*number));
        let replaced = texts.into_iter().any(|value| value.contains(char::REPLACEMENT_CHARACTER));
        let (group, included) = if let Some(known) = self.group_numbers.get(key) {
            *known
        } else {
            let values: Vec<_> = values.iter().map(|number| self.texts.text(*number).cloned()).collect();
            let has = |(index, wanted): &(usize, Option<String>)| {
                values.get(*index).is_some_and(|value| value.as_deref() == wanted.as_deref())
            };
            let included = self.plan.question().owner.iter().all(has);
            let source = self.keys.sources.values()[*source as usize].clone();
            let (currency, part) = (self.currency(*currency), self.kinds.what(kind).part);
            let known = (self.keys.groups.id(GroupKey { source, currency, part, values }), included);
            self.group_numbers.insert(key.into(), known);
            known
        };
        KnownGroup { group, included, replaced, rules: FirstRules::default() }
    }

    /// Whether the row's own key columns are UTF-8.
    #[cold]
    fn is_utf8(&self, record: &Record<'_>) -> bool {
        self.plan.key_runs.iter().all(|(first, last)| std::str::from_utf8(record.raw_run(*first, *last)).is_ok())
    }

    /// The currency whose code has this number.
    fn currency(&self, number: u32) -> Currency {
        Currency::new(self.texts.text(number).map(AsRef::as_ref).unwrap_or_default())
    }
}
