//! One walk over the packed tags of a row: which keys it carries, and the values that decide.

use std::borrow::Cow;

use super::classify::ValueNumber;
use super::plan::Plan;
use super::tags::{KeyOrder, TagCounter};
use super::words::Recognised;
use crate::bill::{BEFORE, Record, Span, TagPlaces, visit_tags_at};

/// The tags of one row, in memory that is used again for the next.
#[derive(Debug)]
pub(super) struct PackedTags {
    /// What is known of keys, as the packed columns spell them.
    keys: Recognised<PackedKey>,
    /// For each key asked for, the numbers of its values.
    known: Vec<Recognised<ValueNumber>>,
    /// Values of each key that are given numbers.
    most_values: usize,
    places: TagPlaces,
    /// Where the packed value of each key asked for stands.
    values: Vec<Option<Place>>,
    /// The number of each key's value, whether packed or in a column of its own.
    numbers: Vec<ValueNumber>,
    /// Values that stand in no cell as they are meant, one after the other.
    text: String,
    /// Numbers of the row's keys, in the order in which they stand.
    ids: Vec<u32>,
}

/// What a key of a packed column is.
#[derive(Clone, Copy, Debug, Default)]
struct PackedKey {
    /// Its number in the counter; `None` when there are too many keys to count.
    id: Option<u32>,
    /// Its position among the keys asked for.
    asked: Option<u32>,
}

/// Where a value stands.
#[derive(Clone, Copy, Debug)]
struct Place {
    /// The column; `None` for the texts beside them.
    column: Option<u32>,
    start: u32,
    length: u32,
}

/// What the walk found beside the values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Walked {
    /// The set of keys.
    pub(super) set: u32,
    /// There is a tag.
    pub(super) tagged: bool,
    /// A cell could not be read to its end.
    pub(super) unreadable: bool,
}

/// The longest value that is given a number, in bytes: with the count of them this bounds what they take.
const LONGEST_VALUE: usize = 256;

impl PackedTags {
    /// Nothing known yet; of each key, so many values may be given numbers.
    pub(super) fn new(plan: &Plan, most_values: usize) -> Self {
        let secret = plan.question().hash_secret;
        Self {
            keys: Recognised::new(secret),
            known: plan.tag_keys.iter().map(|_| Recognised::new(secret)).collect(),
            most_values,
            places: TagPlaces::default(),
            values: Vec::new(),
            numbers: Vec::new(),
            text: String::new(),
            ids: Vec::new(),
        }
    }

    /// Reads the row's tags.
    #[inline]
    pub(super) fn walk(&mut self, plan: &Plan, record: &Record<'_>, counter: &mut TagCounter) -> Walked {
        self.reset(plan);
        let walked = match self.walk_known(plan, record, counter) {
            Some(walked) => walked,
            None => self.walk_any(plan, record, counter),
        };
        if plan.has_single_tags {
            self.number_single(plan, record);
        }
        walked
    }

    #[inline]
    fn reset(&mut self, plan: &Plan) {
        self.values.clear();
        self.values.resize(plan.tag_keys.len(), None);
        self.numbers.clear();
        self.numbers.resize(plan.tag_keys.len(), ValueNumber::NONE);
    }

    /// The walk over cells of the commonest form whose keys have all been seen, and in this order; `None` for any others.
    #[inline]
    fn walk_known(&mut self, plan: &Plan, record: &Record<'_>, counter: &TagCounter) -> Option<Walked> {
        let Self { keys, known, most_values, places, values, numbers, .. } = self;
        let mut order = KeyOrder::default();
        for column in &plan.schema().tags().packed {
            if record.raw(*column).is_empty() {
                continue;
            }
            let bytes = places.read(record, *column)?;
            for (key, value) in places.pairs().filter(|(_, value)| value.length > 0) {
                // A key known with an escape in it is one that has a backslash there.
                let key = keys.get_at(bytes, key.start, key.length).filter(|_| !places.is_escaped(key.of(bytes)))?;
                order.push(key.id?)?;
                let Some(asked) = key.asked.map(|asked| asked as usize) else { continue };
                if values[asked].is_some() {
                    continue;
                }
                if places.is_escaped(value.of(bytes)) {
                    return None;
                }
                values[asked] = Some(Place::in_cell(*column, value));
                numbers[asked] = match known[asked].get_at(bytes, value.start, value.length) {
                    Some(number) => number,
                    None => known[asked].number(value.of(bytes), *most_values),
                };
            }
        }
        Some(Walked { set: counter.known_set(&order)?, tagged: !order.is_empty(), unreadable: false })
    }

