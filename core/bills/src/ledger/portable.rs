//! Values as bytes, for another engine of the same build that goes on with them.

use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::FixedState;

use super::cell::Cell;
use crate::calendar::{Date, Month};
use crate::money::Amount;
use crate::order::BTreeMap;

/// Writes values: numbers in as few bytes as they need, a text that came before as its number.
#[derive(Debug, Default)]
pub struct Writer {
    bytes: Vec<u8>,
    /// Where bytes are only counted: how many.
    counted: Option<usize>,
    texts: HashMap<Arc<str>, u64, FixedState>,
}

/// Reads what a [`Writer`] of the same build wrote. Other bytes are no value, or another one, but no reason to panic.
#[derive(Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
    texts: Vec<Arc<str>>,
}

/// What can be written as bytes and read back.
pub trait Portable: Sized {
    /// Writes it.
    fn write(&self, to: &mut Writer);

    /// Reads it; `None` where the bytes are of something else.
    fn read(from: &mut Reader<'_>) -> Option<Self>;
}

impl Writer {
    /// What is written, with room for so many bytes more. It is written twice, first to count it: memory that grows as it is
    /// needed would be three times as much.
    pub fn written(write: impl Fn(&mut Self), room: usize) -> Vec<u8> {
        let mut counting = Self { counted: Some(room), ..Self::default() };
        write(&mut counting);
        let mut writer = Self::default();
        writer.bytes.reserve_exact(counting.counted.unwrap_or_default());
        write(&mut writer);
        writer.bytes
    }

    /// Bytes as they are, after their number.
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.number(bytes.len() as u64);
        self.put(bytes);
    }

    #[inline(never)]
    fn put(&mut self, bytes: &[u8]) {
        match &mut self.counted {
            Some(counted) => *counted += bytes.len(),
            None => self.bytes.extend_from_slice(bytes),
        }
    }

    #[inline(never)]
    fn number(&mut self, mut number: u64) {
        let (mut bytes, mut length) = ([0; 10], 0);
        while number >= 0x80 {
            bytes[length] = number as u8 | 0x80;
            number >>= 7;
            length += 1;
        }
        bytes[length] = number as u8;
        self.put(&bytes[..=length]);
    }
}

impl<'a> Reader<'a> {
    /// A reader of all of these.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, texts: Vec::new() }
    }

    /// Whether nothing is left.
    pub fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    /// Bytes that were written as they are.
    pub fn bytes(&mut self) -> Option<&'a [u8]> {
        let length = self.length()?;
        self.take(length)
    }

    /// A number of things that follow, of which each has a byte at least.
    pub fn length(&mut self) -> Option<usize> {
        usize::try_from(self.number()?).ok().filter(|length| *length <= self.rest.len())
    }

    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(taken)
    }

    #[inline(never)]
    fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..u64::BITS).step_by(7) {
            let (byte, rest) = self.rest.split_first()?;
            self.rest = rest;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }
}

/// Makes a structure portable, by its fields.
#[macro_export]
macro_rules! portable {
    ($type:ty { $($field:ident),+ $(,)? }) => {
        impl $crate::ledger::Portable for $type {
            fn write(&self, to: &mut $crate::ledger::Writer) {
                $($crate::ledger::Portable::write(&self.$field, to);)+
            }

            fn read(from: &mut $crate::ledger::Reader<'_>) -> Option<Self> {
                Some(Self { $($field: $crate::ledger::Portable::read(from)?),+ })
            }
        }
    };
}

impl Portable for u64 {
    fn write(&self, to: &mut Writer) {
        to.number(*self);
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        from.number()
    }
}

impl Portable for u32 {
    fn write(&self, to: &mut Writer) {
        to.number(u64::from(*self));
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        from.number()?.try_into().ok()
    }
}

impl Portable for usize {
    fn write(&self, to: &mut Writer) {
        to.number(*self as u64);
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        from.number()?.try_into().ok()
    }
}

