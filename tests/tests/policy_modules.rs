//! The modules for policy engines: the same decisions as the engine's, in the hosts that people use.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::PathBuf;
use std::process::Command;
use std::sync::LazyLock;

use headroom_core::api::{self, PreparedGates, SHIPPED_GATES};
use headroom_core::condition::document::Source;
use headroom_tests::opa::{Opa, Policy};
use headroom_tests::{Outcome, artifact, case, hosts, product};
use headroom_wasm_build::gates::as_json;
use serde_json::{Value, json};

static OPA_FILE: LazyLock<PathBuf> = LazyLock::new(|| product::opa().unwrap());
static OPA: LazyLock<Opa> = LazyLock::new(|| Opa::load(&OPA_FILE).unwrap());
static KUBEWARDEN_FILE: LazyLock<PathBuf> = LazyLock::new(|| product::kubewarden().unwrap());

/// Cases of gates; fewer would mean that some are not found.
const AT_LEAST: usize = 40;

/// A case as a policy engine has it: data with documents in JSON, and the same call for the engine.
struct Configured {
    note: String,
    data: String,
    input: String,
    call: String,
}

/// Documents by name, as JSON text; `None` where one is none.
fn documents(files: &Value) -> Option<Vec<(String, String)>> {
    let document = |file: &Value| {
        let (name, text) = (file["name"].as_str()?, file["text"].as_str()?);
        let shipped = SHIPPED_GATES.iter().find(|(known, _)| *known == name && text.is_empty());
        let text = shipped.map_or(text, |(_, source)| source.text).trim();
        let is_json = text.starts_with('{') || text.starts_with('[');
        let text = if is_json { text.to_owned() } else { as_json(text).ok()?.to_string() };
        serde_json::from_str::<Value>(&text).ok()?;
        Some((name.to_owned(), text))
    };
    files.as_array().into_iter().flatten().map(document).collect()
}

fn list(documents: &[(String, String)]) -> String {
    let one = |(name, text): &(String, String)| format!("{{\"name\":{},\"document\":{text}}}", json!(name));
    documents.iter().map(one).collect::<Vec<_>>().join(",")
}

/// Every case of gates that can be said with documents in JSON.
static CONFIGURED: LazyLock<Vec<Configured>> = LazyLock::new(|| {
    let mut all = Vec::new();
    for case in case::read("maturity").unwrap() {
        let mut call = case.call;
        if call["call"] != "gate" || call.get("format").is_some_and(|format| format != "json") {
            continue;
        }
        let Some((gates, evidence)) = documents(&call["gates"]).zip(documents(&call["evidence"])) else { continue };
        let texts = |of: &[(String, String)]| {
            of.iter().map(|(name, text)| json!({"name": name, "text": text})).collect::<Value>()
        };
        (call["gates"], call["evidence"]) = (texts(&gates), texts(&evidence));
        let day = call["as_of"].as_str().map_or_else(String::new, |day| format!(",\"as_of\":\"{day}\""));
        let (gates, evidence) = (list(&gates), list(&evidence));
        let data =
            format!("{{\"headroom\":{{\"gates\":[{gates}],\"evidence\":[{evidence}],\"waivers\":\"input\"{day}}}}}");
        let input = call["input"]["text"].as_str().unwrap().to_owned();
        all.push(Configured { note: case.note, data, input, call: call.to_string() });
    }
    assert!(all.len() >= AT_LEAST, "{} cases", all.len());
    all
});

/// What an abort says where the engine fails: no more than a line of the ABI holds.
fn message(failure: &Value) -> String {
    let hint = failure["hint"].as_str().map_or_else(String::new, |hint| format!("\n\nhint: {hint}"));
    let mut whole = format!("error: {}{hint}", failure["message"].as_str().unwrap());
    let most = (0..=whole.len().min(1023)).rev().find(|at| whole.is_char_boundary(*at)).unwrap();
    whole.truncate(most);
    whole
}

