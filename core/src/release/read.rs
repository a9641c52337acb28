//! Releases from CSV text, and from a sentence.

use super::effect::{Effect, Shape};
use crate::calendar::Date;
use crate::order::Order as _;

/// A release, as it was declared.
#[derive(Clone, Debug, PartialEq)]
pub struct Release {
    /// Its name.
    pub name: String,
    /// The day it is out.
    pub date: Date,
    /// The service it is of; `None` for every service.
    pub service: Option<String>,
    /// What it adds to traffic, as a share: 0.2 for 20 %.
    pub traffic: f64,
    /// What it adds to the use of each request, as a share.
    pub cost: f64,
    /// How sure that is, from 0 to 1: the uplift that comes is off by a standard deviation of 1 less this, of itself.
    pub confidence: f64,
    /// How many days later it may come; every day from none to so many is as likely.
    pub slip_days: u32,
    /// What came of it, where that is known: of traffic, or of each request's use where no traffic was declared.
    pub actual: Option<f64>,
    /// How the uplift comes about.
    pub effect: Effect,
    /// Whether it is only supposed: such a one is taken as it is said, whatever came of others.
    pub supposed: bool,
}

/// Releases, by name and date.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Releases(Vec<Release>);

/// Why a table of releases cannot be read: line and column where there are any.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ReleasesFault {
    /// The line, from 1.
    pub line: Option<u64>,
    /// The column's name.
    pub column: Option<&'static str>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub hint: &'static str,
}

const COLUMNS: [&str; 10] = [
    "name",
    "date",
    "service",
    "traffic_uplift_pct",
    "cost_uplift_pct",
    "confidence",
    "date_slip_days",
    "actual_uplift_pct",
    "shape",
    "shape_days",
];
const LAYOUT: &str = "write the header `name,date,service,traffic_uplift_pct,cost_uplift_pct,confidence,date_slip_days`, and if wanted `actual_uplift_pct,shape,shape_days`";
const PERCENT: &str = "write percent such as `20` or `-5`, from -95 to 1000; leave the cell empty for none";
const CONFIDENCE: &str = "write `low`, `medium` or `high`, or a number from 0 to 1";

/// How sure a release is that does not say so.
const USUAL_CONFIDENCE: f64 = 0.7;

impl Releases {
    /// Reads releases. Only `name` and `date` have to be there; a release without a service is of every service.
    ///
    /// # Errors
    /// The first row that cannot be read, or that is there already.
    pub fn parse(text: &str) -> Result<Self, ReleasesFault> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
        let whole = |line, message: String| ReleasesFault { line, column: None, message, hint: LAYOUT };
        let of_csv = |error: &csv::Error| {
            let line = error.position().map(csv::Position::line);
            whole(line, "the row cannot be read as CSV, or has too many or few cells".to_owned())
        };
        let header = reader.headers().map_err(|error| of_csv(&error))?.clone();
        let places = COLUMNS.map(|name| header.iter().position(|column| column == name));
        for (name, place) in COLUMNS.iter().zip(places).take(2) {
            if place.is_none() {
                let header = header.iter().collect::<Vec<_>>().join(",");
                return Err(whole(Some(1), format!("there is no column `{name}`; the header is `{header}`")));
            }
        }
        let mut releases = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|error| of_csv(&error))?;
            let line = record.position().map(csv::Position::line);
            let cell = |column: usize| places[column].and_then(|place| record.get(place)).unwrap_or_default();
            let release = row(&cell).map_err(|(column, message, hint)| ReleasesFault {
                line,
                column: Some(COLUMNS[column]),
                message,
                hint,
            })?;
            let same = |known: &&Release| (&known.name, &known.service) == (&release.name, &release.service);
            if let Some(known) = releases.iter().find(same) {
                return Err(ReleasesFault {
                    line,
                    column: Some("name"),
                    message: format!("`{}` is there already, on {}", known.name, known.date),
                    hint: "give each release of a service a name of its own",
                });
            }
            releases.push(release);
        }
        Ok(Self::of(releases))
    }

    /// These releases.
    pub fn of(mut releases: Vec<Release>) -> Self {
        releases.order_by(|a, b| (&a.name, &a.service, a.date).cmp(&(&b.name, &b.service, b.date)));
        Self(releases)
    }

    /// All of them, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Release> {
        self.0.iter()
    }

    /// Those of a service, by name.
    pub fn of_service(&self, service: &str) -> Vec<&Release> {
        self.0.iter().filter(|release| release.service.as_deref().is_none_or(|named| named == service)).collect()
    }

    /// These and one more.
    #[must_use]
    pub fn with(self, more: impl IntoIterator<Item = Release>) -> Self {
        Self::of(self.0.into_iter().chain(more).collect())
    }
}

