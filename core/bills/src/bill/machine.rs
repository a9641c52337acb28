//! How large the machines are that a bill charges for, where it says so.

use super::record::Record;
use super::tags::visit_tags_at;
use crate::money::Amount;

/// The size of a machine as an export states it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MachineSize {
    /// Virtual processors; above 0.
    pub vcpus: Amount,
    /// Memory in GiB; above 0.
    pub memory_gib: Amount,
}

/// Where the size of machines comes from: columns of their own (`product/vcpu`, `product/memory`), or cells that hold many
/// details (FOCUS's `SkuPriceDetails`, the map `product` of CUR 2.0).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MachineColumns {
    /// The column of virtual processors.
    pub vcpus: Option<usize>,
    /// The column of memory.
    pub memory: Option<usize>,
    /// Cells of many details; the first that states both counts.
    pub packed: Vec<usize>,
}

impl MachineColumns {
    /// The columns that are looked at.
    pub fn columns(&self) -> impl Iterator<Item = usize> + '_ {
        self.vcpus.into_iter().chain(self.memory).chain(self.packed.iter().copied())
    }

    /// The size on this row; `None` where processors or memory are not stated, or not in a form that is known.
    pub(super) fn read(&self, record: &Record<'_>) -> Option<MachineSize> {
        let of_columns = || {
            let (vcpus, memory) = (record.text(self.vcpus?)?, record.text(self.memory?)?);
            Some(MachineSize { vcpus: count(&vcpus)?, memory_gib: gibibytes(&memory)? })
        };
        of_columns().or_else(|| self.packed.iter().find_map(|column| packed(record, *column)))
    }
}

fn packed(record: &Record<'_>, column: usize) -> Option<MachineSize> {
    let (mut vcpus, mut memory) = (None, None);
    // What follows a fault in the cell is not known; what stands before it is.
    let _ = visit_tags_at(record, column, &mut |key, value| {
        if ["CoreCount", "VCPUs", "vcpu"].iter().any(|known| known.eq_ignore_ascii_case(key)) {
            vcpus = vcpus.or_else(|| count(&value));
        } else if ["MemorySize", "memory"].iter().any(|known| known.eq_ignore_ascii_case(key)) {
            memory = memory.or_else(|| gibibytes(&value));
        }
    });
    Some(MachineSize { vcpus: vcpus?, memory_gib: memory? })
}

fn count(text: &str) -> Option<Amount> {
    // AWS groups digits of large machines: `1,952 GiB`.
    let parsed = Amount::parse(text.trim().replace(',', "").as_bytes()).ok()?;
    Some(parsed.amount).filter(|amount| *amount > Amount::ZERO)
}

/// `16 GiB`, `16` (FOCUS has it in GiB), `15360 MiB`; what providers call GB here are GiB.
fn gibibytes(text: &str) -> Option<Amount> {
    let text = text.trim();
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | ' '));
    let figure = count(text.strip_suffix(unit)?)?;
    match unit {
        "" | "GiB" | "GB" => Some(figure),
        "MiB" | "MB" => figure.checked_mul_div(1, 1024),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(columns: &MachineColumns, cells: &[&str]) -> Option<(String, String)> {
        let mut bytes = Vec::new();
        let ends: Vec<u32> = cells
            .iter()
            .map(|cell| {
                bytes.extend_from_slice(format!("\"{}\"", cell.replace('"', "\"\"")).as_bytes());
                bytes.push(b',');
                bytes.len() as u32 - 1
            })
            .collect();
        let size = columns.read(&Record::new(&bytes, 0, &ends))?;
        Some((size.vcpus.to_string(), size.memory_gib.to_string()))
    }

    #[test]
    fn sizes_are_read_as_exports_write_them() {
        let own = MachineColumns { vcpus: Some(0), memory: Some(1), packed: Vec::new() };
        let is = |vcpus: &str, memory: &str| Some((vcpus.to_owned(), memory.to_owned()));
        assert_eq!(read(&own, &["4", "16 GiB"]), is("4", "16"));
        assert_eq!(read(&own, &["448", "12,288 GiB"]), is("448", "12288"));
        assert_eq!(read(&own, &["0.5", "512 MiB"]), is("0.5", "0.5"));
        for nothing in [["", "16 GiB"], ["4", "NA"], ["4", "16 TiB"], ["0", "16 GiB"], ["4", "much"]] {
            assert_eq!(read(&own, &nothing), None, "{nothing:?}");
        }
        let packed = MachineColumns { packed: vec![0, 1], ..MachineColumns::default() };
        assert_eq!(
            read(&packed, &[r#"{"InstanceType":"m6i.xlarge","CoreCount":4,"MemorySize":16}"#, ""]),
            is("4", "16")
        );
        assert_eq!(read(&packed, &["", "{vcpu=2, memory=8 GiB, tenancy=Shared}"]), is("2", "8"));
        assert_eq!(read(&packed, &[r#"{"VCPUs":2}"#, ""]), None);
    }
}