#[test]
fn opa_gives_the_same_bytes() {
    let (mut failed, mut decided, mut aborted) = (Vec::new(), 0, 0);
    for case in &*CONFIGURED {
        let own = api::answer(&case.call);
        let value: Value = serde_json::from_str(&own).unwrap();
        let mut policy = OPA.start().unwrap();
        policy.set_data(&case.data).unwrap();
        let there = policy.evaluate(0, case.input.as_bytes()).unwrap();
        let allow = policy.evaluate(1, case.input.as_bytes()).unwrap();
        let same = if value["schema"] == "headroom/failure/1" {
            aborted += 1;
            there == Err(message(&value)) && allow == there
        } else {
            decided += 1;
            let allowed = value["decision"] != "deny";
            // Hosts of an older ABI ask step by step; they know JSON alone.
            let [list, set] = [format!("[{{\"result\":{own}}}]"), format!("{{{{\"result\":{own}}}}}")];
            let steps = serde_json::from_str::<Value>(&case.input).is_err()
                || policy.evaluate_in_steps(0, &case.input).unwrap() == [list, set.clone()];
            // OPA itself asks for a set, and takes nothing else.
            let rego = policy.evaluate_in_rego(0, case.input.as_bytes()).unwrap() == Ok(set)
                && policy.evaluate_in_rego(1, case.input.as_bytes()).unwrap()
                    == Ok(format!("{{{{\"result\":{allowed}}}}}"));
            steps
                && rego
                && there == Ok(format!("[{{\"result\":{own}}}]"))
                && allow == Ok(format!("[{{\"result\":{allowed}}}]"))
        };
        if !same {
            failed.push(format!("{}\n  engine: {own}\n  module: {there:?} {allow:?}", case.note));
        }
    }
    assert!(failed.is_empty(), "{} cases failed:\n\n{}", failed.len(), failed.join("\n\n"));
    assert!(decided >= AT_LEAST && aborted > 0, "{decided} decided, {aborted} aborted");
}

const LABELS: &str = r#"{"headroom":{"gates":[{"name":"labels.json","document":{"schema":"headroom/gate/1","gate":[
    {"id":"labels","require":[{"input":"labels.squad","present":true}],"effect":"deny","message":"label the squad"}]}}]}}"#;

fn started(data: &str) -> Policy {
    let mut policy = OPA.start().unwrap();
    policy.set_data(data).unwrap();
    policy
}

