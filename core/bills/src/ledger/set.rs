//! Several files as one bill: which rows count, and for which metric.

use std::sync::Arc;

use super::cell::Cell;
use super::file::FileLedger;
use crate::bill::{Dialect, Metric, Part, Source};
use crate::calendar::Month;
use crate::order::{BTreeMap, BTreeSet};

/// One month of one source: the unit in which files meet.
pub type Slot = (Arc<Source>, Month);

/// What an Azure export states: the same header serves both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CostBasis {
    /// What was charged when: purchases at their price, covered usage at zero.
    Actual,
    /// Purchases spread over the usage they cover.
    Amortized,
    /// Both at once, or nothing that would tell them apart.
    Both,
}

/// What a file's rows of one slot count for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Role {
    /// All of them count.
    #[default]
    Whole,
    /// They stand in a better file too.
    Dropped,
    /// Azure's actual export beside the amortized one: only its purchases of commitments count.
    PurchasesOnly,
    /// Azure's amortized export beside the actual one: covered usage was billed with the purchase.
    AmortizedBesideActual,
}

/// Two files that hold, or may hold, the same charges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pair {
    /// Position of the first.
    pub a: usize,
    /// Position of the second.
    pub b: usize,
}

/// What files have in common before their rows are compared.
#[derive(Clone, Debug, Default)]
pub struct Meetings {
    /// Slots held by several files of one dialect, whose rows must be compared.
    pub to_compare: BTreeMap<Slot, BTreeSet<Pair>>,
    /// Slots held in two dialects: the same bill twice, whatever the rows look like.
    pub two_dialects: BTreeMap<Slot, Pair>,
    /// Roles that are clear without comparing rows.
    pub roles: BTreeMap<(usize, Slot), Role>,
}

/// What the file's Azure rows say about their basis.
pub(super) fn cost_basis(ledger: &FileLedger) -> CostBasis {
    if !is_azure(ledger.dialect) {
        return CostBasis::Both;
    }
    let (mut unused, mut purchases, mut free_usage, mut paid_usage) = (false, false, false, false);
    for (_, key, cell) in ledger.groups.iter() {
        match key.part {
            Part::Ordinary => {}
            Part::BenefitUnused => unused = true,
            Part::CommitmentPurchase => purchases = true,
            Part::BenefitUsage if cell.amount(Metric::Billed).is_some_and(|amount| !amount.is_zero()) => {
                paid_usage = true;
            }
            Part::BenefitUsage => free_usage = true,
        }
    }
    if unused || paid_usage {
        CostBasis::Amortized
    } else if purchases || free_usage {
        CostBasis::Actual
    } else {
        CostBasis::Both
    }
}

fn is_azure(dialect: Dialect) -> bool {
    matches!(dialect, Dialect::AzureEa | Dialect::AzureMca | Dialect::AzurePayg)
}

/// Finds where files meet. `skipped` files are passed over.
pub fn meetings(files: &[FileLedger], skipped: &BTreeSet<usize>) -> Meetings {
    let mut holders: BTreeMap<Slot, Vec<usize>> = BTreeMap::new();
    for (index, file) in files.iter().enumerate().filter(|(index, _)| !skipped.contains(index)) {
        for (source, months) in &file.sources {
            for month in months.keys() {
                holders.entry((source.clone(), *month)).or_default().push(index);
            }
        }
    }
    let bases: Vec<CostBasis> = files.iter().map(|file| file.basis).collect();
    let mut meetings = Meetings::default();
    for (slot, holders) in holders {
        let actual = holders.iter().any(|file| bases[*file] == CostBasis::Actual);
        let amortized = holders.iter().any(|file| bases[*file] == CostBasis::Amortized);
        for file in &holders {
            let role = match bases[*file] {
                CostBasis::Actual if amortized => Role::PurchasesOnly,
                CostBasis::Amortized if actual => Role::AmortizedBesideActual,
                _ => continue,
            };
            meetings.roles.insert((*file, slot.clone()), role);
        }
        for (position, a) in holders.iter().enumerate() {
            for b in &holders[position + 1..] {
                let pair = Pair { a: *a, b: *b };
                let halves = |x: usize, y: usize| bases[x] == CostBasis::Actual && bases[y] == CostBasis::Amortized;
                if files[*a].dialect != files[*b].dialect {
                    meetings.two_dialects.entry(slot.clone()).or_insert(pair);
                } else if !halves(*a, *b) && !halves(*b, *a) {
                    meetings.to_compare.entry(slot.clone()).or_default().insert(pair);
                }
            }
        }
    }
    meetings
}

