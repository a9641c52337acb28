//! Earlier forecasts, read back from the documents that Headroom wrote.

use serde_json::Value;

use crate::order::{BTreeMap, Order as _};
use crate::series::Stamp;

/// Earlier forecasts of series by name, the earliest first.
#[derive(Clone, Debug, Default)]
pub struct Earlier(BTreeMap<String, Vec<Issued>>);

/// One earlier forecast of a series.
#[derive(Clone, Debug)]
pub(super) struct Issued {
    /// The document it stands in.
    pub(super) document: String,
    /// The last point in time of its history.
    pub(super) last: Stamp,
    /// The steps ahead of it.
    pub(super) steps: Vec<IssuedStep>,
    /// How many values had been scored before it, and how many of them lay in the intervals of 80 and 95 %.
    pub(super) scored: usize,
    pub(super) inside: [usize; 2],
    /// How many times as wide its intervals of 80 and 95 % were taken.
    pub(super) widths: [f64; 2],
}

/// A step of an earlier forecast.
#[derive(Clone, Debug)]
pub(super) struct IssuedStep {
    pub(super) date: Stamp,
    pub(super) mean: f64,
    /// The intervals of 80 and 95 %.
    pub(super) bounds: [(f64, f64); 2],
}

impl Earlier {
    /// Adds the forecasts of a document `headroom/forecast/1`. Whatever else it says is passed over.
    ///
    /// # Errors
    /// What makes it no such document, or which of its forecasts was there already.
    pub fn add(&mut self, name: &str, document: &Value) -> Result<(), String> {
        match document["schema"].as_str() {
            Some("headroom/forecast/1") => {}
            Some(other) => return Err(format!("it is no forecast of series: its schema is `{other}`")),
            None => return Err("it is no forecast of series: it has no `schema`".to_owned()),
        }
        let series = document["series"].as_array().ok_or("it has no list `series`")?;
        for (place, one) in series.iter().enumerate() {
            let place = format!("series[{place}]");
            let of = one["name"].as_str().ok_or_else(|| format!("`{place}.name` is no text"))?;
            let Some(issued) = Issued::read(name, &place, one)? else { continue };
            let all = self.0.entry(of.to_owned()).or_default();
            if let Some(other) = all.iter().find(|other| other.last == issued.last) {
                let (last, other) = (issued.last, &other.document);
                return Err(format!("it holds a forecast of `{of}` from values to {last}, and so does `{other}`"));
            }
            all.push(issued);
            all.order_by(|a, b| a.last.cmp(&b.last));
        }
        Ok(())
    }

    /// Those of a series.
    pub(super) fn of(&self, series: &str) -> &[Issued] {
        self.0.get(series).map_or(&[], Vec::as_slice)
    }
}

impl Issued {
    /// Of a series in a document; `None` where that has no history.
    fn read(document: &str, place: &str, series: &Value) -> Result<Option<Self>, String> {
        let points = |name: &str| series[name].as_array().ok_or_else(|| format!("`{place}.{name}` is no list"));
        let Some(last) = points("history")?.last() else { return Ok(None) };
        let last = date(&last["date"]).ok_or_else(|| format!("the last date of `{place}.history` is none"))?;
        let mut before = last;
        let mut steps = Vec::new();
        for (at, point) in points("forecast")?.iter().enumerate() {
            let place = format!("{place}.forecast[{at}]");
            let step = IssuedStep::read(point).ok_or_else(|| {
                format!("`{place}` has not a date and five figures, `lo95` the least and `hi95` the greatest")
            })?;
            if step.date <= before {
                return Err(format!("`{place}` does not come after what stands before it"));
            }
            before = step.date;
            steps.push(step);
        }
        let carried = &series["earlier"];
        let fault = || format!("`{place}.earlier` does not say how earlier forecasts did");
        let (scored, inside, widths) =
            if carried.is_null() { (0, [0; 2], [1.0; 2]) } else { carried_by(carried).ok_or_else(fault)? };
        Ok(Some(Self { document: document.to_owned(), last, steps, scored, inside, widths }))
    }
}

/// How many values had been scored, how many lay inside, and the widths, as a document carries them.
fn carried_by(earlier: &Value) -> Option<(usize, [usize; 2], [f64; 2])> {
    // Far more than any series has, and a number on every machine.
    let believed = |count: &u64| *count < 1 << 31;
    let count = |name: &str| earlier[name].as_u64().filter(believed).and_then(|count| usize::try_from(count).ok());
    let width = |name: &str| figure(&earlier[name]).filter(|width| (0.125..=8.0).contains(width));
    let scored = count("scored")?;
    let inside = [count("inside80")?, count("inside95")?];
    let widths = [width("width80")?, width("width95")?];
    (inside[0] <= inside[1] && inside[1] <= scored).then_some((scored, inside, widths))
}

