//! The monthly cube: cells by group, by account, and what each source's months hold.

use super::cell::Cell;
use super::decode::Row;
use super::keys::KeyMap;
use super::period::{Admission, Window};
use super::portable::{Portable, Reader, Writer};
use super::worker::{Overflow, Tally};
use crate::calendar::Month;
use crate::portable;

/// Sums by month.
#[derive(Debug, Default)]
pub struct CubeTally {
    /// Only these months and days.
    window: Option<Window>,
    pub(super) months: Vec<(Month, MonthCube)>,
    latest: usize,
}

/// One month's cells, by key number.
#[derive(Debug, Default)]
pub(super) struct MonthCube {
    pub(super) groups: Vec<Cell>,
    pub(super) accounts: Vec<Cell>,
    pub(super) sources: Vec<SourceCell>,
    /// Charges too long for a comparison of days, by account.
    pub(super) not_daily: Vec<Cell>,
    /// Charges of days of another month, by account.
    pub(super) other_month: Vec<Cell>,
}

/// What a month of a source holds.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct SourceCell {
    /// Bit `d` is set when day `d` holds a usage charge of at most a day.
    pub(super) usage_days: u32,
    pub(super) rows: u64,
    pub(super) invoiced_rows: u64,
}

portable!(MonthCube { groups, accounts, sources, not_daily, other_month });

portable!(SourceCell { usage_days, rows, invoiced_rows });

impl CubeTally {
    /// A tally of every row.
    pub fn whole() -> Self {
        Self::default()
    }

    /// A tally of the window's rows alone.
    pub fn windowed(window: Window) -> Self {
        Self { window: Some(window), ..Self::default() }
    }

    #[inline]
    fn month(&mut self, month: Month) -> &mut MonthCube {
        if self.months.get(self.latest).is_none_or(|(latest, _)| *latest != month) {
            self.latest = self.months.iter().position(|(known, _)| *known == month).unwrap_or_else(|| {
                self.months.push((month, MonthCube::default()));
                self.months.len() - 1
            });
        }
        &mut self.months[self.latest].1
    }
}

#[inline]
fn cell<T: Default + Clone>(cells: &mut Vec<T>, id: u32) -> &mut T {
    let id = id as usize;
    if cells.len() <= id {
        make_room(cells, id);
    }
    &mut cells[id]
}

#[cold]
fn make_room<T: Default + Clone>(cells: &mut Vec<T>, id: usize) {
    cells.resize(id + 1, T::default());
}

impl Tally for CubeTally {
    const WHOLE_ROWS: bool = false;

    fn add(&mut self, row: &Row<'_>, invoiced: bool) -> Result<(), Overflow> {
        if let Some(window) = self.window {
            match window.admits(row) {
                Admission::Out => return Ok(()),
                Admission::TooLong | Admission::OtherMonth if !row.included => return Ok(()),
                Admission::OtherMonth => {
                    return cell(&mut self.month(row.month).other_month, row.account).add(row.costs).ok_or(Overflow);
                }
                Admission::TooLong => {
                    return cell(&mut self.month(row.month).not_daily, row.account).add(row.costs).ok_or(Overflow);
                }
                Admission::In => {}
            }
        }
        let month = self.month(row.month);
        cell(&mut month.groups, row.group).add(row.costs).ok_or(Overflow)?;
        // Groups tell owners apart and hold all rows, so that what a file is does not depend on who asks.
        if row.included {
            cell(&mut month.accounts, row.account).add(row.costs).ok_or(Overflow)?;
        }
        let source = cell(&mut month.sources, row.source);
        source.rows += 1;
        source.invoiced_rows += u64::from(invoiced);
        if row.usage {
            let bit = 1_u32 << row.date.day();
            if source.usage_days & bit == 0 && row.date.month() == row.month && row.is_daily() {
                source.usage_days |= bit;
            }
        }
        Ok(())
    }

    fn expect(&self, groups: &[u32]) {
        let Some((_, month)) = self.months.get(self.latest) else { return };
        // Reading all cells before any is added to lets the reads wait for memory side by side.
        let cells = groups.iter().filter_map(|group| month.groups.get(*group as usize));
        std::hint::black_box(cells.fold(0, |all, cell| all ^ cell.touch()));
    }

    fn merge(&mut self, other: Self, map: &KeyMap) -> Result<(), Overflow> {
        for (month, cube) in other.months {
            let mine = self.month(month);
            merge_cells(&mut mine.groups, &cube.groups, &map.groups)?;
            merge_cells(&mut mine.accounts, &cube.accounts, &map.accounts)?;
            merge_cells(&mut mine.not_daily, &cube.not_daily, &map.accounts)?;
            merge_cells(&mut mine.other_month, &cube.other_month, &map.accounts)?;
            for (id, theirs) in cube.sources.iter().enumerate() {
                let source = cell(&mut mine.sources, map.sources[id]);
                source.usage_days |= theirs.usage_days;
                source.rows += theirs.rows;
                source.invoiced_rows += theirs.invoiced_rows;
            }
        }
        Ok(())
    }

    fn write(&self, to: &mut Writer) {
        self.months.write(to);
    }

    fn read(&mut self, from: &mut Reader<'_>) -> Option<()> {
        self.months = Portable::read(from)?;
        Some(())
    }
}

fn merge_cells(mine: &mut Vec<Cell>, theirs: &[Cell], map: &[u32]) -> Result<(), Overflow> {
    for (id, other) in theirs.iter().enumerate().filter(|(_, other)| other.rows() > 0) {
        cell(mine, map[id]).merge(other).ok_or(Overflow)?;
    }
    Ok(())
}
