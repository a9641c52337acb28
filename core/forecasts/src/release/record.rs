//! What came of promises, and what a new one is worth by it.

use super::declared::{Kind, Release, Releases};
use crate::calendar::Date;
use crate::regression::ridge;

/// How many releases of one's own what is declared counts as: with two of them behind, half of their bias is believed.
const PRIOR: f64 = 2.0;

/// What came of earlier releases beside what was declared.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record {
    /// Releases of which both are known.
    pub releases: usize,
    /// The mean of actual over declared; 1 where none is known.
    pub ratio: f64,
    /// What a new promise is multiplied by: that mean, drawn towards 1.
    pub correction: f64,
    /// What the ratios spread about the correction, summed in squares.
    squares: f64,
}

/// What is expected of a release's uplifts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Promise {
    /// What it adds to traffic, as a share.
    pub traffic: f64,
    /// What it adds to the use of each request, as a share.
    pub cost: f64,
    /// The standard deviation of both, as a share of them.
    pub spread: f64,
}

impl Record {
    /// The record of those releases of which it is known what came of them.
    ///
    /// The bias is a ridge regression of actual less declared on declared, each release weighted by the inverse square
    /// of what was declared: it is drawn towards none, as if two more releases had kept their promise.
    ///
    /// ```
    /// use headroom_forecasts::release::{Record, Releases};
    ///
    /// // Twice half of what was declared came.
    /// let text = "name,date,traffic_uplift_pct,actual_uplift_pct\na,2026-01-10,20,10\nb,2026-03-10,8,4\n";
    /// let record = Record::of(&Releases::parse(text).unwrap());
    /// assert_eq!((record.releases, record.ratio), (2, 0.5));
    /// assert!((record.correction - 0.75).abs() < 1e-9);
    /// ```
    pub fn of(releases: &Releases) -> Self {
        let known: Vec<(f64, f64)> = releases
            .iter()
            .filter(|release| release.kind == Kind::Release && !release.cancelled)
            .filter_map(|release| {
                let declared = if release.traffic == 0.0 { release.cost } else { release.traffic };
                release.actual.filter(|_| declared != 0.0).map(|actual| (declared, actual))
            })
            .collect();
        let columns = [known.iter().map(|(declared, _)| *declared).collect()];
        let left: Vec<f64> = known.iter().map(|(declared, actual)| actual - declared).collect();
        let weights: Vec<f64> = known.iter().map(|(declared, _)| 1.0 / (declared * declared)).collect();
        let bias = ridge(&columns, &left, &weights, PRIOR).map_or(0.0, |found| found[0]);
        let ratios = || known.iter().map(|(declared, actual)| actual / declared);
        // Nobody's releases do the opposite of what is promised for good.
        let correction = (1.0 + bias).max(0.0);
        Self {
            releases: known.len(),
            ratio: if known.is_empty() { 1.0 } else { ratios().sum::<f64>() / known.len() as f64 },
            correction,
            squares: ratios().map(|ratio| (ratio - correction) * (ratio - correction)).sum(),
        }
    }

    /// The record of those that were out by a day: nothing has come yet of later ones, whatever a table says.
    pub fn until(releases: &Releases, last: Date) -> Self {
        Self::of(&Releases::of(releases.iter().filter(|release| release.date <= last).cloned().collect()))
    }

    /// What is expected of a release. Its own confidence says how far it may be off, and counts as two releases beside
    /// those of the record. What is only supposed is taken as it is said; so is an event, as sure as its confidence.
    pub fn promise(&self, release: &Release) -> Promise {
        if release.supposed {
            return Promise { traffic: release.traffic, cost: release.cost, spread: 0.0 };
        }
        if release.kind == Kind::Event {
            return Promise { traffic: release.traffic, cost: release.cost, spread: 1.0 - release.confidence };
        }
        let own = (1.0 - release.confidence) * (1.0 - release.confidence);
        let spread = ((PRIOR * own + self.squares) / (PRIOR + self.releases as f64)).sqrt();
        Promise {
            traffic: self.correction * release.traffic,
            cost: self.correction * release.cost,
            spread: if self.correction > 0.0 { spread / self.correction } else { 0.0 },
        }
    }
}
