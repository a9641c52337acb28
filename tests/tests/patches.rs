//! Patches are what they claim to be: parsers of YAML and HCL read them, and find the sizes where tools look for them.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs;

use headroom_core::api;
use headroom_tests::artifact;
use serde_json::{Value, json};
use yaml_rust2::{Yaml, YamlLoader};

/// The sample's sizes in a format.
fn sized(format: &str) -> String {
    let file = |name: &str| {
        let text = fs::read_to_string(artifact::root().join("datasets/usage").join(name)).unwrap();
        json!([{"name": name, "text": text}])
    };
    let call = json!({
        "call": "rightsize", "usage": file("usage.csv"), "requests": file("requests.csv"), "format": format
    });
    api::answer(&call.to_string())
}

/// Workload, resource and request of all that is to change.
fn changes() -> Vec<(String, String, String)> {
    let document: Value = serde_json::from_str(&sized("json")).unwrap();
    let changes = document["recommendations"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| ["lower", "raise", "set"].contains(&one["action"].as_str().unwrap()));
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    changes.map(|one| (text(&one["workload"]), text(&one["resource"]), text(&one["request"]))).collect()
}

/// Millicores or MiB of a quantity.
fn units(quantity: &str) -> u64 {
    let (digits, unit) = quantity.split_at(quantity.find(|c: char| !c.is_ascii_digit()).unwrap_or(quantity.len()));
    let count: u64 = digits.parse().unwrap();
    match unit {
        "m" | "Mi" => count,
        "Gi" => count * 1024,
        "" => count * 1000,
        other => panic!("{other}"),
    }
}

/// The same of a plain figure of cores or MiB.
fn units_of_figure(resource: &str, figure: &str) -> u64 {
    let factor = if resource == "cpu" { 1000.0 } else { 1.0 };
    (figure.parse::<f64>().unwrap() * factor).round() as u64
}

#[test]
fn kubernetes_patches_hold_every_change_by_container() {
    let documents = YamlLoader::load_from_str(&sized("kubernetes")).unwrap();
    let mut found = 0;
    for (workload, resource, request) in changes() {
        let parts: Vec<&str> = workload.split('/').collect();
        let (kind, name, container) = match parts.as_slice() {
            [_, name] => ("Deployment", *name, *name),
            [_, name, container] => ("Deployment", *name, *container),
            [_, "cronjob", name, container] => ("CronJob", *name, *container),
            other => panic!("{other:?}"),
        };
        let document = documents
            .iter()
            .find(|one| {
                one["metadata"]["name"].as_str() == Some(name)
                    && one["metadata"]["namespace"].as_str() == Some(parts[0])
                    && one["kind"].as_str() == Some(kind)
            })
            .unwrap();
        let spec = if kind == "CronJob" { &document["spec"]["jobTemplate"]["spec"] } else { &document["spec"] };
        let containers = spec["template"]["spec"]["containers"].as_vec().unwrap();
        let of = containers.iter().find(|one| one["name"].as_str() == Some(container)).unwrap();
        let quantity = of["resources"]["requests"][resource.as_str()].as_str().unwrap();
        assert_eq!(units(quantity), units_of_figure(&resource, &request), "{workload} {resource}");
        let limit = of["resources"]["limits"][resource.as_str()].as_str();
        assert!(limit.is_none_or(|limit| units(limit) >= units(quantity)), "{workload} {resource}");
        found += 1;
    }
    assert!(found >= 8, "{found}");
}

