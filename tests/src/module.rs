//! The engine as a WebAssembly component, run as a host would.

use wasmtime::component::{Component, Linker};
use wasmtime::{Config, Engine, OptLevel, ResourceLimiter, Store};

use crate::{Outcome, artifact};

#[expect(missing_docs, missing_debug_implementations, unreachable_pub, reason = "written by the generator")]
mod generated {
    wasmtime::component::bindgen!({ path: "../wasm/component/wit", world: "headroom" });
}

pub use generated::exports::headroom::engine::engine::{Assessment, Document};
use generated::{Headroom, HeadroomPre};

/// The built and compiled component.
pub struct Module {
    engine: Engine,
    compiled: Component,
    ready: HeadroomPre<Grown>,
}

impl std::fmt::Debug for Module {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Module").finish_non_exhaustive()
    }
}

impl Module {
    /// Builds the component, if need be, and compiles it.
    pub fn load() -> Outcome<Self> {
        let mut config = Config::new();
        config.wasm_component_model(true);
        // The calls are short: compiling is what takes time.
        config.cranelift_opt_level(OptLevel::None);
        let engine = Engine::new(&config)?;
        let compiled = Component::new(&engine, std::fs::read(artifact::module()?)?)?;
        // A linker with nothing in it: a component that asks for anything cannot be loaded.
        let ready = HeadroomPre::new(Linker::new(&engine).instantiate_pre(&compiled)?)?;
        Ok(Self { engine, compiled, ready })
    }

    /// What it asks of its host: names of imports.
    pub fn imports(&self) -> Vec<String> {
        self.compiled.component_type().imports(&self.engine).map(|(name, _)| name.to_owned()).collect()
    }

    /// Names of what it offers: the interfaces with their functions, sorted.
    pub fn exports(&self) -> Vec<String> {
        let mut names = Vec::new();
        for (interface, item) in self.compiled.component_type().exports(&self.engine) {
            let wasmtime::component::types::ComponentItem::ComponentInstance(instance) = item.ty else {
                names.push(interface.to_owned());
                continue;
            };
            names.extend(instance.exports(&self.engine).map(|(name, _)| format!("{interface}#{name}")));
        }
        names.sort();
        names
    }

    /// A fresh instance, with a memory of its own.
    pub fn start(&self) -> Outcome<Session> {
        let mut store = Store::new(&self.engine, Grown(0));
        store.limiter(|grown| grown);
        let world = self.ready.instantiate(&mut store)?;
        Ok(Session { store, world })
    }

    /// The answer of a fresh instance to a call.
    pub fn answer(&self, call: &str) -> Outcome<String> {
        self.start()?.answer(call)
    }
}

/// How far the memory has grown, in bytes.
struct Grown(usize);

impl ResourceLimiter for Grown {
    fn memory_growing(&mut self, _current: usize, desired: usize, _most: Option<usize>) -> wasmtime::Result<bool> {
        self.0 = desired;
        Ok(true)
    }

    fn table_growing(&mut self, _current: usize, _desired: usize, _most: Option<usize>) -> wasmtime::Result<bool> {
        Ok(true)
    }
}

/// A running instance.
pub struct Session {
    store: Store<Grown>,
    world: Headroom,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").finish_non_exhaustive()
    }
}

impl Session {
    /// Answers a call.
    pub fn answer(&mut self, call: &str) -> Outcome<String> {
        Ok(self.world.headroom_engine_engine().call_answer(&mut self.store, call)?)
    }

    /// Assesses; a failure is a document like any other.
    pub fn assess(&mut self, request: &Assessment) -> Outcome<String> {
        let answer = self.world.headroom_engine_engine().call_assess(&mut self.store, request)?;
        Ok(answer.unwrap_or_else(|failure| failure))
    }

    /// Reads gates once and decides over each input; a failure is a document like any other.
    pub fn decide(
        &mut self,
        gates: &[Document],
        evidence: &[Document],
        as_of: Option<&str>,
        inputs: &[&str],
    ) -> Outcome<Vec<String>> {
        let resource = self.world.headroom_engine_engine().gates();
        let read = match resource.call_read(&mut self.store, gates, evidence, as_of)? {
            Ok(read) => read,
            Err(failure) => return Ok(vec![failure]),
        };
        let decide = |input: &&str| Ok(resource.call_decide(&mut self.store, read, input)?);
        let decided = inputs.iter().map(decide).collect();
        read.resource_drop(&mut self.store)?;
        decided
    }

    /// Answers a call over bills that are handed over in pieces of so many bytes, by turns.
    pub fn answer_over(&mut self, bills: &[(&str, &[u8])], piece: usize, call: &str) -> Outcome<String> {
        let resource = self.world.headroom_engine_engine().session();
        let session = resource.call_constructor(&mut self.store)?;
        let most = bills.iter().map(|(_, bytes)| bytes.len().div_ceil(piece).max(1)).max().unwrap_or(0);
        for turn in 0..most {
            for (name, bytes) in bills {
                let from = (turn * piece).min(bytes.len());
                let chunk = &bytes[from..(from + piece).min(bytes.len())];
                if turn == 0 || !chunk.is_empty() {
                    resource.call_push(&mut self.store, session, name, chunk)?;
                }
            }
        }
        let answer = resource.call_answer(&mut self.store, session, call)?;
        session.resource_drop(&mut self.store)?;
        Ok(answer)
    }

    /// Bytes of memory in use.
    pub fn memory_bytes(&self) -> usize {
        self.store.data().0
    }
}
