//! Releases and events from CSV text.

use super::declared::{Kind, Release, Releases};
use super::effect::{Effect, Shape};
use crate::calendar::Date;
use crate::table::{Layout, Row, TableFault};

const RELEASES: Layout<10> = Layout {
    columns: [
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
    ],
    needed: 2,
    hint: "write the header `name,date,service,traffic_uplift_pct,cost_uplift_pct,confidence,date_slip_days`, and if wanted `actual_uplift_pct,shape,shape_days`",
};

const EVENTS: Layout<9> = Layout {
    columns: ["name", "date", "uplift_pct", "scope", "status", "confidence", "date_slip_days", "shape", "shape_days"],
    needed: 3,
    hint: "write the header `date,name,scope,uplift_pct,status`, and if wanted `confidence,date_slip_days,shape,shape_days`",
};

const PERCENT: &str = "write percent such as `20` or `-5`, from -95 to 1000; leave the cell empty for none";
const CONFIDENCE: &str = "write `low`, `medium` or `high`, or a number from 0 to 1";

/// How sure a release is that does not say so.
const USUAL_CONFIDENCE: f64 = 0.7;

/// How sure is what is confirmed, or of which the confidence is high.
const HIGH_CONFIDENCE: f64 = 0.9;

impl Releases {
    /// Reads releases. `name`, `date` and one of the uplifts have to be there; a release without a service is of every service.
    ///
    /// # Errors
    /// The first row that cannot be read, or that is there already.
    pub fn parse(text: &str) -> Result<Self, TableFault> {
        let mut releases: Vec<Release> = Vec::new();
        RELEASES.read(text, |row| {
            if !row.has(3) && !row.has(4) {
                let message = "there is neither a column `traffic_uplift_pct` nor `cost_uplift_pct`".to_owned();
                return Err(TableFault { line: Some(1), column: None, message, hint: RELEASES.hint });
            }
            let release = release(row)?;
            let same = |known: &&Release| (&known.name, &known.service) == (&release.name, &release.service);
            if let Some(known) = releases.iter().find(same) {
                let message = format!("`{}` is there already, on {}", known.name, known.date);
                return Err(row.fault(0, message, "give each release of a service a name of its own"));
            }
            releases.push(release);
            Ok(())
        })?;
        Ok(Self::of(releases))
    }

    /// Reads events. `name`, `date` and `uplift_pct` have to be there; an event without a scope is of everything. Its status
    /// is `planned` where none is said, `confirmed`, `observed` (the uplift is what came of it) or `cancelled`.
    ///
    /// ```
    /// use headroom_forecasts::release::Releases;
    ///
    /// let text = "date,name,scope,uplift_pct,status\n2026-11-27,Sale,squad=checkout,40,confirmed\n";
    /// let events = Releases::parse_events(text).unwrap();
    /// assert_eq!(events.iter().next().unwrap().cost, 0.4);
    /// ```
    ///
    /// # Errors
    /// The first row that cannot be read, or that is there already.
    pub fn parse_events(text: &str) -> Result<Self, TableFault> {
        let mut events: Vec<Release> = Vec::new();
        EVENTS.read(text, |row| {
            let event = event(row)?;
            let key = |event: &Release| (event.name.clone(), event.service.clone(), event.date);
            if events.iter().any(|known| key(known) == key(&event)) {
                let message = format!("`{}` is there already, on {}", event.name, event.date);
                return Err(row.fault(0, message, "give each event of a day a name of its own"));
            }
            events.push(event);
            Ok(())
        })?;
        Ok(Self::of(events))
    }
}

fn release(row: Row<'_, 10>) -> Result<Release, TableFault> {
    Ok(Release {
        kind: Kind::Release,
        name: name(row, 0)?,
        date: date(row, 1)?,
        service: scope(row, 2),
        traffic: percent(row, 3)?.unwrap_or_default(),
        cost: percent(row, 4)?.unwrap_or_default(),
        confidence: confidence(row, 5)?.unwrap_or(USUAL_CONFIDENCE),
        slip_days: days(row, 6, 0)?,
        actual: percent(row, 7)?,
        effect: effect(row, 8)?,
        supposed: false,
        cancelled: false,
    })
}

fn event(row: Row<'_, 9>) -> Result<Release, TableFault> {
    let Some(uplift) = percent(row, 2)? else {
        return Err(row.fault(2, "the event states no uplift".to_owned(), "write percent, or leave the event out"));
    };
    let status = row.cell(4);
    let by_status = match status {
        "" | "planned" | "observed" | "cancelled" => USUAL_CONFIDENCE,
        "confirmed" => HIGH_CONFIDENCE,
        text => {
            let hint = "write `planned`, `confirmed`, `observed` or `cancelled`";
            return Err(row.fault(4, format!("`{text}` is no status"), hint));
        }
    };
    Ok(Release {
        kind: Kind::Event,
        name: name(row, 0)?,
        date: date(row, 1)?,
        service: scope(row, 3).filter(|scope| scope != "total"),
        traffic: 0.0,
        cost: uplift,
        confidence: confidence(row, 5)?.unwrap_or(by_status),
        slip_days: days(row, 6, 0)?,
        actual: (status == "observed").then_some(uplift),
        effect: effect(row, 7)?,
        supposed: false,
        cancelled: status == "cancelled",
    })
}

