use super::*;

fn target(workload: &str) -> (Target, String) {
    Target::of(workload)
}

#[test]
fn names_have_one_to_four_parts() {
    let (of, container) = target("checkout");
    assert_eq!(
        (of.namespace, of.kind.as_str(), of.name.as_str(), container.as_str()),
        (None, "Deployment", "checkout", "checkout")
    );
    let (of, container) = target("shop/cronjob/report/main");
    assert_eq!((of.kind.as_str(), of.version(), container.as_str()), ("CronJob", "batch/v1", "main"));
    let (of, container) = target("shop/cart/redis");
    assert_eq!((of.key().as_str(), container.as_str()), ("shop/cart", "redis"));
    let (of, _) = target("a/b/c/d/e");
    assert_eq!(of.name, "a/b/c/d/e");
}

#[test]
fn a_namespace_that_is_not_known_is_none() {
    let (of, container) = target("/web/api");
    assert_eq!((of.namespace, of.name.as_str(), container.as_str()), (None, "web", "api"));
    let (of, container) = target("/statefulset/db/backup");
    assert_eq!((of.namespace, of.kind.as_str(), of.name.as_str()), (None, "StatefulSet", "db"));
    assert_eq!(container, "backup");
}

/// The answer to a call of sizes of workloads that use a fifth of a core.
fn sized(workloads: &[&str], mut call: serde_json::Value) -> String {
    let mut usage = "timestamp,workload,resource,value,unit\n".to_owned();
    for hour in 0..24 * 14 {
        for workload in workloads {
            let _ = writeln!(usage, "{},{workload},cpu,0.2,cores", 1_777_593_600 + hour * 3600);
        }
    }
    call["call"] = "rightsize".into();
    call["usage"] = serde_json::json!([{"name": "usage.csv", "text": usage}]);
    crate::api::answer(&call.to_string())
}

#[test]
fn services_of_compose_are_as_many_as_containers() {
    let workloads = ["shop/deployment/web/web", "shop/statefulset/web/web", "shop/daemonset/web/web", "shop/web/db"];
    let text = sized(&workloads, serde_json::json!({"format": "compose"}));
    let names: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("  \"")?.strip_suffix("\":")).collect();
    assert_eq!(names, ["shop-statefulset-web", "shop-web", "web", "web-db"], "{text}");
}

/// A bill of the machine `i-1`.
fn bills() -> serde_json::Value {
    let text = "ChargePeriodStart,ChargePeriodEnd,ChargeCategory,BilledCost,EffectiveCost,BillingCurrency,ProviderName,\
                BillingAccountId,ServiceName,ServiceCategory,ResourceId\n\
                2026-05-01,2026-05-02,Usage,3,3,USD,AWS,1,Amazon Elastic Compute Cloud,Compute,i-1\n";
    serde_json::json!([{"name": "bill.csv", "text": text}])
}

#[test]
fn machines_of_the_bill_are_no_deployments() {
    for format in ["kubernetes", "helm", "compose", "terraform"] {
        let call = serde_json::json!({"as_of": "2026-06-02", "bills": bills(), "format": format});
        assert_eq!(sized(&["i-1"], call.clone()), "# 1 machine of the bill left out\n# nothing to change\n");
        let text = sized(&["i-1", "shop/web"], call);
        assert!(text.starts_with("# 1 machine of the bill left out\n"), "{text}");
        assert!(text.contains("web") && !text.contains("i-1"), "{text}");
    }
}

/// A table of requests.
fn requests(rows: &str) -> serde_json::Value {
    serde_json::json!([{"name": "requests.csv", "text": format!("workload,resource,request,limit,unit\n{rows}")}])
}

#[test]
fn terraform_keeps_what_does_not_change() {
    // Of the memory nothing is used that is known, and of the processor the limit is to go.
    let kept = requests("shop/web,cpu,4,,cores\nshop/web,memory,2,3,GiB\n");
    let text = sized(&["shop/web"], serde_json::json!({"format": "terraform", "requests": kept}));
    assert!(text.contains(", memory = \"2Gi\" }"), "{text}");
    assert!(text.contains("limits   = { memory = \"3Gi\" }"), "{text}");
    assert!(!text.contains('#'), "{text}");
    let text = sized(&["shop/web"], serde_json::json!({"format": "terraform"}));
    let first = "# memory of 1 container left out, since nothing is known of it: `shop/web/web`\n";
    assert!(text.starts_with(first), "{text}");
}

#[test]
fn one_container_of_several_names_is_left_out_and_named() {
    let workloads = ["shop/web", "shop/web/web", "shop/deployment/web/web", "shop/statefulset/web/web"];
    for format in ["kubernetes", "helm", "compose", "terraform"] {
        let text = sized(&workloads, serde_json::json!({"format": format}));
        let first = "# left out, since they are one container: `shop/deployment/web/web`, `shop/web`, `shop/web/web`\n";
        assert!(text.starts_with(first), "{text}");
        assert_eq!(text.matches("200m").count() + text.matches("0.2\"").count(), 1, "{text}");
    }
    let text = sized(&workloads, serde_json::json!({}));
    assert!(text.contains("`shop/web/web` are one container: money counts each of them"), "{text}");
    assert!(!sized(&["shop/web", "shop/web/db"], serde_json::json!({})).contains("one container"));
}

#[test]
fn kinds_that_kubernetes_does_not_have_are_left_out_and_named() {
    let workloads = ["shop/rollout/web/app", "shop/web"];
    let text = sized(&workloads, serde_json::json!({"format": "kubernetes"}));
    let first = "# 1 workload left out, of a kind that Kubernetes does not have: `shop/rollout/web/app`\n---\n";
    assert!(text.starts_with(first), "{text}");
    assert!(!text.contains("kind: \"rollout\""), "{text}");
    // Values and maps are of no kind.
    assert!(sized(&workloads, serde_json::json!({"format": "helm"})).contains("app"));
}

#[test]
fn machines_of_the_bill_have_no_annotations() {
    let scheduled = |workloads: &[&str]| {
        let mut usage = "timestamp,workload,resource,value,unit,environment\n".to_owned();
        // From a Monday on, every 20 minutes of six weeks.
        for slot in 0..42 * 72 {
            let at_work = (24..54).contains(&(slot % 72)) && slot / 72 % 7 < 5;
            let (time, used) = (1_777_852_800 + slot * 1200, if at_work { 1.0 } else { 0.05 });
            for workload in workloads {
                let _ = writeln!(usage, "{time},{workload},cpu,{used},cores,staging");
            }
        }
        let call = serde_json::json!({
            "call": "schedule", "as_of": "2026-06-20", "bills": bills(), "format": "kube_downscaler",
            "usage": [{"name": "usage.csv", "text": usage}]
        });
        crate::api::answer(&call.to_string())
    };
    assert_eq!(scheduled(&["i-1"]), "# no schedule\n");
    let text = scheduled(&["staging/rollout/web/app", "staging/web"]);
    let first = "# 1 workload left out, of a kind that Kubernetes does not have: `staging/rollout/web/app`\n---\n";
    assert!(text.starts_with(first) && !text.contains("kind: \"rollout\""), "{text}");
    let text = scheduled(&["i-1", "staging/web"]);
    assert!(text.contains("\"web\"") && !text.contains("i-1"), "{text}");
}
