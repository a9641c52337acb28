//! A Parquet file as a table of texts: its header, and windows of its rows.

use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use arrow::array::Array;
use arrow::datatypes::{ArrowDataType, Field, TimeUnit};
use headroom_core::order::BTreeSet;
use polars_buffer::Buffer;
use polars_parquet::parquet::compression::Compression;
use polars_parquet::read::schema::{FileMetadata, SchemaInferenceOptions, parquet_to_arrow_schema_with_options};
use polars_parquet::read::{BasicDecompressor, Filter, PageReader, ParquetType, column_iter_to_arrays, read_metadata};

use super::cell::{self, Cell};
use super::fault::TableFault;
use super::guard::guarded;

/// Rows of a window: enough that what is begun anew for each (dictionaries, pages cut by its edges) costs little, few
/// enough that what is decoded of them stays small.
const WINDOW: usize = 32 << 10;

/// Rows are handed on when so many bytes of them are there: small enough to stay in a core's cache.
const BLOCK: usize = 128 << 10;

/// The first and last bytes of a file.
const MAGIC: &[u8] = b"PAR1";
const ENCRYPTED: &[u8] = b"PARE";

/// Whether a file that starts like this is Parquet.
pub(crate) fn is_parquet(start: &[u8]) -> bool {
    start.starts_with(MAGIC) || start.starts_with(ENCRYPTED)
}

/// Where the bytes are.
pub(crate) trait Seekable: Read + Seek + Send {}

impl<S: Read + Seek + Send> Seekable for S {}

/// A Parquet file, opened.
pub(crate) struct Table {
    footer: FileMetadata,
    roots: Vec<Root>,
    columns: Vec<Column>,
    /// Positions of the columns that are rendered; the cells of others stay empty.
    wanted: BTreeSet<usize>,
    source: Mutex<Source>,
}

/// A column of the file, which may hold others.
struct Root {
    field: Field,
    /// Positions of the columns of values that it is stored in.
    leaves: Range<usize>,
}

/// A column of the table.
struct Column {
    name: String,
    root: usize,
    /// Which field of which field of the root it is.
    path: Vec<usize>,
    not_read: Option<&'static str>,
}

struct Source {
    bytes: Box<dyn Seekable>,
    length: u64,
    next: Window,
    /// The row group of the last window, as far as it is wanted.
    group: Arc<Vec<Chunks>>,
}

/// The stored bytes of a root's columns of values; none where it is not wanted.
type Chunks = Vec<Buffer<u8>>;

/// Neighbouring rows of a row group.
#[derive(Clone, Copy, Debug, Default)]
struct Window {
    /// Position among the windows.
    index: u64,
    group: usize,
    /// Rows of the group before it.
    start: usize,
    /// Rows of the file before the group.
    before: u64,
}

/// Rows that a thread has taken to decode.
pub(crate) struct Taken {
    window: Window,
    rows: Range<usize>,
    group: Arc<Vec<Chunks>>,
}

impl Table {
    /// Opens the file and reads what it says of itself.
    pub(crate) fn open(bytes: File) -> Result<Self, TableFault> {
        Self::of(Box::new(bytes))
    }

    /// The same of bytes that can be had but once, which are kept.
    pub(crate) fn gather(mut bytes: impl Read) -> Result<Self, TableFault> {
        let mut kept = Vec::new();
        bytes.read_to_end(&mut kept)?;
        Self::of(Box::new(Cursor::new(kept)))
    }

    fn of(mut bytes: Box<dyn Seekable>) -> Result<Self, TableFault> {
        let length = bytes.seek(SeekFrom::End(0))?;
        check_end(bytes.as_mut(), length)?;
        let footer = guarded(|| read_metadata(&mut bytes)).ok_or(TableFault::Footer)?;
        let (roots, columns) = guarded(|| Ok::<_, ()>(described(&footer))).ok_or(TableFault::Footer)?;
        if columns.is_empty() {
            return Err(TableFault::NoColumns);
        }
        let group = Arc::new(Vec::new());
        let source = Mutex::new(Source { bytes, length, next: Window::default(), group });
        let wanted = (0..columns.len()).filter(|column| columns[*column].not_read.is_none()).collect();
        Ok(Self { footer, roots, columns, wanted, source })
    }

    /// The names of the columns.
    pub(crate) fn names(&self) -> Vec<String> {
        self.columns.iter().map(|column| column.name.clone()).collect()
    }

    /// The header as a row of CSV.
    pub(crate) fn header(&self) -> Vec<u8> {
        let mut row = Vec::new();
        for (at, column) in self.columns.iter().enumerate() {
            if at > 0 {
                row.push(b',');
            }
            cell::quoted(column.name.as_bytes(), &mut row);
        }
        row.push(b'\n');
        row
    }

