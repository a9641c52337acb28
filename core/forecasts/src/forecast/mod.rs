//! Forecasts of a regular series, with intervals and the back-test that earned them.
//!
//! Several families of models are fitted: exponential smoothing, the dynamic optimised theta model, autoregressions, and
//! where there may be a season those that look at the last one. Seasons are taken out beforehand, added or as a factor,
//! where they pass a test and did better at earlier origins. The models are combined by what each missed at rolling
//! origins; a naive forecast that has been better all along is taken instead. Nothing is random, nothing depends on the
//! machine: exponentials and logarithms come from `libm`.
//!
//! * [`Outlook::of`] – the forecast of one series
//! * [`forecast_series`] – the same as part of the document `headroom/forecast/1`
//! * [`AdaptiveInterval`] – intervals that learn from what came, for running use; [`Earlier`] holds the forecasts to learn from
//!
//! Figures are scale-free, so what is known of the future (a release, an event) is divided out of the history and
//! multiplied back into the steps ([`ReleaseEffects`]).

mod adaptive;
mod autoregression;
mod backtest;
mod calm;
mod document;
mod earlier;
mod effects;
mod figure;
mod foreseen;
mod interval;
mod model;
mod naive;
mod optimise;
mod outlook;
mod pool;
mod question;
mod rolling;
mod seasonal;
mod smoothing;
mod theta;
mod trial;

pub use adaptive::{AdaptiveInterval, EarlierShown};
pub use backtest::{Backtest, Errors};
pub use document::{
    Asked, BacktestShown, ErrorsShown, ForecastPoint, Forecasts, HistoryPoint, MemberShare, Refused, SeasonShown,
    SeriesForecast, forecasts_csv,
};
pub use earlier::Earlier;
pub use effects::{ChangeAhead, ChangePart, KnownRelease, RecordShown, ReleaseEffects, ReleaseShown};
pub use figure::{Figure, Ratio};
pub use foreseen::{Foreseen, forecast_along, forecast_one, forecast_series, foresee};
pub use outlook::{Confidence, LEAST_REPLAYED, Outlook, SeasonForm, Step};
pub use question::{LEAST_VALUES, MOST_STEPS, Models, Question, Refusal};
pub use trial::{SumBacktest, bounds};

#[cfg(test)]
mod laws;
#[cfg(test)]
mod reference_tests;
