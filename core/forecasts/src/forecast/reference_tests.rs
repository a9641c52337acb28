//! Named series against figures that other people's programs computed: `tests/data/forecast_reference.py`.

use approx::{assert_abs_diff_eq, assert_relative_eq};
use serde_json::Value;

use super::autoregression::{Autoregression, Of};
use super::model::{Model, Origins};
use super::smoothing::{Smoothing, Trend};
use super::theta::DynamicTheta;
use crate::series::{Form, Season};

fn reference() -> Value {
    serde_json::from_str(include_str!("../../../../tests/data/forecast_reference.json")).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

fn ahead(model: &impl Model, values: &[f64], horizon: usize) -> Vec<f64> {
    let mut path = Vec::new();
    model.replay(values, Origins::end(values.len(), horizon), &mut path);
    path
}

#[track_caller]
fn close(own: &[f64], theirs: &[f64], tolerance: f64) {
    assert_eq!(own.len(), theirs.len());
    for (own, theirs) in own.iter().zip(theirs) {
        assert_relative_eq!(own, theirs, max_relative = tolerance);
    }
}

#[test]
fn exponential_smoothing_is_as_statsmodels_has_it() {
    let reference = reference();
    for (series, values) in [("nile", "values"), ("air_passengers", "adjusted")] {
        let (theirs, values) = (&reference[series]["smoothing"], numbers(&reference[series][values]));
        for (kind, trend) in [("simple", Trend::None), ("linear", Trend::Linear), ("damped", Trend::Damped)] {
            let fit = Smoothing::fit(&values, trend, None);
            let sse = theirs[kind]["sse"].as_f64().unwrap();
            // Both search; ours may find a deeper valley, but none less deep.
            assert!(fit.sse <= sse * (1.0 + 1e-4), "{series} {kind}: {} {sse}", fit.sse);
            // Where it is the same valley, its floor is flat: parameters agree to the second digit, forecasts better.
            let same = fit.sse > sse * (1.0 - 1e-3);
            assert!(same || (series, kind) == ("nile", "damped"), "{series} {kind}");
            if same {
                assert_abs_diff_eq!(fit.alpha, theirs[kind]["alpha"].as_f64().unwrap(), epsilon = 0.02);
                close(&ahead(&fit, &values, 12), &numbers(&theirs[kind]["forecast"]), 5e-3);
            }
        }
    }
}

#[test]
fn the_theta_model_is_as_statsforecast_has_it() {
    let reference = reference();
    // Theirs stops at a looser tolerance; a trend of the passengers' size would show in the second digit.
    for (series, values, tolerance) in [("nile", "values", 0.01), ("air_passengers", "adjusted", 0.003)] {
        let values = numbers(&reference[series][values]);
        let fit = DynamicTheta::fit(&values);
        close(&ahead(&fit, &values, 12), &numbers(&reference[series]["theta"]), tolerance);
    }
}

#[test]
fn an_autoregression_is_as_statsmodels_has_it() {
    let reference = reference();
    let (theirs, values) = (&reference["nile"]["autoregression"], numbers(&reference["nile"]["values"]));
    let fit = Autoregression::fit(&values, Of::Values).unwrap();
    // The criterion takes the two lags that theirs was told; theirs begins at the third value, ours at the sixth.
    assert!(fit.lags[1] != 0.0 && fit.lags[2] == 0.0, "{fit:?}");
    let parameters = numbers(&theirs["parameters"]);
    assert_relative_eq!(fit.constant, parameters[0], max_relative = 0.05);
    assert_abs_diff_eq!(fit.lags[0], parameters[1], epsilon = 0.02);
    assert_abs_diff_eq!(fit.lags[1], parameters[2], epsilon = 0.02);
    close(&ahead(&fit, &values, 12), &numbers(&theirs["forecast"]), 0.01);
}

#[test]
fn the_season_is_the_classical_one_shrunk_a_little() {
    let reference = reference();
    let values = numbers(&reference["air_passengers"]["values"]);
    let season = Season::find(&values, &[12], Form::Multiplicative);
    for (own, theirs) in season.factors(0).zip(numbers(&reference["air_passengers"]["season"])) {
        let own = own - 1.0;
        assert_relative_eq!(own, theirs - 1.0, max_relative = 0.03);
        assert!(own.abs() < (theirs - 1.0).abs() * 1.02, "{own} {theirs}");
    }
}
