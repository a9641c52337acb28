//! What advice assumes: prices, what risk is worth, when a move pays.

use super::balance::Prices;
use super::resource::Resource;
use crate::condition::document::{Document, Problem, Source, Table, Walk};
use crate::money::{Amount, Currency};

/// The assumptions that come with Headroom.
pub const ASSUMPTIONS: Source<'static> =
    Source { name: "assumptions.toml", text: include_str!("../../../policies/rightsizing/assumptions.toml") };

/// How much risk is taken for how much reserve.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    /// Little reserve: for what may be slow at times.
    Economy,
    /// The usual.
    #[default]
    Balanced,
    /// Much reserve: for what must not be slow.
    Safe,
}

impl Profile {
    /// All of them, the least reserve first.
    pub const ALL: [Self; 3] = [Self::Economy, Self::Balanced, Self::Safe];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Economy => "economy",
            Self::Balanced => "balanced",
            Self::Safe => "safe",
        }
    }
}

/// Three steps of severity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Steps {
    /// From here on critical.
    pub critical: Amount,
    /// From here on a warning.
    pub warning: Amount,
    /// From here on low.
    pub low: Amount,
}

/// What advice assumes.
#[derive(Clone, Debug, PartialEq)]
pub struct Assumptions {
    /// The currency of all money here.
    pub currency: Currency,
    /// What a core, and what a GiB, costs a month.
    pub unit_prices: [Amount; 2],
    /// What a move costs.
    pub move_cost: Amount,
    /// Months within which a move must pay.
    pub within_months: Amount,
    /// Percent below which sizes are alike.
    pub least_percent: Amount,
    /// Money a month that is reserved and not needed.
    pub over: Steps,
    /// Percent of the time above the request.
    pub under: Steps,
    /// The smallest requests, in cores and MiB.
    pub floors: [f64; 2],
    prices: [[Prices; 2]; 3],
}

impl Assumptions {
    /// The assumptions that come with Headroom.
    ///
    /// # Errors
    /// When the shipped file is faulty, which a test excludes.
    pub fn shipped() -> Result<Self, Vec<Problem>> {
        let zero = Amount::ZERO;
        let steps = Steps { critical: zero, warning: zero, low: zero };
        let prices = Prices { above: 0.0, bad_weeks: 0.0, unmet: 0.0, exponent: 0.0 };
        let mut blank = Self {
            currency: Currency::new("USD"),
            unit_prices: [zero; 2],
            move_cost: zero,
            within_months: zero,
            least_percent: zero,
            over: steps,
            under: steps,
            floors: [0.0; 2],
            prices: [[prices; 2]; 3],
        };
        blank.read(ASSUMPTIONS)?;
        Ok(blank)
    }

    /// The shipped assumptions with those of a file in their place.
    ///
    /// # Errors
    /// Everything that is wrong with the file.
    pub fn parse(source: Source<'_>) -> Result<Self, Vec<Problem>> {
        let mut assumptions = Self::shipped()?;
        assumptions.read(source)?;
        Ok(assumptions)
    }

    /// What risk is worth.
    pub fn prices(&self, profile: Profile, resource: Resource) -> &Prices {
        let [of_first, ..] = &self.prices;
        let [cpu, memory] = self.prices.get(profile as usize).unwrap_or(of_first);
        match resource {
            Resource::Cpu => cpu,
            Resource::Memory => memory,
        }
    }

    fn read(&mut self, source: Source<'_>) -> Result<(), Vec<Problem>> {
        let document = Document::read(source.name, source.text).map_err(|problem| vec![problem])?;
        let mut walk = Walk::new(&document);
        let known = ["schema", "prices", "move", "severity", "floor", "profile"];
        if let Some(root) = Table::document(&mut walk, document.root(), "headroom/sizing/1", &known) {
            self.tables(&mut walk, &root);
        }
        let problems = walk.into_problems();
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }

