//! The models that are combined, fitted to what has been seen up to one origin.

use super::autoregression::{Autoregression, Of};
use super::calm::calm;
use super::model::{Model, Origins};
use super::naive::Naive;
use super::seasonal::SeasonalAutoregression;
use super::smoothing::{Averaged, Smoothing, Trend};
use super::theta::DynamicTheta;
use crate::series::{Form, LEAST_CYCLES, Season};

/// Most values that season indices are estimated from.
pub(super) const MOST_HISTORY: usize = 2000;

/// Steps from which on a season has many.
pub(super) const MANY_STEPS: usize = 24;

/// Most values that models are fitted to: what lies further back says little about where a series goes from here.
const MOST_FITTED: usize = 600;

/// A way to take seasons out before models are fitted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Variant {
    /// How the season meets the rest; `None` for no season.
    pub(super) form: Option<Form>,
    /// The periods, shortest first.
    pub(super) periods: Vec<usize>,
}

impl Variant {
    /// The season of this variant in some values; `None` where it is to have one and none shows.
    pub(super) fn season(&self, values: &[f64]) -> Option<Season> {
        let Some(form) = self.form else { return Some(Season::none()) };
        if form == Form::Multiplicative && values.iter().any(|value| *value <= 0.0) {
            return None;
        }
        let season = Season::find(values, &self.periods, form);
        (season.periods().count() == self.periods.len()).then_some(season)
    }
}

/// The families of models.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    /// Exponential smoothing, its three kinds of trend weighted by Akaike's criterion.
    Smoothing,
    /// Exponential smoothing with a damped trend.
    Damped,
    /// The dynamic optimised theta model.
    Theta,
    /// Autoregression of values or of differences.
    Autoregression,
    /// Autoregression that returns to a mean; only a long history can tell that a series does.
    Reverting,
    /// Autoregression on the values one season ago, season and all.
    Seasonal,
    /// The same of the values without their average season, for seasons of many steps: what is left of them is learned
    /// from the last one, as Card does for hourly series (Doornik, Castle and Hendry 2020).
    Calibrated,
    /// The last season again.
    Naive,
}

impl Family {
    /// What it counts before any evidence. Theta is the best single model of the M3 competition's monthly series, on
    /// which this was chosen.
    pub(super) fn prior(self) -> f64 {
        if self == Self::Theta { 2.0 } else { 1.0 }
    }

    /// The word that documents use.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Smoothing => "exponential_smoothing",
            Self::Damped => "damped_trend",
            Self::Theta => "dynamic_theta",
            Self::Autoregression => "autoregression",
            Self::Reverting => "mean_reversion",
            Self::Seasonal => "seasonal_autoregression",
            Self::Calibrated => "calibrated_autoregression",
            Self::Naive => "naive",
        }
    }

    /// Whether it is fitted to the values as they are, season and all.
    pub(super) fn sees_season(self) -> bool {
        matches!(self, Self::Seasonal | Self::Naive)
    }
}

/// Values without their season, as the models see them.
#[derive(Clone, Debug)]
pub(super) struct Adjusted {
    /// The season taken out.
    pub(super) season: Season,
    /// What is left, the last [`MOST_FITTED`] of it, [`calm`].
    pub(super) values: Vec<f64>,
    /// The position of the first of them in the season.
    pub(super) offset: usize,
}

impl Adjusted {
    /// Takes a season out of values.
    pub(super) fn new(values: &[f64], season: Season) -> Self {
        let offset = values.len().saturating_sub(MOST_FITTED);
        let left: Vec<f64> = season.without(values).skip(offset).collect();
        let left = calm(&left).into_owned();
        Self { season, values: left, offset }
    }

    /// Puts the season back into a path that begins after so many of the values.
    pub(super) fn restore(&self, seen: usize, path: &mut [f64]) {
        if !self.season.is_none() {
            self.season.put_into(self.offset + seen, path);
        }
    }
}

/// A fitted model of any family.
#[derive(Clone, Debug)]
pub(super) enum Fitted {
    /// Of the family of that name.
    Smoothing(Averaged),
    /// Of the family of that name.
    Damped(Smoothing),
    /// Of the family of that name.
    Theta(DynamicTheta),
    /// Of the two families of autoregressions.
    Autoregression(Autoregression),
    /// Of the two seasonal families.
    Seasonal(SeasonalAutoregression),
    /// Of the family of that name.
    Naive(Naive),
}

impl Fitted {
    /// Fits a model of a family; `near` is one fitted to fewer values. `None` where there are too few.
    pub(super) fn fit(family: Family, values: &[f64], periods: &[usize], near: Option<&Self>) -> Option<Self> {
        Some(match family {
            Family::Smoothing => {
                let near = if let Some(Self::Smoothing(near)) = near { Some(near) } else { None };
                Self::Smoothing(Averaged::fit(values, near))
            }
            Family::Damped => {
                let near = if let Some(Self::Damped(near)) = near { Some(near) } else { None };
                Self::Damped(Smoothing::fit(values, Trend::Damped, near))
            }
            Family::Theta => Self::Theta(DynamicTheta::fit(values)),
            Family::Autoregression => Self::Autoregression(Autoregression::fit(values, Of::Either)?),
            Family::Reverting => Self::Autoregression(Autoregression::fit(values, Of::Values)?),
            Family::Seasonal | Family::Calibrated => {
                let seen = periods.iter().copied();
                let seen = seen.filter(|period| values.len().min(MOST_FITTED) >= LEAST_CYCLES * period);
                Self::Seasonal(SeasonalAutoregression::fit(values, &seen.collect::<Vec<_>>())?)
            }
            Family::Naive => Self::Naive(Naive::fit(values, periods)),
        })
    }

    /// Walks over the values as [`Model::replay`] does.
    pub(super) fn replay(&self, values: &[f64], origins: Origins, paths: &mut Vec<f64>) {
        match self {
            Self::Smoothing(model) => model.replay(values, origins, paths),
            Self::Damped(model) => model.replay(values, origins, paths),
            Self::Theta(model) => model.replay(values, origins, paths),
            Self::Autoregression(model) => model.replay(values, origins, paths),
            Self::Seasonal(model) => model.replay(values, origins, paths),
            Self::Naive(model) => model.replay(values, origins, paths),
        }
    }

    /// The path ahead of all values.
    pub(super) fn ahead(&self, values: &[f64], horizon: usize) -> Vec<f64> {
        let mut path = Vec::with_capacity(horizon);
        self.replay(values, Origins::end(values.len(), horizon), &mut path);
        path
    }
}
