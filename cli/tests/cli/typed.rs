//! CSV bills as Parquet files whose columns have types.

use std::sync::Arc;

use arrow::array::{Array, ListArray, MutablePlString, PrimitiveArray, StructArray};
use arrow::bitmap::Bitmap;
use arrow::datatypes::{ArrowDataType, ArrowSchema, Field, TimeUnit};
use arrow::offset::OffsetsBuffer;
use arrow::record_batch::RecordBatchT;
use headroom_core::calendar::Instant;
use headroom_core::money::Amount;
use polars_buffer::Buffer;
use polars_parquet::parquet::schema::Repetition;
use polars_parquet::parquet::schema::types::{FieldInfo, GroupLogicalType};
use polars_parquet::write::{
    CompressionOptions, Encoding, FileWriter, ParquetType, SchemaDescriptor, StatisticsOptions, Version, WriteOptions,
    row_group_iter, to_parquet_type,
};

/// The type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    Text,
    /// Text without the mark that it is one.
    Bytes,
    Double,
    Integer,
    Decimal(usize, usize),
    /// Microseconds, as UTC or of no zone.
    Time {
        utc: bool,
    },
    Millis,
    Nanos,
    Day,
    /// A map of texts, as the format defines maps.
    Map,
    /// A list of structs of `key` and `value`.
    Pairs,
}

impl Type {
    fn is_time(self) -> bool {
        matches!(self, Self::Time { .. } | Self::Millis | Self::Nanos | Self::Day)
    }
}

/// How a file is written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Packing {
    pub(crate) compression: CompressionOptions,
    pub(crate) version: Version,
    /// Rows of a row group.
    pub(crate) group: usize,
    /// Bytes of a page.
    pub(crate) page: usize,
    pub(crate) encoding: Encoding,
}

impl Packing {
    pub(crate) const USUAL: Self = Self {
        compression: CompressionOptions::Snappy,
        version: Version::V1,
        group: 1 << 20,
        page: 1 << 20,
        encoding: Encoding::RleDictionary,
    };
}

/// A column's name, its type and its values.
type Named = (String, Type, Box<dyn Array>);

/// A table of CSV as Parquet: columns have the types that `types` gives them by name, text where it gives none. Empty
/// cells and the spellings of null are null. Columns named `a.b`, if they are told to be nested, become fields of one
/// column `a`.
pub(crate) fn parquet(text: &str, types: &dyn Fn(&str) -> Option<Type>, nested: bool, packing: Packing) -> Vec<u8> {
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let names: Vec<String> = reader.headers().unwrap().iter().map(|name| name.trim().to_owned()).collect();
    let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let groups: Vec<&[csv::StringRecord]> = records.chunks(packing.group).collect();
    let mut file: Option<FileWriter<Vec<u8>>> = None;
    let empty: &[csv::StringRecord] = &[];
    let written: Vec<&[csv::StringRecord]> = if groups.is_empty() { vec![empty] } else { groups };
    for group in written {
        let columns: Vec<Named> = names
            .iter()
            .enumerate()
            .map(|(at, name)| {
                // A column of which some cells are no times (an invoice month) is of texts in an export too.
                let timed =
                    records.iter().filter_map(|record| present(&record[at])).all(|cell| seconds(cell).is_some());
                let kind = types(name).filter(|kind| !kind.is_time() || timed).unwrap_or(Type::Text);
                let cells: Vec<Option<&str>> = group.iter().map(|record| present(&record[at])).collect();
                (name.clone(), kind, array(kind, &cells))
            })
            .collect();
        let roots = if nested { roots(columns) } else { columns };
        let fields: Vec<Field> = roots
            .iter()
            .map(|(name, _, array)| Field::new(name.as_str().into(), array.dtype().clone(), true))
            .collect();
        let stored: Vec<ParquetType> = fields.iter().map(|field| to_parquet_type(field).unwrap()).collect();
        // Maps are encoded by a type with one more level, which has no marks of its own, than the one that is stated.
        let stated: Vec<ParquetType> =
            roots.iter().zip(&stored).map(|((_, kind, _), stored)| spec(*kind, stored)).collect();
        let schema: ArrowSchema = fields.into_iter().map(|field| (field.name.clone(), field)).collect();
        let options = WriteOptions {
            statistics: StatisticsOptions::default(),
            version: packing.version,
            compression: packing.compression,
            data_page_size: Some(packing.page),
        };
        let file = file.get_or_insert_with(|| {
            let stated = SchemaDescriptor::new("root".into(), stated);
            FileWriter::new_with_parquet_schema(Vec::new(), schema.clone(), stated, options)
        });
        if group.is_empty() {
            continue;
        }
        let arrays: Vec<Box<dyn Array>> = roots.into_iter().map(|(_, _, array)| array).collect();
        let encodings: Vec<Vec<Encoding>> =
            arrays.iter().map(|array| vec![packing.encoding; leaves(array.dtype())]).collect();
        let batch = RecordBatchT::new(group.len(), Arc::new(schema), arrays);
        let columns = row_group_iter(batch, Buffer::from_vec(encodings), stored, options);
        file.write(group.len() as u64, columns).unwrap();
    }
    let mut file = file.unwrap();
    file.end(Some(Vec::new())).unwrap();
    file.into_inner()
}

