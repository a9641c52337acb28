//! Bills of any size: FOCUS 1.2 CSV with the shape of a large AWS organisation's export.
//!
//! Every row follows from the seed and its number alone, so memory does not grow with the file or with the
//! number of resources. Amounts have at most 15 decimals and are made with integers, so that every machine
//! writes the same bytes.

mod catalog;
mod clock;
mod resource;
mod row;
mod text;

use std::io::{self, Write};

use headroom_core::calendar::Month;

use clock::Clock;
use row::Rows;
pub use text::Quoting;

/// What to generate.
#[derive(Clone, Debug)]
pub struct Load {
    /// The file is at least this long, and longer by less than one row.
    pub bytes: u64,
    /// Two loads with the same seed and options are the same bytes.
    pub seed: u64,
    /// When text is quoted.
    pub quoting: Quoting,
    /// Whether every row carries a tag that no other row has.
    pub unique_tags: bool,
    /// How many resources there are, at least 1; some have far more rows than others.
    pub resources: u64,
    /// The month of the first rows.
    pub from: Month,
    /// How many months the rows are spread over, at least 1; every hour gets its share of the bytes.
    pub months: u32,
}

/// What was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// Rows without the header.
    pub rows: u64,
    /// Bytes with the header.
    pub bytes: u64,
}

impl Load {
    /// Writes the bill.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write(&self, out: &mut impl Write) -> io::Result<Written> {
        let mut rows = Rows::new(self);
        let mut clock = Clock::new(self.from, self.months);
        let header = rows.header();
        out.write_all(header)?;
        let mut written = Written { rows: 0, bytes: header.len() as u64 };
        while written.bytes < self.bytes {
            clock.advance_to(written.bytes, self.bytes);
            let row = rows.next(&clock);
            out.write_all(row)?;
            written.rows += 1;
            written.bytes += row.len() as u64;
        }
        Ok(written)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn load() -> Load {
        Load {
            bytes: 2_000_000,
            seed: 1,
            quoting: Quoting::Minimal,
            unique_tags: false,
            resources: 500,
            from: Month::new(2025, 1).unwrap(),
            months: 12,
        }
    }

    fn bill(load: &Load) -> Vec<u8> {
        let mut out = Vec::new();
        let written = load.write(&mut out).unwrap();
        assert_eq!(written.bytes, out.len() as u64);
        out
    }

    fn records(bill: &[u8]) -> (csv::StringRecord, Vec<csv::StringRecord>) {
        let mut reader = csv::Reader::from_reader(bill);
        let header = reader.headers().unwrap().clone();
        (header, reader.records().collect::<Result<_, _>>().unwrap())
    }

    fn column(header: &csv::StringRecord, name: &str) -> usize {
        header.iter().position(|cell| cell == name).unwrap()
    }

    #[test]
    fn the_same_seed_gives_the_same_bytes_and_another_does_not() {
        assert_eq!(bill(&load()), bill(&load()));
        assert_ne!(bill(&load()), bill(&Load { seed: 2, ..load() }));
    }

    #[test]
    fn quoting_changes_bytes_but_not_cells() {
        let few = Load { bytes: 100_000, ..load() };
        let (_, minimal) = records(&bill(&few));
        let (_, all) = records(&bill(&Load { quoting: Quoting::All, ..few }));
        // The same bytes hold fewer quoted rows, so the clock of the quoted bill runs ahead: compare what does
        // not depend on the hour.
        for (left, right) in minimal.iter().zip(&all) {
            assert_eq!(left.get(43), right.get(43));
            assert_eq!(left.get(56), right.get(56));
        }
    }

    #[test]
    fn has_every_kind_of_row_in_every_month() {
        let (header, rows) = records(&bill(&load()));
        assert_eq!(header.len(), 57);
        let start = column(&header, "ChargePeriodStart");
        let months: BTreeSet<_> = rows.iter().map(|row| row[start][..7].to_owned()).collect();
        assert_eq!(months.len(), 12);
        let (category, class) = (column(&header, "ChargeCategory"), column(&header, "ChargeClass"));
        let kinds: BTreeSet<_> = rows.iter().map(|row| (row[category].to_owned(), row[class].to_owned())).collect();
        let kinds: Vec<_> = kinds.iter().map(|(category, class)| (category.as_str(), class.as_str())).collect();
        let expected = [("Credit", ""), ("Purchase", ""), ("Tax", ""), ("Usage", ""), ("Usage", "Correction")];
        assert_eq!(kinds, expected);
    }

    #[test]
    fn amounts_are_exact_numbers_and_tags_are_json() {
        let (header, rows) = records(&bill(&Load { unique_tags: true, ..load() }));
        let tags = column(&header, "Tags");
        let mut jobs = BTreeSet::new();
        for row in &rows {
            for name in ["BilledCost", "EffectiveCost", "ListCost", "ContractedCost"] {
                let cell = &row[column(&header, name)];
                let amount = headroom_core::money::Amount::parse(cell.as_bytes()).unwrap();
                assert!(!amount.rounded && amount.amount.units() % 1_000 == 0, "{cell}");
            }
            let tags: serde_json::Value = serde_json::from_str(&row[tags]).unwrap();
            jobs.insert(tags["job-id"].as_str().unwrap().to_owned());
        }
        assert_eq!(jobs.len(), rows.len());
    }
}
