//! What is requested: processor time and memory, and their units.

use serde::{Deserialize, Serialize};

/// A resource that has a request and a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Resource {
    /// Processor time, in cores. What lies above the request may be throttled.
    Cpu,
    /// Memory, in MiB. What lies above the limit is killed.
    Memory,
}

/// Bytes of a MiB.
const MIB: f64 = 1_048_576.0;

impl Resource {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Cpu, Self::Memory];

    /// Its name in tables: `cpu`, `memory`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::Memory => "memory",
        }
    }

    /// The unit that answers use: `cores`, `MiB`.
    pub fn unit(self) -> &'static str {
        match self {
            Self::Cpu => "cores",
            Self::Memory => "MiB",
        }
    }

    /// The resource a table names; `None` for others.
    pub fn named(name: &[u8]) -> Option<Self> {
        let is = |word: &str| name.eq_ignore_ascii_case(word.as_bytes());
        if is("cpu") {
            Some(Self::Cpu)
        } else if is("memory") || is("mem") {
            Some(Self::Memory)
        } else {
            None
        }
    }

    /// What a value in `unit` is multiplied with to be in cores or MiB; `None` for a unit that is not one of it.
    ///
    /// Without a unit, values are in cores and MiB already. Suffixes of Kubernetes quantities and the names of SI and
    /// binary units are known; case counts only where `m` (milli) and `M` (mega) must be told apart.
    pub fn factor(self, unit: &[u8]) -> Option<f64> {
        match self {
            Self::Cpu => Some(match unit.to_ascii_lowercase().as_slice() {
                b"" | b"core" | b"cores" | b"vcpu" | b"vcpus" | b"cpu" => 1.0,
                b"m" | b"mcore" | b"mcores" | b"millicore" | b"millicores" => 1e-3,
                b"n" | b"nanocore" | b"nanocores" => 1e-9,
                _ => return None,
            }),
            Self::Memory => Some(match unit.to_ascii_lowercase().as_slice() {
                b"" | b"mib" | b"mi" => 1.0,
                b"b" | b"byte" | b"bytes" => 1.0 / MIB,
                b"kib" | b"ki" => 1.0 / 1024.0,
                b"gib" | b"gi" => 1024.0,
                b"kb" | b"k" => 1e3 / MIB,
                b"mb" => 1e6 / MIB,
                b"gb" | b"g" => 1e9 / MIB,
                b"m" if unit == b"M" => 1e6 / MIB,
                _ => return None,
            }),
        }
    }

    /// The same where memory must name its unit: bytes and MiB are both usual, and differ by a million.
    pub(super) fn factor_stated(self, unit: &[u8]) -> Option<f64> {
        if self == Self::Memory && unit.is_empty() { None } else { self.factor(unit) }
    }

    /// Why a unit is none of it.
    pub(super) fn no_unit(self, unit: Option<&str>) -> String {
        match unit {
            Some(unit) => format!("`{unit}` is no unit of {}", self.name()),
            None => format!("{} has no unit", self.name()),
        }
    }

    /// What the units of it are called in advice.
    pub fn units(self) -> &'static str {
        match self {
            Self::Cpu => "`cores` or `millicores`",
            Self::Memory => "`MiB`, `GiB`, `MB` or `bytes`",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_units_of_its_own_only() {
        assert_eq!(Resource::Cpu.factor(b"m"), Some(1e-3));
        assert_eq!(Resource::Memory.factor(b"M"), Some(1e6 / MIB));
        assert_eq!(Resource::Memory.factor(b"m"), None);
        assert_eq!(Resource::Memory.factor(b"GiB"), Some(1024.0));
        assert_eq!(Resource::Cpu.factor(b"MiB"), None);
        assert_eq!((Resource::Cpu.factor_stated(b""), Resource::Memory.factor_stated(b"")), (Some(1.0), None));
        assert_eq!(Resource::named(b"MEM"), Some(Resource::Memory));
        assert_eq!(Resource::named(b"disk"), None);
    }
}
