//! What a release does on the days after it.

use serde::{Deserialize, Serialize};

/// How an uplift comes about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// At once, to stay.
    #[default]
    Step,
    /// Evenly over so many days, to stay.
    Ramp,
    /// At once, and half of it is gone after so many days.
    Decay,
}

/// The course of an uplift.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Effect {
    /// How it comes about.
    pub shape: Shape,
    /// Days of a ramp, or the days after which half is gone; at least 1.
    pub days: u32,
}

impl Effect {
    /// The share of the uplift that holds so many days after the release, from 0 to 1; none before it.
    pub fn share(self, days_after: i32) -> f64 {
        if days_after < 0 {
            return 0.0;
        }
        let length = f64::from(self.days.max(1));
        match self.shape {
            Shape::Step => 1.0,
            Shape::Ramp => (f64::from(days_after + 1) / length).min(1.0),
            Shape::Decay => libm::exp2(-f64::from(days_after) / length),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uplifts_come_and_go() {
        let shares = |shape| [-1, 0, 1, 3, 4, 8].map(|day| Effect { shape, days: 4 }.share(day)).to_vec();
        assert_eq!(shares(Shape::Step), [0.0, 1.0, 1.0, 1.0, 1.0, 1.0]);
        assert_eq!(shares(Shape::Ramp), [0.0, 0.25, 0.5, 1.0, 1.0, 1.0]);
        let decay = shares(Shape::Decay);
        assert_eq!((decay[0], decay[1], decay[4], decay[5]), (0.0, 1.0, 0.5, 0.25));
    }
}
