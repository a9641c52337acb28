//! The OPA module, run as a host of its ABI would.

use std::path::Path;

use wasmtime::{Caller, Config, Engine, Extern, Func, Linker, Memory, MemoryType, Module, OptLevel, Store, Val};

use crate::Outcome;

/// Pages that every host of the ABI brings.
const PAGES: u32 = 5;

/// The compiled module.
#[derive(Debug)]
pub struct Opa {
    engine: Engine,
    compiled: Module,
}

impl Opa {
    /// Compiles the module in a file.
    pub fn load(path: &Path) -> Outcome<Self> {
        let mut config = Config::new();
        config.cranelift_opt_level(OptLevel::None);
        let engine = Engine::new(&config)?;
        let compiled = Module::from_file(&engine, path)?;
        Ok(Self { engine, compiled })
    }

    /// What it asks of its host: names of imports.
    pub fn imports(&self) -> Vec<String> {
        self.compiled.imports().map(|import| format!("{}.{}", import.module(), import.name())).collect()
    }

    /// Names of what it offers, sorted.
    pub fn exports(&self) -> Vec<String> {
        let mut names: Vec<String> = self.compiled.exports().map(|export| export.name().to_owned()).collect();
        names.sort();
        names
    }

    /// A fresh instance in a memory of five pages; its data is empty.
    pub fn start(&self) -> Outcome<Policy> {
        let mut store = Store::new(&self.engine, None);
        let memory = Memory::new(&mut store, MemoryType::new(PAGES, None))?;
        let abort =
            Func::wrap(&mut store, |mut caller: Caller<'_, Option<String>>, message: u32| -> wasmtime::Result<()> {
                let Some(Extern::Memory(memory)) = caller.get_export("memory") else { return Ok(()) };
                let text = until_zero(memory.data(&caller), message);
                *caller.data_mut() = Some(text.clone());
                Err(wasmtime::Error::msg(text))
            });
        let mut linker = Linker::new(&self.engine);
        linker.define(&store, "env", "memory", memory)?.define(&store, "env", "opa_abort", abort)?;
        let instance = linker.instantiate(&mut store, &self.compiled)?;
        let mut policy = Policy { store, instance, memory, data: 0, base: 0, heap: 0 };
        policy.data = policy.parse("{}")?;
        policy.base = policy.call("opa_heap_ptr_get", &[])?;
        policy.heap = policy.base;
        Ok(policy)
    }
}

/// A running instance.
#[derive(Debug)]
pub struct Policy {
    /// With the message of the last abort.
    store: Store<Option<String>>,
    instance: wasmtime::Instance,
    memory: Memory,
    data: i32,
    /// Where the heap begins without data, and with it.
    base: i32,
    heap: i32,
}

impl Policy {
    /// Sets the data, JSON text.
    pub fn set_data(&mut self, data: &str) -> Outcome<()> {
        self.call("opa_heap_ptr_set", &[self.base])?;
        self.data = self.parse(data)?;
        self.heap = self.call("opa_heap_ptr_get", &[])?;
        Ok(())
    }

    /// Puts a value into the data at a path of keys, or takes out what is there; what the module answers.
    pub fn patch_data(&mut self, path: &str, value: Option<&str>) -> Outcome<i32> {
        self.call("opa_heap_ptr_set", &[self.heap])?;
        let path = self.parse(path)?;
        let answered = match value {
            Some(value) => {
                let value = self.parse(value)?;
                self.call("opa_value_add_path", &[self.data, path, value])?
            }
            None => self.call("opa_value_remove_path", &[self.data, path])?,
        };
        self.heap = self.call("opa_heap_ptr_get", &[])?;
        Ok(answered)
    }

    /// The result set of an entrypoint as JSON, or the message of the abort; the input goes as it is.
    pub fn evaluate(&mut self, entrypoint: i32, input: &[u8]) -> Outcome<Result<String, String>> {
        self.evaluate_as(0, entrypoint, input)
    }

