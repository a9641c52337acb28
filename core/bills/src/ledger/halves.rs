//! Azure's actual and amortized exports, each in several files.
//!
//! A part without any row of a commitment looks the same in both exports: nothing in it says which of them it is of.
//! The other files of the slot do. No charge stands twice in one export, so a file that shares rows with a part of the
//! one export is a part of the other.

use std::collections::VecDeque;

use super::file::FileLedger;
use super::set::{CostBasis, Pair, Role, Slot};
use super::sums::Roles;
use crate::bill::Part;
use crate::money::Amount;
use crate::order::{BTreeMap, BTreeSet, Order as _};

/// Rows that pairs of files have in common in a slot: how many, and what they add up to where that is known.
pub type InCommon = BTreeMap<(Slot, Pair), (u64, Option<Amount>)>;

/// The export a file is a part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Half {
    Actual,
    Amortized,
}

impl Half {
    const fn other(self) -> Self {
        match self {
            Self::Actual => Self::Amortized,
            Self::Amortized => Self::Actual,
        }
    }
}

/// Finds the files that share rows because one is a part of the actual and the other of the amortized export, gives
/// them their roles, and takes them out of what is in common.
///
/// Needs a file of the slot that is amortized for certain. A part of the actual export is recognised only when all of
/// its rows stand in the amortized one, so that nothing is lost where the guess would be wrong.
pub fn join_halves(
    files: &[FileLedger],
    skipped: &BTreeSet<usize>,
    names: &[String],
    in_common: &mut InCommon,
    roles: &mut Roles,
) {
    let slots: BTreeSet<Slot> = in_common.keys().map(|(slot, _)| slot.clone()).collect();
    for slot in slots {
        let holds = |file: &usize| !skipped.contains(file) && rows_of(&files[*file], &slot) > 0;
        let meeting = Meeting {
            files,
            names,
            holders: (0..files.len()).filter(holds).collect(),
            shared: shared(in_common, &slot),
            slot: &slot,
        };
        let Some(halves) = meeting.halves() else { continue };
        meeting.give_roles(&halves, roles);
        in_common.retain(|(of, _), _| *of != slot);
    }
}

/// How many charges beside commitments an actual export certainly has beyond the amortized one, by slot. As the amortized
/// export stands for them, such charges are in no figure: a part of it is not among the files.
pub fn charges_left_out(files: &[FileLedger], skipped: &BTreeSet<usize>, roles: &Roles) -> BTreeMap<Slot, u64> {
    let ordinary = |file: &FileLedger, (source, month): &Slot| {
        let of_slot = file.groups.month(*month).filter(|(key, _)| key.part == Part::Ordinary && key.source == *source);
        of_slot.map(|(_, cell)| cell.rows()).sum::<u64>()
    };
    let halves = roles.iter().filter(|(_, role)| **role == Role::PurchasesOnly);
    let slots: BTreeSet<&Slot> = halves.map(|((_, slot), _)| slot).collect();
    let mut left_out = BTreeMap::new();
    for slot in slots {
        let (mut actual, mut counted) = (0, 0);
        for (index, file) in files.iter().enumerate().filter(|(index, _)| !skipped.contains(index)) {
            match roles.get(&(index, slot.clone())) {
                Some(Role::PurchasesOnly) => actual += ordinary(file, slot),
                Some(Role::Dropped) => {}
                _ => counted += ordinary(file, slot),
            }
        }
        if actual > counted {
            left_out.insert(slot.clone(), actual - counted);
        }
    }
    left_out
}

/// How many rows of a month of a source the file has.
pub fn rows_of(file: &FileLedger, (source, month): &Slot) -> u64 {
    file.sources.get(source).and_then(|months| months.get(month)).map_or(0, |facts| facts.rows)
}

/// Rows in common, by either file of a pair and then the other.
fn shared(in_common: &InCommon, slot: &Slot) -> BTreeMap<usize, BTreeMap<usize, u64>> {
    let mut shared: BTreeMap<usize, BTreeMap<usize, u64>> = BTreeMap::new();
    for ((_, pair), (rows, _)) in in_common.iter().filter(|((of, _), _)| of == slot) {
        shared.entry(pair.a).or_default().insert(pair.b, *rows);
        shared.entry(pair.b).or_default().insert(pair.a, *rows);
    }
    shared
}

