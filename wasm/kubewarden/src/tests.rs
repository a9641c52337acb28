use serde_json::{Value, json};

use super::call;

fn settings(more: &Value) -> Value {
    let gates = json!({"schema": "headroom/gate/1", "gate": [
        {"id": "squad", "require": [{"input": "metadata.labels.squad", "present": true}], "effect": "deny",
         "waivable": true, "message": "label the squad"},
        {"id": "room", "require": [{"input": "spec.replicas", "at_most": 3}], "effect": "warn", "message": "fewer replicas"},
    ]});
    let mut settings = json!({"gates": [{"name": "gates.json", "document": gates}]});
    settings.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    settings
}

fn validate(object: &Value, settings: &Value) -> Value {
    let request = json!({"request": {"uid": "1", "operation": "CREATE", "object": object}, "settings": settings});
    serde_json::from_str(&call("validate", &request.to_string()).unwrap()).unwrap()
}

#[test]
fn denials_have_reasons_and_warnings_are_warnings() {
    let object =
        |squad: Value, replicas: u8| json!({"metadata": {"labels": {"squad": squad}}, "spec": {"replicas": replicas}});
    let settings = settings(&json!({}));
    assert_eq!(validate(&object(json!("search"), 2), &settings), json!({"accepted": true}));
    let warned = validate(&object(json!("search"), 4), &settings);
    assert_eq!(warned["accepted"], true);
    assert!(warned["warnings"][0].as_str().unwrap().starts_with("room: fewer replicas (required: "), "{warned}");
    let refused = validate(&object(json!(null), 4), &settings);
    assert_eq!(refused["accepted"], false);
    assert!(refused["message"].as_str().unwrap().starts_with("squad: label the squad"), "{refused}");
    assert_eq!(refused["warnings"].as_array().unwrap().len(), 1);
    for nothing in [json!(null), json!([]), json!("x")] {
        assert_eq!(validate(&nothing, &settings)["accepted"], false, "{nothing}");
    }
}

fn waiver(id: &str) -> Value {
    json!({"id": id, "gate": "squad", "reason": "moves next week", "approved_by": "platform",
        "granted": "2026-05-01", "expires": "2026-05-31"})
}

#[test]
fn only_settings_waive() {
    let waivers = json!([waiver("W1")]);
    let object = json!({"metadata": {}, "spec": {"replicas": 1}});
    let day = |day: &str| settings(&json!({"as_of": day, "waivers": waivers}));
    let waived = validate(&object, &day("2026-05-31"));
    assert_eq!(waived["accepted"], true);
    let warning = waived["warnings"][0].as_str().unwrap();
    assert!(warning.starts_with("waived by `W1` until 2026-05-31: squad: label the squad"), "{waived}");
    assert_eq!(validate(&object, &day("2026-06-01"))["accepted"], false);
    let mut waiving = object.clone();
    waiving["waivers"] = waivers.clone();
    for settings in [settings(&json!({"as_of": "2026-05-31"})), day("2026-05-31")] {
        let refused = validate(&waiving, &settings);
        assert!(refused["message"].as_str().unwrap().contains("may not waive"), "{refused}");
    }
    waiving["waivers"] = json!(null);
    assert_eq!(validate(&waiving, &day("2026-05-31"))["accepted"], true);
    assert_eq!(validate(&json!({}), &day("2026-05-31"))["accepted"], true);
}

#[test]
fn what_the_cluster_wrote_later_counts() {
    let late = settings(&json!({"as_of": "2026-05-20", "waivers": [waiver("W1")]}));
    let object = |metadata: Value| json!({"metadata": metadata, "spec": {"replicas": 1}});
    for (metadata, accepted) in [
        (json!({}), true),
        (json!({"creationTimestamp": "2026-05-31T23:59:59Z", "managedFields": [{}, {"time": null}]}), true),
        (json!({"creationTimestamp": "2026-06-01T00:00:00Z"}), false),
        (
            json!({"creationTimestamp": "2026-05-01T00:00:00Z", "managedFields": [{"time": "2026-06-01T10:00:00Z"}]}),
            false,
        ),
    ] {
        let answer = validate(&object(metadata), &late);
        assert_eq!(answer["accepted"], accepted, "{answer}");
        let says = answer["warnings"].to_string();
        assert!(
            accepted || says.contains("by 2026-06-01, the day of the request: `as_of` of the settings, 2026-05-20"),
            "{says}"
        );
    }
    // A day that somebody wrote there himself lets no waiver begin.
    let early = settings(&json!({"as_of": "2026-04-20", "waivers": [waiver("W1")]}));
    let answer = validate(&object(json!({"creationTimestamp": "2026-05-20T00:00:00Z"})), &early);
    assert_eq!(answer["accepted"], false, "{answer}");
}

