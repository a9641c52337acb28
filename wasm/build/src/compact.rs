//! What a linker leaves in a module and no host reads.

use walrus::ModuleConfig;

use crate::Outcome;

/// The module without names of functions and tables for debuggers, its numbers as short as they can be: the linker
/// leaves each address five bytes wide.
pub(crate) fn compact(module: &[u8]) -> Outcome<Vec<u8>> {
    let mut config = ModuleConfig::new();
    config.generate_name_section(false).generate_producers_section(false).generate_dwarf(false);
    Ok(config.parse(module)?.emit_wasm())
}
