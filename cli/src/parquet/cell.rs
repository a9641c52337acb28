//! Values of a column as the cells of a CSV file spell them.
//!
//! Numbers keep every digit (decimals as they are, floats by the shortest text that reads back the same), times are
//! ISO 8601 in UTC, maps and lists are JSON. What is null is an empty cell, and so is what is not a number.

use std::cell::RefCell;
use std::fmt::Write as _;
use std::io::Write as _;

use arrow::array::{
    Array, BinaryViewArray, BooleanArray, ListArray, MapArray, PrimitiveArray, StructArray, Utf8ViewArray,
};
use arrow::datatypes::{ArrowDataType, Field, TimeUnit};
use arrow::types::NativeType;
use chrono::{Datelike, NaiveDate};

/// Appends the value at a position.
pub(super) type Cell<'a> = Box<dyn Fn(usize, &mut Vec<u8>) + 'a>;

/// What values of a type are called where they are not read; `None` where they are.
pub(super) fn not_read(dtype: &ArrowDataType) -> Option<&'static str> {
    match dtype {
        ArrowDataType::Interval(_) => Some("intervals"),
        ArrowDataType::FixedSizeBinary(_) => Some("bytes of a fixed length"),
        ArrowDataType::Float16 => Some("floats of 16 bits"),
        ArrowDataType::Decimal(precision, _) if *precision > 38 => Some("decimals of more than 38 digits"),
        ArrowDataType::LargeList(item) => not_read(&item.dtype),
        ArrowDataType::Map(entry, _) => not_read(&entry.dtype),
        ArrowDataType::Struct(fields) => fields.iter().find_map(|field| not_read(&field.dtype)),
        dtype if is_scalar(dtype) => None,
        _ => Some("values of an unknown kind"),
    }
}

fn is_scalar(dtype: &ArrowDataType) -> bool {
    use ArrowDataType as Type;
    matches!(
        dtype,
        Type::Boolean
            | Type::Int8
            | Type::Int16
            | Type::Int32
            | Type::Int64
            | Type::UInt8
            | Type::UInt16
            | Type::UInt32
            | Type::UInt64
            | Type::Float32
            | Type::Float64
            | Type::Decimal(..)
            | Type::Date32
            | Type::Time32(_)
            | Type::Time64(_)
            | Type::Timestamp(..)
            | Type::Utf8View
            | Type::BinaryView
    )
}

/// The column's values as cells of CSV; `None` where [`not_read`] tells why.
pub(super) fn csv(array: &dyn Array) -> Option<Cell<'_>> {
    if let Some(text) = text(array) {
        return Some(valid(array, move |row, out| quoted(text(row), out)));
    }
    if let Some(scalar) = scalar(array) {
        return Some(scalar.write);
    }
    let json = json(array)?;
    let packed = RefCell::new(Vec::new());
    Some(valid(array, move |row, out| {
        let mut packed = packed.borrow_mut();
        packed.clear();
        json(row, &mut packed);
        quoted(&packed, out);
    }))
}

/// Appends the text, in quotes where CSV needs them.
pub(super) fn quoted(text: &[u8], out: &mut Vec<u8>) {
    let special = |byte: u8| matches!(byte, b'"' | b',' | b'\n' | b'\r');
    // Without a way out in the middle this is compiled to wide instructions.
    if !text.iter().fold(false, |found, byte| found | special(*byte)) {
        return out.extend_from_slice(text);
    }
    out.push(b'"');
    for (at, part) in text.split(|byte| *byte == b'"').enumerate() {
        if at > 0 {
            out.extend_from_slice(b"\"\"");
        }
        out.extend_from_slice(part);
    }
    out.push(b'"');
}

/// Values as JSON.
fn json(array: &dyn Array) -> Option<Cell<'_>> {
    if let Some(text) = text(array) {
        return Some(or_null(array, move |row, out| json_text(&String::from_utf8_lossy(text(row)), out)));
    }
    if let Some(Scalar { write, is_json }) = scalar(array) {
        return Some(or_null(array, move |row, out| {
            let start = out.len();
            if !is_json {
                out.push(b'"');
            }
            write(row, out);
            match (is_json, out.len() == start) {
                // What is not a number.
                (true, true) => out.extend_from_slice(b"null"),
                (true, false) => {}
                (false, _) => out.push(b'"'),
            }
        }));
    }
    if let Some(list) = array.as_any().downcast_ref::<ListArray<i64>>() {
        let range = |row: usize| {
            let (start, end) = list.offsets().start_end(row);
            start..end
        };
        return elements(array, range, list.values().as_ref(), ListArray::<i64>::get_child_field(list.dtype()));
    }
    if let Some(map) = array.as_any().downcast_ref::<MapArray>() {
        let ArrowDataType::Map(entry, _) = map.dtype() else { return None };
        let range = |row: usize| {
            let (start, end) = map.offsets().start_end(row);
            start..end
        };
        return elements(array, range, map.field().as_ref(), entry);
    }
    let fields = array.as_any().downcast_ref::<StructArray>()?;
    let values: Option<Vec<(String, Cell<'_>)>> = fields
        .fields()
        .iter()
        .zip(fields.values())
        .map(|(field, values)| Some((field.name.to_string(), json(values.as_ref())?)))
        .collect();
    let values = values?;
    Some(or_null(array, move |row, out| {
        out.push(b'{');
        for (at, (name, value)) in values.iter().enumerate() {
            if at > 0 {
                out.push(b',');
            }
            json_text(name, out);
            out.push(b':');
            value(row, out);
        }
        out.push(b'}');
    }))
}