fn name<const N: usize>(row: Row<'_, N>, column: usize) -> Result<String, TableFault> {
    match row.cell(column) {
        "" => Err(row.fault(column, "the row has no name".to_owned(), "give it a name")),
        name => Ok(name.to_owned()),
    }
}

fn date<const N: usize>(row: Row<'_, N>, column: usize) -> Result<Date, TableFault> {
    let text = row.cell(column);
    text.parse().map_err(|_| row.fault(column, format!("`{text}` is not a date"), "write dates as `2026-07-01`"))
}

fn scope<const N: usize>(row: Row<'_, N>, column: usize) -> Option<String> {
    Some(row.cell(column)).filter(|name| !name.is_empty()).map(str::to_owned)
}

/// Percent as a share; `None` where the cell is empty.
fn percent<const N: usize>(row: Row<'_, N>, column: usize) -> Result<Option<f64>, TableFault> {
    match row.cell(column) {
        "" => Ok(None),
        text => match text.trim_end_matches('%').trim_end().parse::<f64>() {
            Ok(value) if (-95.0..=1000.0).contains(&value) => Ok(Some(value / 100.0)),
            _ => Err(row.fault(column, format!("`{text}` is no uplift in percent"), PERCENT)),
        },
    }
}

fn confidence<const N: usize>(row: Row<'_, N>, column: usize) -> Result<Option<f64>, TableFault> {
    Ok(match row.cell(column) {
        "" => None,
        "med" | "medium" => Some(USUAL_CONFIDENCE),
        "low" => Some(0.4),
        "high" => Some(HIGH_CONFIDENCE),
        text => match text.parse::<f64>() {
            Ok(value) if (0.0..=1.0).contains(&value) => Some(value),
            _ => return Err(row.fault(column, format!("`{text}` is no confidence"), CONFIDENCE)),
        },
    })
}

fn days<const N: usize>(row: Row<'_, N>, column: usize, usual: u32) -> Result<u32, TableFault> {
    match row.cell(column) {
        "" => Ok(usual),
        text => match text.parse::<u32>() {
            Ok(days) if days <= 3660 => Ok(days),
            _ => {
                let hint = "write a whole number of days, up to 3660";
                Err(row.fault(column, format!("`{text}` is no number of days"), hint))
            }
        },
    }
}

/// A shape and, in the next column, its days.
fn effect<const N: usize>(row: Row<'_, N>, column: usize) -> Result<Effect, TableFault> {
    let shape = match row.cell(column) {
        "" | "step" => Shape::Step,
        "ramp" => Shape::Ramp,
        "decay" => Shape::Decay,
        text => {
            return Err(row.fault(column, format!("`{text}` is no shape"), "write `step`, `ramp` or `decay`"));
        }
    };
    Ok(Effect { shape, days: days(row, column + 1, 14)?.max(1) })
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
    }

    #[test]
    fn events_are_read_and_their_faults_placed() {
        let header = "date,name,scope,uplift_pct,status\n";
        let read = |rows: &str| Releases::parse_events(&format!("{header}{rows}"));
        let events = read(
            "2026-11-27,Sale,total,40,confirmed\n2025-11-28,Sale,total,35,observed\n2026-12-01,Move,squad=data,-10%,\n",
        )
        .unwrap();
        let shown: Vec<_> =
            events.iter().map(|event| (event.service.as_deref(), event.cost, event.confidence, event.actual)).collect();
        assert_eq!(
            shown,
            [(Some("squad=data"), -0.1, 0.7, None), (None, 0.35, 0.7, Some(0.35)), (None, 0.4, 0.9, None)]
        );
        for (row, column) in [
            ("2026-11-27,,total,40,", "name"),
            ("soon,Sale,total,40,", "date"),
            ("2026-11-27,Sale,total,,", "uplift_pct"),
            ("2026-11-27,Sale,total,-96,", "uplift_pct"),
            ("2026-11-27,Sale,total,40,maybe", "status"),
            ("2026-11-27,A,total,40,\n2026-11-27,A,total,41,", "name"),
        ] {
            assert_eq!(read(row).unwrap_err().column, Some(column), "{row}");
        }
        assert!(Releases::parse_events("date,name\n").unwrap_err().message.contains("`uplift_pct`"));
    }
}