    /// The same in Rego's notation, which OPA itself asks for.
    pub fn evaluate_in_rego(&mut self, entrypoint: i32, input: &[u8]) -> Outcome<Result<String, String>> {
        self.evaluate_as(1, entrypoint, input)
    }

    fn evaluate_as(&mut self, format: i32, entrypoint: i32, input: &[u8]) -> Outcome<Result<String, String>> {
        let len = i32::try_from(input.len())?;
        let need = (self.heap as usize + input.len()).saturating_sub(self.memory.data_size(&self.store));
        self.memory.grow(&mut self.store, need.div_ceil(1 << 16) as u64)?;
        self.memory.write(&mut self.store, self.heap as usize, input)?;
        *self.store.data_mut() = None;
        let arguments = [0, entrypoint, self.data, self.heap, len, self.heap + len, format];
        match self.call("opa_eval", &arguments) {
            Ok(address) => Ok(Ok(self.read(address))),
            Err(error) => self.store.data().clone().map(Err).ok_or(error),
        }
    }

    /// The same by the functions of ABI 1.1, which hosts without `opa_eval` call one after another: as JSON and in Rego's
    /// notation.
    pub fn evaluate_in_steps(&mut self, entrypoint: i32, input: &str) -> Outcome<[String; 2]> {
        self.call("opa_heap_ptr_set", &[self.heap])?;
        let input = self.parse(input)?;
        let context = self.call("opa_eval_ctx_new", &[])?;
        for (step, value) in [("input", input), ("data", self.data), ("entrypoint", entrypoint)] {
            self.call(&format!("opa_eval_ctx_set_{step}"), &[context, value])?;
        }
        self.call("eval", &[context])?;
        let result = self.call("opa_eval_ctx_get_result", &[context])?;
        let [json, rego] = ["opa_json_dump", "opa_value_dump"].map(|dump| self.call(dump, &[result]));
        Ok([self.read(json?), self.read(rego?)])
    }

    /// What a function without arguments answers, as JSON text.
    pub fn dump(&mut self, function: &str) -> Outcome<String> {
        let value = self.call(function, &[])?;
        let text = self.call("opa_json_dump", &[value])?;
        Ok(self.read(text))
    }

    /// The number that an exported global holds.
    pub fn global(&mut self, name: &str) -> Option<i32> {
        self.instance.get_global(&mut self.store, name)?.get(&mut self.store).i32()
    }

    /// Bytes of memory.
    pub fn memory_bytes(&self) -> usize {
        self.memory.data_size(&self.store)
    }

    fn parse(&mut self, text: &str) -> Outcome<i32> {
        let len = i32::try_from(text.len())?;
        let address = self.call("opa_malloc", &[len])?;
        self.memory.write(&mut self.store, address as usize, text.as_bytes())?;
        match self.call("opa_json_parse", &[address, len])? {
            0 => Err("the module takes it for no JSON".into()),
            value => Ok(value),
        }
    }

    fn read(&self, address: i32) -> String {
        until_zero(self.memory.data(&self.store), address as u32)
    }

    fn call(&mut self, function: &str, arguments: &[i32]) -> Outcome<i32> {
        let called = self.instance.get_func(&mut self.store, function).ok_or_else(|| format!("no `{function}`"))?;
        let arguments: Vec<Val> = arguments.iter().map(|argument| Val::I32(*argument)).collect();
        let mut results = vec![Val::I32(0); called.ty(&self.store).results().len()];
        called.call(&mut self.store, &arguments, &mut results)?;
        Ok(results.first().and_then(Val::i32).unwrap_or(0))
    }
}

fn until_zero(memory: &[u8], address: u32) -> String {
    let from = memory.get(address as usize..).unwrap_or_default();
    let end = from.iter().position(|byte| *byte == 0).unwrap_or(from.len());
    String::from_utf8_lossy(&from[..end]).into_owned()
}
