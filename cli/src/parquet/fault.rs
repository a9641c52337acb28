//! Why a Parquet file cannot be read.
#![cfg_attr(not(feature = "parquet"), expect(dead_code, reason = "none is read"))]

use std::fmt;
use std::io;

use crate::exit::{Fault, of_io};

/// What is wrong with a file that starts like Parquet.
#[derive(Debug)]
pub(crate) enum TableFault {
    /// This program is built without it.
    #[cfg(not(feature = "parquet"))]
    NotBuilt,
    Io(io::Error),
    /// Its end, where its columns are described, is missing.
    CutOff,
    Encrypted,
    /// Its end cannot be understood.
    Footer,
    /// It describes no columns.
    NoColumns,
    /// A column that is asked for is of a kind that no table of text has.
    Column {
        name: String,
        holds: &'static str,
    },
    /// A column is compressed in a way that is not known.
    Packing {
        name: String,
        by: &'static str,
    },
    /// The values of a column cannot be had.
    Damaged {
        name: String,
        /// The first row of those affected, from 1.
        row: u64,
    },
}

impl TableFault {
    /// What this is to the user who gave the file.
    pub(crate) fn at(&self, name: &str) -> Fault {
        match self {
            Self::Io(error) => of_io(name, error),
            fault => Fault::at(name, fault).hint(fault.hint()).code("bill").placed(name, fault.row(), None),
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            #[cfg(not(feature = "parquet"))]
            Self::NotBuilt => "build it with the feature `parquet`, or export the file as CSV",
            Self::Encrypted => "export it without encryption",
            Self::NoColumns => "export it again, or leave the file out",
            Self::Column { .. } => "write the column as text, numbers, dates, times, or maps and lists of them",
            Self::Packing { .. } => "write it with Snappy, gzip, Brotli, LZ4, Zstandard or uncompressed",
            Self::Io(_) | Self::CutOff | Self::Footer | Self::Damaged { .. } => "export or download it again",
        }
    }

    fn row(&self) -> Option<u64> {
        match self {
            Self::Damaged { row, .. } => Some(*row),
            _ => None,
        }
    }
}

impl fmt::Display for TableFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            #[cfg(not(feature = "parquet"))]
            Self::NotBuilt => f.write_str("this is a Parquet file, and this program is built without Parquet"),
            Self::Io(error) => error.fmt(f),
            Self::CutOff => f.write_str("the Parquet file is cut off: its end is missing"),
            Self::Encrypted => f.write_str("the Parquet file is encrypted"),
            Self::Footer => f.write_str("the Parquet file is damaged: its end, which describes it, cannot be read"),
            Self::NoColumns => f.write_str("the Parquet file has no columns"),
            Self::Column { name, holds } => write!(f, "column `{name}` holds {holds}, which is not read"),
            Self::Packing { name, by } => write!(f, "column `{name}` is compressed with {by}, which is not read"),
            Self::Damaged { name, row } => {
                write!(f, "the Parquet file is damaged: column `{name}` cannot be read from row {row} on")
            }
        }
    }
}

impl From<io::Error> for TableFault {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}