/// What a cell counts for, given its part and its file's role; `None` when it does not count.
pub fn resolved(cell: Cell, part: Part, basis: CostBasis, role: Role) -> Option<Cell> {
    match role {
        Role::Dropped => None,
        Role::PurchasesOnly => (part == Part::CommitmentPurchase).then(|| cell.zeroed(Metric::Effective)),
        Role::AmortizedBesideActual => match part {
            Part::Ordinary => Some(cell),
            Part::BenefitUsage | Part::BenefitUnused => Some(cell.zeroed(Metric::Billed)),
            // The actual export's purchase rows stand for these.
            Part::CommitmentPurchase => None,
        },
        Role::Whole => Some(match (basis, part) {
            (_, Part::Ordinary) | (CostBasis::Both, _) => cell,
            (_, Part::CommitmentPurchase) => cell.zeroed(Metric::Effective),
            (CostBasis::Actual, _) => cell.without(Metric::Effective),
            (CostBasis::Amortized, _) => cell.without(Metric::Billed),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Amount;

    fn cell() -> Cell {
        let mut cell = Cell::default();
        let ten = Some(Amount::from_whole(10));
        cell.add(&[ten, ten, None, ten]).unwrap();
        cell
    }

    fn figures(part: Part, basis: CostBasis, role: Role) -> Option<(Option<String>, Option<String>)> {
        let text = |cell: &Cell, metric| cell.amount(metric).map(|amount| amount.to_string());
        resolved(cell(), part, basis, role).map(|cell| (text(&cell, Metric::Billed), text(&cell, Metric::Effective)))
    }

    #[test]
    fn azure_exports_alone_and_together() {
        use CostBasis::{Actual, Amortized};
        use Part::{BenefitUnused, BenefitUsage, CommitmentPurchase, Ordinary};
        let some = |billed: &str, effective: &str| {
            let value = |text: &str| (!text.is_empty()).then(|| text.to_owned());
            Some((value(billed), value(effective)))
        };
        for (part, basis, role, want) in [
            (Ordinary, Actual, Role::Whole, some("10", "10")),
            (CommitmentPurchase, Actual, Role::Whole, some("10", "0")),
            (BenefitUsage, Actual, Role::Whole, some("10", "")),
            (Ordinary, Amortized, Role::Whole, some("10", "10")),
            (BenefitUsage, Amortized, Role::Whole, some("", "10")),
            (BenefitUnused, Amortized, Role::Whole, some("", "10")),
            (Ordinary, Actual, Role::PurchasesOnly, None),
            (BenefitUsage, Actual, Role::PurchasesOnly, None),
            (CommitmentPurchase, Actual, Role::PurchasesOnly, some("10", "0")),
            (Ordinary, Amortized, Role::AmortizedBesideActual, some("10", "10")),
            (BenefitUsage, Amortized, Role::AmortizedBesideActual, some("0", "10")),
            (BenefitUnused, Amortized, Role::AmortizedBesideActual, some("0", "10")),
            (Ordinary, Actual, Role::Dropped, None),
        ] {
            assert_eq!(figures(part, basis, role), want, "{part:?} {basis:?} {role:?}");
        }
    }
}