fn present(cell: &str) -> Option<&str> {
    let cell = cell.trim();
    let null = ["", "NULL", "null", "Null", "None", "N/A", "n/a", "NA", "Unassigned"];
    (!null.contains(&cell)).then_some(cell)
}

/// The time in seconds since 1970; a count of them is a time too.
fn seconds(cell: &str) -> Option<i64> {
    let counted = cell.parse().ok().filter(|_| cell.len() > 8);
    counted.or_else(|| Some(Instant::parse(cell.as_bytes()).ok()?.seconds_since_epoch()))
}

fn array(kind: Type, cells: &[Option<&str>]) -> Box<dyn Array> {
    let texts = |cells: &[Option<&str>]| {
        let mut texts = MutablePlString::new();
        for cell in cells {
            texts.push(*cell);
        }
        texts.freeze()
    };
    let seconds = |cell: &str| seconds(cell).unwrap();
    let times = |factor: i64, unit: TimeUnit, zone: Option<&str>| {
        let values: Vec<Option<i64>> = cells.iter().map(|cell| cell.map(|cell| seconds(cell) * factor)).collect();
        PrimitiveArray::from(values).to(ArrowDataType::Timestamp(unit, zone.map(Into::into))).boxed()
    };
    match kind {
        Type::Text => texts(cells).boxed(),
        Type::Bytes => texts(cells).to_binview().boxed(),
        Type::Double => {
            let values: Vec<Option<f64>> = cells.iter().map(|cell| cell.map(|cell| cell.parse().unwrap())).collect();
            PrimitiveArray::from(values).boxed()
        }
        Type::Integer => {
            let values: Vec<Option<i64>> = cells.iter().map(|cell| cell.map(|cell| cell.parse().unwrap())).collect();
            PrimitiveArray::from(values).boxed()
        }
        Type::Decimal(digits, scale) => {
            let unit = 10_i128.pow(18 - scale as u32);
            let units = |cell: &str| {
                let units = Amount::parse(cell.as_bytes()).unwrap().amount.units();
                assert_eq!(units % unit, 0, "{cell} has more than {scale} decimals");
                units / unit
            };
            let values: Vec<Option<i128>> = cells.iter().map(|cell| cell.map(units)).collect();
            PrimitiveArray::from(values).to(ArrowDataType::Decimal(digits, scale)).boxed()
        }
        Type::Time { utc } => times(1_000_000, TimeUnit::Microsecond, utc.then_some("UTC")),
        Type::Millis => times(1_000, TimeUnit::Millisecond, Some("UTC")),
        Type::Nanos => times(1_000_000_000, TimeUnit::Nanosecond, None),
        Type::Day => {
            let days: Vec<Option<i32>> =
                cells.iter().map(|cell| cell.map(|cell| (seconds(cell) / 86_400) as i32)).collect();
            PrimitiveArray::from(days).to(ArrowDataType::Date32).boxed()
        }
        Type::Map | Type::Pairs => {
            let (mut keys, mut values, mut ends) = (Vec::new(), Vec::new(), vec![0_i64]);
            for cell in cells {
                for (key, value) in cell.map(pairs).into_iter().flatten() {
                    keys.push(Some(key));
                    values.push(value);
                }
                ends.push(keys.len() as i64);
            }
            let strings =
                |texts_of: &[Option<String>]| texts(&texts_of.iter().map(Option::as_deref).collect::<Vec<_>>()).boxed();
            let entry = ArrowDataType::Struct(vec![
                Field::new("key".into(), ArrowDataType::Utf8View, false),
                Field::new("value".into(), ArrowDataType::Utf8View, true),
            ]);
            let entries = StructArray::new(entry.clone(), keys.len(), vec![strings(&keys), strings(&values)], None);
            let name = if kind == Type::Map { "key_value" } else { "element" };
            let list = ArrowDataType::LargeList(Box::new(Field::new(name.into(), entry, false)));
            let present: Bitmap = cells.iter().map(Option::is_some).collect();
            let ends: OffsetsBuffer<i64> = ends.try_into().unwrap();
            ListArray::new(list, ends, entries.boxed(), Some(present)).boxed()
        }
    }
}

