//! Sums by hour.

use super::hours::day_of;
use crate::calendar::{Date, Month};
use crate::ledger::{Cell, KeyMap, Overflow, Portable, Reader, Row, Tally, Writer};
use crate::order::BTreeMap;

/// When charges are, as finely as the bill tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Slot {
    /// An hour since 1970.
    Hour(i64),
    /// At most a day, from this hour on.
    Day(i64),
    /// Longer than a day: the first hour and the last.
    Long(i64, i64),
}

impl Slot {
    /// The UTC day that it begins on.
    pub(super) fn day(self) -> Option<Date> {
        let (Self::Hour(hour) | Self::Day(hour) | Self::Long(hour, _)) = self;
        day_of(hour)
    }
}

impl Portable for Slot {
    fn write(&self, to: &mut Writer) {
        let (kind, hour, last) = match *self {
            Self::Hour(hour) => (0_u32, hour, None),
            Self::Day(hour) => (1, hour, None),
            Self::Long(first, last) => (2, first, Some(last)),
        };
        (kind, hour, last).write(to);
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        match <(u32, i64, Option<i64>)>::read(from)? {
            (0, hour, None) => Some(Self::Hour(hour)),
            (1, hour, None) => Some(Self::Day(hour)),
            (2, first, Some(last)) => Some(Self::Long(first, last)),
            _ => None,
        }
    }
}

/// A group's sums, by the month that charges count for and by slot.
pub(super) type Slots = BTreeMap<(Month, Slot), Cell>;

/// Sums by group and slot.
#[derive(Debug, Default)]
pub(super) struct HourTally {
    /// By number of the group.
    pub(super) groups: Vec<Slots>,
}

/// Seconds of an hour and a day.
const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

impl HourTally {
    fn of(&mut self, group: u32) -> &mut Slots {
        let group = group as usize;
        if self.groups.len() <= group {
            self.groups.resize_with(group + 1, Slots::new);
        }
        &mut self.groups[group]
    }
}

impl Tally for HourTally {
    const WHOLE_ROWS: bool = false;

    fn add(&mut self, row: &Row<'_>, _invoiced: bool) -> Result<(), Overflow> {
        if !row.included {
            return Ok(());
        }
        let start = row.start().seconds_since_epoch();
        let hour = start.div_euclid(HOUR);
        let slot = match row.seconds() {
            Some(1..=HOUR) => Slot::Hour(hour),
            // Without an end, or of no length, a charge is of the day it starts on.
            None | Some(0..=DAY) => Slot::Day(hour),
            Some(seconds) => Slot::Long(hour, start.saturating_add(seconds - 1).div_euclid(HOUR)),
        };
        self.of(row.group).entry((row.month, slot)).or_default().add(row.costs).ok_or(Overflow)
    }

    fn merge(&mut self, other: Self, map: &KeyMap) -> Result<(), Overflow> {
        for (group, slots) in other.groups.into_iter().enumerate() {
            if slots.is_empty() {
                continue;
            }
            let mine = self.of(map.group(group as u32));
            for (slot, cell) in slots {
                mine.entry(slot).or_default().merge(&cell).ok_or(Overflow)?;
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