#[test]
fn opa_offers_its_abi_and_asks_for_no_more() {
    assert_eq!(OPA.imports(), ["env.memory", "env.opa_abort"]);
    let offered = [
        // Two addresses that the linker always offers.
        "__data_end",
        "__heap_base",
        "builtins",
        "entrypoints",
        "eval",
        "memory",
        "opa_eval",
        "opa_eval_ctx_get_result",
        "opa_eval_ctx_new",
        "opa_eval_ctx_set_data",
        "opa_eval_ctx_set_entrypoint",
        "opa_eval_ctx_set_input",
        "opa_free",
        "opa_heap_blocks_restore",
        "opa_heap_blocks_stash",
        "opa_heap_ptr_get",
        "opa_heap_ptr_set",
        "opa_heap_stash_clear",
        "opa_json_dump",
        "opa_json_parse",
        "opa_malloc",
        "opa_value_add_path",
        "opa_value_dump",
        "opa_value_free",
        "opa_value_parse",
        "opa_value_remove_path",
        "opa_wasm_abi_minor_version",
        "opa_wasm_abi_version",
    ];
    assert_eq!(OPA.exports(), offered);
    let mut policy = OPA.start().unwrap();
    assert_eq!(
        (policy.global("opa_wasm_abi_version"), policy.global("opa_wasm_abi_minor_version")),
        (Some(1), Some(3))
    );
    assert_eq!(policy.dump("entrypoints").unwrap(), r#"{"headroom/decision":0,"headroom/allow":1}"#);
    assert_eq!(policy.dump("builtins").unwrap(), "{}");
}

#[test]
fn opa_takes_waivers_from_the_data() {
    let gate = json!({"schema": "headroom/gate/1", "gate": [
        {"id": "g", "require": [{"input": "ok", "equals": true}], "effect": "deny", "waivable": true, "message": "m"}]});
    let waivers = json!([{"id": "W1", "gate": "g", "reason": "r", "approved_by": "a", "granted": "2026-05-01",
        "expires": "2026-06-30"}]);
    let decide = |waived: &Value, input: &Value| -> Value {
        let data = json!({"headroom": {"gates": [{"name": "g.json", "document": gate}], "as_of": "2026-06-12", "waivers": waived}});
        let answer = started(&data.to_string()).evaluate(0, input.to_string().as_bytes()).unwrap().unwrap();
        serde_json::from_str::<Value>(&answer).unwrap()[0]["result"].take()
    };
    let (bare, waiving) = (json!({"ok": false}), json!({"ok": false, "waivers": waivers}));
    assert_eq!(decide(&waivers, &bare)["decision"], "allow");
    assert_eq!(decide(&json!(null), &bare)["decision"], "deny");
    for given in [json!(null), json!([]), waivers.clone()] {
        let refused = decide(&given, &waiving);
        assert_eq!(refused["decision"], "deny");
        assert!(refused["errors"][0]["message"].as_str().unwrap().contains("may not waive gates itself"), "{refused}");
    }
    assert_eq!(decide(&json!("input"), &waiving)["decision"], "allow");
}

#[test]
fn opa_decides_on_and_on_in_the_memory_it_has() {
    let mut policy = started(LABELS);
    let inputs = [r#"{"labels":{"squad":"search"}}"#, r#"{"labels":{}}"#, "{", "[]"];
    let first: Vec<_> = inputs.iter().map(|input| policy.evaluate(0, input.as_bytes()).unwrap()).collect();
    let settled = policy.memory_bytes();
    for turn in 0..200_000 {
        let at = turn % inputs.len();
        assert_eq!(policy.evaluate(0, inputs[at].as_bytes()).unwrap(), first[at]);
    }
    assert_eq!(policy.memory_bytes(), settled);
    // An input larger than the memory grows it, and leaves the data as it was.
    let large = format!(r#"{{"labels":{{"squad":"search"}},"padding":"{}"}}"#, "x".repeat(5 << 20));
    assert_eq!(policy.evaluate(0, large.as_bytes()).unwrap(), first[0]);
    assert_eq!(policy.evaluate(0, inputs[1].as_bytes()).unwrap(), first[1]);
    // So does other data, time and again.
    let settled = policy.memory_bytes();
    for _ in 0..1000 {
        policy.set_data("{}").unwrap();
        policy.set_data(LABELS).unwrap();
    }
    assert_eq!(policy.evaluate(0, inputs[0].as_bytes()).unwrap(), first[0]);
    assert_eq!(policy.memory_bytes(), settled);
}

#[test]
fn opa_aborts_with_a_message() {
    let aborted =
        |data: &str, entrypoint: i32, input: &[u8]| started(data).evaluate(entrypoint, input).unwrap().unwrap_err();
    for (data, says) in [
        ("{}", "data.headroom: the data holds no gates"),
        ("[]", "data.headroom: the data holds no gates"),
        (r#"{"headroom":{"gates":[]}}"#, "no gate was given"),
        (r#"{"headroom":{"gates":[{"name":"g.json","document":{"schema":"headroom/gate/1"}}]}}"#, "g.json:1:1: "),
        (r#"{"headroom":{"gates":[{"name":"g.toml","document":"[[gate]]"}]}}"#, "documents in TOML are not read here"),
        (r#"{"headroom":{"gates":[],"policy":1}}"#, "unknown field `policy`"),
    ] {
        let message = aborted(data, 0, b"{}");
        assert!(message.starts_with("error: ") && message.contains(says), "{data}: {message}");
    }
    assert!(aborted(LABELS, 9, b"{}").contains("there is no entrypoint 9"));
    assert_eq!(aborted(LABELS, 0, b"{\"a\":\"\xff\"}"), "the input is not UTF-8");
    // A text that ends with a zero byte is no JSON, whatever strings of C are.
    let ended = started(LABELS).evaluate(1, b"{\"labels\":{\"squad\":\"x\"}}\0").unwrap();
    assert_eq!(ended.unwrap(), r#"[{"result":false}]"#);
    assert!(aborted(r#"{"headroom":{},"headroom":{}}"#, 0, b"{}").contains("`headroom` is written twice"));
    let message = started(LABELS).evaluate_in_steps(0, "").unwrap_err().to_string();
    assert!(message.contains("takes it for no JSON"), "{message}");
    // An instance goes on after an abort.
    let mut policy = started(LABELS);
    policy.evaluate(9, b"{}").unwrap().unwrap_err();
    assert!(policy.evaluate(1, br#"{"labels":{"squad":"x"}}"#).unwrap().unwrap().contains("true"));
}

#[test]
fn opa_data_can_be_patched() {
    let mut policy = OPA.start().unwrap();
    policy.set_data("{}").unwrap();
    let gates = serde_json::from_str::<Value>(LABELS).unwrap()["headroom"]["gates"].to_string();
    assert_eq!(policy.patch_data(r#"["headroom","gates"]"#, Some(&gates)).unwrap(), 0);
    let denied = policy.evaluate(0, b"{}").unwrap().unwrap();
    assert!(denied.contains("label the squad"), "{denied}");
    assert_eq!(policy.patch_data(r#"["headroom","as_of","x"]"#, Some("1")).unwrap(), 0);
    assert!(policy.evaluate(0, b"{}").unwrap().is_err());
    assert_eq!(policy.patch_data(r#"["headroom","as_of"]"#, None).unwrap(), 0);
    assert_eq!(policy.evaluate(0, b"{}").unwrap().unwrap(), denied);
    assert_ne!(policy.patch_data(r#"["headroom","gates","x"]"#, Some("1")).unwrap(), 0);
    assert_ne!(policy.patch_data("1", None).unwrap(), 0);
}

#[test]
fn a_panic_reaches_the_host_of_opa_as_a_message() {
    let mut policy = Opa::load(&product::opa_that_panics().unwrap()).unwrap().start().unwrap();
    policy.set_data(LABELS).unwrap();
    let message = policy.evaluate(2, b"{}").unwrap().unwrap_err();
    assert!(message.contains("panicked") && message.contains("a panic was asked for"), "{message}");
}

/// Cases whose data and inputs are JSON values, as hosts of a language have them.
fn values() -> Vec<(Value, Value, Value)> {
    let value = |case: &Configured| {
        let input: Value = serde_json::from_str(&case.input).ok()?;
        let own: Value = serde_json::from_str(&api::answer(&case.call)).ok()?;
        let is_decision = own["schema"] == "headroom/decision/1";
        (is_decision && input.is_object()).then_some((serde_json::from_str(&case.data).ok()?, input, own))
    };
    let all: Vec<_> = CONFIGURED.iter().filter_map(value).collect();
    assert!(all.len() >= 30, "{}", all.len());
    all
}

#[test]
fn opa_loads_in_node() {
    let module = OPA_FILE.to_str().unwrap();
    for (data, input, own) in values().into_iter().step_by(8) {
        let asked = json!({"module": module, "data": data, "inputs": [input], "entrypoint": "headroom/decision"});
        let there = hosts::node("opa.mjs", &asked).unwrap();
        assert_eq!(there["imports"], json!(["env.memory", "env.opa_abort"]));
        assert_eq!(there["results"], json!([[{"result": own}]]), "{input}");
    }
    let data: Value = serde_json::from_str(LABELS).unwrap();
    let inputs = json!([{"labels": {"squad": "x"}}, {"labels": {}}]);
    let asked =
        json!({"module": module, "data": data, "inputs": inputs, "entrypoint": "headroom/allow", "loop": 200_000});
    let there = hosts::node("opa.mjs", &asked).unwrap();
    assert_eq!(there["results"], json!([[{"result": true}], [{"result": false}]]));
    assert_eq!(
        (&there["grown"], &there["entrypoints"]),
        (&json!(0), &json!({"headroom/allow": 1, "headroom/decision": 0}))
    );
    let asked = json!({"module": module, "data": {}, "inputs": [{}], "entrypoint": "headroom/decision"});
    let there = hosts::node("opa.mjs", &asked).unwrap();
    assert!(there["results"][0]["aborted"].as_str().unwrap().contains("the data holds no gates"), "{there}");
}

#[test]
fn opa_loads_in_python() {
    let (data, input, own) = values().swap_remove(0);
    let mut asked =
        json!({"module": OPA_FILE.to_str(), "data": data, "inputs": [input], "entrypoint": "headroom/decision"});
    let there = hosts::python("opa.py", &asked).unwrap();
    assert_eq!(there["results"], json!([[{"result": own}]]));
    asked["data"] = json!({});
    let there = hosts::python("opa.py", &asked).unwrap();
    assert!(there["results"][0]["aborted"].as_str().unwrap().contains("the data holds no gates"), "{there}");
}

#[tokio::test(flavor = "current_thread")]
async fn opa_loads_in_the_rust_host() {
    use opa_wasm::wasmtime::{Engine, Module, Store};

    let (data, input, own) = values().swap_remove(0);
    let engine = Engine::default();
    let module = Module::from_file(&engine, &*OPA_FILE).unwrap();
    let mut store = Store::new(&engine, ());
    let runtime = opa_wasm::Runtime::new(&mut store, &module).await.unwrap();
    let policy = runtime.with_data(&mut store, &data).await.unwrap();
    assert_eq!(policy.entrypoints().len(), 2);
    for _ in 0..3 {
        let there: Value = policy.evaluate(&mut store, "headroom/decision", &input).await.unwrap();
        assert_eq!(there, json!([{"result": own}]));
    }
}

#[test]
fn the_bundle_is_the_same_every_time() {
    let workspace = product::workspace().unwrap();
    let data = headroom_wasm_build::gates::build(&workspace).unwrap();
    let pack = |data| std::fs::read(headroom_wasm_build::opa::bundle(&workspace, &OPA_FILE, data).unwrap()).unwrap();
    let (bare, full) = (pack(None), pack(Some(data.as_path())));
    assert_eq!(full, pack(Some(data.as_path())));
    let listed = |bundle: &[u8]| -> Vec<String> {
        let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(bundle));
        let name = |entry: std::io::Result<tar::Entry<'_, _>>| entry.unwrap().path().unwrap().display().to_string();
        archive.entries().unwrap().map(name).collect()
    };
    assert_eq!(listed(&bare), [".manifest", "policy.wasm"]);
    assert_eq!(listed(&full), [".manifest", "data.json", "policy.wasm"]);
    // The gates that come along can be read as they are.
    let mut policy = started(&std::fs::read_to_string(data).unwrap());
    let answer = policy.evaluate(0, br#"{"kind":"Pod","metadata":{}}"#).unwrap().unwrap();
    assert!(answer.contains("kubernetes-labels"), "{answer}");
}

#[test]
fn no_module_holds_a_generator_for_browsers() {
    for package in ["headroom-component", "headroom-opa", "headroom-kubewarden"] {
        let tree = ["tree", "--locked", "--package", package, "--target", "wasm32-unknown-unknown", "--prefix", "none"];
        let output = Command::new(env!("CARGO")).args(tree).current_dir(artifact::root()).output().unwrap();
        let tree = String::from_utf8(output.stdout).unwrap();
        assert!(tree.contains("headroom-core") && !tree.contains("wasm-bindgen"), "{tree}");
        assert!(package == "headroom-component" || !tree.contains("toml"), "{tree}");
    }
}

/// A document that comes with the policy.
fn of_kubewarden(file: &str) -> Value {
    let text = std::fs::read_to_string(artifact::root().join("wasm/kubewarden").join(file)).unwrap();
    serde_saphyr::from_str(&text).unwrap()
}

/// The sample policy.
fn sample() -> Value {
    of_kubewarden("cluster-admission-policy.yml")
}

/// The objects that the sample's rules are about, each as its kind has its pods.
#[test]
fn the_sample_decides_over_all_that_its_rules_name() {
    let (sample, metadata) = (sample(), of_kubewarden("metadata.yml"));
    // The names that Kubewarden reads; any other would be passed over.
    let known = [
        "protocolVersion",
        "rules",
        "annotations",
        "mutating",
        "backgroundAudit",
        "contextAwareResources",
        "executionMode",
        "policyType",
        "minimumKubewardenVersion",
    ];
    assert!(metadata.as_object().unwrap().keys().all(|key| known.contains(&&**key)), "{metadata}");
    assert_eq!(sample["spec"]["rules"], metadata["rules"]);
    let settings = sample["spec"]["settings"].clone();
    let gates = settings["gates"].as_array().unwrap();
    let named: Vec<_> =
        gates.iter().map(|gate| Source { name: "", text: gate["document"].to_string().leak() }).collect();
    let decide = |object: &Value| {
        let decided = PreparedGates::read(&named, &[], "2026-06-12".parse().ok()).unwrap().decide(&object.to_string());
        (
            decided.decision.name(),
            decided.reasons.into_iter().chain(decided.unknown).map(|finding| finding.gate).collect::<Vec<_>>(),
        )
    };
    let template = |labels: &Value, spec: &Value| json!({"metadata": {"labels": labels}, "spec": spec});
    let object = |kind: &str, labels: &Value, spec: &Value| match kind {
        "pods" => json!({"kind": "Pod", "metadata": {"labels": labels}, "spec": spec}),
        "cronjobs" => {
            json!({"kind": "CronJob", "metadata": {}, "spec": {"jobTemplate": {"spec": {"template": template(labels, spec)}}}})
        }
        _ => {
            json!({"kind": kind, "metadata": {"labels": {"squad": "x"}}, "spec": {"template": template(labels, spec)}})
        }
    };
    let container = |request: &str, limit: &str| json!({"name": "a", "resources": {"requests": {"cpu": request, "memory": request}, "limits": {"cpu": limit, "memory": limit}}});
    let fine = json!({"containers": [container("1", "2")]});
    let labels = json!({"squad": "search", "environment": "production"});
    for kind in sample["spec"]["rules"][0]["resources"].as_array().unwrap() {
        let kind = kind.as_str().unwrap();
        // Without a report of cost there is a warning where one is asked for.
        let (admitted, unknown) = decide(&object(kind, &labels, &fine));
        assert!(
            admitted != "deny" && unknown.iter().all(|gate| gate == "cost-changes-explained"),
            "{kind}: {unknown:?}"
        );
        let refused = decide(&object(kind, &json!({}), &fine));
        let of_labels = refused.1.iter().any(|gate| gate.starts_with("allocation-labels"));
        assert!(refused.0 == "deny" && of_labels, "{kind}: {refused:?}");
        for spec in [
            json!({"containers": []}),
            json!({"containers": [container("1", "2"), {"name": "b"}]}),
            json!({"containers": [container("0", "0")]}),
            json!({"containers": [container("-1", "-5")]}),
            json!({"containers": [container("50%", "50%")]}),
            json!({"containers": [container("1", "2.0000000000000000001")]}),
            json!({"containers": [container("1", "2")], "initContainers": [{"name": "side", "restartPolicy": "Always"}]}),
            json!({"containers": [container("1", "2")], "initContainers": [container("1", "512")]}),
        ] {
            assert_eq!(decide(&object(kind, &labels, &spec)).0, "deny", "{kind}: {spec}");
        }
    }
}

fn review() -> Outcome<Value> {
    Ok(serde_json::from_str(&std::fs::read_to_string(artifact::root().join("tests/cases/admission/deployment.json"))?)?)
}

/// The report of the sample bills.
fn report(explanations: &Value) -> Value {
    let mut bills = Vec::new();
    for entry in std::fs::read_dir(artifact::root().join("datasets/bills")).unwrap() {
        let path = entry.unwrap().path();
        bills
            .push(json!({"name": path.file_name().unwrap().to_str(), "text": std::fs::read_to_string(&path).unwrap()}));
    }
    let call = json!({"call": "report", "as_of": "2026-06-12", "bills": bills, "explanations": explanations});
    serde_json::from_str(&api::answer(&call.to_string())).unwrap()
}

#[test]
fn kubewarden_admits_by_the_sample_policy() {
    let settings = sample()["spec"]["settings"].clone();
    let request = review().unwrap();
    let with_evidence = |report: Value| {
        let mut settings = settings.clone();
        settings["evidence"] = json!([{"name": "report.json", "document": report}]);
        settings
    };
    let changed = |pointer: &str, value: Value| {
        let mut request = request.clone();
        *request.pointer_mut(pointer).unwrap() = value;
        request
    };
    let memory = "/object/spec/template/spec/containers/1/resources/limits/memory";
    let validate = |request: &Value, settings: &Value| json!({"operation": "validate", "payload": {"request": request, "settings": settings}});
    let calls = json!([
        {"operation": "protocol_version", "payload": ""},
        {"operation": "validate_settings", "payload": settings},
        {"operation": "validate_settings", "payload": {"gates": []}},
        validate(&request, &settings),
        validate(&changed("/object/spec/template/metadata/labels/squad", json!("")), &settings),
        validate(&changed(memory, json!("129Mi")), &settings),
        validate(&changed("/object", json!(null)), &settings),
        validate(&request, &with_evidence(report(&json!([])))),
        {"operation": "validate", "payload": {}},
        {"operation": "mutate", "payload": {}},
    ]);
    let there = hosts::node("wapc.mjs", &json!({"module": KUBEWARDEN_FILE.to_str(), "calls": calls})).unwrap();
    assert_eq!(there["imports"], json!(["wapc.__guest_request", "wapc.__guest_response", "wapc.__guest_error"]));
    assert_eq!(there["metadata"], of_kubewarden("metadata.yml"));
    assert_eq!(
        (&there["metadata"]["executionMode"], &there["metadata"]["protocolVersion"]),
        (&json!("kubewarden-wapc"), &json!("v1"))
    );
    let answers = there["answers"].as_array().unwrap();
    let denied = |at: usize, says: &str| {
        let message = answers[at]["message"].as_str().unwrap_or_default();
        assert!(answers[at]["accepted"] == false && message.contains(says), "{at}: {}", answers[at]);
    };
    assert_eq!(answers[0], "v1");
    assert_eq!(answers[1], json!({"valid": true, "message": null}));
    assert!(answers[2]["valid"] == false && answers[2]["message"].as_str().unwrap().contains("no gate was given"));
    assert_eq!(answers[3]["accepted"], true, "{}", answers[3]);
    assert!(answers[3]["warnings"][0].as_str().unwrap().starts_with("cost-changes-explained: "), "{}", answers[3]);
    denied(4, "allocation-labels: label the template's pods");
    denied(5, "limits-near-requests: declare requests and limits");
    denied(6, "no object");
    denied(7, "cost-changes-explained: say who explains");
    assert!(answers[8]["failed"].is_string() && answers[9]["failed"].is_string(), "{} {}", answers[8], answers[9]);
}
