//! Rows that stand in a bill day by day.

use std::fmt::Write as _;

use headroom_core::calendar::Date;
use serde_json::Value;

use crate::Outcome;

/// A bill under `header` with each row on every day from its first to its last, both included: in it `{day}` is the day,
/// `{next}` the day after, `{us}` the day as the United States write it. A row with `{hour}` in it stands there for every hour of
/// the day, from `{hour}` to `{until}`.
pub fn daily(header: &str, rows: &[Value]) -> Outcome<String> {
    let mut out = format!("{header}\n");
    for one in rows {
        let cell = |key: &str| one[key].as_str().ok_or_else(|| format!("a daily row needs `{key}`"));
        let date = |key: &str| -> Outcome<Date> { Ok(cell(key)?.parse().map_err(|_| "no such day")?) };
        let (row, mut day, last) = (cell("row")?, date("from")?, date("to")?);
        while day <= last {
            let next = day.plus_days(1).ok_or("days end")?;
            let us = format!("{:02}/{:02}/{}", day.month().number(), day.day(), day.month().year());
            let row = row.replace("{day}", &day.to_string()).replace("{next}", &next.to_string()).replace("{us}", &us);
            if row.contains("{hour}") {
                for hour in 0..24 {
                    let time = |day: Date, hour: i32| format!("{day}T{hour:02}:00:00Z");
                    let until = if hour == 23 { time(next, 0) } else { time(day, hour + 1) };
                    writeln!(out, "{}", row.replace("{hour}", &time(day, hour)).replace("{until}", &until))?;
                }
            } else {
                writeln!(out, "{row}")?;
            }
            day = next;
        }
    }
    Ok(out)
}