/// A list as JSON, or the object that a list of keys and values is.
fn elements<'a>(
    array: &'a dyn Array,
    range: impl Fn(usize) -> std::ops::Range<usize> + 'a,
    values: &'a dyn Array,
    element: &Field,
) -> Option<Cell<'a>> {
    let entries = values.as_any().downcast_ref::<StructArray>().filter(|entries| is_entry(element, entries));
    let Some([keys, values]) = entries.map(StructArray::values) else {
        let value = json(values)?;
        return Some(or_null(array, move |row, out| {
            out.push(b'[');
            for (at, index) in range(row).enumerate() {
                if at > 0 {
                    out.push(b',');
                }
                value(index, out);
            }
            out.push(b']');
        }));
    };
    let key = key_text(keys.as_ref())?;
    let value = json(values.as_ref())?;
    Some(or_null(array, move |row, out| {
        out.push(b'{');
        for (at, index) in range(row).enumerate() {
            if at > 0 {
                out.push(b',');
            }
            key(index, out);
            out.push(b':');
            value(index, out);
        }
        out.push(b'}');
    }))
}

/// Whether elements are the entries of a map, by the names that the format gives them.
fn is_entry(element: &Field, entries: &StructArray) -> bool {
    matches!(element.name.as_str(), "key_value" | "entries" | "map") && entries.values().len() == 2
}

/// Keys as JSON, where every key is a text.
fn key_text(keys: &dyn Array) -> Option<Cell<'_>> {
    if let Some(text) = text(keys) {
        return Some(Box::new(move |row, out| json_text(&String::from_utf8_lossy(text(row)), out)));
    }
    let scalar = scalar(keys)?.write;
    Some(Box::new(move |row, out| {
        out.push(b'"');
        scalar(row, out);
        out.push(b'"');
    }))
}

fn json_text(text: &str, out: &mut Vec<u8>) {
    // A text always makes JSON, and memory takes it.
    let _ = serde_json::to_writer(out, text);
}

/// Writes nothing where the value is null.
fn valid<'a>(array: &'a dyn Array, write: impl Fn(usize, &mut Vec<u8>) + 'a) -> Cell<'a> {
    match array.validity() {
        Some(validity) if validity.unset_bits() > 0 => Box::new(move |row, out| {
            if validity.get(row) == Some(true) {
                write(row, out);
            }
        }),
        _ => Box::new(write),
    }
}

/// Writes `null` where the value is null.
fn or_null<'a>(array: &'a dyn Array, write: impl Fn(usize, &mut Vec<u8>) + 'a) -> Cell<'a> {
    match array.validity() {
        Some(validity) if validity.unset_bits() > 0 => Box::new(move |row, out| match validity.get(row) {
            Some(true) => write(row, out),
            _ => out.extend_from_slice(b"null"),
        }),
        _ => Box::new(write),
    }
}

type Text<'a> = Box<dyn Fn(usize) -> &'a [u8] + 'a>;

/// Texts, and bytes that are taken for texts.
fn text(array: &dyn Array) -> Option<Text<'_>> {
    if let Some(texts) = array.as_any().downcast_ref::<Utf8ViewArray>() {
        return Some(Box::new(|row| texts.value(row).as_bytes()));
    }
    let bytes = array.as_any().downcast_ref::<BinaryViewArray>()?;
    Some(Box::new(|row| bytes.value(row)))
}

/// Values that no CSV quotes, nothing where they are null.
struct Scalar<'a> {
    write: Cell<'a>,
    /// Whether they stand in JSON as they are.
    is_json: bool,
}

