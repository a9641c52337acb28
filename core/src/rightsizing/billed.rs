//! What bills say of the price of workloads. It is read from bills elsewhere; here is what is known once it has been.

use headroom_bills::portable;
use serde::Serialize;

use super::assumptions::Assumptions;
use super::resource::Resource;
use super::schedule::{HOURS, Offset, Week};
use crate::bill::Metric;
use crate::calendar::Month;
use crate::ledger::Answer;
use crate::money::{Amount, Currency};
use crate::order::BTreeMap;

/// What the bills of one currency say of a month.
#[derive(Clone, Debug, PartialEq)]
pub struct Billed {
    /// The currency of all amounts.
    pub currency: Currency,
    /// The month.
    pub month: Month,
    /// Whether the bills hold all of it.
    pub complete: Answer,
    /// The metric of cost.
    pub metric: Metric,
    /// What machines cost of which the bill says how large they are.
    pub sized: SizedCharges,
    /// What is charged by the hour of a core.
    pub cores: MeteredCharges,
    /// What is charged by the hour of a GiB of memory.
    pub memory: MeteredCharges,
    /// Machines that bear the name of a workload, by that name.
    pub machines: BTreeMap<String, BilledMachine>,
    /// Workloads whose name several machines bear: which of them it is nobody knows.
    pub ambiguous: u64,
}

/// Charges of machines whose size the bill states.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SizedCharges {
    /// How many.
    pub rows: u64,
    /// Hours times virtual processors.
    pub core_hours: Amount,
    /// Hours times GiB.
    pub gib_hours: Amount,
    /// What they cost together.
    pub cost: Amount,
}

portable!(SizedCharges { rows, core_hours, gib_hours, cost });

/// Charges by the hour of one thing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MeteredCharges {
    /// How many.
    pub rows: u64,
    /// Of a core, or of a GiB.
    pub hours: Amount,
    /// What they cost.
    pub cost: Amount,
}

portable!(MeteredCharges { rows, hours, cost });

/// A machine of the bill.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BilledMachine {
    /// Its identifier.
    pub resource_id: String,
    /// Its charges in the month.
    pub rows: u64,
    /// What they come to.
    pub cost: Amount,
    /// Of them, what is charged by the hour and not covered by a commitment, by the hour of the week in UTC, Monday 00:00
    /// first; empty where there is none. What a commitment covers is paid whether it runs or not.
    pub by_hour: Vec<Amount>,
    /// The same of charges that are longer than an hour.
    pub longer: Amount,
}

impl BilledMachine {
    /// What of its cost would not have been charged, had it been off as the week says: charges of the hours that are off,
    /// and of longer ones the part of the week. Never more than it cost.
    pub fn saving(&self, week: Week, offset: Offset) -> Option<Amount> {
        let mut saved = self.longer.checked_mul_div(week.off() as i128, HOURS as u128)?;
        let whole = HOURS as i64 * 60;
        for (hour, cost) in self.by_hour.iter().enumerate() {
            let local = (hour as i64 * 60 + i64::from(offset.minutes())).rem_euclid(whole) / 60;
            if !week.is_on(local as usize) {
                saved = saved.checked_add(*cost)?;
            }
        }
        Some(saved.min(self.cost).max(Amount::ZERO))
    }
}

/// What a price is made of: an amount and the hours it is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Rate {
    /// Charges.
    pub rows: u64,
    /// Hours of a core, or of a GiB.
    pub hours: Amount,
    /// What they cost; of machines the part that falls on cores, or on memory.
    pub cost: Amount,
    /// What a core, or a GiB, costs for all hours of the month.
    pub month: Amount,
}

impl Billed {
    /// What a core, or a GiB, costs by the bills; `None` where no charge says so.
    ///
    /// The cost of a machine is split between cores and memory in the proportion of the assumed prices.
    pub fn rate(&self, resource: Resource, assumptions: &Assumptions) -> Option<Rate> {
        let [cpu, memory] = assumptions.unit_prices;
        let sized = &self.sized;
        let of_cores = sized.core_hours.checked_mul(cpu)?;
        let whole = of_cores.checked_add(sized.gib_hours.checked_mul(memory)?)?;
        let of_cores = if whole.is_zero() {
            Amount::ZERO
        } else {
            sized.cost.checked_mul_div(of_cores.units(), whole.magnitude())?
        };
        let (metered, hours, cost) = match resource {
            Resource::Cpu => (&self.cores, sized.core_hours, of_cores),
            Resource::Memory => (&self.memory, sized.gib_hours, sized.cost.checked_sub(of_cores)?),
        };
        let (hours, cost) = (hours.checked_add(metered.hours)?, cost.checked_add(metered.cost)?);
        if hours <= Amount::ZERO || cost <= Amount::ZERO {
            return None;
        }
        let of_month = Amount::from_whole(i64::from(self.month.days()) * 24);
        let month = cost.checked_mul_div(of_month.units(), hours.magnitude())?;
        Some(Rate { rows: sized.rows + metered.rows, hours, cost, month })
    }
}

