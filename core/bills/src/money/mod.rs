//! Exact money: fixed-point amounts, currencies and shares that lose nothing.
//!
//! An [`Amount`] is an `i128` counting units of 10⁻¹⁸, so every decimal a bill states with up to 18
//! fraction digits is held exactly and sums do not depend on their order.
//!
//! ```
//! use headroom_bills::money::Amount;
//!
//! let read = |text: &str| Amount::parse(text.as_bytes()).unwrap().amount;
//! let sum = read("3.354E-07").checked_add(read("20.52")).unwrap();
//! assert_eq!(sum.to_string(), "20.5200003354");
//! ```

mod amount;
mod currency;
mod parse;
mod percent;
mod shares;
mod wide;

pub use amount::{Amount, FRACTION_DIGITS};
pub use currency::Currency;
pub use parse::{AmountError, ParsedAmount};
pub use percent::{exceeds_percent, percent_change, percent_of};
pub use shares::{ShareError, split};
pub use wide::compare_ratios;
