//! How long a decision takes through the component in wasmtime, and through the OPA module in npm's SDK.
//!
//! ```sh
//! cargo run -p headroom-wasm-build -- component && cargo run -p headroom-wasm-build -- opa
//! cd tests/bench/modules && npm --prefix ../../hosts ci && cargo run --release -- [--wasm DIRECTORY] [--beside MODULE.wasm]
//! ```
//!
//! `--beside` names another module of OPA's ABI, whose entrypoint 0 decides the same inputs; both are timed by turns.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use wasmtime::component::{Component, Linker};
use wasmtime::{Config, Engine, Store};

wasmtime::component::bindgen!({ path: "../../../wasm/component/wit", world: "headroom" });

use exports::headroom::engine::engine::Document;

const POLICY: &str = include_str!("../policy.json");

/// One that passes, and one that misses everything.
const INPUTS: [(&str, &str); 2] = [
    ("allow", r#"{"resource":"vm-1","tags":{"squad":"pay","env":"prod","cost-centre":"CC1"},"monthly_cost":90,"budget":100,"cpu_request":1,"cpu_usage":0.8}"#),
    ("deny", r#"{"resource":"vm-2","tags":{"env":"prod"},"monthly_cost":190,"budget":100,"cpu_request":4,"cpu_usage":0.8}"#),
];

/// Decisions in a round, and rounds, of which the quickest counts.
const DECISIONS: u32 = 50_000;
const ROUNDS: u32 = 7;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

fn main() -> Outcome<()> {
    let (mut wasm, mut beside) = (PathBuf::from("../../../target/wasm"), None);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let value = arguments.next().ok_or_else(|| format!("`{argument}` needs a value"))?;
        match argument.as_str() {
            "--wasm" => wasm = PathBuf::from(value),
            "--beside" => beside = Some(value),
            _ => return Err(format!("`{argument}` is not known: there are `--wasm` and `--beside`").into()),
        }
    }
    component(&wasm.join("headroom-component.wasm"))?;
    let mut node = Command::new("node");
    node.arg("opa.mjs").arg(wasm.join("headroom-opa.wasm")).args(beside);
    let ended = node.status()?;
    if ended.success() { Ok(()) } else { Err(format!("{node:?} ended with {ended}").into()) }
}

fn component(path: &Path) -> Outcome<()> {
    let mut config = Config::new();
    config.wasm_component_model(true);
    let engine = Engine::new(&config)?;
    let component = Component::from_file(&engine, path)?;
    let mut store = Store::new(&engine, ());
    let world = Headroom::instantiate(&mut store, &component, &Linker::new(&engine))?;
    let gates = world.headroom_engine_engine().gates();
    let document = Document { name: "policy.json".to_owned(), text: POLICY.to_owned() };
    let read = gates.call_read(&mut store, &[document], &[], None)?.map_err(|failure| failure)?;
    for (name, input) in INPUTS {
        let wanted = format!(r#""decision":"{name}""#);
        let decided = gates.call_decide(&mut store, read, input)?;
        if !decided.contains(&wanted) {
            return Err(format!("`{name}` was decided otherwise: {decided}").into());
        }
        let mut quickest = Duration::MAX;
        for _ in 0..ROUNDS {
            let began = Instant::now();
            for _ in 0..DECISIONS {
                gates.call_decide(&mut store, read, input)?;
            }
            quickest = quickest.min(began.elapsed() / DECISIONS);
        }
        println!("component in wasmtime, {name}: {} ns", quickest.as_nanos());
    }
    Ok(())
}
