//! What is said of months to come fits its schemas.

use std::fmt::Write as _;
use std::sync::Arc;

use serde_json::json;

use super::tests::{accepted, bills, days, memory, value};
use crate::allocation::Policy;
use crate::change::Explanations;
use crate::report::Request;

#[test]
fn forecasts_fit_theirs() {
    use crate::api::{ForecastInput, KnownInput, forecast};
    use crate::condition::document::Source;
    use crate::forecast::Asked;
    use crate::release::Measure;

    let mut text = "series,date,value\n".to_owned();
    for month in 0..40 {
        let date = format!("{}-{:02}", 2023 + month / 12, month % 12 + 1);
        let value = if month == 7 { String::new() } else { (100 + month + 20 * (month % 12)).to_string() };
        let _ = write!(text, "seasonal,{date},{value}\nzero,{date},0\n");
        if month < 5 {
            let _ = write!(text, "short,{date},1\nsparse,{}-01-01,1\n", 2000 + month * month);
        }
    }
    let releases = "name,date,service,traffic_uplift_pct,confidence,date_slip_days,actual_uplift_pct\n\
        early,2025-01-05,a,10,,,4\nsoon,2026-03-05,,20,low,9,\nother,2026-03-05,nobody,20,,,\n";
    let events = "date,name,scope,uplift_pct,status\n2026-02-05,sale,a,10,cancelled\n";
    let known = KnownInput {
        releases: Some(Source { name: "r.csv", text: releases }),
        events: Some(Source { name: "e.csv", text: events }),
        suppose: vec!["2026-02-01 * cost-5%"],
    };
    let input = ForecastInput {
        series: Source { name: "s.csv", text: &text },
        asked: Asked::default(),
        known,
        measures: Measure::Traffic,
        earlier: Vec::new(),
    };
    let before = serde_json::to_string(&forecast(&input).unwrap()).unwrap();
    // A month later one of them has come.
    let text = format!("{text}seasonal,2026-05,220\n");
    let earlier = vec![Source { name: "before.json", text: &before }];
    let input = ForecastInput { series: Source { name: "s.csv", text: &text }, earlier, ..input };
    let document = value(&forecast(&input).unwrap());
    assert!(accepted("forecast", &document), "{document:#}");
    let series = document["series"].as_array().unwrap();
    assert_eq!(series.iter().filter(|one| one["refused"].is_null()).count(), 2, "{document:#}");
    assert!(!series[0]["season"].is_null() && series[0]["history"][7]["filled"] == true);
    assert_eq!(document["warnings"].as_array().unwrap().len(), 3, "{document:#}");
    for (place, whole) in [("/series/0", &series[0]), ("/series/0/releases", &series[0]["releases"])] {
        // Only there where releases are given.
        for key in whole.as_object().unwrap().keys().filter(|key| *key != "releases" && *key != "earlier") {
            let mut less = document.clone();
            less.pointer_mut(place).unwrap().as_object_mut().unwrap().remove(key);
            assert!(!accepted("forecast", &less), "{key}");
        }
    }
    assert_eq!(series[0]["earlier"]["scored"], 1, "{document:#}");
    for (pointer, wrong) in [
        ("/series/0/earlier/width80", json!(1)),
        ("/series/0/earlier/scored", json!(null)),
        ("/series/0/forecast/0/replayed", json!("all")),
        ("/series/0/releases/change/parts/0/percent", json!("much")),
        ("/series/0/releases/known/0/kind", json!("rumour")),
        ("/record/correction", json!(80)),
        ("/series/0/forecast/0/mean", json!(1.5)),
        ("/series/0/forecast/0/hi80", json!("1e3")),
        ("/series/0/confidence", json!("certain")),
        ("/series/0/backtest/origins", json!(0)),
        ("/models", json!("best")),
    ] {
        let mut document = document.clone();
        *document.pointer_mut(pointer).unwrap() = wrong;
        assert!(!accepted("forecast", &document), "{pointer}");
    }
}

