//! The committed sample bills are what the generator writes.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use headroom_tests::sample;

fn bills() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../datasets/bills")
}

#[test]
fn the_committed_bills_are_those_the_generator_writes() {
    let mut names = BTreeSet::new();
    for file in sample::files().unwrap() {
        let committed = fs::read(bills().join(&file.name)).unwrap();
        assert!(committed == file.bytes, "{} is not what the generator writes", file.name);
        names.insert(file.name);
    }
    let there: BTreeSet<_> =
        fs::read_dir(bills()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(there, names);
}

#[test]
fn the_sample_stays_small() {
    let bytes: usize = sample::files().unwrap().iter().map(|file| file.bytes.len()).sum();
    assert!(bytes < 3_000_000, "{bytes}");
}
