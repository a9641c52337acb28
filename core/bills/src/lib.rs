//! Bills read and added up: the lower rooms of the Headroom engine.
//!
//! Every row of a bill passes through here, and nothing else does so often. A crate has one level of optimisation, so
//! these rooms have a crate of their own: it is compiled for speed even where the engine above it is compiled for size.
//! Users meet it as part of `headroom_core`, which gives its rooms on under the same names.
//!
//! Rooms, lowest first; each uses only those above it in this list:
//!
//! * [`order`] – sorting, and maps and sets in order, in little code
//! * [`json`] – JSON text, read and written in little code
//! * [`money`] – exact amounts, currencies, shares that lose nothing
//! * [`calendar`] – days and months, and the date spellings of bills
//! * [`condition`] – the closed condition set, and policy documents with positions
//! * [`bill`] – bytes to records: scanning, dialects, cost metrics, tags
//! * [`ledger`] – charges added up; several files as one bill
//! * [`allocation`] – policies: ordered rules, first match per dimension

pub mod allocation;
pub mod bill;
pub mod calendar;
pub mod condition;
pub mod json;
pub mod ledger;
pub mod money;
pub mod order;
