//! Sums by day.

use crate::calendar::Month;
use crate::ledger::{Cell, KeyMap, Overflow, Portable, Reader, Row, Tally, Writer};
use crate::order::BTreeMap;

/// A group's sums: by the month that charges count for and the day they start on, or without a day where a charge is
/// longer than one.
pub(super) type Days = BTreeMap<(Month, Option<i32>), Cell>;

/// Sums by group and day.
#[derive(Debug, Default)]
pub(super) struct DayTally {
    /// By number of the group.
    pub(super) groups: Vec<Days>,
}

impl DayTally {
    fn of(&mut self, group: u32) -> &mut Days {
        let group = group as usize;
        if self.groups.len() <= group {
            self.groups.resize_with(group + 1, Days::new);
        }
        &mut self.groups[group]
    }
}

impl Tally for DayTally {
    const WHOLE_ROWS: bool = false;

    fn add(&mut self, row: &Row<'_>, _invoiced: bool) -> Result<(), Overflow> {
        if !row.included {
            return Ok(());
        }
        // A charge of a day that counts for another month is spread over the month it counts for.
        let is_day = row.date.month() == row.month && row.is_daily();
        let day = is_day.then(|| row.date.days_since_epoch());
        self.of(row.group).entry((row.month, day)).or_default().add(row.costs).ok_or(Overflow)
    }

    fn merge(&mut self, other: Self, map: &KeyMap) -> Result<(), Overflow> {
        for (group, days) in other.groups.into_iter().enumerate() {
            if days.is_empty() {
                continue;
            }
            let mine = self.of(map.group(group as u32));
            for (day, cell) in days {
                mine.entry(day).or_default().merge(&cell).ok_or(Overflow)?;
            }
        }
        Ok(())
    }

    fn write(&self, to: &mut Writer) {
        self.groups.write(to);
    }

    fn read(&mut self, from: &mut Reader<'_>) -> Option<()> {
        self.groups = Portable::read(from)?;
        Some(())
    }
}
