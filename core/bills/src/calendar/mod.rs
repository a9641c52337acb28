//! Days and months, and reading them from the many spellings found in bills.
//!
//! There is no clock here: "today" is always an argument.

mod date;
mod instant;
mod month;

pub use date::Date;
pub use instant::{Instant, InstantError};
pub use month::{DayRange, Month, MonthError};
