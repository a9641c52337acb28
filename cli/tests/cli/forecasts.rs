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
    let rows: String = (0..36)
        .map(|month| {
            let value = 100 + month + if month % 12 == 11 { 40 } else { 0 };
            format!("cost,{}-{:02},{value}\n", 2023 + month / 12, month % 12 + 1)
        })
        .collect();
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
fn many_series_are_drawn_where_all_is_asked_for() {
    let shown = run("forecast --series datasets/series.csv --models fast --full").shown();
    fits(&shown);
    assert_eq!(shown.matches("░ 80 % interval").count(), 4, "{shown}");
    assert!(!shown.contains("--full"), "{shown}");
}

#[test]
fn series_may_stand_in_several_tables() {
    let scratch = Scratch::new("several_tables");
    let rows = |name: &str| -> String { (1..=20).map(|day| format!("{name},2026-05-{day:02},{day}\n")).collect() };
    let table = |rows: String| format!("series,date,value\n{rows}");
    scratch
        .file("one.csv", table(rows("b")))
        .file("two.csv", table(rows("a")))
        .file("both.csv", table(rows("a") + &rows("b")));
    let shown = scratch.run("forecast --series one.csv --series two.csv").shown();
    assert_eq!(shown.matches("░ 80 % interval").count(), 2, "{shown}");
    let csv = scratch.run("forecast --series one.csv --series two.csv --format csv");
    assert_eq!(csv.stdout, scratch.run("forecast --series both.csv --format csv").stdout);
    let twice = scratch.run("forecast --series one.csv --series both.csv").shown();
    assert!(twice.contains("both.csv: it holds the series `b`, and so does one.csv"), "{twice}");
}

