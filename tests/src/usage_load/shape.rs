//! What one workload uses over time.

use super::DAY;
use crate::prng::Prng;

/// A fleet: a seed and how many workloads there are.
#[derive(Clone, Debug)]
pub struct Fleet {
    seed: u64,
    count: u64,
}

/// What a workload does with processors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Serves people: by the hour and the day of the week.
    Service,
    /// The same around the clock.
    Steady,
    /// Full speed for hours, then nothing, on days of its own.
    Batch,
    /// A job at one hour of each day, or of one day of the week.
    Nightly,
    /// Next to nothing, now and then a little.
    Idle,
    /// Short spikes at any time.
    Spiky,
    /// A service that gets more to do every day.
    Growing,
}

/// What it does with memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Memory {
    /// A base, and a part that follows its work.
    Follows,
    /// A managed heap: grows to its size and stays there.
    Held,
    /// Grows until it is started anew.
    Leaks,
    /// A base with peaks of its own.
    Peaks,
}

/// One workload.
#[derive(Clone, Debug)]
pub struct Workload {
    /// Its name.
    pub name: String,
    seed: u64,
    index: u64,
    kind: Kind,
    memory: Memory,
    /// Cores at full work, MiB at rest.
    cores: f64,
    base: f64,
}

impl Fleet {
    /// The fleet of a seed.
    pub fn new(seed: u64, count: u64) -> Self {
        Self { seed, count }
    }

    /// Its workloads.
    pub fn workloads(&self) -> impl Iterator<Item = Workload> + '_ {
        (0..self.count).map(|index| self.workload(index))
    }

    /// One of its workloads.
    pub fn workload(&self, index: u64) -> Workload {
        let mut prng = Prng::member(self.seed, index);
        let kind = match prng.below(100) {
            0..30 => Kind::Service,
            30..45 => Kind::Steady,
            45..57 => Kind::Batch,
            57..69 => Kind::Nightly,
            69..82 => Kind::Idle,
            82..93 => Kind::Spiky,
            _ => Kind::Growing,
        };
        let memory = match prng.below(100) {
            0..40 => Memory::Follows,
            40..60 => Memory::Held,
            60..72 => Memory::Leaks,
            _ => Memory::Peaks,
        };
        // Sizes spread over two orders of magnitude, most of them small.
        let size = unit(&mut prng);
        let cores = 0.1 * (1.0 + cubed(size) * 79.0);
        let base = 64.0 * (1.0 + cubed(unit(&mut prng)) * 127.0);
        Workload { name: format!("shop/service-{index:05}"), seed: self.seed, index, kind, memory, cores, base }
    }
}

/// From 0 to 1.
fn unit(prng: &mut Prng) -> f64 {
    prng.below(1 << 24) as f64 / f64::from(1 << 24)
}

fn cubed(value: f64) -> f64 {
    value * value * value
}

/// About normal, from -3 to 3.
fn normal(prng: &mut Prng) -> f64 {
    (0..6).map(|_| unit(prng)).sum::<f64>() * 2.0 - 6.0
}

/// How busy an hour of the day is, 0 to 1: low at night, high from ten to five.
const HOURS: [f64; 24] = [
    0.25, 0.2, 0.18, 0.17, 0.18, 0.22, 0.32, 0.48, 0.7, 0.88, 0.97, 1.0, 0.95, 0.96, 1.0, 0.98, 0.92, 0.85, 0.75, 0.68,
    0.6, 0.5, 0.4, 0.32,
];