    /// The walk over any cells.
    #[inline(never)]
    fn walk_any(&mut self, plan: &Plan, record: &Record<'_>, counter: &mut TagCounter) -> Walked {
        self.reset(plan);
        self.text.clear();
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

    fn take(&mut self, plan: &Plan, packed: &str, value: &str, counter: &mut TagCounter) {
        let key = match self.keys.get(packed.as_bytes()) {
            Some(key) => key,
            None => self.learn(plan, packed, counter),
        };
        self.ids.extend(key.id);
        if let Some(asked) = key.asked.map(|asked| asked as usize)
            && self.values[asked].is_none()
        {
            let (start, length) = (self.text.len() as u32, value.len() as u32);
            self.text.push_str(value);
            self.values[asked] = Some(Place { column: None, start, length });
            self.numbers[asked] = self.known[asked].number(value.as_bytes(), self.most_values);
        }
    }

    /// Gives the values of tags with columns of their own their numbers: they come before packed ones.
    fn number_single(&mut self, plan: &Plan, record: &Record<'_>) {
        for (position, columns) in plan.tag_columns.iter().enumerate() {
            if let Some(value) = columns.iter().find_map(|column| record.text(*column)) {
                self.numbers[position] = self.known[position].number(value.as_bytes(), self.most_values);
            }
        }
    }

    /// The numbers of the values that the last row walked has for each key asked for.
    #[inline]
    pub(super) fn numbers(&self) -> &[ValueNumber] {
        &self.numbers
    }

    /// The packed value of the key at this position among those asked for, as the last row walked has it.
    pub(super) fn value<'a>(&'a self, record: &Record<'a>, position: usize) -> Option<Cow<'a, str>> {
        let Place { column, start, length } = (*self.values.get(position)?)?;
        let from = column.map_or(self.text.as_bytes(), |column| record.raw(column as usize));
        let value = from.get(start as usize..start as usize + length as usize)?;
        Some(String::from_utf8_lossy(value))
    }

    #[cold]
    fn learn(&mut self, plan: &Plan, packed: &str, counter: &mut TagCounter) -> PackedKey {
        let key = plan.schema().tags().key(packed);
        let asked = plan.tag_keys.binary_search_by(|name| name.as_str().cmp(key)).ok().map(|asked| asked as u32);
        let known = PackedKey { id: counter.id(key), asked };
        // Keys beyond those that are counted are not remembered either, so that memory stays bounded.
        if known.id.is_some() {
            self.keys.insert(packed.as_bytes(), known);
        }
        known
    }
}

impl Recognised<ValueNumber> {
    /// The number of a value; so many are given numbers at most.
    #[inline(never)]
    fn number(&mut self, value: &[u8], most: usize) -> ValueNumber {
        if let Some(number) = self.get(value) {
            return number;
        }
        let is_blank = std::str::from_utf8(value).is_ok_and(|value| value.trim().is_empty());
        let is_one_more = value.len() <= LONGEST_VALUE && self.len() < most;
        let number = match (is_blank, is_one_more) {
            (true, _) => ValueNumber::NONE,
            (false, true) => ValueNumber::known(self.len()),
            (false, false) => ValueNumber::BEYOND,
        };
        if is_one_more {
            self.insert(value, number);
        }
        number
    }
}

impl Place {
    fn in_cell(column: usize, value: Span) -> Self {
        Self { column: Some(column as u32), start: (BEFORE + value.start) as u32, length: value.length as u32 }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::super::tags::{tag_keys, tag_value};
    use super::super::{Question, View};
    use super::*;
    use crate::allocation::{Policy, PolicySource};
    use crate::bill::{Header, Schema};
    use crate::condition::{Facts as _, trimmed};
    use crate::ledger::RecordFacts;
    use crate::order::BTreeMap;

    const HEADER: &str = "ChargePeriodStart,ChargeCategory,BilledCost,BillingCurrency,Tags\n";

    fn plan() -> Plan {
        let text = "schema = \"headroom/allocation/1\"\n[tags]\naliases = { squad = [\"Team\"] }\n\
                    [[rule]]\nid = \"r\"\nset = { squad = { tag = \"squad\" }, environment = { tag = \"env\" } }\n";
        let policy = Policy::parse(&[PolicySource { name: "p", text }]).unwrap();
        let question = Question {
            classifier: Arc::new(policy),
            dimensions: Vec::new(),
            view: View::ChargeMonth,
            owner: Vec::new(),
            cache_bytes: 0,
            hash_secret: 7,
            only: None,
        };
        let header = Header::read(HEADER.as_bytes(), true).unwrap().unwrap();
        Plan::new(Schema::from_header(&header.columns).unwrap(), question)
    }

    fn pair() -> impl Strategy<Value = String> {
        let key =
            prop::sample::select(vec!["squad", "Team", "SQUAD", "env", "job-id", "a key of twenty bytes", "", "é"]);
        let value = prop_oneof![
            "[ab]{0,2}".prop_map(|text| format!("\"{text}\"")),
            prop::sample::select(vec![
                "\"web\"",
                "\"a value of twenty bytes\"",
                "\" \"",
                "\"\u{a0}\"",
                "\"x\u{fffd}\"",
                "\"é\"",
                "\"a\\\"b\"",
                "\"\\u0041\"",
                "\"a\\n\"",
                "1.50",
                "null",
                "true",
                "{\"a\":[1]}",
                "\"",
            ])
            .prop_map(str::to_owned),
        ];
        let mark = prop::sample::select(vec![":", ":", ":", ": ", " : ", ";"]);
        (key, mark, value).prop_map(|(key, mark, value)| format!("\"{key}\"{mark}{value}"))
    }

    /// A cell as it stands in the file.
    fn cell() -> impl Strategy<Value = Vec<u8>> {
        let comma = prop::sample::select(vec![",", ",", ",", ", ", ",,", " "]);
        let object = (prop::collection::vec(pair(), 0..6), comma)
            .prop_map(|(pairs, comma)| format!("\"{{{}}}\"", pairs.join(comma).replace('"', "\"\"")).into_bytes());
        let odd: [&[u8]; 8] = [
            b"",
            b"{}",
            b"NULL",
            b"{squad=web}",
            b"text",
            b"\"{\"\"squad\"\":\"\"\xff\"\"}\"",
            b"\"{\"\"squad\"\":\"\"web\"\"",
            b"\"[{\"\"key\"\":\"\"squad\"\",\"\"value\"\":\"\"web\"\"}]\"",
        ];
        prop_oneof![4 => object, 1 => prop::sample::select(odd.map(<[u8]>::to_vec).to_vec())]
    }

    proptest! {
        #[test]
        fn a_walk_says_of_each_row_what_its_tags_say_one_by_one(
            cells in prop::collection::vec(cell(), 1..24),
            most_values in prop::sample::select(vec![0, 2, 50]),
        ) {
            let plan = plan();
            let mut packed = PackedTags::new(&plan, most_values);
            let mut counter = TagCounter::new(7);
            let mut numbers: BTreeMap<(usize, u32), String> = BTreeMap::new();
            let mut want: BTreeMap<String, u64> = BTreeMap::new();
            for cell in cells.iter().chain(&cells) {
                let bytes = [b"2026-05-01,Usage,1,USD,", cell.as_slice(), b"\n", &[b'"'; 80]].concat();
                let ends = [10, 16, 18, 22, 23 + cell.len() as u32];
                let record = Record::new(&bytes, 0, &ends);
                let walked = packed.walk(&plan, &record, &mut counter);
                counter.count(walked.set);
                let keys = tag_keys(plan.schema(), &record);
                prop_assert_eq!(walked.tagged, !keys.is_empty());
                let text = record.text(4).unwrap_or_default();
                prop_assert_eq!(walked.unreadable, crate::bill::visit_tags(&text, &mut |_, _| {}).is_err());
                for key in keys {
                    *want.entry(key).or_default() += 1;
                }
                let facts = RecordFacts::new(plan.schema(), &record);
                for (position, key) in plan.tag_keys.iter().enumerate() {
                    let value = tag_value(plan.schema(), &record, key);
                    prop_assert_eq!(packed.value(&record, position), value);
                    let (number, value) = (packed.numbers()[position], facts.tag(key).and_then(trimmed));
                    prop_assert_eq!(number == ValueNumber::NONE, value.is_none());
                    if let (Some(place), Some(value)) = (number.place(), value) {
                        prop_assert!(place < most_values);
                        let known = numbers.entry((position, place as u32)).or_insert_with(|| value.to_string());
                        prop_assert_eq!(known.as_str(), value.as_ref());
                    }
                }
            }
            prop_assert_eq!(counter.finish(&[]).rows_by_key, want);
        }
    }
}