/// Small negative numbers are as short as small positive ones.
impl Portable for i64 {
    fn write(&self, to: &mut Writer) {
        to.number(((*self << 1) ^ (*self >> 63)) as u64);
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        let number = from.number()?;
        Some((number >> 1) as Self ^ -((number & 1) as Self))
    }
}

impl Portable for i32 {
    fn write(&self, to: &mut Writer) {
        i64::from(*self).write(to);
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        i64::read(from)?.try_into().ok()
    }
}

impl Portable for bool {
    fn write(&self, to: &mut Writer) {
        to.number(u64::from(*self));
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        match from.number()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }
}

impl Portable for String {
    fn write(&self, to: &mut Writer) {
        to.bytes(self.as_bytes());
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        std::str::from_utf8(from.bytes()?).ok().map(str::to_owned)
    }
}

/// A shared text is written once, and shared where it is read.
impl Portable for Arc<str> {
    #[inline(never)]
    fn write(&self, to: &mut Writer) {
        if let Some(known) = to.texts.get(self) {
            let known = *known;
            return to.number(known);
        }
        let number = to.texts.len() as u64 + 1;
        to.texts.insert(self.clone(), number);
        to.number(0);
        to.bytes(self.as_bytes());
    }

    #[inline(never)]
    fn read(from: &mut Reader<'_>) -> Option<Self> {
        if let Some(known) = from.number()?.checked_sub(1) {
            return from.texts.get(usize::try_from(known).ok()?).cloned();
        }
        let text: Self = std::str::from_utf8(from.bytes()?).ok()?.into();
        from.texts.push(text.clone());
        Some(text)
    }
}

impl Portable for Amount {
    #[inline(never)]
    fn write(&self, to: &mut Writer) {
        to.put(&self.units().to_le_bytes());
    }

    #[inline(never)]
    fn read(from: &mut Reader<'_>) -> Option<Self> {
        let bytes = from.take(size_of::<i128>())?.try_into().ok()?;
        Some(Self::from_units(i128::from_le_bytes(bytes)))
    }
}

impl Portable for Month {
    fn write(&self, to: &mut Writer) {
        to.number(u64::from(self.year()) * 12 + u64::from(self.number() - 1));
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        let months = from.number()?;
        Self::new((months / 12).try_into().ok()?, (months % 12) as u8 + 1)
    }
}

impl Portable for Date {
    fn write(&self, to: &mut Writer) {
        self.days_since_epoch().write(to);
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        Self::new(1970, 1, 1)?.plus_days(i32::read(from)?)
    }
}

impl Portable for Cell {
    #[inline(never)]
    fn write(&self, to: &mut Writer) {
        let (sums, missing, rows) = self.parts();
        rows.write(to);
        // Months without rows of a group are many.
        if rows > 0 {
            for sum in sums {
                sum.write(to);
            }
            for missing in missing {
                missing.write(to);
            }
        }
    }

    #[inline(never)]
    fn read(from: &mut Reader<'_>) -> Option<Self> {
        let rows = u64::read(from)?;
        let (mut sums, mut missing) = ([Amount::ZERO; 4], [0; 4]);
        if rows > 0 {
            for sum in &mut sums {
                *sum = Amount::read(from)?;
            }
            for missing in &mut missing {
                *missing = u64::read(from)?;
            }
        }
        Some(Self::of_parts(sums, missing, rows))
    }
}

impl<T: Portable> Portable for Option<T> {
    fn write(&self, to: &mut Writer) {
        self.is_some().write(to);
        if let Some(value) = self {
            value.write(to);
        }
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        Some(if bool::read(from)? { Some(T::read(from)?) } else { None })
    }
}

impl<T: Portable> Portable for Vec<T> {
    fn write(&self, to: &mut Writer) {
        self.len().write(to);
        for value in self {
            value.write(to);
        }
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        let length = from.length()?;
        // Not asked for at once: a wrong length would ask for many times the bytes that there are.
        let mut values = Self::new();
        for _ in 0..length {
            values.push(T::read(from)?);
        }
        Some(values)
    }
}

