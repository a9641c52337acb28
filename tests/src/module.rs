//! The engine as a WebAssembly component, run as a host would.

use wasmtime::component::{Component, Linker};
use wasmtime::{Config, Engine, OptLevel, ResourceLimiter, Store};

use crate::{Outcome, product};

#[expect(missing_docs, reason = "written by the generator")]
mod generated {
    wasmtime::component::bindgen!({ path: "../wasm/component/wit", world: "headroom" });
}

pub use generated::exports::headroom::engine::engine::{Assessment, Document, Wanted};
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
        let compiled = Component::new(&engine, std::fs::read(product::module()?)?)?;
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

    /// The answer to a call over a bill of which two instances read a half each, and how many passes that were.
    pub fn answer_by_two(&self, bill: &[u8], call: &str) -> Outcome<(String, usize)> {
        let mut halves = [self.start()?, self.start()?];
        let mut sessions = Vec::new();
        for half in &mut halves {
            let resource = half.world.headroom_engine_engine().session();
            sessions.push(resource.call_start(&mut half.store, call)??);
        }
        let (middle, mut passes) = (bill.len() as u64 / 2, 0);
        loop {
            let mut counted = Vec::new();
            for ((half, session), (from, to)) in
                halves.iter_mut().zip(&sessions).zip([(0, Some(middle)), (middle, None)])
            {
                let resource = half.world.headroom_engine_engine().session();
                if resource.call_share(&mut half.store, *session)?.is_empty() {
                    continue;
                }
                resource.call_read_stretch(&mut half.store, *session, 0, from, to)?;
                while let Some(at) = resource.call_wanted_at(&mut half.store, *session)? {
                    let rest = bill.get(usize::try_from(at)?..).unwrap_or_default();
                    match rest.len().min(999) {
                        0 => resource.call_end(&mut half.store, *session)?,
                        length => resource.call_push(&mut half.store, *session, &rest[..length])?,
                    }
                }
                counted.extend(resource.call_count(&mut half.store, *session)?);
            }
            let [first, second] = &counted[..] else { break };
            for ((half, session), theirs) in halves.iter_mut().zip(&sessions).zip([second, first]) {
                let resource = half.world.headroom_engine_engine().session();
                resource.call_take(&mut half.store, *session, theirs)??;
                resource.call_settle(&mut half.store, *session)?;
            }
            passes += 1;
        }
        let [first, _] = &mut halves;
        let outcome = first.world.headroom_engine_engine().session().call_outcome(&mut first.store, sessions[0])?;
        Ok((outcome.ok_or("it could not be shared to the end")?.unwrap_or_else(|failure| failure), passes))
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

    /// Answers a call over bills that are handed over in pieces of so many bytes, as often as they are wanted. What came of it
    /// is asked for after each piece, and twice in the end: that must change nothing.
    pub fn answer_over(&mut self, bills: &[&[u8]], piece: usize, call: &str) -> Outcome<String> {
        let resource = self.world.headroom_engine_engine().session();
        let session = match resource.call_start(&mut self.store, call)? {
            Ok(session) => session,
            Err(failure) => return Ok(failure),
        };
        while let Some(wanted) = resource.call_wanted(&mut self.store, session)? {
            let is_still =
                |now: Option<Wanted>| now.is_some_and(|now| (now.file, now.pass) == (wanted.file, wanted.pass));
            let bytes = bills.get(wanted.file as usize).ok_or("a file is wanted that is not there")?;
            let mut left = bytes.chunks(piece);
            while is_still(resource.call_wanted(&mut self.store, session)?) {
                match left.next() {
                    Some(chunk) => resource.call_push(&mut self.store, session, chunk)?,
                    None => resource.call_end(&mut self.store, session)?,
                }
                let came = resource.call_outcome(&mut self.store, session)?;
                if came.is_some() != resource.call_wanted(&mut self.store, session)?.is_none() {
                    return Err("there is an outcome when nothing is wanted any more, and not before".into());
                }
            }
        }
        let outcome =
            resource.call_outcome(&mut self.store, session)?.ok_or("nothing is wanted, and nothing came of it")?;
        if resource.call_outcome(&mut self.store, session)?.as_ref() != Some(&outcome) {
            return Err("another outcome when it is asked for again".into());
        }
        session.resource_drop(&mut self.store)?;
        Ok(outcome.unwrap_or_else(|failure| failure))
    }

    /// Bytes of memory in use.
    pub fn memory_bytes(&self) -> usize {
        self.store.data().0
    }
}
