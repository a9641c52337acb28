//! tmp
mod fault;
mod input;
use headroom_core::allocation::{Policy, PolicySource};
use headroom_core::ledger::*;
fn main() {
    let args: Vec<String> = std::env::args().collect();
    let text = std::fs::read_to_string(&args[2]).unwrap();
    let policy = Policy::parse(&[PolicySource { name: &args[2], text: &text }]).unwrap();
    let dims = vec![
        Dimension::Assigned(0),
        Dimension::Field(headroom_core::condition::Field::ServiceName),
        Dimension::Assigned(1),
    ];
    let threads = args.get(3).map_or(2, |t| t.parse().unwrap());
    let q = Question {
        classifier: std::sync::Arc::new(policy),
        dimensions: dims,
        view: View::ChargeMonth,
        owner: vec![],
        cache_bytes: 16 << 20,
    };
    let inputs = input::discover(&args[1..2]).unwrap();
    let r = input::read_all(&inputs, &q, threads, &|_| {}, CubeTally::whole).unwrap_or_else(|e| {
        eprintln!("{e}");
        std::process::exit(2)
    });
    for parts in r {
        let l = FileLedger::new(parts);
        let groups: usize = l.groups.values().map(|g| g.len()).sum();
        let total = headroom_core::bill::Metric::ALL.map(|m| {
            l.groups
                .values()
                .flat_map(|g| g.values())
                .filter_map(|c| c.amount(m))
                .fold(headroom_core::money::Amount::ZERO, |a, b| a.checked_add(b).unwrap())
                .to_string()
        });
        println!(
            "{} {:?} rows {} refused {} groups {} {:?} tagged {}",
            l.dialect, l.version, l.rows, l.refused, groups, total, l.tags.tagged_rows
        );
    }
}