    /// Leaves the cells of all but these columns empty.
    ///
    /// # Errors
    /// When one of them cannot be read.
    pub(crate) fn select(&mut self, wanted: BTreeSet<usize>) -> Result<(), TableFault> {
        for column in wanted.iter().filter_map(|column| self.columns.get(*column)) {
            if let Some(holds) = column.not_read {
                return Err(TableFault::Column { name: column.name.clone(), holds });
            }
        }
        self.wanted = wanted;
        Ok(())
    }

    /// The next rows to decode, and how many bytes were fetched for them; `None` when all have been taken.
    pub(crate) fn take(&self) -> Result<Option<(Taken, u64)>, TableFault> {
        let mut source = self.source.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            let window = source.next;
            let Some(group) = self.footer.row_groups.get(window.group) else { return Ok(None) };
            if window.start >= group.num_rows() {
                let before = window.before + group.num_rows() as u64;
                source.next = Window { index: window.index, group: window.group + 1, start: 0, before };
                continue;
            }
            let mut fetched = 0;
            if window.start == 0 {
                // Given up first, so that two are not held by those who only wait.
                source.group = Arc::default();
                (source.group, fetched) = self.fetch(&mut source, window)?;
            }
            let end = group.num_rows().min(window.start + WINDOW);
            source.next = Window { index: window.index + 1, start: end, ..window };
            return Ok(Some((Taken { window, rows: window.start..end, group: source.group.clone() }, fetched)));
        }
    }

    /// Decodes the rows and hands them on as blocks of whole rows of CSV, each with its position among all blocks.
    pub(crate) fn render(&self, taken: &Taken, take: &mut dyn FnMut(u64, &[u8])) -> Result<(), TableFault> {
        let damaged = |root: usize| TableFault::Damaged {
            name: self.roots[root].field.name.to_string(),
            row: taken.window.before + taken.window.start as u64 + 1,
        };
        let mut decoded = Vec::with_capacity(self.roots.len());
        for (root, chunks) in taken.group.iter().enumerate() {
            decoded.push(if chunks.is_empty() {
                Vec::new()
            } else {
                self.decode(root, chunks, taken).ok_or_else(|| damaged(root))?
            });
        }
        let mut cells = Vec::with_capacity(self.columns.len());
        for (at, column) in self.columns.iter().enumerate() {
            cells.push(if self.wanted.contains(&at) {
                Cells::of(&decoded[column.root], &column.path).ok_or_else(|| damaged(column.root))?
            } else {
                Cells::default()
            });
        }
        let mut rows = Vec::with_capacity(BLOCK * 2);
        let mut block = taken.window.index << 32;
        for _ in taken.rows.clone() {
            for (at, cells) in cells.iter_mut().enumerate() {
                if at > 0 {
                    rows.push(b',');
                }
                cells.next(&mut rows);
            }
            rows.push(b'\n');
            if rows.len() >= BLOCK {
                take(block, &rows);
                block += 1;
                rows.clear();
            }
        }
        if !rows.is_empty() {
            take(block, &rows);
        }
        Ok(())
    }

    /// Hands on the rest of the rows, one window after the other, until told to stop.
    pub(crate) fn each_block(
        &self,
        take: &mut dyn FnMut(&[u8]) -> std::ops::ControlFlow<()>,
        fetched: &dyn Fn(u64),
    ) -> Result<(), TableFault> {
        let mut flow = std::ops::ControlFlow::Continue(());
        while flow.is_continue()
            && let Some((taken, bytes)) = self.take()?
        {
            fetched(bytes);
            self.render(&taken, &mut |_, rows| {
                if flow.is_continue() {
                    flow = take(rows);
                }
            })?;
        }
        Ok(())
    }

    /// Reads the stored bytes of what is wanted of a row group.
    fn fetch(&self, source: &mut Source, window: Window) -> Result<(Arc<Vec<Chunks>>, u64), TableFault> {
        let stored = self.footer.row_groups[window.group].parquet_columns();
        let wanted: BTreeSet<usize> = self.wanted.iter().map(|column| self.columns[*column].root).collect();
        let (mut group, mut fetched) = (Vec::with_capacity(self.roots.len()), 0);
        for (at, root) in self.roots.iter().enumerate() {
            let mut chunks = Vec::new();
            for leaf in root.leaves.clone().filter(|_| wanted.contains(&at)) {
                let name = || root.field.name.to_string();
                let damaged = || TableFault::Damaged { name: name(), row: window.before + 1 };
                let column = stored.get(leaf).ok_or_else(damaged)?;
                if column.compression() == Compression::Lzo {
                    return Err(TableFault::Packing { name: name(), by: "LZO" });
                }
                let range = column.byte_range();
                if range.end > source.length || range.start > range.end {
                    return Err(damaged());
                }
                let mut bytes = vec![0; (range.end - range.start) as usize];
                source.bytes.seek(SeekFrom::Start(range.start))?;
                source.bytes.read_exact(&mut bytes).map_err(|error| match error.kind() {
                    io::ErrorKind::UnexpectedEof => damaged(),
                    _ => error.into(),
                })?;
                fetched += bytes.len() as u64;
                chunks.push(Buffer::from_vec(bytes));
            }
            group.push(chunks);
        }
        Ok((Arc::new(group), fetched))
    }

    /// The values of a root in these rows; `None` where they cannot be had.
    fn decode(&self, root: usize, chunks: &Chunks, taken: &Taken) -> Option<Vec<Box<dyn Array>>> {
        let root = &self.roots[root];
        let stored = self.footer.row_groups[taken.window.group].parquet_columns();
        let stored = stored.get(root.leaves.clone())?;
        let arrays = guarded(|| {
            let (mut pages, mut types) = (Vec::new(), Vec::new());
            for (column, bytes) in stored.iter().zip(chunks) {
                let longest = bytes.len();
                let reader = PageReader::new(Cursor::new(bytes.clone()), column, Vec::new(), longest);
                pages.push(BasicDecompressor::new(reader, Vec::new()));
                types.push(&column.descriptor().descriptor.primitive_type);
            }
            let filter = Filter::new_ranged(taken.rows.start, taken.rows.end);
            column_iter_to_arrays(pages, types, root.field.clone(), Some(filter))
        });
        let (arrays, _) = arrays?;
        (arrays.iter().map(|array| array.len()).sum::<usize>() == taken.rows.len()).then_some(arrays)
    }
}

