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

#[test]
fn only_settings_waive() {
    let waiver = json!([{"id": "W1", "gate": "squad", "reason": "moves next week", "approved_by": "platform",
        "granted": "2026-05-01", "expires": "2026-05-31"}]);
    let object = json!({"metadata": {}, "spec": {"replicas": 1}});
    let day = |day: &str| settings(&json!({"as_of": day, "waivers": waiver}));
    assert_eq!(validate(&object, &day("2026-05-31")), json!({"accepted": true}));
    assert_eq!(validate(&object, &day("2026-06-01"))["accepted"], false);
    let mut waiving = object.clone();
    waiving["waivers"] = waiver.clone();
    for settings in [settings(&json!({"as_of": "2026-05-31"})), day("2026-05-31")] {
        let refused = validate(&waiving, &settings);
        assert!(refused["message"].as_str().unwrap().contains("may not waive"), "{refused}");
    }
    assert_eq!(validate(&json!({}), &day("2026-05-31"))["accepted"], true);
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
