//! Sizes as they are written: whole millicores and MiB, in steps that people would take.

use std::fmt;

use serde::{Serialize, Serializer};

use super::resource::Resource;
use crate::money::Amount;

/// A request or limit: millicores, or MiB.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Size {
    resource: Resource,
    units: u64,
}

/// Steps of millicores and of MiB: below the first figure, the second is the step.
const CPU_STEPS: [(u64, u64); 3] = [(100, 5), (1000, 10), (2000, 20)];
const CPU_LAST: u64 = 50;
const MEMORY_STEPS: [(u64, u64); 3] = [(256, 4), (1024, 16), (4096, 32)];
const MEMORY_LAST: u64 = 64;

impl Size {
    /// The smallest size of whole millicores or MiB that is not below `value`.
    pub fn ceil(resource: Resource, value: f64) -> Self {
        let units = value * Self::scale(resource);
        // What a sum of doubles adds beyond a whole unit is no use.
        let units = (units - 1e-6).ceil().clamp(0.0, 1e15);
        Self { resource, units: units as u64 }
    }

    /// As [`Self::ceil`], in steps: 5 m below 100 m, 10 m below a core, 20 m below two, else 50 m; 4 MiB below 256 MiB,
    /// 16 below 1 GiB, 32 below 4 GiB, else 64.
    pub fn stepped(resource: Resource, value: f64) -> Self {
        let Self { units, .. } = Self::ceil(resource, value);
        let (steps, last) = match resource {
            Resource::Cpu => (CPU_STEPS, CPU_LAST),
            Resource::Memory => (MEMORY_STEPS, MEMORY_LAST),
        };
        let step = steps.iter().find(|(below, _)| units < *below).map_or(last, |(_, step)| *step);
        Self { resource, units: units.div_ceil(step) * step }
    }

    fn scale(resource: Resource) -> f64 {
        match resource {
            Resource::Cpu => 1000.0,
            Resource::Memory => 1.0,
        }
    }

    /// In cores or MiB.
    pub fn value(self) -> f64 {
        self.units as f64 / Self::scale(self.resource)
    }

    /// What it is a size of.
    pub fn resource(self) -> Resource {
        self.resource
    }

    /// What so much costs a month, where a core or a GiB costs `unit_price`.
    pub fn cost(self, unit_price: Amount, replicas: u32) -> Option<Amount> {
        let of_unit = Self::of_unit(self.resource);
        unit_price.checked_mul_div(i128::from(self.units) * i128::from(replicas), of_unit)
    }

    /// A core, or a GiB: what prices are of.
    pub(super) fn unit(resource: Resource) -> Self {
        Self { resource, units: Self::of_unit(resource) as u64 }
    }

    /// Millicores of a core, or MiB of a GiB.
    pub(super) fn of_unit(resource: Resource) -> u128 {
        match resource {
            Resource::Cpu => 1000,
            Resource::Memory => 1024,
        }
    }

    /// In cores or MiB, exactly.
    pub(super) fn amount(self) -> Amount {
        let unit = match self.resource {
            Resource::Cpu => 10_i128.pow(15),
            Resource::Memory => 10_i128.pow(18),
        };
        Amount::from_units(i128::from(self.units) * unit)
    }

    /// In millicores or MiB.
    pub(super) fn units(self) -> u64 {
        self.units
    }

    /// As Kubernetes and Helm write it: `250m`, `2`, `512Mi`, `3Gi`.
    pub fn quantity(self) -> String {
        match self.resource {
            Resource::Cpu if self.units.is_multiple_of(1000) => (self.units / 1000).to_string(),
            Resource::Cpu => format!("{}m", self.units),
            Resource::Memory if self.units > 0 && self.units.is_multiple_of(1024) => format!("{}Gi", self.units / 1024),
            Resource::Memory => format!("{}Mi", self.units),
        }
    }
}

impl fmt::Display for Size {
    /// In cores or MiB, as a plain decimal.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.amount().fmt(f)
    }
}

impl Serialize for Size {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn steps_are_those_people_take() {
        for (value, want) in
            [(0.0, "0"), (0.0101, "0.015"), (0.1, "0.1"), (0.123, "0.13"), (1.001, "1.02"), (8.44, "8.45")]
        {
            assert_eq!(Size::stepped(Resource::Cpu, value).to_string(), want, "{value}");
        }
        for (value, want) in [(33.0, "36"), (300.0, "304"), (1025.0, "1056"), (5000.0, "5056")] {
            assert_eq!(Size::stepped(Resource::Memory, value).to_string(), want, "{value}");
        }
    }

    #[test]
    fn quantities_are_those_of_kubernetes() {
        assert_eq!(Size::ceil(Resource::Cpu, 0.25).quantity(), "250m");
        assert_eq!(Size::ceil(Resource::Cpu, 2.0).quantity(), "2");
        assert_eq!(Size::ceil(Resource::Memory, 2048.0).quantity(), "2Gi");
        assert_eq!(Size::ceil(Resource::Memory, 100.5).quantity(), "101Mi");
    }

    #[test]
    fn costs_are_exact() {
        let price = Amount::from_whole(23);
        assert_eq!(Size::ceil(Resource::Cpu, 0.25).cost(price, 3).unwrap().to_string(), "17.25");
        assert_eq!(Size::ceil(Resource::Memory, 512.0).cost(price, 1).unwrap().to_string(), "11.5");
    }

    proptest! {
        #[test]
        fn rounding_goes_up_and_keeps_order(a in 0.0_f64..1e5, b in 0.0_f64..1e5) {
            for resource in Resource::ALL {
                let (small, large) = (a.min(b), a.max(b));
                prop_assert!(Size::stepped(resource, small) <= Size::stepped(resource, large));
                prop_assert!(Size::stepped(resource, small).value() + 1e-6 >= small);
            }
        }
    }
}
