//! Finding the parameters of a model: one unknown by a grid and parabolas, several by a simplex.

use std::ops::{Add, Div, Mul, Sub};

use wide::f64x4;

use crate::order::Order as _;

/// One number or several that are reckoned with alike: what a walk over values is written for once.
pub(super) trait Lanes:
    Copy + From<f64> + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Div<Output = Self>
{
}

impl Lanes for f64 {}
impl Lanes for f64x4 {}

/// A function of one unknown, the cost of the fit that it makes.
pub(super) trait Valley {
    /// What is made of a place.
    type Fit: Copy;

    /// The fit at a place.
    fn fit(&self, place: f64) -> Self::Fit;

    /// The fits at four places, each as [`Valley::fit`] makes it to the last bit. The steps of one walk over the values wait
    /// for each other, those of four do not.
    fn fit_four(&self, places: [f64; 4]) -> [Self::Fit; 4];

    /// What a fit costs.
    fn cost(fit: &Self::Fit) -> f64;
}

/// The fit of least cost between `low` and `high`: a grid finds the valley, parabolas through its three lowest points its
/// floor, the golden section where they do not help (Brent 1973).
pub(super) fn least_of_one<V: Valley>(low: f64, high: f64, valley: &V) -> V::Fit {
    /// The golden section's smaller part.
    const PART: f64 = 0.381_966_011_250_105_1;
    /// Cells of the grid.
    const CELLS: usize = 10;
    /// Steps after the grid.
    const MOST: usize = 12;
    let width = (high - low) / CELLS as f64;
    let close = 5e-4 * (high - low);
    let place = |cell: usize| low + width * cell.min(CELLS) as f64;
    let mut points = Vec::with_capacity(CELLS + 4);
    for first in (0..=CELLS).step_by(4) {
        let places = std::array::from_fn(|lane| place(first + lane));
        points.extend(std::iter::zip(places, valley.fit_four(places)).map(|(place, fit)| Point::<V>::new(place, fit)));
    }
    let mut best = 0;
    for cell in 0..=CELLS {
        if points[cell].cost < points[best].cost {
            best = cell;
        }
    }
    let (mut left, mut middle, mut right) =
        (points[best.saturating_sub(1)], points[best], points[(best + 1).min(CELLS)]);
    for _ in 0..MOST {
        if right.place - left.place <= 2.0 * close {
            break;
        }
        let (before, after) = (middle.place - left.place, right.place - middle.place);
        // The floor of the parabola through the three points.
        let (rise, fall) = (before * (middle.cost - right.cost), after * (middle.cost - left.cost));
        let bend = rise + fall;
        let floor = middle.place - 0.5 * (before * rise - after * fall) / bend;
        let inside = bend != 0.0 && floor > left.place && floor < right.place;
        if inside && (floor - middle.place).abs() < close {
            break;
        }
        let place = match inside {
            true => floor,
            false if after > before => middle.place + PART * after,
            false => middle.place - PART * before,
        };
        let next = Point::new(place, valley.fit(place));
        if next.cost < middle.cost {
            if place > middle.place {
                left = middle;
            } else {
                right = middle;
            }
            middle = next;
        } else if place > middle.place {
            right = next;
        } else {
            left = next;
        }
    }
    middle.fit
}

/// A place that a search has looked at.
struct Point<V: Valley> {
    place: f64,
    cost: f64,
    fit: V::Fit,
}

impl<V: Valley> Point<V> {
    fn new(place: f64, fit: V::Fit) -> Self {
        Self { place, cost: V::cost(&fit), fit }
    }
}

// Not derived: that would ask the same of the function.
impl<V: Valley> Copy for Point<V> {}

impl<V: Valley> Clone for Point<V> {
    fn clone(&self) -> Self {
        *self
    }
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
    use super::super::smoothing::Levels;
    use super::super::theta::Concentrated;
    use super::*;

    /// Two valleys side by side.
    struct Valleys;

    impl Valley for Valleys {
        type Fit = (f64, f64);

        fn fit(&self, x: f64) -> (f64, f64) {
            (x, (x - 0.2) * (x - 0.2) * ((x - 0.8) * (x - 0.8) + 0.01) + 0.001 * x)
        }

        fn fit_four(&self, places: [f64; 4]) -> [(f64, f64); 4] {
            places.map(|place| self.fit(place))
        }

        fn cost((_, cost): &(f64, f64)) -> f64 {
            *cost
        }
    }

    #[test]
    fn one_unknown_is_found_past_a_second_valley() {
        let (place, _) = least_of_one(0.0, 1.0, &Valleys);
        assert!((place - 0.1986).abs() < 2e-3, "{place}");
    }

    /// Places and costs of four fits, bit by bit, made one by one and all at once.
    #[track_caller]
    fn alike<V: Valley>(valley: &V) {
        for places in [[0.01, 0.3, 0.6, 0.995], [0.5, 0.25, 0.999, 0.001]] {
            let bits = |fits: [V::Fit; 4]| fits.map(|fit| V::cost(&fit).to_bits());
            assert_eq!(bits(valley.fit_four(places)), bits(places.map(|place| valley.fit(place))));
        }
    }

    #[test]
    fn four_fits_at_once_are_the_same_to_the_last_bit() {
        let values: Vec<f64> = (0..90).map(|at| 50.0 + f64::from(at * at % 37) + 0.3 * f64::from(at)).collect();
        alike(&Concentrated::new(&values));
        alike(&Levels(&values));
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
