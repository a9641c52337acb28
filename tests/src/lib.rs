//! What the tests, the benchmark and the sample bills share: seeded generators, no third party's data; the cases that
//! are data; the program and the module that run them; a plain second reader of bills.

pub mod artifact;
pub mod capture;
pub mod case;
pub mod commitment_load;
pub mod contain;
pub mod daily;
pub mod expectations;
pub mod focus_load;
pub mod generated;
#[cfg(feature = "module")]
pub mod hosts;
pub mod measured;
#[cfg(feature = "module")]
pub mod module;
#[cfg(feature = "module")]
pub mod opa;
pub mod pods;
pub mod prng;
#[cfg(feature = "module")]
pub mod product;
pub mod program;
pub mod reference;
pub mod sample;
pub mod together;
pub mod usage_load;

/// The result of what tests share: whatever went wrong, in words.
pub type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;
