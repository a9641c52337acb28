//! From rows to what their key columns mean, remembered by the bytes of the whole key.

use std::sync::Arc;

use super::cache::{Cache, KeyHash};
use super::key_bytes::KeyBytes;
use super::meaning::{Meaning, Meanings};
use super::plan::Plan;
use crate::bill::scan::{BATCH, Batch};

/// Some rows of a batch.
#[derive(Default)]
struct Rows {
    rows: [usize; BATCH],
    len: usize,
}

impl Rows {
    #[inline]
    fn push(&mut self, row: usize) {
        self.rows[self.len] = row;
        self.len += 1;
    }

    #[inline]
    fn list(&self) -> &[usize] {
        &self.rows[..self.len]
    }
}

/// Looks meanings up.
#[derive(Debug)]
pub(super) struct Lookup {
    plan: Arc<Plan>,
    /// By raw bytes of the key columns.
    by_bytes: Cache<Meaning>,
    /// Whether remembering whole keys is of use: not where every row's differs (a tag of its own, say).
    remembers: bool,
    /// Rows looked up and not found since the cache was last empty.
    rows: u64,
    missed: u64,
    pub(super) meanings: Meanings,
    key: KeyBytes,
}

impl Lookup {
    pub(super) fn new(plan: Arc<Plan>) -> Self {
        let budget = plan.question().cache_bytes;
        Self {
            by_bytes: Cache::new(budget / 2),
            remembers: plan.cacheable,
            rows: 0,
            missed: 0,
            meanings: Meanings::new(plan.clone(), budget / 2),
            key: KeyBytes::default(),
            plan,
        }
    }

    /// Finds what the keys of the rows that are wanted mean. First all hashes, then all look-ups.
    #[inline]
    pub(super) fn find(&mut self, batch: &Batch<'_>, wanted: [bool; BATCH], found: &mut [Meaning; BATCH]) {
        if self.meanings.tags.is_full() {
            self.meanings.tags.fold();
            self.forget();
        }
        let mut new = Rows::default();
        let asked = (0..batch.len()).filter(|row| wanted[*row]);
        found.fill(Meaning::PASSED_OVER);
        if !self.remembers {
            asked.for_each(|row| new.push(row));
            return self.meanings.find(batch, new.list(), found);
        }
        let secret = self.plan.question().hash_secret;
        let mut hashes = [KeyHash::default(); BATCH];
        for row in asked.clone() {
            hashes[row] = self.key.hash_of_runs(&batch.record(row), &self.plan.key_runs, secret);
        }
        self.by_bytes.expect(&hashes);
        for row in asked {
            match self.by_bytes.get(hashes[row]) {
                Some(meaning) => found[row] = meaning,
                None => new.push(row),
            }
        }
        self.rows += batch.len() as u64 - wanted.iter().take(batch.len()).filter(|wanted| !**wanted).count() as u64;
        if new.list().is_empty() {
            return;
        }
        self.meanings.find(batch, new.list(), found);
        self.missed += new.list().len() as u64;
        if !self.by_bytes.has_room(BATCH) {
            self.judge();
        }
        if self.remembers {
            new.list().iter().for_each(|row| self.by_bytes.insert(hashes[*row], found[*row]));
        }
    }

    /// The memory is full: forgets all, and gives remembering up where hardly any of the keys came again.
    #[cold]
    fn judge(&mut self) {
        if self.missed > self.rows / 4 * 3 {
            self.remembers = false;
            self.by_bytes = Cache::new(0);
        }
        self.forget();
    }