/// The files of one slot.
struct Meeting<'m> {
    files: &'m [FileLedger],
    names: &'m [String],
    slot: &'m Slot,
    holders: Vec<usize>,
    shared: BTreeMap<usize, BTreeMap<usize, u64>>,
}

impl Meeting<'_> {
    /// The half of every file that is known or follows; `None` when rows are in common for another reason.
    fn halves(&self) -> Option<BTreeMap<usize, Half>> {
        let certain = |file: &usize| match self.files[*file].basis {
            CostBasis::Actual => Some((*file, Half::Actual)),
            CostBasis::Amortized => Some((*file, Half::Amortized)),
            CostBasis::Both => None,
        };
        let mut halves: BTreeMap<usize, Half> = self.holders.iter().filter_map(certain).collect();
        if !halves.values().any(|half| *half == Half::Amortized) {
            return None;
        }
        let known: Vec<usize> = halves.keys().copied().collect();
        self.follow(&mut halves, known)?;
        // Parts that meet each other alone: which of them is which makes no difference where one holds all of the other.
        let mut open: Vec<usize> = self.shared.keys().filter(|file| !halves.contains_key(file)).copied().collect();
        open.order_by_key(|file| &self.names[*file]);
        for file in open {
            if halves.contains_key(&file) {
                continue;
            }
            let try_as = |half| {
                let mut tried = halves.clone();
                tried.insert(file, half);
                self.follow(&mut tried, vec![file])?;
                self.is_covered(&tried).then_some(tried)
            };
            halves = try_as(Half::Actual).or_else(|| try_as(Half::Amortized))?;
        }
        self.is_covered(&halves).then_some(halves)
    }

    /// Gives the other half to whatever shares rows with the files; `None` when two of one half do.
    fn follow(&self, halves: &mut BTreeMap<usize, Half>, from: Vec<usize>) -> Option<()> {
        let mut queue = VecDeque::from(from);
        while let Some(file) = queue.pop_front() {
            let other = halves.get(&file)?.other();
            for neighbour in self.shared.get(&file).into_iter().flat_map(BTreeMap::keys) {
                match halves.get(neighbour) {
                    Some(half) if *half == other => {}
                    Some(_) => return None,
                    None => {
                        halves.insert(*neighbour, other);
                        queue.push_back(*neighbour);
                    }
                }
            }
        }
        Some(())
    }

    /// Parts of the actual export that no row of a commitment shows to be such.
    fn plain<'h>(&'h self, halves: &'h BTreeMap<usize, Half>) -> impl Iterator<Item = usize> + 'h {
        let plain =
            |(file, half): &(&usize, &Half)| **half == Half::Actual && self.files[**file].basis == CostBasis::Both;
        halves.iter().filter(plain).map(|(file, _)| *file)
    }

    /// Whether all rows of these parts stand in the amortized export.
    fn is_covered(&self, halves: &BTreeMap<usize, Half>) -> bool {
        // Files of one half share no rows, so no row is counted twice.
        let covered = |file: usize| self.shared.get(&file).into_iter().flat_map(BTreeMap::values).sum::<u64>();
        self.plain(halves).all(|file| covered(file) == rows_of(&self.files[file], self.slot))
    }

    fn give_roles(&self, halves: &BTreeMap<usize, Half>, roles: &mut Roles) {
        let plain: Vec<usize> = self.plain(halves).collect();
        roles.extend(plain.iter().map(|file| ((*file, self.slot.clone()), Role::PurchasesOnly)));
        let amortized = || self.holders.iter().filter(|file| self.files[**file].basis == CostBasis::Amortized);
        // The actual export states covered usage too. Where it does not, parts of it are not among these files, and
        // what was billed for commitments stays unknown.
        if !plain.is_empty() && !amortized().any(|file| self.has_benefit_usage(*file)) {
            roles.extend(amortized().map(|file| ((*file, self.slot.clone()), Role::AmortizedBesideActual)));
        }
    }

    fn has_benefit_usage(&self, file: usize) -> bool {
        let (source, month) = self.slot;
        let groups = self.files[file].groups.month(*month);
        groups.into_iter().any(|(key, _)| key.part == Part::BenefitUsage && key.source == *source)
    }
}
