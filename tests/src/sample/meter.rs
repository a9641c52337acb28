//! How much of something is used each day, and what it costs.

use headroom_core::money::Amount;

use crate::prng::Prng;

use super::days::Day;

const SEED: u64 = 2026;

/// A metered use of one resource. Integers throughout, so that every amount in a bill is exact.
#[derive(Clone, Copy, Debug)]
pub(super) struct Meter {
    /// Price of a unit in 10⁻⁶ USD.
    price: i64,
    /// Units a day, in thousandths.
    daily: i64,
    /// Weekend use in thousandths of the use of other days.
    weekend: i64,
    /// Growth in thousandths over thirty days.
    growth: i64,
    /// The use differs from day to day by up to so many thousandths.
    noise: i64,
    first: (u8, u8),
    last: (u8, u8),
    /// From this day on, use in thousandths of what it was.
    step: Option<((u8, u8), i64)>,
}

/// What a meter shows for a day.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reading {
    thousandths: i64,
    price: i64,
}

impl Meter {
    /// `daily` thousandths of a unit each day at `price` millionths of a USD.
    pub(super) const fn new(price: i64, daily: i64) -> Self {
        Self { price, daily, weekend: 1000, growth: 0, noise: 0, first: (1, 1), last: (12, 31), step: None }
    }

    pub(super) const fn weekend(self, thousandths: i64) -> Self {
        Self { weekend: thousandths, ..self }
    }

    pub(super) const fn growth(self, thousandths: i64) -> Self {
        Self { growth: thousandths, ..self }
    }

    pub(super) const fn noise(self, thousandths: i64) -> Self {
        Self { noise: thousandths, ..self }
    }

    /// Used from this month and day on.
    pub(super) const fn from(self, month: u8, day: u8) -> Self {
        Self { first: (month, day), ..self }
    }

    /// Used up to and with this month and day.
    pub(super) const fn until(self, month: u8, day: u8) -> Self {
        Self { last: (month, day), ..self }
    }

    /// Use changes to so many thousandths on this month and day.
    pub(super) const fn step(self, month: u8, day: u8, thousandths: i64) -> Self {
        Self { step: Some(((month, day), thousandths)), ..self }
    }

    /// The reading of a day; none when the resource was not there or not used. `stream` tells meters apart.
    pub(super) fn read(&self, stream: u64, day: Day) -> Option<Reading> {
        let date = day.in_year();
        if date < self.first || date > self.last {
            return None;
        }
        let mut units = self.daily * (30_000 + self.growth * day.index) / 30_000;
        if day.is_weekend() {
            units = units * self.weekend / 1000;
        }
        if let Some((from, thousandths)) = self.step
            && date >= from
        {
            units = units * thousandths / 1000;
        }
        let mut prng = Prng::member(SEED + stream, day.index as u64);
        units = units * (1000 + prng.between(-self.noise, self.noise)) / 1000;
        (units > 0).then_some(Reading::new(self.price, units))
    }
}

impl Reading {
    pub(super) const fn new(price: i64, thousandths: i64) -> Self {
        Self { thousandths, price }
    }

    pub(super) fn quantity(self) -> Amount {
        Amount::from_units(i128::from(self.thousandths) * 10_i128.pow(15))
    }

    pub(super) fn price(self) -> Amount {
        Amount::from_units(i128::from(self.price) * 10_i128.pow(12))
    }

    pub(super) fn cost(self) -> Amount {
        self.at(1000)
    }

    /// The cost at so many thousandths of the price.
    pub(super) fn at(self, thousandths: i64) -> Amount {
        let units = i128::from(self.thousandths) * i128::from(self.price) * i128::from(thousandths);
        Amount::from_units(units * 10_i128.pow(6))
    }

    /// The price at so many thousandths.
    pub(super) fn price_at(self, thousandths: i64) -> Amount {
        Amount::from_units(i128::from(self.price) * i128::from(thousandths) * 10_i128.pow(9))
    }
}

/// An amount of cents.
pub(super) const fn cents(cents: i64) -> Amount {
    Amount::from_units(cents as i128 * 10_i128.pow(16))
}

/// The sum, which in the sample is far from the end of the range.
pub(super) fn sum(amounts: impl IntoIterator<Item = Amount>) -> Amount {
    Amount::from_units(amounts.into_iter().map(Amount::units).sum())
}

/// The amount with its sign turned.
pub(super) fn negative(amount: Amount) -> Amount {
    Amount::from_units(-amount.units())
}

/// So many thousandths of an amount, cut to whole cents.
pub(super) fn part(amount: Amount, thousandths: i64) -> Amount {
    let cent = 10_i128.pow(16);
    Amount::from_units(amount.units() * i128::from(thousandths) / 1000 / cent * cent)
}
