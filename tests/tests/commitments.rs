//! Advice on commitments gets what it is meant to get, on fleets it was not made for.

use headroom_tests::capture::{RULES, captured};

#[test]
fn most_of_the_hindsight_saving_is_had_without_losses() {
    let [(_, advised), ..] = RULES;
    for (discount, least) in [(0.20, 93.0), (0.28, 94.0), (0.40, 94.0), (0.55, 94.0)] {
        let found = captured(advised, discount, 60);
        assert!(found.capture >= least && found.losses <= 0.2, "{discount}: {found:?}");
    }
}