#[test]
fn intervals_learn_from_earlier_forecasts() {
    let scratch = Scratch::new("intervals_learn");
    let rows = |until: u32| -> String {
        let row = |day: u32| {
            format!("cost,2026-{:02}-{:02},{}\n", 3 + day / 30, day % 30 + 1, 100 + day * day % 7 + day / 40 * 9)
        };
        format!("series,date,value\n{}", (0..until).map(row).collect::<String>())
    };
    scratch.file("before.csv", rows(40)).file("now.csv", rows(54));
    assert_eq!(scratch.run("forecast --series before.csv --format json --output before.json").code, 0);
    let shown = scratch.run("forecast --series now.csv --earlier before.json").shown();
    fits(&shown);
    assert!(shown.contains("1 earlier forecast: of 14 values that came,"), "{shown}");
    // What it learned stands in the document, and goes on from there.
    scratch.run("forecast --series now.csv --earlier before.json --format json --output now.json");
    let again = scratch.run("forecast --series now.csv --earlier now.json --format csv");
    assert_eq!(again.stdout, scratch.run("forecast --series now.csv --earlier before.json --format csv").stdout);
    let plain = scratch.run("forecast --series now.csv --format csv");
    assert_ne!(again.stdout, plain.stdout);
    // One of a longer history says nothing of this one.
    let past = scratch.run("forecast --series before.csv --format csv").stdout;
    assert_eq!(past, scratch.run("forecast --series before.csv --earlier now.json --format csv").stdout);
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
fn three_months_together_are_in_every_form() {
    let scratch = Scratch::new("three_months_together");
    scratch.file("bill.csv", super::support::months(&[(1, "10"), (2, "10"), (3, "10"), (4, "10"), (5, "10")]));
    let csv = scratch.run("forecast bill.csv --as-of 2026-06-20 --format csv");
    assert!(csv.stdout.starts_with("currency,level,value,month,spent,"), "{}", csv.stdout);
    assert!(csv.stdout.contains("\nUSD,total,,2026-07/2026-09,,920,920,920,920,920,,,,44,low,0,,\n"), "{}", csv.stdout);
    assert!(csv.stdout.contains("\nUSD,total,,2026-06,,300,300,300,300,300,,,0,67,high,5,0,0\n"), "{}", csv.stdout);
    let shown = scratch.run("forecast bill.csv --as-of 2026-06-20").shown();
    fits(&shown);
    for part in [
        "2026-06     300.0  300.0 to 300.0  high    0.0 %  0.0 %",
        "next 3      920.0  920.0 to 920.0  low",
        "next 3: 2026-07 to 2026-09 together",
        "reaches as far as 2026-08, 2026-09 and the three",
    ] {
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
fn releases_stand_beside_what_would_be_without_them() {
    let scratch = Scratch::new("releases_stand_beside");
    let days: String = (1..=31).map(|day| format!("shop.cost,2026-05-{day:02},100\n")).collect();
    scratch
        .file("series.csv", format!("series,date,value\n{days}"))
        .file(
            "releases.csv",
            "name,date,service,traffic_uplift_pct,confidence,date_slip_days,actual_uplift_pct\n\
             Gift cards,2026-02-01,shop,20,high,0,10\nInstalments,2026-06-05,shop,30,low,4,\nOther,2026-06-05,blog,30,,,\n",
        )
        .file("events.csv", "date,name,scope,uplift_pct,status\n2026-06-08,Sale,shop,40,cancelled\n");
    let asked = "forecast --series series.csv --horizon 14 --releases releases.csv --events events.csv";
    let shown = scratch.run(asked).shown();
    fits(&shown);
    for part in [
        "1 earlier release brought 50 % of what was declared; new ones are taken at 83 %.",
        "`Other` is of `blog`, and no series is named so",
        "`Sale` was called off",
        "without",
        "changes by 2026-06-14",
        "of the uncertainty",
        "organic",
        "Instalments, 2026-06-05 or up to 4 days later: +25 % traffic expected",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let csv = scratch.run(&format!("{asked} --format csv"));
    assert!(csv.stdout.starts_with("series,step,date,mean,lo80,hi80,lo95,hi95,model,mean_without\n"), "{}", csv.stdout);
    assert!(csv.stdout.contains(",2026-06-14,125.") && csv.stdout.contains(",combination,100\n"), "{}", csv.stdout);
    assert!(csv.stderr.contains("warning: `Sale` was called off"), "{}", csv.stderr);
}

#[test]
fn releases_of_bills_are_told_of_everything_and_each_part() {
    let shown = run_with_release("2026-07-01 checkout traffic+20%");
    fits(&shown);
    for part in ["without", "changes by", "2026-07-01 checkout traffic+20%: +20 % traffic supposed"] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let unknown = run_with_release("2026-07-01 nobody traffic+20%");
    assert!(unknown.contains("the bills hold nothing of `nobody`"), "{unknown}");
}

#[test]
fn a_budget_is_shown_beside_releases_and_one_outside_is_named() {
    let scratch = Scratch::new("a_budget_beside_releases");
    scratch
        .file("bill.csv", super::support::months(RISING))
        .file("budgets.csv", "month,key,value\n2026-02,total,300\n2026-05,total,300\n2026-12,total,400\n")
        .file("events.csv", "date,name,scope,uplift_pct,status\n2026-05-08,Sale,,40,planned\n");
    let shown = scratch.run("forecast bill.csv --budgets budgets.csv --events events.csv --as-of 2026-05-20").shown();
    fits(&shown);
    for part in [
        "budget",
        "100 %",
        "`total` has a budget of 2026-02, which is over",
        "`total` has a budget of 2026-12, and months one by one are forecast to",
        "No figure of the three months: it has 89 days, and three months ahead end",
    ] {
        assert!(shown.replace("\n  ", " ").contains(part), "{part}: {shown}");
    }
}

#[test]
fn a_release_supposed_in_the_past_is_said_to_be_in_the_history() {
    let scratch = Scratch::new("supposed_in_the_past");
    let days: String = (1..=31).map(|day| format!("shop,2026-05-{day:02},{}\n", 100 + day % 3)).collect();
    scratch.file("series.csv", format!("series,date,value\n{days}"));
    let mut asked = super::support::command(scratch.path(), "forecast --series series.csv");
    asked.args(["--release", "2026-05-10 shop traffic+20%"]);
    let shown = super::support::Run::of(asked, b"").shown().replace("\n  ", " ");
    for part in
        ["what it did since 2026-05-10 is left in the history", " 2026-05-10 shop traffic+20%: +20 % traffic expected."]
    {
        assert!(shown.contains(part), "{part}: {shown}");
    }
}

#[test]
fn very_large_and_very_small_figures_fit() {
    let scratch = Scratch::new("sizes");
    for size in ["e-301", "e-8", "e-4", "e18", "e299"] {
        let rows: Vec<String> = (0..40)
            .map(|at| format!("s,2026-{:02}-{:02},{}.5{size}", at / 28 + 1, at % 28 + 1, at * at % 7 + 1))
            .collect();
        scratch.file("series.csv", format!("series,date,value\n{}\n", rows.join("\n")));
        let shown = scratch.run("forecast --series series.csv").shown();
        fits(&shown);
        // Both ends of the chart are labelled apart.
        let ends: Vec<&str> = shown.lines().filter(|line| line.contains('┤')).collect();
        let label = |line: &str| line.split('┤').next().map(|label| label.trim().to_owned());
        assert!(ends.len() == 2 && label(ends[0]) != label(ends[1]), "{shown}");
    }
}

#[test]
fn hours_of_another_zone_may_begin_before_midnight() {
    let scratch = Scratch::new("zone");
    let rows: Vec<String> = (0..72)
        .map(|at| format!("h,2026-03-{:02}T{:02}:00:00+02:00,{}", 30 + at / 24 - at / 48 * 31, at % 24, 50 + at % 24))
        .collect();
    let rows = rows.join("\n").replace("2026-03-01", "2026-04-01");
    scratch.file("hours.csv", format!("series,date,value\n{rows}\n"));
    let shown = scratch.run("forecast --series hours.csv").shown();
    fits(&shown);
    assert!(shown.contains("h: 72 values, 2026-03-29T22:00:00Z to 2026-04-01T21:00:00Z, one each hour"), "{shown}");
}

#[test]
fn bills_that_ended_long_ago_or_begin_later_are_told() {
    let scratch = Scratch::new("old_bills");
    scratch.file("bill.csv", super::support::months(&[(1, "10"), (2, "10"), (3, "10"), (4, "10"), (5, "10")]));
    let shown = scratch.run("forecast bill.csv --as-of 2026-07-20").shown();
    fits(&shown);
    assert!(shown.contains("Read with care: the days that every source covers end on 2026-05-31, 49 days"), "{shown}");
    let refused = scratch.run("forecast bill.csv --as-of 2025-12-31").shown();
    assert!(refused.contains("the bills begin on 2026-01-01, and no day of them lies before 2025-12-31"), "{refused}");
    assert!(refused.contains("ask as of a later day"), "{refused}");
}

#[test]
fn budgets_of_months_to_come_are_listed_and_a_negative_one_is_refused() {
    let scratch = Scratch::new("budgets_to_come");
    scratch
        .file("bill.csv", super::support::months(&[(1, "10"), (2, "10"), (3, "10"), (4, "10"), (5, "10")]))
        .file("budgets.csv", "month,key,value\n2026-08,service_name=Compute,300\n2026-07,total,400\n")
        .file("negative.csv", "month,key,value\n2026-08,total,300\n2026-09,total,-5\n");
    let shown = scratch.run("forecast bill.csv --budgets budgets.csv --as-of 2026-06-20").shown();
    fits(&shown);
    let (_, list) = shown.split_once("Budgets of months to come").expect(&shown);
    let rows: Vec<Vec<&str>> = list.lines().skip(2).take(2).map(|row| row.split_whitespace().collect()).collect();
    assert!(rows.iter().any(|row| row.contains(&"2026-08") && row.ends_with(&["310.0", "100", "%"])), "{shown}");
    assert!(rows.iter().any(|row| row.contains(&"2026-07") && row.contains(&"400")), "{shown}");
    assert!(shown.contains("The naive forecast missed 0.0 % of 2026-06"), "{shown}");
    let refused = scratch.run("forecast bill.csv --budgets negative.csv --as-of 2026-06-20").shown();
    assert!(refused.contains("negative.csv:3 (column `value`): `-5` is below 0"), "{refused}");
}

fn run_with_release(release: &str) -> String {
    let asked = "forecast datasets/bills --policy datasets/allocation.toml --as-of 2026-06-12 --models fast";
    let mut asked = super::support::command(&super::support::root(), asked);
    asked.args(["--release", release]);
    super::support::Run::of(asked, b"").shown()
}

#[test]
fn what_cannot_be_asked_is_said() {
    let scratch = Scratch::new("what_cannot_be_asked");
    scratch
        .file("series.csv", "series,date,value\na,2026-01,1\na,2026-02,x\n")
        .file("bill.csv", super::support::months(RISING))
        .file("events.csv", "date,name,scope,uplift_pct,status\n2026-06-08,Sale,shop,much,\n");
    for (command, part) in [
        ("forecast bill.csv --events events.csv", "events.csv:2 (column `uplift_pct`): `much` is no uplift in percent"),
        ("forecast bill.csv --releases events.csv", "neither a column `traffic_uplift_pct` nor `cost_uplift_pct`"),
        ("forecast bill.csv --measures traffic", "what series measure is said without series"),
        ("forecast bill.csv --earlier series.csv", "earlier forecasts are given without series"),
        ("forecast bill.csv --horizon 3", "a horizon is asked for without series"),
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

#[test]
fn series_given_as_a_bill_are_told_their_option() {
    let scratch = Scratch::new("series_as_a_bill");
    scratch.file("series.csv", "series,date,value\ncost,2026-01,1\ncost,2026-02,2\n");
    let ended = scratch.run("forecast series.csv");
    assert_eq!(ended.code, 2);
    assert!(ended.stderr.contains("hint: a table of series is given by `--series`"), "{}", ended.stderr);
}