fn scalar<'a>(array: &'a dyn Array) -> Option<Scalar<'a>> {
    use ArrowDataType as Type;
    let number = |write: Option<Cell<'a>>| Some(Scalar { write: write?, is_json: true });
    let time = |write: Option<Cell<'a>>| Some(Scalar { write: write?, is_json: false });
    match array.dtype() {
        Type::Boolean => {
            let values = array.as_any().downcast_ref::<BooleanArray>()?;
            let write = valid(array, |row, out| {
                out.extend_from_slice(if values.value(row) { b"true" } else { b"false" });
            });
            Some(Scalar { write, is_json: true })
        }
        Type::Int8 => number(each(array, |value: i8, out| integer(value, out))),
        Type::Int16 => number(each(array, |value: i16, out| integer(value, out))),
        Type::Int32 => number(each(array, |value: i32, out| integer(value, out))),
        Type::Int64 => number(each(array, |value: i64, out| integer(value, out))),
        Type::UInt8 => number(each(array, |value: u8, out| integer(value, out))),
        Type::UInt16 => number(each(array, |value: u16, out| integer(value, out))),
        Type::UInt32 => number(each(array, |value: u32, out| integer(value, out))),
        Type::UInt64 => number(each(array, |value: u64, out| integer(value, out))),
        Type::Float32 => number(each(array, |value: f32, out| {
            if !value.is_nan() {
                float(zmij::Buffer::new().format(value), out);
            }
        })),
        Type::Float64 => number(each(array, |value: f64, out| {
            if !value.is_nan() {
                float(zmij::Buffer::new().format(value), out);
            }
        })),
        Type::Decimal(_, scale) => {
            let scale = *scale;
            number(each(array, move |value: i128, out| decimal(value, scale, out)))
        }
        Type::Date32 => time(each(array, |value: i32, out| day(i64::from(value), out))),
        Type::Timestamp(unit, _) => {
            let per_second = per_second(*unit);
            time(each(array, move |value: i64, out| instant(value, per_second, out)))
        }
        Type::Time32(unit) => {
            let per_second = per_second(*unit);
            time(each(array, move |value: i32, out| clock(i64::from(value), per_second, out)))
        }
        Type::Time64(unit) => {
            let per_second = per_second(*unit);
            time(each(array, move |value: i64, out| clock(value, per_second, out)))
        }
        _ => None,
    }
}

fn each<'a, T: NativeType>(array: &'a dyn Array, write: impl Fn(T, &mut Vec<u8>) + 'a) -> Option<Cell<'a>> {
    let values = array.as_any().downcast_ref::<PrimitiveArray<T>>()?;
    Some(valid(array, move |row, out| write(values.value(row), out)))
}

fn integer(value: impl itoa::Integer, out: &mut Vec<u8>) {
    out.extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
}

/// A float's shortest text, a whole one without its decimal point: tools store identifiers so.
fn float(text: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(text.strip_suffix(".0").unwrap_or(text).as_bytes());
}

/// The exact decimal, without zeros at its end.
fn decimal(value: i128, scale: usize, out: &mut Vec<u8>) {
    if value < 0 {
        out.push(b'-');
    }
    let mut buffer = itoa::Buffer::new();
    let digits = buffer.format(value.unsigned_abs()).as_bytes();
    let whole = digits.len().saturating_sub(scale);
    out.extend_from_slice(if whole == 0 { b"0" } else { &digits[..whole] });
    let decimals = &digits[whole..];
    let Some(last) = decimals.iter().rposition(|digit| *digit != b'0') else { return };
    out.push(b'.');
    out.resize(out.len() + scale - decimals.len(), b'0');
    out.extend_from_slice(&decimals[..=last]);
}

fn per_second(unit: TimeUnit) -> i64 {
    match unit {
        TimeUnit::Second => 1,
        TimeUnit::Millisecond => 1_000,
        TimeUnit::Microsecond => 1_000_000,
        TimeUnit::Nanosecond => 1_000_000_000,
    }
}

const DAY: i64 = 86_400;

/// `2026-05-01`; a day that no calendar of four digits has is shown as a count, which nobody takes for a day.
fn day(days: i64, out: &mut Vec<u8>) {
    let date = i32::try_from(days).ok().and_then(NaiveDate::from_epoch_days);
    match date.filter(|date| (0..=9999).contains(&date.year())) {
        Some(date) => {
            let year = date.year() as u32;
            two(year / 100, out);
            two(year % 100, out);
            out.push(b'-');
            two(date.month(), out);
            out.push(b'-');
            two(date.day(), out);
        }
        None => {
            // Memory takes what is written.
            let _ = write!(out, "day {days}");
        }
    }
}

/// `2026-05-01T00:00:00Z`, with a fraction where there is one.
fn instant(count: i64, per_second: i64, out: &mut Vec<u8>) {
    let (seconds, fraction) = (count.div_euclid(per_second), count.rem_euclid(per_second));
    day(seconds.div_euclid(DAY), out);
    out.push(b'T');
    clock_of(seconds.rem_euclid(DAY), fraction, per_second, out);
    out.push(b'Z');
}

/// `13:05:00`
fn clock(count: i64, per_second: i64, out: &mut Vec<u8>) {
    clock_of(count.div_euclid(per_second), count.rem_euclid(per_second), per_second, out);
}

fn clock_of(seconds: i64, fraction: i64, per_second: i64, out: &mut Vec<u8>) {
    let seconds = seconds.rem_euclid(DAY) as u32;
    two(seconds / 3600, out);
    out.push(b':');
    two(seconds / 60 % 60, out);
    out.push(b':');
    two(seconds % 60, out);
    if fraction > 0 {
        let mut text = String::new();
        // A text takes what is written.
        let _ = write!(text, ".{fraction:0width$}", width = per_second.ilog10() as usize);
        out.extend_from_slice(text.trim_end_matches('0').as_bytes());
    }
}

fn two(number: u32, out: &mut Vec<u8>) {
    out.extend_from_slice(&[b'0' + (number / 10) as u8, b'0' + (number % 10) as u8]);
}

#[cfg(test)]
#[path = "cell_tests.rs"]
mod tests;
