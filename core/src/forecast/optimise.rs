//! Finding the parameters of a model: one unknown by a grid and the golden section, several by a simplex.

use crate::order::Order as _;

/// Where a function of one unknown is least between `low` and `high`: a grid finds the valley, parabolas through its
/// three lowest points its floor, the golden section where they do not help (Brent 1973). Returns the place and the value
/// there.
pub(super) fn least_of_one(low: f64, high: f64, cells: usize, mut cost: impl FnMut(f64) -> f64) -> (f64, f64) {
    /// The golden section's smaller part.
    const PART: f64 = 0.381_966_011_250_105_1;
    /// Steps after the grid.
    const MOST: usize = 12;
    let width = (high - low) / cells as f64;
    let close = 5e-4 * (high - low);
    let values: Vec<f64> = (0..=cells).map(|cell| cost(low + width * cell as f64)).collect();
    let mut best = 0;
    for (cell, value) in values.iter().enumerate() {
        if *value < values[best] {
            best = cell;
        }
    }
    let point = |cell: usize| (low + width * cell as f64, values[cell]);
    let (mut left, mut middle, mut right) = (point(best.saturating_sub(1)), point(best), point((best + 1).min(cells)));
    for _ in 0..MOST {
        if right.0 - left.0 <= 2.0 * close {
            break;
        }
        let (before, after) = (middle.0 - left.0, right.0 - middle.0);
        // The floor of the parabola through the three points.
        let (rise, fall) = (before * (middle.1 - right.1), after * (middle.1 - left.1));
        let bend = rise + fall;
        let floor = middle.0 - 0.5 * (before * rise - after * fall) / bend;
        let inside = bend != 0.0 && floor > left.0 && floor < right.0;
        if inside && (floor - middle.0).abs() < close {
            break;
        }
        let place = match inside {
            true => floor,
            false if after > before => middle.0 + PART * after,
            false => middle.0 - PART * before,
        };
        let next = (place, cost(place));
        if next.1 < middle.1 {
            if place > middle.0 {
                left = middle;
            } else {
                right = middle;
            }
            middle = next;
        } else if place > middle.0 {
            right = next;
        } else {
            left = next;
        }
    }
    middle
}

/// How a search by simplex begins and ends.
#[derive(Clone, Copy, Debug)]
pub(super) struct Search<const N: usize> {
    /// Where it begins.
    pub(super) start: [f64; N],
    /// The length of the simplex's edges.
    pub(super) step: [f64; N],
    /// At most so many times is the function asked.
    pub(super) most: usize,
    /// It ends when the costs of the corners are this close, relative to the least.
    pub(super) tolerance: f64,
}

/// Where a function of several unknowns is least, by the simplex of Nelder and Mead (1965). Returns the place and the
/// value there; the same answer every time.
pub(super) fn least_of_several<const N: usize>(
    search: &Search<N>,
    mut cost: impl FnMut(&[f64; N]) -> f64,
) -> ([f64; N], f64) {
    let mut corners = vec![(search.start, cost(&search.start))];
    for axis in 0..N {
        let mut corner = search.start;
        corner[axis] += search.step[axis];
        corners.push((corner, cost(&corner)));
    }
    let mut asked = N + 1;
    while asked < search.most {
        corners.order_by(|a, b| a.1.total_cmp(&b.1));
        let (best, worst) = (corners[0].1, corners[N].1);
        if worst - best <= search.tolerance * (best.abs() + f64::MIN_POSITIVE) {
            break;
        }
        let mut middle = [0.0; N];
        for (corner, _) in &corners[..N] {
            for (sum, part) in middle.iter_mut().zip(corner) {
                *sum += part / N as f64;
            }
        }
        let last = corners[N].0;
        let along =
            |factor: f64| -> [f64; N] { std::array::from_fn(|at| middle[at] + factor * (last[at] - middle[at])) };
        let mirrored = along(-1.0);
        let value = cost(&mirrored);
        asked += 1;
        if value < best {
            let further = along(-2.0);
            let beyond = cost(&further);
            asked += 1;
            corners[N] = if beyond < value { (further, beyond) } else { (mirrored, value) };
        } else if value < corners[N - 1].1 {
            corners[N] = (mirrored, value);
        } else {
            let nearer = along(if value < worst { -0.5 } else { 0.5 });
            let within = cost(&nearer);
            asked += 1;
            if within < value.min(worst) {
                corners[N] = (nearer, within);
            } else {
                let lowest = corners[0].0;
                for corner in &mut corners[1..] {
                    for (part, low) in corner.0.iter_mut().zip(&lowest) {
                        *part = low + 0.5 * (*part - low);
                    }
                    corner.1 = cost(&corner.0);
                    asked += 1;
                }
            }
        }
    }
    corners.order_by(|a, b| a.1.total_cmp(&b.1));
    corners[0]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_unknown_is_found_past_a_second_valley() {
        let valleys = |x: f64| (x - 0.2) * (x - 0.2) * ((x - 0.8) * (x - 0.8) + 0.01) + 0.001 * x;
        let (place, value) = least_of_one(0.0, 1.0, 10, valleys);
        assert!((place - 0.1986).abs() < 2e-3 && value <= valleys(place), "{place} {value}");
    }

    #[test]
    fn several_unknowns_are_found_in_a_bent_valley() {
        let search = Search { start: [-1.2, 1.0], step: [0.5, 0.5], most: 400, tolerance: 1e-12 };
        let (place, _) = least_of_several(&search, |x| {
            let (along, across) = (1.0 - x[0], x[1] - x[0] * x[0]);
            along * along + 100.0 * across * across
        });
        assert!((place[0] - 1.0).abs() < 1e-3 && (place[1] - 1.0).abs() < 1e-3, "{place:?}");
    }
}
