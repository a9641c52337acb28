//! The JSON Schema of the policy file.

/// The JSON Schema (draft 2020-12) of an allocation policy, as text.
pub const fn allocation_schema() -> &'static str {
    include_str!("../../../policies/schemas/allocation.schema.json")
}