type CellFault = (usize, String, &'static str);

fn row<'c>(cell: &impl Fn(usize) -> &'c str) -> Result<Release, CellFault> {
    if cell(0).is_empty() {
        return Err((0, "the release has no name".to_owned(), LAYOUT));
    }
    let date =
        cell(1).parse().map_err(|_| (1, format!("`{}` is not a date", cell(1)), "write dates as `2026-07-01`"))?;
    let percent = |column: usize| match cell(column) {
        "" => Ok(None),
        text => match text.trim_end_matches('%').trim_end().parse::<f64>() {
            Ok(value) if (-95.0..=1000.0).contains(&value) => Ok(Some(value / 100.0)),
            _ => Err((column, format!("`{text}` is no uplift in percent"), PERCENT)),
        },
    };
    let confidence = match cell(5) {
        "" | "med" | "medium" => USUAL_CONFIDENCE,
        "low" => 0.4,
        "high" => 0.9,
        text => match text.parse::<f64>() {
            Ok(value) if (0.0..=1.0).contains(&value) => value,
            _ => return Err((5, format!("`{text}` is no confidence"), CONFIDENCE)),
        },
    };
    let days = |column: usize, usual: u32| match cell(column) {
        "" => Ok(usual),
        text => match text.parse::<u32>() {
            Ok(days) if days <= 3660 => Ok(days),
            _ => Err((column, format!("`{text}` is no number of days"), "write a whole number of days, up to 3660")),
        },
    };
    let shape = match cell(8) {
        "" | "step" => Shape::Step,
        "ramp" => Shape::Ramp,
        "decay" => Shape::Decay,
        text => return Err((8, format!("`{text}` is no shape"), "write `step`, `ramp` or `decay`")),
    };
    Ok(Release {
        name: cell(0).to_owned(),
        date,
        service: Some(cell(2)).filter(|name| !name.is_empty()).map(str::to_owned),
        traffic: percent(3)?.unwrap_or_default(),
        cost: percent(4)?.unwrap_or_default(),
        confidence,
        slip_days: days(6, 0)?,
        actual: percent(7)?,
        effect: Effect { shape, days: days(9, 14)?.max(1) },
        supposed: false,
    })
}

/// The text states no release.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` states no release")]
pub struct UnknownRelease(String);

impl UnknownRelease {
    /// What to write instead.
    pub fn hint(&self) -> &'static str {
        "write the day, the service and what changes, such as `2026-07-01 checkout traffic+20% cost-5%`"
    }
}

/// A release that is only supposed: `2026-07-01 checkout traffic+20%`, with `cost` for the use of each request; `*` is
/// every service.
///
/// ```
/// let release = headroom_core::release::what_if("2026-07-01 checkout traffic+20% cost-5%").unwrap();
/// assert_eq!((release.traffic, release.cost, release.service.as_deref()), (0.2, -0.05, Some("checkout")));
/// ```
///
/// # Errors
/// When it states anything else.
pub fn what_if(text: &str) -> Result<Release, UnknownRelease> {
    let unknown = || UnknownRelease(text.to_owned());
    let mut words = text.split_whitespace();
    let date = words.next().and_then(|word| word.parse().ok()).ok_or_else(unknown)?;
    let service = words.next().ok_or_else(unknown)?;
    let (mut traffic, mut cost) = (None, None);
    for word in words {
        let (slot, rest) = if let Some(rest) = word.strip_prefix("traffic") {
            (&mut traffic, rest)
        } else if let Some(rest) = word.strip_prefix("cost") {
            (&mut cost, rest)
        } else {
            return Err(unknown());
        };
        let signed = rest.starts_with(['+', '-']).then_some(rest).and_then(|rest| rest.strip_suffix('%'));
        let value: f64 = signed.and_then(|number| number.parse().ok()).ok_or_else(unknown)?;
        if !(-95.0..=1000.0).contains(&value) || slot.replace(value / 100.0).is_some() {
            return Err(unknown());
        }
    }
    if traffic.is_none() && cost.is_none() {
        return Err(unknown());
    }
    Ok(Release {
        name: text.split_whitespace().collect::<Vec<_>>().join(" "),
        date,
        service: Some(service).filter(|name| *name != "*").map(str::to_owned),
        traffic: traffic.unwrap_or_default(),
        cost: cost.unwrap_or_default(),
        confidence: 1.0,
        slip_days: 0,
        actual: None,
        effect: Effect::default(),
        supposed: true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "name,date,service,traffic_uplift_pct,cost_uplift_pct,confidence,date_slip_days\n";

    #[test]
    fn releases_are_read_in_any_order() {
        let read = |rows: &str| Releases::parse(&format!("{HEADER}{rows}")).unwrap();
        let one = read("b,2026-07-01,checkout,20,,high,7\na,2026-06-01,,5%,-3,,\n");
        assert_eq!(one, read("a,2026-06-01,,5,-3,0.7,0\nb,2026-07-01,checkout,20,0,0.9,7\n"));
        let first = one.iter().next().unwrap();
        assert_eq!((first.traffic, first.cost, first.confidence), (0.05, -0.03, 0.7));
        assert_eq!((one.of_service("search").len(), one.of_service("checkout").len()), (1, 2));
    }

    #[test]
    fn faults_name_their_place() {
        for (rows, line, column) in [
            ("a,July,checkout,1,,,\n", Some(2), Some("date")),
            ("a,2026-07-01,checkout,lots,,,\n", Some(2), Some("traffic_uplift_pct")),
            ("a,2026-07-01,checkout,1,-200,,\n", Some(2), Some("cost_uplift_pct")),
            ("a,2026-07-01,checkout,1,,sure,\n", Some(2), Some("confidence")),
            ("a,2026-07-01,checkout,1,,,-1\n", Some(2), Some("date_slip_days")),
            ("a,2026-07-01,x,1,,,\na,2026-08-01,x,1,,,\n", Some(3), Some("name")),
            ("a,2026-07-01\n", Some(2), None),
            (",2026-07-01,x,1,,,\n", Some(2), Some("name")),
        ] {
            let fault = Releases::parse(&format!("{HEADER}{rows}")).unwrap_err();
            assert_eq!((fault.line, fault.column), (line, column), "{rows}: {fault}");
        }
        assert_eq!(Releases::parse("a,b\n").unwrap_err().message, "there is no column `name`; the header is `a,b`");
        for text in [
            "",
            "2026-07-01",
            "2026-07-01 x",
            "soon x traffic+1%",
            "2026-07-01 x traffic+1",
            "2026-07-01 x load+1%",
            "2026-07-01 x traffic+1% traffic+2%",
        ] {
            assert!(what_if(text).is_err(), "{text}");
        }
    }
}