/// That the file ends as a whole one does.
fn check_end(bytes: &mut dyn Seekable, length: u64) -> Result<(), TableFault> {
    /// Magic, length of the description, magic.
    const LEAST: u64 = 12;
    if length < LEAST {
        return Err(TableFault::CutOff);
    }
    let mut end = [0; 4];
    bytes.seek(SeekFrom::Start(length - end.len() as u64))?;
    bytes.read_exact(&mut end)?;
    match &end[..] {
        MAGIC => Ok(()),
        ENCRYPTED => Err(TableFault::Encrypted),
        _ => Err(TableFault::CutOff),
    }
}

/// What the file is made of, and the columns of the table that it is.
fn described(footer: &FileMetadata) -> (Vec<Root>, Vec<Column>) {
    let (mut roots, mut columns, mut leaf) = (Vec::new(), Vec::new(), 0);
    // A time of 96 bits counts nanoseconds from any day; in milliseconds all days of a calendar can be held.
    let options = Some(SchemaInferenceOptions { int96_coerce_to_timeunit: TimeUnit::Millisecond });
    for stored in footer.schema().fields() {
        let leaves = leaf..leaf + leaves(stored);
        leaf = leaves.end;
        let schema = parquet_to_arrow_schema_with_options(std::slice::from_ref(stored), &options);
        let Some(field) = schema.into_iter_values().next() else { continue };
        column(&mut columns, &field, field.name.to_string(), roots.len(), &[]);
        roots.push(Root { field, leaves });
    }
    (roots, columns)
}

fn leaves(stored: &ParquetType) -> usize {
    match stored {
        ParquetType::PrimitiveType(_) => 1,
        ParquetType::GroupType { fields, .. } => fields.iter().map(leaves).sum(),
    }
}

/// A field as a column, and after one that holds fields each of these, named as exports flatten them: `service.id`.
fn column(columns: &mut Vec<Column>, field: &Field, name: String, root: usize, path: &[usize]) {
    let not_read = cell::not_read(&field.dtype);
    if let ArrowDataType::Struct(fields) = &field.dtype {
        for (at, inner) in fields.iter().enumerate() {
            let path: Vec<usize> = path.iter().copied().chain([at]).collect();
            column(columns, inner, format!("{name}.{}", inner.name), root, &path);
        }
    }
    columns.push(Column { name, root, path: path.to_vec(), not_read });
}

/// The cells of a column in a window, one after the other.
#[derive(Default)]
struct Cells<'a> {
    /// What was decoded together, the last first, and how many rows each has.
    parts: Vec<(usize, Cell<'a>)>,
    /// The row of the last part that comes next.
    row: usize,
}

impl<'a> Cells<'a> {
    fn of(arrays: &'a [Box<dyn Array>], path: &[usize]) -> Option<Self> {
        let part = |mut array: &'a dyn Array| {
            for field in path {
                array = array.as_any().downcast_ref::<arrow::array::StructArray>()?.values().get(*field)?.as_ref();
            }
            Some((array.len(), cell::csv(array)?))
        };
        let parts: Option<Vec<_>> = arrays.iter().rev().map(|array| part(array.as_ref())).collect();
        Some(Self { parts: parts?, row: 0 })
    }

    fn next(&mut self, out: &mut Vec<u8>) {
        while let Some((rows, write)) = self.parts.last() {
            if self.row < *rows {
                write(self.row, out);
                self.row += 1;
                return;
            }
            self.parts.pop();
            self.row = 0;
        }
    }
}
