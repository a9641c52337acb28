//! The shipped documents, and their counts.

use super::*;

fn framework(id: &str) -> Framework {
    let catalogue = Catalogue::parse("metrics.toml", Catalogue::builtin_text());
    catalogue.unwrap_or_else(|problems| panic!("{}", problems[0]));
    shipped(id).unwrap().cloned().unwrap_or_else(|problems| {
        let lines: Vec<String> =
            problems.iter().map(|problem| format!("{problem}\n  hint: {:?}", problem.hint())).collect();
        panic!("{}", lines.join("\n"))
    })
}

#[test]
fn every_shipped_framework_can_be_read() {
    for (id, _) in FRAMEWORKS {
        assert_eq!(framework(id).id(), *id);
    }
}