#[test]
fn forecasts_of_cost_fit_theirs() {
    use crate::release::{Releases, what_if};
    use crate::spending::{Ask, Budgets, expect};

    let budgets = Budgets::parse("month,key,value\n2026-05,total,100\n2026-05,squad=nobody,1\n").unwrap();
    let ask = Ask { budgets, ..Ask::default() };
    let policy = Arc::new(Policy::builtin());
    let months = ["2026-02", "2026-03", "2026-04"].map(|month| {
        let last = month.parse::<crate::calendar::Month>().unwrap().days();
        days(month, 1..=last, "2", "USD")
    });
    let rising = bills(&[months.concat(), days("2026-05", 1..=20, "5", "USD")]);
    for (name, bills) in [("a rise", rising), ("a few days", bills(&[days("2026-05", 1..=9, "3", "USD")]))] {
        let request = Request::new("2026-05-21".parse().unwrap());
        let forecasts = expect(&memory(&bills), &policy, &request, &ask).unwrap();
        let document = value(&forecasts[0]);
        assert!(accepted("cost-forecast", &document), "{name}: {document:#}");
        let total = &document["scopes"][0];
        if name == "a rise" {
            assert_eq!(total["early_warning"]["warns"], true, "{total:#}");
            assert_eq!(total["months"][0]["spent"], "100");
            assert_eq!(document["warnings"][0]["code"], "budget_of_nothing");
        } else {
            assert!(total["early_warning"].is_null() && !total["days"]["refused"].is_null(), "{total:#}");
        }
        for (place, whole) in [("", &document), ("/scopes/0", total)] {
            for key in whole.as_object().unwrap().keys() {
                let mut less = document.clone();
                less.pointer_mut(place).unwrap().as_object_mut().unwrap().remove(key);
                assert!(!accepted("cost-forecast", &less), "{key}");
            }
        }
        let releases = Some(Releases::default().with([what_if("2026-05-25 * traffic+20%").unwrap()]));
        let forecasts = expect(&memory(&bills), &policy, &request, &Ask { releases, ..ask.clone() }).unwrap();
        let document = value(&forecasts[0]);
        assert!(accepted("cost-forecast", &document), "{name}: {document:#}");
        assert!(name != "a rise" || document["scopes"][0]["months"][0]["without"]["expected"].is_string());
    }
}

#[test]
fn reports_with_early_warnings_fit_theirs() {
    let policy = Arc::new(Policy::builtin());
    let months = ["2026-03", "2026-04"].map(|month| {
        let last = month.parse::<crate::calendar::Month>().unwrap().days();
        days(month, 1..=last, "2", "USD")
    });
    let report = |bills: &[(String, String)], month: Option<&str>| {
        let mut request = Request::new("2026-05-21".parse().unwrap());
        request.month = month.map(|month| month.parse().unwrap());
        let reports = crate::api::report(&memory(bills), &policy, &Explanations::default(), &request).unwrap();
        value(&reports[0])
    };
    let rising = bills(&[months.concat(), days("2026-05", 1..=20, "5", "USD")]);
    let document = report(&rising, None);
    assert!(accepted("report", &document), "{document:#}");
    assert_eq!(document["early_warning"]["scopes"][0]["previous"], "60", "{document:#}");
    let mut wrong = document.clone();
    wrong["early_warning"]["scopes"][0]["probability"] = json!("likely");
    assert!(!accepted("report", &wrong));
    // Of months that are over, and in a report of an earlier one, nothing is said.
    assert!(report(&bills(&[months.concat()]), None).get("early_warning").is_none());
    assert!(report(&rising, Some("2026-03")).get("early_warning").is_none());
}

#[test]
fn capacity_fits_its_own() {
    use crate::api::{CapacityInput, capacity};
    use crate::condition::document::Source;

    fn source<'s>(name: &'s str, text: &'s str) -> Source<'s> {
        Source { name, text }
    }
    let capacities = include_str!("../../../datasets/capacity/capacity.csv");
    for more in ["", "cart,2,1,,,,,,,\n", "cart,2,,,,,,,,\n"] {
        let capacities = format!("{capacities}{more}");
        let document = capacity(&CapacityInput {
            traffic: source("t.csv", include_str!("../../../datasets/capacity/traffic.csv")),
            usage: source("u.csv", include_str!("../../../datasets/capacity/usage.csv")),
            capacity: source("c.csv", &capacities),
            releases: Some(source("r.csv", include_str!("../../../datasets/capacity/releases.csv"))),
            load_tests: Some(source("l.csv", include_str!("../../../datasets/capacity/load-tests.csv"))),
            suppose: vec!["2026-08-01 search traffic+90%"],
            question: crate::capacity::Question::default(),
        });
        let document = value(&document.unwrap());
        assert!(accepted("capacity", &document), "{document:#}");
        for key in document.as_object().unwrap().keys() {
            let mut less = document.clone();
            less.as_object_mut().unwrap().remove(key);
            assert!(!accepted("capacity", &less), "{key}");
        }
        let service = document["services"].as_array().unwrap().len() - 1;
        for (pointer, wrong) in
            [("limits/0/limit", json!("disk")), ("weeks/0/replicas_p50", json!("4")), ("peak", json!(4.5))]
        {
            let mut document = document.clone();
            *document.pointer_mut(&format!("/services/{service}/{pointer}")).unwrap() = wrong;
            assert!(!accepted("capacity", &document), "{pointer}");
        }
    }
}
