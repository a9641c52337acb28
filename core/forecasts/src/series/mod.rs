//! A regular series: values at equal steps of time, its gaps, and its seasons.
//!
//! * [`read_series`] – many series from CSV text
//! * [`Series`] – one of them: where it begins, its step, its values
//! * [`Step`] – from one value to the next, and the periods its seasons may have
//! * [`Season`] – what comes again every period: tested, taken out, put back

mod read;
mod regular;
mod season;
mod step;

pub use read::{NamedSeries, SeriesFault, read_series};
pub use regular::{Filled, Irregular, Series};
pub use season::{Form, LEAST_CYCLES, Season};
pub use step::{Stamp, Step};
