//! Values spelled, and read back.

use arrow::array::{ListArray, MutablePlString};
use arrow::offset::OffsetsBuffer;
use headroom_core::calendar::Instant;
use headroom_core::money::Amount;

use super::*;

/// What the cell of the only row is.
fn only(array: &dyn Array) -> String {
    let mut out = Vec::new();
    csv(array).unwrap()(0, &mut out);
    String::from_utf8(out).unwrap()
}

fn number<T: NativeType>(value: T, dtype: ArrowDataType) -> String {
    only(&PrimitiveArray::<T>::from(vec![Some(value)]).to(dtype))
}

#[test]
fn values_are_spelled_as_csv_has_them() {
    let time = |value: i64, unit| number(value, ArrowDataType::Timestamp(unit, None));
    let cases = [
        (number(-5_i64, ArrowDataType::Int64), "-5"),
        (number(0.1_f64, ArrowDataType::Float64), "0.1"),
        (number(0.1_f32, ArrowDataType::Float32), "0.1"),
        (number(123_456_789_012_f64, ArrowDataType::Float64), "123456789012"),
        (number(f64::NAN, ArrowDataType::Float64), ""),
        (number(0_i128, ArrowDataType::Decimal(38, 18)), "0"),
        (number(-1_i128, ArrowDataType::Decimal(38, 18)), "-0.000000000000000001"),
        (number(1_500_i128, ArrowDataType::Decimal(10, 3)), "1.5"),
        (number(1_500_i128, ArrowDataType::Decimal(10, 0)), "1500"),
        (number(20_574_i32, ArrowDataType::Date32), "2026-05-01"),
        (number(i32::MAX, ArrowDataType::Date32), "day 2147483647"),
        (time(1_777_593_600_000, TimeUnit::Millisecond), "2026-05-01T00:00:00Z"),
        (time(1_777_593_600_000_500, TimeUnit::Microsecond), "2026-05-01T00:00:00.0005Z"),
        (time(-1, TimeUnit::Nanosecond), "1969-12-31T23:59:59.999999999Z"),
        (number(3_661_000_i32, ArrowDataType::Time32(TimeUnit::Millisecond)), "01:01:01"),
    ];
    for (cell, want) in cases {
        assert_eq!(cell, want);
    }
    assert_eq!(only(&BooleanArray::from(vec![Some(true)])), "true");
    assert_eq!(only(&PrimitiveArray::<i64>::from(vec![None])), "");
}

#[test]
fn what_is_not_read_is_named() {
    use arrow::datatypes::IntervalUnit;
    let interval = ArrowDataType::Interval(IntervalUnit::MonthDayMillis);
    let list = |dtype: ArrowDataType| ArrowDataType::LargeList(Box::new(Field::new("element".into(), dtype, true)));
    assert_eq!(not_read(&interval), Some("intervals"));
    assert_eq!(not_read(&list(list(interval))), Some("intervals"));
    assert_eq!(not_read(&ArrowDataType::Decimal(76, 38)), Some("decimals of more than 38 digits"));
    assert_eq!(not_read(&ArrowDataType::FixedSizeBinary(16)), Some("bytes of a fixed length"));
    assert_eq!(not_read(&list(ArrowDataType::Decimal(38, 18))), None);
}

#[test]
fn what_holds_others_is_json() {
    let texts = |texts: &[Option<&str>]| {
        let mut array = MutablePlString::new();
        for text in texts {
            array.push(*text);
        }
        array.freeze().boxed()
    };
    let entry = ArrowDataType::Struct(vec![
        Field::new("key".into(), ArrowDataType::Utf8View, false),
        Field::new("value".into(), ArrowDataType::Utf8View, true),
    ]);
    let values = vec![texts(&[Some("a"), Some("say \"b\"")]), texts(&[Some("x,\n"), None])];
    let entries = StructArray::new(entry.clone(), 2, values, None).boxed();
    let list = |name: &str| {
        let dtype = ArrowDataType::LargeList(Box::new(Field::new(name.into(), entry.clone(), true)));
        ListArray::<i64>::new(dtype, OffsetsBuffer::try_from(vec![0, 2]).unwrap(), entries.clone(), None)
    };
    assert_eq!(only(&list("key_value")), r#""{""a"":""x,\n"",""say \""b\"""":null}""#);
    assert_eq!(
        only(&list("element")),
        r#""[{""key"":""a"",""value"":""x,\n""},{""key"":""say \""b\"""",""value"":null}]""#
    );
}

/// Numbers without any order, the same every time.
fn numbers() -> impl Iterator<Item = u64> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    std::iter::repeat_with(move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    })
}

#[test]
fn decimals_are_exact() {
    for (at, number) in numbers().take(2_000).enumerate() {
        let (scale, shift) = (at % 19, number % 60);
        let units = i128::from(number.cast_signed() >> shift);
        let mut out = Vec::new();
        decimal(units, scale, &mut out);
        let read = Amount::parse(&out).unwrap();
        assert!(!read.rounded);
        assert_eq!(read.amount.units(), units * 10_i128.pow(18 - scale as u32));
    }
}

#[test]
fn floats_read_back_the_same() {
    for number in numbers().map(f64::from_bits).filter(|number| number.is_finite()).take(2_000) {
        let cell = super::tests::number(number, ArrowDataType::Float64);
        assert_eq!(cell.parse::<f64>().unwrap().to_bits(), number.to_bits(), "{cell}");
    }
}

#[test]
fn texts_read_back_the_same() {
    let letters = ["a", ",", "\"", "\n", "\r", " ", "é"];
    for mut number in numbers().take(2_000) {
        let mut text = String::new();
        while number > 0 {
            text.push_str(letters[(number % 7) as usize]);
            number /= 7_u64.pow(3);
        }
        let mut out = Vec::new();
        quoted(text.as_bytes(), &mut out);
        let mut reader = ::csv::ReaderBuilder::new().has_headers(false).from_reader(&out[..]);
        let record = reader.records().next().unwrap().unwrap();
        assert_eq!(&record[0], text);
    }
}

#[test]
fn times_read_back_the_same() {
    for seconds in numbers().map(|number| (number % 4_102_444_800).cast_signed()).take(2_000) {
        let mut out = Vec::new();
        instant(seconds, 1, &mut out);
        assert_eq!(Instant::parse(&out).unwrap().seconds_since_epoch(), seconds);
    }
}