impl Workload {
    /// Cores of each slot; below 0 where there is no sample.
    pub fn cpu(&self, days: u32) -> Vec<f32> {
        let mut prng = Prng::member(self.seed ^ 0xC0FE, self.index);
        let shift = prng.below(24) as usize;
        let weekend = 0.3 + 0.7 * unit(&mut prng);
        let noise = 0.03 + 0.15 * unit(&mut prng) * unit(&mut prng);
        let spikes = 1 + prng.below(8);
        let duty = 0.1 + 0.6 * unit(&mut prng);
        let weekly = prng.chance(350).then(|| prng.below(7) as u32);
        let growth = 1.0 + 0.02 * unit(&mut prng);
        let mut level = 1.0;
        let mut running = false;
        let mut spike = 0.0;
        let mut out = Vec::with_capacity((days * DAY) as usize);
        let mut grown = 1.0;
        for day in 0..days {
            grown *= growth;
            // Days differ; every now and then one is much busier, or the level moves for good.
            let today = 1.0 + 0.12 * normal(&mut prng) / 3.0 + if prng.chance(25) { unit(&mut prng) } else { 0.0 };
            if prng.chance(12) {
                level *= 0.5 + unit(&mut prng);
            }
            let rest = if day % 7 >= 5 { weekend } else { 1.0 };
            for slot in 0..DAY {
                let hour = (slot / 12) as usize;
                let jitter = 1.0 + noise * normal(&mut prng);
                if prng.chance(spikes) {
                    spike = 0.5 + 2.5 * unit(&mut prng) * unit(&mut prng);
                }
                let own = HOURS.get((hour + shift % 3) % 24).copied().unwrap_or(1.0);
                let work = match self.kind {
                    Kind::Service => 0.45 * own * rest * today * (1.0 + 0.2 * spike),
                    Kind::Steady => 0.5 * today.min(1.2),
                    Kind::Batch => {
                        let ends = if running { 8 } else { (8.0 * duty / (1.0 - duty)) as u64 + 1 };
                        if prng.chance(ends) {
                            running = !running;
                        }
                        // At full speed it is held by what there is: noise cannot add to it.
                        if running { 1.05 / jitter.max(1.0) } else { 0.01 }
                    }
                    Kind::Nightly => {
                        let on = weekly.is_none_or(|weekday| day % 7 == weekday)
                            && (hour == shift || hour == (shift + 1) % 24);
                        if on { 0.9 * today.min(1.3) } else { 0.03 }
                    }
                    Kind::Idle => 0.01 + 0.05 * spike,
                    Kind::Spiky => 0.1 * (1.0 + 4.0 * spike),
                    Kind::Growing => 0.25 * own * grown,
                };
                spike *= 0.6;
                let cap = if self.kind == Kind::Batch { 1.05 } else { 4.0 };
                out.push((self.cores * (work * level.min(2.0) * jitter).clamp(0.0, cap)) as f32);
            }
        }
        out
    }

    /// MiB of each slot.
    pub fn memory(&self, days: u32) -> Vec<f32> {
        let mut prng = Prng::member(self.seed ^ 0x3E30, self.index);
        let cpu = self.cpu(days);
        let noise = 0.005 + 0.04 * unit(&mut prng);
        let reach = 0.3 + 1.2 * unit(&mut prng);
        let life = 2 + prng.below(12) as u32;
        let peaks = 1 + prng.below(5);
        let mut held: f64 = 1.0;
        let mut peak = 0.0;
        let mut out = Vec::with_capacity(cpu.len());
        for (at, cores) in cpu.iter().enumerate() {
            let busy = f64::from(*cores) / self.cores;
            let jitter = 1.0 + noise * normal(&mut prng);
            if prng.chance(peaks) {
                peak = reach * (0.3 + unit(&mut prng));
            }
            let day = at as u32 / DAY;
            let used = match self.memory {
                Memory::Follows => 1.0 + reach * busy.min(2.0),
                Memory::Held => {
                    held = held.max((1.0 + reach).min(held * 1.002));
                    held
                }
                Memory::Leaks => {
                    let since = (at as u32 % (life * DAY)) as f64 / f64::from(life * DAY);
                    1.0 + reach * since + 0.001 * f64::from(day)
                }
                Memory::Peaks => 1.0 + peak,
            };
            peak *= 0.85;
            out.push((self.base * used * jitter) as f32);
        }
        out
    }
}
