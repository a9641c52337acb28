//! Series of many kinds, seeded: what forecasts are tried on beside the published ones.
//!
//! Each kind mixes processes, so that no single model is right for all: local levels and slopes, steady growth, seasons
//! that are added, multiplied or absent, noise that remembers.

use crate::prng::Prng;

/// How often a series is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Once a year: short, trends.
    Yearly,
    /// Once a month: a season of 12 in two of three.
    Monthly,
    /// Once a week: a season of 52 in half of them.
    Weekly,
    /// Once a day: nearly random walks, one in three with a season of 7.
    Daily,
    /// Once an hour: a season of 24, and in three of four one of 168.
    Hourly,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::Yearly, Self::Monthly, Self::Weekly, Self::Daily, Self::Hourly];

    /// How far such series are usually forecast (the horizons of the M4 competition).
    pub fn horizon(self) -> usize {
        match self {
            Self::Yearly => 6,
            Self::Monthly => 18,
            Self::Weekly => 13,
            Self::Daily => 14,
            Self::Hourly => 48,
        }
    }

    /// The periods its season may have, shortest first.
    pub fn periods(self) -> &'static [usize] {
        match self {
            Self::Yearly => &[],
            Self::Monthly => &[12],
            Self::Weekly => &[52],
            Self::Daily => &[7],
            Self::Hourly => &[24, 168],
        }
    }
}

/// The `index`th series of a kind: its past, and the values that come next, as many as its horizon.
pub fn series(kind: Kind, index: u64) -> (Vec<f64>, Vec<f64>) {
    let mut draw = Draw(Prng::member(0xF04E_CA57 ^ kind as u64, index));
    let (least, most) = match kind {
        Kind::Yearly => (13, 60),
        Kind::Monthly => (60, 200),
        Kind::Weekly => (90, 1200),
        Kind::Daily => (100, 1500),
        Kind::Hourly => (700, 960),
    };
    let count = least + ((most - least) as f64 * draw.unit() * draw.unit()) as usize;
    let all = Process::of(kind, &mut draw).run(count + kind.horizon(), &mut draw);
    let (past, next) = all.split_at(count);
    (past.to_vec(), next.to_vec())
}

/// Random figures.
struct Draw(Prng);

impl Draw {
    /// From 0 up to 1.
    fn unit(&mut self) -> f64 {
        (self.0.bits() >> 11) as f64 / 9_007_199_254_740_992.0
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// Nearly normal, of mean 0 and variance 1: twelve uniform figures added up.
    fn noise(&mut self) -> f64 {
        (0..12).map(|_| self.unit()).sum::<f64>() - 6.0
    }
}

/// What a series is made of, in shares of its level.
struct Process {
    level: f64,
    slope: f64,
    /// How much of the slope lasts, what it returns to, and how it is shaken.
    lasting: (f64, f64, f64),
    /// How the level is shaken.
    shake: f64,
    /// Noise on top, and how much of it lasts.
    noise: (f64, f64),
    seasons: Vec<Vec<f64>>,
    multiplied: bool,
}

impl Process {
    fn of(kind: Kind, draw: &mut Draw) -> Self {
        let has = |draw: &mut Draw, share: f64| draw.unit() < share;
        let mut seasons = Vec::new();
        let (lasting, slope, shake, noise) = match kind {
            Kind::Yearly => {
                let shaken = draw.between(0.0, 0.015);
                let lasting = match draw.0.below(3) {
                    0 => (0.98, 0.0, 0.3 * shaken),
                    1 => (0.8, 0.02, shaken),
                    _ => (1.0, 0.0, 0.0),
                };
                (lasting, draw.between(-0.015, 0.045), draw.between(0.01, 0.06), (draw.between(0.0, 0.02), 0.0))
            }
            Kind::Monthly => {
                if has(draw, 0.67) {
                    let size = draw.between(0.03, 0.25);
                    seasons.push(wave(draw, 12, 3, size));
                }
                (
                    (0.95, 0.0, 0.0005),
                    draw.between(-0.002, 0.008),
                    draw.between(0.0, 0.02),
                    (draw.between(0.01, 0.06), 0.2),
                )
            }
            Kind::Weekly => {
                if has(draw, 0.5) {
                    let size = draw.between(0.05, 0.3);
                    seasons.push(wave(draw, 52, 3, size));
                }
                (
                    (0.9, 0.0, 0.0003),
                    draw.between(-0.0005, 0.002),
                    draw.between(0.002, 0.02),
                    (draw.between(0.0, 0.08), 0.5),
                )
            }
            Kind::Daily => {
                if has(draw, 0.33) {
                    let size = draw.between(0.02, 0.2);
                    seasons.push(wave(draw, 7, 3, size));
                }
                (
                    (0.9, 0.0, 0.0001),
                    draw.between(-0.0002, 0.0005),
                    draw.between(0.003, 0.02),
                    (draw.between(0.0, 0.01), 0.3),
                )
            }
            Kind::Hourly => {
                let size = draw.between(0.1, 0.5);
                let day = wave(draw, 24, 4, size);
                if has(draw, 0.75) {
                    let week = draw.between(0.05, 0.35);
                    let days: Vec<f64> = (0..7).map(|day| if day < 5 { 0.4 * week } else { -week }).collect();
                    seasons.push((0..168).map(|hour| days[hour / 24] * (1.0 + day[hour % 24])).collect());
                }
                seasons.push(day);
                let noise = (draw.between(0.01, 0.1), draw.between(0.3, 0.9));
                ((0.9, 0.0, 0.0), draw.between(-0.0001, 0.0001), draw.between(0.0, 0.004), noise)
            }
        };
        let level = 10.0 * 1000_f64.powf(draw.unit());
        Self { level, slope, lasting, shake, noise, seasons, multiplied: draw.unit() < 0.6 }
    }

    fn run(&self, count: usize, draw: &mut Draw) -> Vec<f64> {
        let (mut level, mut slope, mut noise) = (0.0_f64, self.slope, 0.0);
        let mut values = Vec::with_capacity(count);
        for at in 0..count {
            let (kept, back, shaken) = self.lasting;
            slope = kept * slope + (1.0 - kept) * back + shaken * draw.noise();
            level += slope + self.shake * draw.noise();
            noise = self.noise.1 * noise + self.noise.0 * draw.noise();
            let season: f64 = self.seasons.iter().map(|season| season[at % season.len()]).sum();
            let height = level.clamp(-5.0, 5.0).exp();
            let value = if self.multiplied { height * (1.0 + season) * (1.0 + noise) } else { height + season + noise };
            values.push((self.level * value).max(0.0));
        }
        values
    }
}

/// A wave of one period made of some harmonics, of about this size.
fn wave(draw: &mut Draw, period: usize, harmonics: usize, size: f64) -> Vec<f64> {
    let parts: Vec<(f64, f64)> = (1..=harmonics)
        .map(|harmonic| (size * draw.between(0.3, 1.0) / harmonic as f64, draw.between(0.0, std::f64::consts::TAU)))
        .collect();
    let at = |position: usize| {
        let turn = std::f64::consts::TAU * position as f64 / period as f64;
        parts
            .iter()
            .enumerate()
            .map(|(harmonic, (size, shift))| size * (turn * (harmonic + 1) as f64 + shift).sin())
            .sum()
    };
    (0..period).map(at).collect()
}
