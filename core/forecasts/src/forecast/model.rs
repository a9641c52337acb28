//! What every model can do.

/// Where a replay stops to look ahead: wherever `from`, `from + every`, `from + 2·every` … values have been seen.
#[derive(Clone, Copy, Debug)]
pub(super) struct Origins {
    /// Values seen at the first origin, at least 1.
    pub(super) from: usize,
    /// Values from one origin to the next, at least 1.
    pub(super) every: usize,
    /// How far each looks ahead.
    pub(super) horizon: usize,
}

impl Origins {
    /// One origin, at the end of so many values.
    pub(super) fn end(count: usize, horizon: usize) -> Self {
        Self { from: count, every: 1, horizon }
    }

    /// Whether there is an origin after so many values.
    pub(super) fn at(&self, seen: usize) -> bool {
        seen >= self.from && (seen - self.from).is_multiple_of(self.every)
    }
}

/// A fitted model, which can be replayed: shown the values again from the start, parameters as they are.
pub(super) trait Model {
    /// Walks over the values and adds the path ahead of each origin to `paths`: `horizon` values for each.
    fn replay(&self, values: &[f64], origins: Origins, paths: &mut Vec<f64>);
}