impl IssuedStep {
    fn read(point: &Value) -> Option<Self> {
        let [lo95, lo80, mean, hi80, hi95] = ["lo95", "lo80", "mean", "hi80", "hi95"].map(|name| figure(&point[name]));
        let (lo95, lo80, mean, hi80, hi95) = (lo95?, lo80?, mean?, hi80?, hi95?);
        let ordered = lo95 <= lo80 && lo80 <= mean && mean <= hi80 && hi80 <= hi95;
        let date = date(&point["date"])?;
        ordered.then_some(Self { date, mean, bounds: [(lo80, hi80), (lo95, hi95)] })
    }
}

fn date(value: &Value) -> Option<Stamp> {
    value.as_str().and_then(Stamp::parse)
}

fn figure(value: &Value) -> Option<f64> {
    value.as_str()?.parse().ok().filter(|figure: &f64| figure.is_finite())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::forecast::{Asked, Forecasts, Models, forecast_one};
    use crate::series::{Series, Step};

    fn document() -> Value {
        let series = Series {
            name: "cost".to_owned(),
            first: Stamp::parse("2024-01").unwrap(),
            step: Step::Months { count: 1, day: 0 },
            values: (0..30).map(|at| Some(100.0 + f64::from(at * at % 7))).collect(),
        };
        let one = forecast_one("cost", Ok(&series), &Asked::default(), None, None);
        serde_json::to_value(Forecasts::new(Models::Full, vec![one])).unwrap()
    }

    #[test]
    fn what_was_written_is_read() {
        let mut earlier = Earlier::default();
        earlier.add("a.json", &document()).unwrap();
        let [issued] = earlier.of("cost") else { panic!("{earlier:?}") };
        assert_eq!((issued.last.to_string().as_str(), issued.steps.len()), ("2026-06", 12));
        assert!(earlier.of("other").is_empty());
        assert_eq!(
            earlier.add("b.json", &document()).unwrap_err(),
            "it holds a forecast of `cost` from values to 2026-06, and so does `a.json`"
        );
    }

    #[test]
    fn a_forecast_of_hours_is_read_and_scored_by_those_that_came() {
        let hours = |count: i32| Series {
            name: "load".to_owned(),
            first: Stamp::parse("2026-05-01T05:00").unwrap(),
            step: Step::Seconds(3600),
            values: (0..count).map(|at| Some(100.0 + f64::from(at % 24))).collect(),
        };
        let written = |series: &Series, earlier: Option<&Earlier>| {
            let one = forecast_one("load", Ok(series), &Asked::default(), None, earlier);
            serde_json::to_value(Forecasts::new(Models::Full, vec![one])).unwrap()
        };
        let mut earlier = Earlier::default();
        // Values to 23:00, to midnight, and from there on; the list is of the earliest first.
        for (name, count) in [("c.json", 117), ("b.json", 116), ("a.json", 115)] {
            earlier.add(name, &written(&hours(count), None)).unwrap();
        }
        let lasts: Vec<String> = earlier.of("load").iter().map(|issued| issued.last.to_string()).collect();
        assert_eq!(lasts, ["2026-05-05T23:00:00Z", "2026-05-06", "2026-05-06T01:00:00Z"]);
        let later = written(&hours(140), Some(&earlier));
        assert_eq!(later["series"][0]["earlier"]["forecasts"], 3);
        assert_eq!(later["series"][0]["earlier"]["scored"], 25);
    }

    #[test]
    fn what_is_no_such_forecast_is_refused() {
        for (pointer, value) in [
            ("/schema", json!("headroom/cost-forecast/1")),
            ("/schema", json!(null)),
            ("/series", json!({})),
            ("/series/0/name", json!(7)),
            ("/series/0/history", json!("none")),
            ("/series/0/history/29/date", json!("May")),
            ("/series/0/forecast/1/date", json!("2026-07")),
            ("/series/0/forecast/0/mean", json!(100)),
            ("/series/0/forecast/0/mean", json!("nan")),
            ("/series/0/forecast/0/hi80", json!("1")),
            ("/series/0/earlier", json!({ "scored": 2 })),
            ("/series/0/earlier", json!({ "scored": 2, "inside80": 3, "inside95": 3, "width80": "1", "width95": "1" })),
            (
                "/series/0/earlier",
                json!({ "scored": 2, "inside80": 1, "inside95": 2, "width80": "1e9", "width95": "1" }),
            ),
        ] {
            let mut document = document();
            document["series"][0]["earlier"] = json!(null);
            *document.pointer_mut(pointer).unwrap() = value;
            assert!(Earlier::default().add("a.json", &document).is_err(), "{pointer}");
        }
    }
}
