//! Fleets whose usage is paid by the hour, seeded: what advice on commitments is tried on.
//!
//! A fleet is 10, 25 or 60 workloads. Each has a base, office hours it follows more or less, quieter or busier weekends,
//! noise that remembers, batch jobs, spells of more work, slow growth or decline, and now and then a step for good, a start or an end; it is
//! paid in halves of a unit, as machines are.

use crate::prng::Prng;

/// Hours of a fleet: 90 days.
pub const HOURS: usize = 90 * 24;

struct Draw(Prng);

impl Draw {
    /// From 0 to 1.
    fn unit(&mut self) -> f64 {
        (self.0.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// About normal: the sum of twelve.
    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.unit()).sum::<f64>() - 6.0
    }
}

/// The usage of each hour of the `index`th fleet, its mean 1.
pub fn fleet(index: u64) -> Vec<f64> {
    let mut draw = Draw(Prng::member(0x00C0_3317, index));
    let count = draw.0.pick(&[10, 25, 60]);
    let mut hours = vec![0.0; HOURS];
    for _ in 0..count {
        workload(&mut draw, &mut hours);
    }
    let mean = hours.iter().sum::<f64>() / HOURS as f64;
    for used in &mut hours {
        *used /= mean;
    }
    hours
}

fn workload(draw: &mut Draw, hours: &mut [f64]) {
    let base = 0.4 * (draw.normal() * 1.2).exp();
    let follows = if draw.0.chance(450) { draw.unit() * 2.0 } else { 0.0 };
    let weekend = if draw.0.chance(500) { 0.3 + draw.unit() } else { 1.0 };
    let (noise, memory) = (0.1 + 0.3 * draw.unit() * draw.unit(), 0.6 + 0.39 * draw.unit());
    let (batch, batch_hour) = (draw.0.chance(150), draw.0.below(24) as usize);
    let growth = draw.normal() * 0.004;
    // Spells of more work that nothing announces, a day or so long, a few days apart.
    let spells = if draw.0.chance(600) { 1.5 + 2.5 * draw.unit() } else { 1.0 };
    let mut busy = false;
    let (from, to) = match draw.0.below(100) {
        0..5 => (draw.0.below(HOURS as u64) as usize, HOURS),
        5..10 => (0, draw.0.below(HOURS as u64) as usize),
        _ => (0, HOURS),
    };
    let (mut level, mut remembered) = (1.0_f64, 0.0);
    for (hour, used) in hours.iter_mut().enumerate() {
        if draw.0.below(HOURS as u64) < 2 {
            level *= (draw.normal() * 0.5).exp();
        }
        busy = if busy { !draw.0.chance(40) } else { draw.0.chance(12) };
        remembered = memory * remembered + (1.0 - memory * memory).sqrt() * draw.normal() * noise;
        let (day, clock) = (hour / 24, hour % 24);
        let office = if (8..19).contains(&clock) { 1.0 + follows } else { 1.0 };
        let week = if day % 7 >= 5 { weekend } else { 1.0 };
        let job = if batch && clock == batch_hour { 3.0 } else { 1.0 };
        let grown = (growth * day as f64).exp();
        if (from..to).contains(&hour) {
            let spell = if busy { spells } else { 1.0 };
            let needed = base * level * grown * office * week * job * spell * remembered.exp();
            *used += (needed * 2.0).ceil() / 2.0;
        }
    }
}
