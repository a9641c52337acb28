//! Tells the linker what the OPA ABI asks of a module beside functions.
//!
//! The version of the ABI is a pair of exported globals that hold numbers. A Rust `static` would export its address, so
//! the two are defined in an object file of their own.

use std::path::PathBuf;
use std::{env, fs};

use wasm_encoder::{ConstExpr, GlobalSection, GlobalType, LinkingSection, Module, SymbolTable, ValType};

/// Bytes of stack. With the default of a mebibyte the module would not start in the five pages that hosts bring.
const STACK: u32 = 128 << 10;

/// Name and value of each global.
const VERSION: [(&str, i32); 2] = [("opa_wasm_abi_version", 1), ("opa_wasm_abi_minor_version", 3)];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo:rerun-if-changed=build.rs");
    if env::var("CARGO_CFG_TARGET_ARCH")? != "wasm32" {
        return Ok(());
    }
    let (mut globals, mut symbols) = (GlobalSection::new(), SymbolTable::new());
    for (index, (name, value)) in (0..).zip(VERSION) {
        let plain = GlobalType { val_type: ValType::I32, mutable: false, shared: false };
        globals.global(plain, &ConstExpr::i32_const(value));
        symbols.global(SymbolTable::WASM_SYM_EXPORTED | SymbolTable::WASM_SYM_NO_STRIP, index, Some(name));
    }
    let mut object = Module::new();
    object.section(&globals).section(LinkingSection::new().symbol_table(&symbols));
    let path = PathBuf::from(env::var("OUT_DIR")?).join("abi_version.o");
    fs::write(&path, object.finish())?;
    println!("cargo:rustc-cdylib-link-arg={}", path.display());
    for argument in ["--import-memory", "--export-memory", &format!("-zstack-size={STACK}")] {
        println!("cargo:rustc-cdylib-link-arg={argument}");
    }
    Ok(())
}