#[test]
fn what_is_being_deleted_is_let_go() {
    let dying = json!({"metadata": {"deletionTimestamp": "2026-05-20T00:00:00Z"}, "spec": {"replicas": 1}});
    let ask = |old: &Value| -> Value {
        let request = json!({"request": {"operation": "UPDATE", "object": dying, "oldObject": old}, "settings": settings(&json!({}))});
        serde_json::from_str(&call("validate", &request.to_string()).unwrap()).unwrap()
    };
    assert_eq!(ask(&dying), json!({"accepted": true}));
    // What the object says of itself is not believed.
    for old in [json!(null), json!({"metadata": {}}), json!({"metadata": {"deletionTimestamp": null}})] {
        assert_eq!(ask(&old)["accepted"], false, "{old}");
    }
}

#[test]
fn an_object_is_not_its_own_evidence() {
    for schema in ["headroom/report/1", "headroom/assessment-result/1"] {
        let object = json!({"schema": schema, "metadata": {"labels": {"squad": "x"}}, "spec": {"replicas": 1}});
        let refused = validate(&object, &settings(&json!({})));
        assert!(refused["message"].as_str().unwrap().contains("its own evidence"), "{refused}");
    }
    let other = json!({"schema": "1", "metadata": {"labels": {"squad": "x"}}, "spec": {"replicas": 1}});
    assert_eq!(validate(&other, &settings(&json!({}))), json!({"accepted": true}));
}

#[test]
fn gates_that_do_not_warn_say_nothing() {
    let gate = |effect: &str, unknown: &str| {
        json!({"gates": [{"name": "g.json", "document": {"schema": "headroom/gate/1", "gate": [
            {"id": "g", "require": [{"input": "a", "at_least": 1}], "effect": effect, "on_unknown": unknown, "message": "m"}]}}]})
    };
    for (effect, unknown, warnings) in
        [("deny", "allow", 0), ("dry_run", "deny", 0), ("warn", "deny", 1), ("deny", "warn", 1)]
    {
        let answer = validate(&json!({}), &gate(effect, unknown));
        assert_eq!(
            (&answer["accepted"], answer["warnings"].as_array().map_or(0, Vec::len)),
            (&json!(true), warnings),
            "{answer}"
        );
    }
}

#[test]
fn the_subject_of_an_assessment_is_named_by_the_settings() {
    let result = json!({"schema": "headroom/assessment-result/1", "as_of": "2026-05-01", "subject": {"id": "search"},
        "framework": {"id": "own"}, "controls": [], "criteria": [{"id": "C.1", "outcome": "met"}]});
    let gates = json!([{"name": "g.json", "document": {"schema": "headroom/gate/1", "gate": [
        {"id": "g", "require": [{"framework": "own", "criterion": "C.1"}], "effect": "deny", "message": "m"}]}}]);
    let mut settings =
        json!({"gates": gates, "evidence": [{"name": "r.json", "document": result}], "as_of": "2026-05-20"});
    let object = |squad: Value| json!({"metadata": {"labels": {"squad": squad}}});
    assert_eq!(validate(&object(json!("payments")), &settings)["accepted"], true);
    settings["subject"] = json!("metadata.labels.squad");
    assert_eq!(validate(&object(json!("search")), &settings)["accepted"], true);
    for (squad, says) in
        [(json!("payments"), "not of `payments`"), (json!(null), "`metadata.labels.squad` is not there")]
    {
        let refused = validate(&object(squad), &settings);
        assert!(refused["message"].as_str().unwrap_or_default().contains(says), "{refused}");
    }
}

#[test]
fn settings_are_checked() {
    let answer = |settings: &Value| -> Value {
        serde_json::from_str(&call("validate_settings", &settings.to_string()).unwrap()).unwrap()
    };
    assert_eq!(answer(&settings(&json!({}))), json!({"valid": true, "message": null}));
    for (bad, says) in [
        (json!({}), "missing field `gates`"),
        (json!({"gates": []}), "no gate was given"),
        (settings(&json!({"gate": 1})), "unknown field `gate`"),
        (settings(&json!({"as_of": "May"})), "as_of"),
        (settings(&json!({"waivers": {}})), "a list was expected"),
        (settings(&json!({"waivers": "input"})), "may not waive gates itself"),
        (settings(&json!({"waivers": [{"id": 1}]})), "`id` must be a text"),
        (settings(&json!({"waivers": [waiver("W1"), waiver("W1")]})), "two waivers `W1`"),
        (json!({"gates": [{"name": "g.json", "document": {"schema": "headroom/gate/1", "gates": []}}]}), "g.json:1:"),
    ] {
        let answered = answer(&bad);
        let message = answered["message"].as_str().unwrap_or_default();
        assert!(answered["valid"] == false && (message.contains(says) || says == "as_of"), "{bad}: {answered}");
        assert_eq!(validate(&json!({"metadata": {"labels": {"squad": "x"}}}), &bad)["accepted"], false);
    }
    assert_eq!(call("protocol_version", "").unwrap(), "\"v1\"");
    assert!(call("mutate", "{}").is_err() && call("validate", "{}").is_err());
    let twice = format!(r#"{{"request": {{}}, "settings": {}, "settings": {{}}}}"#, settings(&json!({})));
    assert!(call("validate", &twice).unwrap_err().contains("`settings` is written twice"));
}
