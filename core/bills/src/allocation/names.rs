//! The names of dimensions.

use std::str::FromStr as _;

use crate::condition::Field;
use crate::order::BTreeSet;

pub(super) const SQUAD: &str = "squad";
pub(super) const SERVICE: &str = "service";
pub(super) const ENVIRONMENT: &str = "environment";

/// Why a name cannot be a dimension's, as what to do instead.
pub(super) fn refusal(name: &str) -> Option<String> {
    if Field::from_str(name).is_ok() {
        return Some("that is a field of the bill, which a rule reads but cannot set; choose another name".to_owned());
    }
    let starts = name.starts_with(|first: char| first.is_ascii_lowercase());
    let continues = name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'));
    let advice = "use lower-case letters, digits and `_`, starting with a letter, such as `cost_center_owner`";
    (!(starts && continues)).then(|| advice.to_owned())
}

/// The dimensions in the order reports show them, from the names that rules set, in order of appearance.
pub(super) fn in_order<'n>(set: impl IntoIterator<Item = &'n str>) -> Vec<String> {
    let mut seen = BTreeSet::from([SQUAD, SERVICE, ENVIRONMENT]);
    let mut service = false;
    let mut own = Vec::new();
    for name in set {
        service |= name == SERVICE;
        if seen.insert(name) {
            own.push(name.to_owned());
        }
    }
    let mut names = vec![SQUAD.to_owned()];
    names.extend(service.then(|| SERVICE.to_owned()));
    names.push(ENVIRONMENT.to_owned());
    names.extend(own);
    names
}
