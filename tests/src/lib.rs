//! What the tests, the benchmark and the sample bills share: seeded generators, no third party's data.

pub mod focus_load;
pub mod prng;
pub mod sample;
