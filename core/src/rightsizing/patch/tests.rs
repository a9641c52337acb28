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
