//! Seasons: how they are found, tested, taken out and put back.
//!
//! A season is found by classical decomposition, has to vary more than chance alone would make it, and is shrunk by the
//! share of it that chance explains.

/// How a season meets the rest of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// It is added.
    Additive,
    /// It is a factor.
    Multiplicative,
}

/// What comes again every period: one index for each position of it.
#[derive(Clone, Debug)]
pub struct Season {
    form: Form,
    /// The indices of each period; position 0 is that of the first value.
    cycles: Vec<Vec<f64>>,
}

impl Season {
    /// No season at all.
    pub fn none() -> Self {
        Self { form: Form::Additive, cycles: Vec::new() }
    }

    /// How it meets the rest.
    pub fn form(&self) -> Form {
        self.form
    }

    /// Whether there is none.
    pub fn is_none(&self) -> bool {
        self.cycles.is_empty()
    }

    /// The seasons of those periods that show, shortest first, each looked for in what the ones before it left.
    pub fn find(values: &[f64], periods: &[usize], form: Form) -> Self {
        let mut season = Self { form, cycles: Vec::new() };
        for period in periods.iter().filter(|period| **period > 1 && values.len() >= LEAST_CYCLES * **period) {
            let indices = if season.is_none() {
                decompose(values, *period, form)
            } else {
                decompose(&season.without(values).collect::<Vec<_>>(), *period, form)
            };
            season.cycles.extend(indices);
        }
        season
    }

    /// The periods that show, shortest first.
    pub fn periods(&self) -> impl Iterator<Item = usize> + '_ {
        self.cycles.iter().map(Vec::len)
    }

    /// The values without the season.
    pub fn without<'v>(&'v self, values: &'v [f64]) -> impl Iterator<Item = f64> + 'v {
        values.iter().zip(self.indices(0)).map(|(value, index)| match self.form {
            Form::Additive => value - index,
            Form::Multiplicative => value / index,
        })
    }

    /// Puts the season into values without it, the first of which stands at a position.
    pub fn put_into(&self, position: usize, values: &mut [f64]) {
        for (value, index) in values.iter_mut().zip(self.indices(position)) {
            match self.form {
                Form::Additive => *value += index,
                Form::Multiplicative => *value *= index,
            }
        }
    }

    /// What errors are multiplied by from a position on: the index of a multiplicative season, else 1.
    pub fn factors(&self, position: usize) -> impl Iterator<Item = f64> + '_ {
        self.indices(position).map(|index| match self.form {
            Form::Additive => 1.0,
            Form::Multiplicative => index,
        })
    }

    /// The index of a position and of all that follow: all periods together.
    fn indices(&self, position: usize) -> impl Iterator<Item = f64> + '_ {
        let mut places: Vec<usize> = self.cycles.iter().map(|cycle| position % cycle.len()).collect();
        std::iter::repeat_with(move || {
            let own = self.cycles.iter().zip(&mut places).map(|(cycle, place)| {
                let index = cycle[*place];
                *place = if *place + 1 < cycle.len() { *place + 1 } else { 0 };
                index
            });
            match self.form {
                Form::Additive => own.sum(),
                Form::Multiplicative => own.product(),
            }
        })
    }
}

/// The least factor of a multiplicative season.
const LEAST_FACTOR: f64 = 1e-3;

/// Fewest cycles a season can be seen in.
pub const LEAST_CYCLES: usize = 3;

/// Most cycles looked at: what lies further back says little about the season to come.
const MOST_CYCLES: usize = 12;

/// The indices of one period by classical decomposition: what is left beside a centred moving average over a period,
/// averaged by position; `None` where chance alone could make it.
fn decompose(values: &[f64], period: usize, form: Form) -> Option<Vec<f64>> {
    let count = values.len();
    let skip = count.saturating_sub(MOST_CYCLES * period);
    let half = period / 2;
    let mut left: Vec<(usize, f64)> = Vec::with_capacity(count - skip);
    let mut sum: f64 = values[skip..].iter().take(2 * half + 1).sum();
    for at in skip + half..count - half {
        if at > skip + half {
            sum += values[at + half] - values[at - half - 1];
        }
        let trend = if period.is_multiple_of(2) {
            (sum - 0.5 * (values[at - half] + values[at + half])) / period as f64
        } else {
            sum / period as f64
        };
        let ratio = match form {
            Form::Additive => values[at] - trend,
            Form::Multiplicative if trend > 0.0 => values[at] / trend - 1.0,
            Form::Multiplicative => continue,
        };
        left.push((at % period, ratio));
    }
    let mut indices = shrunk_means(&left, period)?;
    if form == Form::Multiplicative {
        for index in &mut indices {
            *index = (1.0 + *index).max(LEAST_FACTOR);
        }
    }
    Some(indices)
}

/// Means by position, centred, and shrunk towards zero by the share of their variance that noise explains (positive-part
/// James and Stein; Miller and Williams 2003 for seasonal factors). `None` where they vary no more than chance alone
/// would make them.
fn shrunk_means(left: &[(usize, f64)], period: usize) -> Option<Vec<f64>> {
    let mut means = vec![0.0; period];
    let mut counts = vec![0.0; period];
    for (position, value) in left {
        means[*position] += value;
        counts[*position] += 1.0;
    }
    for (mean, count) in means.iter_mut().zip(&counts) {
        if *count > 0.0 {
            *mean /= count;
        }
    }
    let within: f64 =
        left.iter().map(|(position, value)| (value - means[*position]) * (value - means[*position])).sum();
    let free = left.len() as f64 - period as f64;
    let centre = means.iter().sum::<f64>() / period as f64;
    for mean in &mut means {
        *mean -= centre;
    }
    let between: f64 = means.iter().map(|mean| mean * mean).sum();
    let cycles = left.len() as f64 / period as f64;
    let noise = within / free.max(1.0) / cycles;
    let degrees = period as f64 - 1.0;
    if free < 1.0 || !exceeds_chance(between / degrees / noise, degrees, free) {
        return None;
    }
    let keep = 1.0 - (period as f64 - 3.0).max(1.0) * noise / between;
    for mean in &mut means {
        *mean *= keep.clamp(0.0, 1.0);
    }
    Some(means)
}

/// Whether a ratio of variances with these degrees of freedom is one that chance gives less than once in twenty (the
/// normal approximation of Paulson 1942).
fn exceeds_chance(ratio: f64, above: f64, below: f64) -> bool {
    if ratio.is_nan() || ratio <= 1.0 {
        return false;
    }
    let (above, below) = (2.0 / (9.0 * above), 2.0 / (9.0 * below));
    let root = libm::cbrt(ratio);
    ((1.0 - below) * root - (1.0 - above)) / (above + root * root * below).sqrt() > 1.645
}
