//! Decisions per second of one rule set, JSON text in and JSON text out, on one core.

use std::hint::black_box;
use std::time::{Duration, Instant};

use headroom_core::condition::document::Source;
use headroom_core::policy::{Context, Gates};

const PASSES: &str = r#"{"resource":"i-0a5e11ed","tags":{"cost-centre":"4711","env":"production","squad":"payments"},"monthly_cost":812.5,"budget":1000,"cpu_request":1.5,"cpu_usage":1.25}"#;
const MISSES: &str = r#"{"resource":"i-0a5e11ed","tags":{"env":"production"},"monthly_cost":1812.5,"budget":1000,"cpu_request":4,"cpu_usage":1.25}"#;

const GATES: &str = r#"
schema = "headroom/gate/1"
[[gate]]
id = "reference"
require = [
  { input = "tags.cost-centre", present = true },
  { input = "tags.env", present = true },
  { input = "tags.squad", present = true },
  { input = "monthly_cost", below = "1", times = "budget" },
  { input = "cpu_request", below = "2", times = "cpu_usage" },
]
effect = "deny"
message = "tag it, keep to the budget, ask for less"
"#;

const REGO: &str = r#"
package reference
import rego.v1
required := ["cost-centre", "env", "squad"]
deny contains concat(" ", ["missing tag", tag]) if {
    some tag in required
    not input.tags[tag]
}
deny contains "over budget" if not input.monthly_cost < input.budget
deny contains "asks for too much" if not input.cpu_request < 2 * input.cpu_usage
"#;

const CEL: &str = r#""cost-centre" in input.tags && "env" in input.tags && "squad" in input.tags && double(input.monthly_cost) < double(input.budget) && double(input.cpu_request) < 2.0 * double(input.cpu_usage)"#;

const LOGIC: &str = r#"{"and":[{"!!":[{"var":"tags.cost-centre"}]},{"!!":[{"var":"tags.env"}]},{"!!":[{"var":"tags.squad"}]},{"<":[{"var":"monthly_cost"},{"var":"budget"}]},{"<":[{"var":"cpu_request"},{"*":[2,{"var":"cpu_usage"}]}]}]}"#;

/// Nanoseconds of one decision: the fastest of several spells, each of about a fifth of a second.
fn nanoseconds(mut decide: impl FnMut(&str) -> String, input: &str) -> f64 {
    let mut per_spell = 1_u32;
    loop {
        let began = Instant::now();
        (0..per_spell).for_each(|_| drop(black_box(decide(black_box(input)))));
        if began.elapsed() > Duration::from_millis(200) {
            break;
        }
        per_spell *= 2;
    }
    let spell = |_| {
        let began = Instant::now();
        (0..per_spell).for_each(|_| drop(black_box(decide(black_box(input)))));
        began.elapsed().as_nanos() as f64 / f64::from(per_spell)
    };
    (0..7).map(spell).fold(f64::INFINITY, f64::min)
}

fn report(name: &str, mut decide: impl FnMut(&str) -> String, allows: impl Fn(&str) -> bool) {
    let (yes, no) = (decide(PASSES), decide(MISSES));
    assert!(allows(&yes), "{name}: {yes}");
    assert!(!allows(&no), "{name}: {no}");
    let times = [PASSES, MISSES].map(|input| nanoseconds(&mut decide, input));
    println!("{name:<22} {:>9.0} {:>9.0} {:>12.0} {:>12.0}", times[0], times[1], 1e9 / times[0], 1e9 / times[1]);
}

fn main() {
    println!("{:<22} {:>9} {:>9} {:>12} {:>12}", "", "allow ns", "deny ns", "allow/s", "deny/s");
    let gates = Gates::parse(&[Source { name: "reference.toml", text: GATES }]).expect("the gate can be read");
    let context = Context::default();
    report("headroom", |input| gates.decide_json(input, &context), |answer| answer.contains(r#""decision":"allow""#));

    let mut engine = regorus::Engine::new();
    engine.add_policy("reference.rego".to_owned(), REGO.to_owned()).expect("the policy can be read");
    let decide = |input: &str| {
        engine.set_input_json(input).expect("the input is JSON");
        engine
            .eval_rule("data.reference.deny".to_owned())
            .expect("the rule can be evaluated")
            .to_json_str()
            .expect("a value")
    };
    report("regorus (messages)", decide, |answer| answer == "[]");

    let program = cel::Program::compile(CEL).expect("the expression can be read");
    let root = cel::Context::default();
    let decide = |input: &str| {
        let value: serde_json::Value = serde_json::from_str(input).expect("the input is JSON");
        let mut scope = root.new_inner_scope();
        scope.add_variable("input", value).expect("a variable");
        program.execute(&scope).expect("the expression can be evaluated").json().expect("a value").to_string()
    };
    report("cel (truth)", decide, |answer| answer == "true");

    let engine = datalogic_rs::Engine::new();
    let logic = engine.compile(LOGIC).expect("the rule can be read");
    let mut session = engine.session();
    let decide = |input: &str| session.eval_str(&logic, input).expect("the rule can be evaluated");
    report("datalogic-rs (truth)", decide, |answer| answer == "true");
}
