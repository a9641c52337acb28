//! The engine as a WebAssembly module, run as a host would.

use wasmtime::{Config, Engine, Instance, Linker, Module as Compiled, OptLevel, Store};

use crate::{Outcome, artifact};

/// The built and compiled module.
#[derive(Debug)]
pub struct Module {
    engine: Engine,
    compiled: Compiled,
}

impl Module {
    /// Builds the module, if need be, and compiles it.
    pub fn load() -> Outcome<Self> {
        let bytes = std::fs::read(artifact::module()?)?;
        let mut config = Config::new();
        // The calls are short: compiling is what takes time.
        config.cranelift_opt_level(OptLevel::None);
        let engine = Engine::new(&config)?;
        let compiled = Compiled::new(&engine, bytes)?;
        Ok(Self { engine, compiled })
    }

    /// What it asks of its host: names of imports.
    pub fn imports(&self) -> Vec<String> {
        self.compiled.imports().map(|import| format!("{}.{}", import.module(), import.name())).collect()
    }

    /// Names of the functions and memories it offers, sorted.
    pub fn exports(&self) -> Vec<String> {
        let offered =
            self.compiled.exports().filter(|export| export.ty().func().is_some() || export.ty().memory().is_some());
        let mut names: Vec<String> = offered.map(|export| export.name().to_owned()).collect();
        names.sort();
        names
    }

    /// A fresh instance, with a memory of its own.
    pub fn start(&self) -> Outcome<Session> {
        let mut store = Store::new(&self.engine, ());
        let instance = Linker::new(&self.engine).instantiate(&mut store, &self.compiled)?;
        Ok(Session { store, instance })
    }

    /// The answer of a fresh instance to a call.
    pub fn answer(&self, call: &str) -> Outcome<String> {
        self.start()?.answer(call.as_bytes())
    }
}

/// A running instance.
#[derive(Debug)]
pub struct Session {
    store: Store<()>,
    instance: Instance,
}

impl Session {
    /// Reserves a buffer.
    pub fn alloc(&mut self, len: u32) -> Outcome<u32> {
        let alloc = self.instance.get_typed_func::<u32, u32>(&mut self.store, "headroom_alloc")?;
        Ok(alloc.call(&mut self.store, len)?)
    }

    /// Releases a buffer.
    pub fn free(&mut self, address: u32, len: u32) -> Outcome<()> {
        let free = self.instance.get_typed_func::<(u32, u32), ()>(&mut self.store, "headroom_free")?;
        Ok(free.call(&mut self.store, (address, len))?)
    }

    /// Answers the call in a buffer: address and length of the answer.
    pub fn answer_at(&mut self, address: u32, len: u32) -> Outcome<(u32, u32)> {
        let answer = self.instance.get_typed_func::<(u32, u32), u64>(&mut self.store, "headroom_answer")?;
        let both = answer.call(&mut self.store, (address, len))?;
        Ok(((both >> 32) as u32, both as u32))
    }

    /// Answers a call, and releases both buffers.
    pub fn answer(&mut self, call: &[u8]) -> Outcome<String> {
        let len = u32::try_from(call.len())?;
        let address = self.alloc(len)?;
        let memory = self.memory()?;
        memory.write(&mut self.store, address as usize, call)?;
        let (at, length) = self.answer_at(address, len)?;
        let text = self.text(at, length)?;
        self.free(address, len)?;
        self.free(at, length)?;
        Ok(text)
    }

    /// The text in a buffer.
    pub fn text(&mut self, address: u32, len: u32) -> Outcome<String> {
        let mut bytes = vec![0; len as usize];
        self.memory()?.read(&self.store, address as usize, &mut bytes)?;
        Ok(String::from_utf8(bytes)?)
    }

    /// Bytes of memory in use.
    pub fn memory_bytes(&mut self) -> Outcome<usize> {
        Ok(self.memory()?.data_size(&self.store))
    }

    fn memory(&mut self) -> Outcome<wasmtime::Memory> {
        Ok(self.instance.get_memory(&mut self.store, "memory").ok_or("the module exports no memory")?)
    }
}
