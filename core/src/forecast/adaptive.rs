//! Intervals that learn from what came.

/// An interval's coverage held at its target while forecasts and outcomes go on: after every outcome the level moves a
/// little, down when it lay outside and up when inside (adaptive conformal inference; Gibbs and Candès 2021). Long-run
/// coverage is the target whatever the series does.
///
/// ```
/// use headroom_core::forecast::AdaptiveInterval;
///
/// let mut interval = AdaptiveInterval::new(0.8, 0.02);
/// let before = interval.width(10.0);
/// interval.came(false);
/// assert!(interval.width(10.0) > before);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AdaptiveInterval {
    target: f64,
    rate: f64,
    level: f64,
}

impl AdaptiveInterval {
    /// For a target coverage (between 0 and 1; kept within 0.5 and 0.99) with a rate of learning (kept within 0 and
    /// 0.2; 0.005 to 0.05 are usual).
    pub fn new(target: f64, rate: f64) -> Self {
        let target = if target.is_finite() { target.clamp(0.5, 0.99) } else { 0.8 };
        let rate = if rate.is_finite() { rate.clamp(0.0, 0.2) } else { 0.0 };
        Self { target, rate, level: target }
    }

    /// An outcome came: whether it lay in the interval.
    pub fn came(&mut self, inside: bool) {
        let outside = if inside { 0.0 } else { 1.0 };
        self.level += self.rate * (outside - (1.0 - self.target));
    }

    /// How far the interval reaches, where `width` is how far it would at the target.
    pub fn width(&self, width: f64) -> f64 {
        // Beyond these levels the normal distribution says nothing useful; the level itself goes on moving.
        width * normal_quantile(self.level.clamp(0.05, 0.9999)) / normal_quantile(self.target)
    }
}

/// How many deviations from its mean so much of the normal distribution lies, both sides together: by bisection of the
/// error function.
fn normal_quantile(share: f64) -> f64 {
    let (mut low, mut high) = (0.0, 8.0);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if libm::erf(middle / std::f64::consts::SQRT_2) < share {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_normal_distribution_is_known() {
        assert!((normal_quantile(0.8) - 1.281_551_565_544_600_4).abs() < 1e-12);
        assert!((normal_quantile(0.95) - 1.959_963_984_540_054).abs() < 1e-12);
    }

    #[test]
    fn coverage_comes_back_to_its_target_when_errors_double() {
        let mut interval = AdaptiveInterval::new(0.8, 0.02);
        let (mut state, mut inside) = (1_u64, 0.0);
        for step in 0..8000 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let error = 2.5 * ((state >> 11) as f64 / 9_007_199_254_740_992.0);
            let covered = error <= interval.width(1.0);
            if step >= 4000 {
                inside += f64::from(u8::from(covered));
            }
            interval.came(covered);
        }
        assert!((inside / 4000.0 - 0.8).abs() < 0.02, "{inside}");
    }
}