    fn tables(&mut self, walk: &mut Walk<'_>, root: &Table<'_>) {
        if let Some(table) = open(walk, root, "prices", &["currency", "cpu_core_month", "memory_gib_month"]) {
            if let Some(code) = table.text(walk, "currency") {
                self.currency = Currency::new(code);
            }
            let [cpu, memory] = &mut self.unit_prices;
            exact(walk, &table, "cpu_core_month", cpu);
            exact(walk, &table, "memory_gib_month", memory);
        }
        if let Some(table) = open(walk, root, "move", &["move_cost", "within_months", "least_percent"]) {
            exact(walk, &table, "move_cost", &mut self.move_cost);
            exact(walk, &table, "within_months", &mut self.within_months);
            exact(walk, &table, "least_percent", &mut self.least_percent);
        }
        if let Some(severity) = open(walk, root, "severity", &["over", "under"]) {
            for (key, steps) in [("over", &mut self.over), ("under", &mut self.under)] {
                if let Some(table) = open(walk, &severity, key, &["critical", "warning", "low"]) {
                    exact(walk, &table, "critical", &mut steps.critical);
                    exact(walk, &table, "warning", &mut steps.warning);
                    exact(walk, &table, "low", &mut steps.low);
                }
            }
        }
        if let Some(table) = open(walk, root, "floor", &["cpu", "memory"]) {
            let [cpu, memory] = &mut self.floors;
            figure(walk, &table, "cpu", cpu);
            figure(walk, &table, "memory", memory);
        }
        if let Some(profiles) = open(walk, root, "profile", &["economy", "balanced", "safe"]) {
            for (name, [cpu, memory]) in ["economy", "balanced", "safe"].into_iter().zip(&mut self.prices) {
                let Some(profile) = open(walk, &profiles, name, &["cpu", "memory"]) else { continue };
                for (name, prices) in [("cpu", cpu), ("memory", memory)] {
                    if let Some(table) = open(walk, &profile, name, &["above", "bad_weeks", "unmet", "exponent"]) {
                        figure(walk, &table, "above", &mut prices.above);
                        figure(walk, &table, "bad_weeks", &mut prices.bad_weeks);
                        figure(walk, &table, "unmet", &mut prices.unmet);
                        figure(walk, &table, "exponent", &mut prices.exponent);
                    }
                }
            }
        }
    }
}

fn open<'n>(walk: &mut Walk<'_>, table: &Table<'n>, key: &str, known: &[&'static str]) -> Option<Table<'n>> {
    Table::open(walk, key, table.get(key)?, known)
}

/// A decimal that is not negative.
fn exact(walk: &mut Walk<'_>, table: &Table<'_>, key: &'static str, into: &mut Amount) {
    let Some(node) = table.get(key) else { return };
    let Some(amount) = walk.amount(key, node) else { return };
    if amount < Amount::ZERO {
        walk.report(
            node.at,
            crate::condition::document::Fault::Malformed {
                what: "a figure of 0 or more",
                value: amount.to_string(),
                rule: "write a figure that is not negative".to_owned(),
            },
        );
    } else {
        *into = amount;
    }
}

fn figure(walk: &mut Walk<'_>, table: &Table<'_>, key: &'static str, into: &mut f64) {
    let mut amount = Amount::from_units(-1);
    exact(walk, table, key, &mut amount);
    if amount >= Amount::ZERO {
        *into = amount.units() as f64 / 1e18;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_that_are_shipped_can_be_read_and_overridden() {
        let shipped = Assumptions::shipped().unwrap();
        assert_eq!(shipped.unit_prices[0].to_string(), "23");
        assert!(
            shipped.prices(Profile::Safe, Resource::Cpu).above > shipped.prices(Profile::Economy, Resource::Cpu).above
        );
        let text = "schema = \"headroom/sizing/1\"\n[prices]\ncpu_core_month = \"11.5\"\n";
        let own = Assumptions::parse(Source { name: "a.toml", text }).unwrap();
        assert_eq!((own.unit_prices[0].to_string().as_str(), own.unit_prices[1]), ("11.5", shipped.unit_prices[1]));
        for wrong in ["[prices]\ncpu_core_month = \"-1\"\n", "[price]\n", "[floor]\ncpu = \"x\"\n"] {
            let text = format!("schema = \"headroom/sizing/1\"\n{wrong}");
            assert_eq!(Assumptions::parse(Source { name: "a.toml", text: &text }).unwrap_err().len(), 1, "{wrong}");
        }
    }
}