    #[cold]
    fn forget(&mut self) {
        self.by_bytes.clear();
        (self.rows, self.missed) = (0, 0);
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::super::{CubeTally, Dimension, FileLedger, FileReader, Question, View};
    use super::*;
    use crate::allocation::{Policy, PolicySource};
    use crate::bill::scan::{RowFault, RowScanner, RowSink};
    use crate::bill::{Header, Schema};
    use crate::condition::Field;

    fn question(dimensions: Vec<Dimension>, cache_bytes: usize) -> Question {
        Question {
            classifier: Arc::new(Policy::builtin()),
            dimensions,
            view: View::ChargeMonth,
            owner: Vec::new(),
            cache_bytes,
            hash_secret: 0,
            only: None,
        }
    }

    fn read(text: &str, cache_bytes: usize) -> FileLedger {
        let fields = [Field::SubAccountId, Field::ServiceName].map(Dimension::Field);
        let dimensions = [Dimension::Assigned(0)].into_iter().chain(fields).collect();
        let mut reader = FileReader::new(question(dimensions, cache_bytes), CubeTally::whole());
        reader.push(text.as_bytes()).unwrap();
        FileLedger::new(reader.finish().unwrap())
    }

    #[test]
    fn what_is_forgotten_does_not_show() {
        // More accounts, services, sets of tags and squads than small caches hold, each row with a tag of its own.
        let mut text =
            "ChargePeriodStart,ChargeCategory,BilledCost,BillingCurrency,SubAccountId,ServiceName,Tags\n".to_owned();
        for row in 0..9_000_u32 {
            let (account, service, squad, key) = (row % 1_700, row * 7 % 1_300, row * 3 % 1_900, row % 83);
            // Some of them with escapes, blanks and forms that are read the long way.
            let tags = match row % 5 {
                0 => format!(r#"{{""squad"":""{squad}"",""k{key}"":""x"",""job"":""{row}""}}"#),
                1 => format!(r#"{{""job"":""\""{row}\\"",""squad"":""{squad}"",""k{key}"":""x"",""squad"":""y""}}"#),
                2 => format!(r#"{{""squad"":"" {squad}"",""k{key}"":null,""job"":{row}}}"#),
                3 => format!(r#"{{""squad"": ""\u0041{squad}"", ""k{key}"": """"}}"#),
                _ => format!("{{squad={squad}, k{key}=x}}"),
            };
            let _ = writeln!(text, "2026-05-01,Usage,{row},USD,a{account},s{service},\"{tags}\"");
        }
        let want = read(&text, 64 << 20);
        assert_eq!(want.groups.keys().len(), 9_000);
        for cache_bytes in [0, 100_000] {
            let found = read(&text, cache_bytes);
            assert!(found.groups.iter().eq(want.groups.iter()));
            assert!(found.accounts.iter().eq(want.accounts.iter()));
            assert_eq!((&found.tags, &found.sources), (&want.tags, &want.sources));
            let rules = |ledger: &FileLedger| -> Vec<Vec<u32>> {
                (0..9_000).map(|group| ledger.groups.rules().of(group).collect()).collect()
            };
            assert_eq!((found.groups.keys(), rules(&found)), (want.groups.keys(), rules(&want)));
        }
    }

    #[test]
    fn every_rule_that_leads_to_a_group_is_noted_however_many_there_are() {
        let mut text = "schema = \"headroom/allocation/1\"\n".to_owned();
        for rule in 0..150 {
            let squad = rule % 7;
            let _ = writeln!(text, "[[rule]]\nid = \"r{rule}\"\nwhen = {{ tag = \"k\", equals = \"{rule}\" }}");
            let _ = writeln!(text, "set = {{ squad = \"{squad}\" }}");
        }
        let policy = Policy::parse(&[PolicySource { name: "p", text: &text }]).unwrap();
        let mut text = "ChargePeriodStart,ChargeCategory,BilledCost,BillingCurrency,Tags\n".to_owned();
        for row in 0..450 {
            let _ = writeln!(
                text,
                "2026-05-01,Usage,1,USD,\"{{\"\"k\"\":\"\"{}\"\",\"\"job\"\":\"\"{row}\"\"}}\"",
                row % 150
            );
        }
        let dimensions = vec![Dimension::Assigned(0)];
        let asked = Question { classifier: Arc::new(policy), ..question(dimensions, 0) };
        let mut reader = FileReader::new(asked, CubeTally::whole());
        reader.push(text.as_bytes()).unwrap();
        let ledger = FileLedger::new(reader.finish().unwrap());
        assert_eq!(ledger.groups.keys().len(), 7);
        for (group, key) in ledger.groups.keys().iter().enumerate() {
            let squad: u32 = key.values[0].as_deref().unwrap().parse().unwrap();
            assert!(ledger.groups.rules().of(group).eq((0..150).filter(|rule| rule % 7 == squad)), "{squad}");
        }
    }

    #[test]
    fn bytes_that_are_not_utf8_are_those_of_a_row_whatever_rows_stand_before_it() {
        let header = b"ChargePeriodStart,ChargeCategory,BilledCost,BillingCurrency,ServiceName\n";
        let (right, wrong) = ("2026-05-01,Usage,1,USD,x\u{fffd}\n".as_bytes(), &b"2026-05-01,Usage,1,USD,x\xff\n"[..]);
        for order in [[right, wrong, wrong, wrong], [wrong, right, wrong, wrong], [wrong, wrong, wrong, right]] {
            for repeated in [1, 9] {
                let mut reader =
                    FileReader::new(question(vec![Dimension::Field(Field::ServiceName)], 0), CubeTally::whole());
                reader.push(header).unwrap();
                (0..repeated).for_each(|_| reader.push(&order.concat()).unwrap());
                assert_eq!(reader.finish().unwrap().events.not_utf8, 3 * repeated);
            }
        }
    }

    /// Looks every row up.
    struct Asking<'l>(&'l mut Lookup);

    impl RowSink for Asking<'_> {
        fn rows(&mut self, batch: &Batch<'_>) {
            self.0.find(batch, [true; BATCH], &mut [Meaning::default(); BATCH]);
        }

        fn fault(&mut self, _: RowFault, _: u64) {}
    }

    #[test]
    fn keys_that_never_come_again_are_no_longer_remembered() {
        // The last brings new keys in ones and in a batch of their own, just when the memory is full.
        let many = (0..7_520_u32)
            .map(|row| row % 752)
            .chain((0..48).map(|row| if row % 16 == 0 || row > 32 { 752 + row } else { row }));
        for (services, want) in [
            ((0..4_000).map(|row| row % 100).collect::<Vec<u32>>(), true),
            ((0..4_000).collect(), false),
            (many.collect(), true),
        ] {
            let mut text = "ChargePeriodStart,ChargeCategory,BilledCost,BillingCurrency,ServiceName\n".to_owned();
            for service in &services {
                let _ = writeln!(text, "2026-05-01,Usage,1,USD,s{service}");
            }
            let header = Header::read(text.as_bytes(), true).unwrap().unwrap();
            let schema = Schema::from_header(&header.columns).unwrap();
            let plan = Plan::new(schema, question(vec![Dimension::Field(Field::ServiceName)], 0));
            let mut lookup = Lookup::new(Arc::new(plan));
            RowScanner::new(header.columns.len()).scan(&text.as_bytes()[header.bytes..], &mut Asking(&mut lookup));
            assert_eq!(lookup.remembers, want, "{}", services.len());
        }
    }
}