impl<K: Portable + Ord, V: Portable> Portable for BTreeMap<K, V> {
    fn write(&self, to: &mut Writer) {
        self.len().write(to);
        for (key, value) in self {
            key.write(to);
            value.write(to);
        }
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        (0..from.length()?).map(|_| Some((K::read(from)?, V::read(from)?))).collect()
    }
}

impl<A: Portable, B: Portable> Portable for (A, B) {
    fn write(&self, to: &mut Writer) {
        self.0.write(to);
        self.1.write(to);
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        Some((A::read(from)?, B::read(from)?))
    }
}

impl<A: Portable, B: Portable, C: Portable> Portable for (A, B, C) {
    fn write(&self, to: &mut Writer) {
        self.0.write(to);
        self.1.write(to);
        self.2.write(to);
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        Some((A::read(from)?, B::read(from)?, C::read(from)?))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    type Things = (Vec<(i64, Option<Arc<str>>)>, BTreeMap<u32, bool>, (String, i32, usize));

    fn bytes_of(value: &impl Portable) -> Vec<u8> {
        let bytes = Writer::written(|writer| value.write(writer), 0);
        assert_eq!(bytes.len(), bytes.capacity());
        bytes
    }

    fn read<T: Portable>(bytes: &[u8]) -> Option<T> {
        let mut reader = Reader::new(bytes);
        T::read(&mut reader).filter(|_| reader.is_at_end())
    }

    proptest! {
        #[test]
        fn what_was_written_is_read(
            list in prop::collection::vec((any::<i64>(), prop::option::of("[ab]{0,2}")), 0..20),
            map in prop::collection::vec((any::<u32>(), any::<bool>()), 0..9),
            (text, small, units) in (".*", any::<i32>(), any::<i128>()),
            (month, day) in (0..120_000_u32, -700_000..2_900_000_i32),
        ) {
            let list = list.into_iter().map(|(number, text)| (number, text.map(Arc::from))).collect();
            let things: Things = (list, map.into_iter().collect(), (text, small, units as usize));
            prop_assert_eq!(read(&bytes_of(&things)), Some(things.clone()));
            let amount = Amount::from_units(units);
            prop_assert_eq!(read(&bytes_of(&amount)), Some(amount));
            let month = Month::new((month / 12) as u16, (month % 12) as u8 + 1).unwrap();
            prop_assert_eq!(read(&bytes_of(&month)), Some(month));
            if let Some(date) = Date::new(1970, 1, 1).unwrap().plus_days(day) {
                prop_assert_eq!(read(&bytes_of(&date)), Some(date));
            }
        }

        #[test]
        fn other_bytes_are_refused_or_mean_something(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = read::<Things>(&bytes);
            let _ = read::<Vec<Cell>>(&bytes);
            let _ = read::<Vec<(Month, Date)>>(&bytes);
        }

        #[test]
        fn less_bytes_are_refused(list in prop::collection::vec((any::<i64>(), prop::option::of("[a-c]{1,2}")), 1..9)) {
            let things: Vec<(i64, Option<Arc<str>>)> = list.into_iter().map(|(number, text)| (number, text.map(Arc::from))).collect();
            let bytes = bytes_of(&things);
            for length in 0..bytes.len() {
                prop_assert_eq!(read::<Vec<(i64, Option<Arc<str>>)>>(&bytes[..length]), None);
            }
        }
    }

    #[test]
    fn a_text_is_written_once_and_shared() {
        let text: Arc<str> = "a rather long text that comes again and again".into();
        let many = vec![text.clone(); 100];
        let bytes = bytes_of(&many);
        assert!(bytes.len() < 200, "{}", bytes.len());
        let back: Vec<Arc<str>> = read(&bytes).unwrap();
        assert!(back.iter().all(|other| Arc::ptr_eq(other, &back[0]) && *other == text));
    }
}
