//! The sample bills of `datasets/bills`: one invented company, four vendors, February to the tenth of June 2026.
//!
//! Seeded and without a clock: the same bytes every time, so the committed files can be checked against it.

mod aws;
mod aws_rows;
mod azure;
mod capacity;
mod days;
mod gcp;
mod meter;
mod operations;
mod saas;
mod series;
mod sheet;
mod usage;

pub use capacity::capacity;
pub use operations::operations;
pub use series::series;
pub use sheet::SampleError;
pub use usage::usage;

/// One file of the sample.
#[derive(Debug)]
pub struct SampleFile {
    /// Its name inside `datasets/bills`.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// All files of the sample, in order of name.
///
/// # Errors
/// When a generator names a column that its file does not have.
pub fn files() -> Result<Vec<SampleFile>, SampleError> {
    let mut files = Vec::new();
    files.extend(aws::files()?);
    files.extend(azure::files()?);
    files.push(gcp::file()?);
    files.push(saas::file()?);
    files.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(files)
}
