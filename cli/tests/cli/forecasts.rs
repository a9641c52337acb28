//! Forecasts of series and of bills, as a terminal shows them.

use super::support::{Scratch, run};

#[track_caller]
fn fits(shown: &str) {
    assert!(shown.lines().all(|line| line.chars().count() <= 80), "{shown}");
}

/// Two months of days that cost alike, and a third that costs more.
const RISING: &[(u8, &str)] = &[(2, "10"), (3, "10"), (4, "10")];

#[test]
fn one_series_has_a_page_with_a_chart() {
    let scratch = Scratch::new("one_series_has_a_page");
    let row = |month: i32| {
        let value = 100 + month + if month % 12 == 11 { 40 } else { 0 };
        format!("cost,{}-{:02},{value}\n", 2023 + month / 12, month % 12 + 1)
    };
    let rows = (0..36).map(row).collect::<Vec<_>>().concat();
    scratch.file("series.csv", format!("series,date,value\n{rows}"));
    let shown = scratch.run("forecast --series series.csv --horizon 6").shown();
    fits(&shown);
    for part in ["cost: 36 values, 2023-01 to 2025-12, one each month", "Tried from", "Confidence: ", "○", "2026-06"]
    {
        assert!(shown.contains(part), "{part}: {shown}");
    }
}

#[test]
fn many_series_have_a_line_each() {
    let shown = run("forecast --series datasets/series.csv --models fast").shown();
    fits(&shown);
    for part in ["Forecasts of 4 of 4 series", "checkout.requests", "payments.cost", "platform.cost", "storage.gib"] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
}

#[test]
fn threads_do_not_show() {
    let one = run("forecast --series datasets/series.csv --format csv --threads 1");
    let three = run("forecast --series datasets/series.csv --format csv --threads 3");
    assert_eq!(one.answer(), three.answer());
    assert!(one.answer().lines().count() > 80);
}

#[test]
fn bills_are_forecast_to_the_end_of_the_month_and_on() {
    let scratch = Scratch::new("bills_are_forecast");
    scratch
        .file("bill.csv", super::support::months(RISING))
        .file("budgets.csv", "month,key,value\n2026-05,total,300\n2026-06,total,400\n");
    let shown = scratch.run("forecast bill.csv --budgets budgets.csv --as-of 2026-05-20").shown();
    fits(&shown);
    // Ten a day, from the first of February to the last of April.
    for part in ["What cost will be, in USD", "2026-02-01 to 2026-04-30", "2026-05", "310.0", "By cloud service"] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
}

#[test]
fn the_sample_is_forecast_in_80_columns() {
    let shown = run("forecast datasets/bills --policy datasets/allocation.toml --as-of 2026-06-12").shown();
    fits(&shown);
    assert!(shown.contains("By squad") && shown.contains("Confidence:"), "{shown}");
}

#[test]
fn what_cannot_be_asked_is_said() {
    let scratch = Scratch::new("what_cannot_be_asked");
    scratch
        .file("series.csv", "series,date,value\na,2026-01,1\na,2026-02,x\n")
        .file("bill.csv", super::support::months(RISING));
    for (command, part) in [
        ("forecast --series series.csv", "series.csv:3 (column `value`): `x` is not a number"),
        ("forecast --series serie.csv", "did you mean `series.csv`?"),
        ("forecast --series series.csv bill.csv", "cannot be used with"),
        ("forecast --series series.csv --period weekly", "write `auto`, or steps"),
        ("forecast bill.csv --period 7", "a period is asked for without series"),
        ("forecast bill.csv --budgets series.csv", "there is no column `month`"),
    ] {
        let shown = scratch.run(command).shown();
        assert!(shown.contains(part), "{command}: {shown}");
    }
}
