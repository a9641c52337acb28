//! What advice on commitments saves of what hindsight would have, on generated fleets, beside simpler rules:
//! `cargo run --release -p headroom-tests --no-default-features --example commitment_capture`.
//!
//! Each of 200 fleets is asked after 30, 45 and 60 days, and the thirty days that follow say what came of it.

use std::error::Error;
use std::io::{self, Write as _};

use headroom_tests::capture::{RULES, captured};

fn main() -> Result<(), Box<dyn Error>> {
    let mut out = io::stdout().lock();
    for discount in [0.20, 0.28, 0.40, 0.55] {
        writeln!(out, "discount {:.0} %", discount * 100.0)?;
        writeln!(out, "  {:<28}{:>10}{:>10}{:>10}", "rule", "capture %", "losses %", "worst 5 %")?;
        for (name, rule) in RULES {
            let found = captured(rule, discount, 200);
            writeln!(out, "  {name:<28}{:>10.1}{:>10.2}{:>10.0}", found.capture, found.losses, found.low)?;
        }
    }
    Ok(())
}
