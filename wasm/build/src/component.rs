//! `headroom-component.wasm`: the engine for hosts of the component model.

use wit_component::ComponentEncoder;

use crate::compact::compact;
use crate::{Budget, Outcome, Shipped, Workspace};

/// The crate it is built from.
pub const PACKAGE: &str = "headroom-component";

/// The file.
pub const NAME: &str = "headroom-component.wasm";

const BUDGET: Budget = Budget::kilobytes(942);

/// Builds the component.
///
/// # Errors
/// When it asks its host for anything, or is too large.
pub fn build(workspace: &Workspace) -> Outcome<Shipped> {
    let module = compact(&workspace.cdylib_for_bills(PACKAGE, "")?)?;
    // The world stands in a custom section of the module; without adapters nothing but the world can be imported.
    let component = ComponentEncoder::default().validate(true).module(&module)?.encode()?;
    workspace.ship(NAME, &component, BUDGET)
}