/// What bills say of prices, as documents tell it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BillBasis {
    /// The month whose charges count.
    pub month: Month,
    /// Whether the bills hold all of it.
    pub complete: Answer,
    /// The metric of cost.
    pub metric: Metric,
    /// What a core costs; null where no charge says so.
    pub cpu: Option<Rate>,
    /// What a GiB of memory costs.
    pub memory: Option<Rate>,
    /// Workloads that are machines of the bills, and cost what these say.
    pub machines: u64,
}

impl BillBasis {
    pub(super) fn of(billed: &Billed, assumptions: &Assumptions) -> Self {
        Self {
            month: billed.month,
            complete: billed.complete,
            metric: billed.metric,
            cpu: billed.rate(Resource::Cpu, assumptions),
            memory: billed.rate(Resource::Memory, assumptions),
            machines: billed.machines.len() as u64,
        }
    }

    /// What a reader of the prices alone would miss.
    pub(super) fn warnings(billed: &Billed) -> Vec<String> {
        let mut warnings = Vec::new();
        if billed.complete == Answer::No {
            warnings.push(format!(
                "the bills hold a part of {}: what machines cost is of that part",
                crate::report::words::month(billed.month)
            ));
        }
        if billed.ambiguous > 0 {
            warnings.push(format!(
                "{} of several machines of the bills, and priced as if they had none",
                crate::report::figures::counted(billed.ambiguous, "workload bears a name", "workloads bear names")
            ));
        }
        warnings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(text: &str) -> Amount {
        Amount::parse(text.as_bytes()).unwrap().amount
    }

    fn billed() -> Billed {
        Billed {
            currency: Currency::new("USD"),
            month: "2026-06".parse().unwrap(),
            complete: Answer::Yes,
            metric: Metric::Effective,
            sized: SizedCharges::default(),
            cores: MeteredCharges::default(),
            memory: MeteredCharges::default(),
            machines: BTreeMap::new(),
            ambiguous: 0,
        }
    }

    #[test]
    fn a_machine_is_split_in_the_proportion_of_the_assumed_prices() {
        let assumptions = Assumptions::shipped().unwrap();
        let mut billed = billed();
        assert_eq!(billed.rate(Resource::Cpu, &assumptions), None);
        // 4 cores and 16 GiB for 100 hours: 4 × 23 = 92 and 16 × 3.1 = 49.6, together 141.6.
        billed.sized =
            SizedCharges { rows: 2, core_hours: amount("400"), gib_hours: amount("1600"), cost: amount("14.16") };
        let (cpu, memory) =
            (billed.rate(Resource::Cpu, &assumptions).unwrap(), billed.rate(Resource::Memory, &assumptions).unwrap());
        assert_eq!((cpu.cost, memory.cost), (amount("9.2"), amount("4.96")));
        // 0.023 and 0.0031 an hour, over the 720 hours of June.
        assert_eq!((cpu.month, memory.month), (amount("16.56"), amount("2.232")));
        billed.cores = MeteredCharges { rows: 1, hours: amount("100"), cost: amount("3.3") };
        let cpu = billed.rate(Resource::Cpu, &assumptions).unwrap();
        assert_eq!((cpu.rows, cpu.hours, cpu.cost, cpu.month), (3, amount("500"), amount("12.5"), amount("18")));
    }

    #[test]
    fn what_is_off_is_told_by_the_hour_where_the_bill_has_hours() {
        // On from Monday 08:00 to 18:00, local time.
        let mut on = [false; HOURS];
        on[8..18].fill(true);
        let week = Week::new(on);
        let mut by_hour = vec![Amount::ZERO; HOURS];
        by_hour[6] = amount("1");
        by_hour[7] = amount("2");
        by_hour[17] = amount("4");
        let mut machine = BilledMachine { cost: amount("100"), by_hour, ..BilledMachine::default() };
        assert_eq!(machine.saving(week, Offset::default()), Some(amount("3")));
        assert_eq!(machine.saving(week, "+02:00".parse().unwrap()), Some(amount("4")));
        assert_eq!(machine.saving(week, "+01:30".parse().unwrap()), Some(amount("5")));
        machine.by_hour.clear();
        machine.longer = amount("168");
        assert_eq!(machine.saving(week, Offset::default()), Some(amount("100")), "never more than it cost");
        machine.longer = amount("16.8");
        assert_eq!(machine.saving(week, Offset::default()), Some(amount("15.8")));
    }
}