/// Keys and values of a cell of JSON, an object or a list of keys and values.
fn pairs(cell: &str) -> Vec<(String, Option<String>)> {
    let text = |value: &serde_json::Value| match value {
        serde_json::Value::Null => None,
        serde_json::Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    };
    let read = serde_json::from_str(cell).or_else(|_| serde_json::from_str(&cell.replace('\'', "\"")));
    match read {
        Ok(serde_json::Value::Object(object)) => object.iter().map(|(key, value)| (key.clone(), text(value))).collect(),
        Ok(serde_json::Value::Array(list)) => {
            list.iter().map(|pair| (text(&pair["key"]).unwrap(), text(&pair["value"]))).collect()
        }
        // `{k=v, k2=v2}`, as Athena prints maps: nothing of the tests has an equals sign in a value.
        _ => {
            let inner = cell.trim_start_matches('{').trim_end_matches('}');
            let ends = inner.match_indices('=').map(|(at, _)| at).collect::<Vec<_>>();
            let key_start = |at: usize| inner[..at].rfind(", ").map_or(0, |comma| comma + 2);
            let part = |(index, at): (usize, &usize)| {
                let end = ends.get(index + 1).map_or(inner.len(), |next| key_start(*next) - 2);
                (inner[key_start(*at)..*at].to_owned(), Some(inner[at + 1..end].to_owned()))
            };
            ends.iter().enumerate().map(part).collect()
        }
    }
}

/// Columns named `a.b` as fields of one column `a`, which stands where the first of them stood.
fn roots(columns: Vec<Named>) -> Vec<Named> {
    let mut roots: Vec<(String, Vec<Named>)> = Vec::new();
    for (name, kind, array) in columns {
        let (root, rest) = name.split_once('.').map_or((name.as_str(), ""), |(root, rest)| (root, rest));
        let part = (rest.to_owned(), kind, array);
        match roots.iter_mut().find(|(name, parts)| name == root && !parts[0].0.is_empty()) {
            Some((_, parts)) => parts.push(part),
            None => roots.push((root.to_owned(), vec![part])),
        }
    }
    let root = |(name, mut parts): (String, Vec<Named>)| {
        if parts[0].0.is_empty() {
            let (_, kind, array) = parts.remove(0);
            return (name, kind, array);
        }
        let length = parts[0].2.len();
        let field = |(name, _, array): &Named| Field::new(name.as_str().into(), array.dtype().clone(), true);
        let fields = ArrowDataType::Struct(parts.iter().map(field).collect());
        let values = parts.into_iter().map(|(_, _, array)| array).collect();
        (name, Type::Text, StructArray::new(fields, length, values, None).boxed())
    };
    roots.into_iter().map(root).collect()
}

/// The type that a file states for a column that is encoded by another.
fn spec(kind: Type, stored: &ParquetType) -> ParquetType {
    let (Type::Map, ParquetType::GroupType { field_info, fields, .. }) = (kind, stored) else { return stored.clone() };
    let ParquetType::GroupType { fields: entry, .. } = &fields[0] else { return stored.clone() };
    let ParquetType::GroupType { fields: key_and_value, .. } = &entry[0] else { return stored.clone() };
    ParquetType::GroupType {
        field_info: field_info.clone(),
        logical_type: Some(GroupLogicalType::Map),
        converted_type: None,
        fields: vec![ParquetType::GroupType {
            field_info: FieldInfo { name: "key_value".into(), repetition: Repetition::Repeated, id: None },
            logical_type: None,
            converted_type: None,
            fields: key_and_value.clone(),
        }],
    }
}

fn leaves(dtype: &ArrowDataType) -> usize {
    match dtype {
        ArrowDataType::Struct(fields) => fields.iter().map(|field| leaves(&field.dtype)).sum(),
        ArrowDataType::LargeList(item) => leaves(&item.dtype),
        _ => 1,
    }
}