#[test]
fn helm_values_and_compose_files_hold_every_change() {
    let helm = YamlLoader::load_from_str(&sized("helm")).unwrap().remove(0);
    let compose = YamlLoader::load_from_str(&sized("compose")).unwrap().remove(0);
    let quantities = |yaml: &Yaml| leaves(yaml, "requests");
    let reserved = leaves(&compose["services"], "reservations");
    let wanted = changes();
    assert_eq!(quantities(&helm).len(), wanted.len());
    assert_eq!(reserved.len(), wanted.len());
    for (_, resource, request) in wanted {
        let want = units_of_figure(&resource, &request);
        assert!(quantities(&helm).iter().any(|(key, text)| *key == resource && units(text) == want));
        let (key, text) = if resource == "cpu" { ("cpus", request) } else { ("memory", format!("{request}M")) };
        assert!(reserved.contains(&(key.to_owned(), text.clone())), "{key} {text}: {reserved:?}");
    }
}

/// All keys and texts right below a key of this name.
fn leaves(yaml: &Yaml, name: &str) -> Vec<(String, String)> {
    let Some(map) = yaml.as_hash() else { return Vec::new() };
    map.iter()
        .flat_map(|(key, value)| match (key.as_str() == Some(name), value.as_hash()) {
            (true, Some(inside)) => inside
                .iter()
                .map(|(key, text)| (key.as_str().unwrap().to_owned(), text.as_str().unwrap().to_owned()))
                .collect(),
            _ => leaves(value, name),
        })
        .collect()
}

#[test]
fn terraform_variables_hold_every_change() {
    let body: Value = hcl::from_str(&sized("terraform")).unwrap();
    let workloads = body["container_resources"].as_object().unwrap();
    let document: Value = serde_json::from_str(&sized("json")).unwrap();
    let all = document["recommendations"].as_array().unwrap();
    let (mut changed, mut kept) = (0, 0);
    for (key, containers) in workloads {
        let (namespace, rest) = key.split_once('/').unwrap();
        let name = rest.split('/').next().unwrap();
        for (container, sizes) in containers.as_object().unwrap() {
            assert!(sizes["limits"].is_object());
            // A map takes the place of what there was, so that what stays must be in it, too.
            let own = all.iter().filter(|one| {
                let workload = one["workload"].as_str().unwrap();
                workload.starts_with(namespace) && workload.contains(name) && workload.ends_with(container)
            });
            for one in own {
                let advised = ["lower", "raise", "set"].contains(&one["action"].as_str().unwrap());
                let resource = one["resource"].as_str().unwrap();
                for (sort, advice, today) in
                    [("requests", "request", "current_request"), ("limits", "limit", "current_limit")]
                {
                    let want = one[if advised { advice } else { today }].as_str();
                    let found = sizes[sort].get(resource).map(|quantity| units(quantity.as_str().unwrap()));
                    assert_eq!(found, want.map(|want| units_of_figure(resource, want)), "{key} {resource} {sort}");
                }
                *if advised { &mut changed } else { &mut kept } += 1;
            }
        }
    }
    assert_eq!(changed, changes().len());
    assert!(kept > 0);
}

#[test]
fn names_that_mean_something_to_a_parser_stay_text() {
    let rows: String =
        (0..300).map(|hour| format!("{},\"ns/a: ${{b}} \"\"c\"\" #d\",cpu,1\n", 1_777_852_800 + hour * 3600)).collect();
    let call = |format: &str| {
        let usage = format!("timestamp,workload,resource,value\n{rows}");
        api::answer(
            &json!({"call": "rightsize", "usage": [{"name": "u.csv", "text": usage}], "format": format}).to_string(),
        )
    };
    let name = "a: ${b} \"c\" #d";
    let yaml = YamlLoader::load_from_str(&call("kubernetes")).unwrap().remove(0);
    assert_eq!(yaml["metadata"]["name"].as_str(), Some(name));
    for format in ["helm", "compose"] {
        assert_eq!(YamlLoader::load_from_str(&call(format)).unwrap().len(), 1, "{format}");
    }
    let body: Value = hcl::from_str(&call("terraform")).unwrap();
    let key = body["container_resources"].as_object().unwrap().keys().next().unwrap().clone();
    assert!(key.contains("{b}") && key.contains("\"c\" #d"), "{key}");
}
