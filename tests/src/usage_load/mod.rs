//! A seeded fleet of workloads and what they use: for the shipped expectations, the sample and the benchmark.
//!
//! Every workload is of a kind that operators know: services with a daily and weekly rhythm, batch work that runs at full
//! speed or not at all, machines that idle, spikes, growth, managed heaps, leaks that end in a restart. Levels, shapes
//! and noise are drawn for each; days differ from each other, and some weeks something happens.

mod shape;

pub use shape::{Fleet, Workload};

use std::io::{self, Write};

/// Slots of five minutes in a day.
pub const DAY: u32 = 288;

/// 2026-05-04, a Monday, in seconds since 1970.
pub const START: i64 = 1_777_852_800;

/// Writes usage as a table, `every` so many slots, all workloads of a time together, as monitoring exports them.
///
/// # Errors
/// When it cannot be written.
pub fn write_usage(fleet: &Fleet, days: u32, every: u32, to: &mut impl Write) -> io::Result<()> {
    writeln!(to, "timestamp,workload,resource,value,unit")?;
    let columns: Vec<(String, Vec<f32>, Vec<f32>)> =
        fleet.workloads().map(|workload| (workload.name.clone(), workload.cpu(days), workload.memory(days))).collect();
    for slot in (0..days * DAY).step_by(every as usize) {
        let time = START + i64::from(slot) * 300;
        for (name, cpu, memory) in &columns {
            let at = slot as usize;
            if let (Some(cpu), Some(memory)) = (cpu.get(at), memory.get(at))
                && *cpu >= 0.0
            {
                writeln!(to, "{time},{name},cpu,{cpu:.4},cores")?;
                writeln!(to, "{time},{name},memory,{memory:.1},MiB")?;
            }
        }
    }
    Ok(())
}
