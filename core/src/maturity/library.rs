//! The frameworks and the catalogue that come with Headroom, and the user's own beside them.

use std::sync::OnceLock;

use super::catalogue::Catalogue;
use super::framework::Framework;
use crate::condition::document::{Problem, Source};

macro_rules! shipped {
    ($($id:literal)*) => {
        /// Id and text of every framework that comes with Headroom.
        pub const FRAMEWORKS: &[(&str, Source<'static>)] = &[$((
            $id,
            Source { name: concat!($id, ".toml"), text: include_str!(concat!("../../../policies/frameworks/", $id, ".toml")) },
        ),)*];
    };
}

shipped! {
    "operational-excellence"
    "operational-excellence-extended"
    "delivery-foundation"
    "devops-progression"
    "infrastructure-excellence"
    "finops"
}

/// The framework that is meant when none is named.
pub const USUAL: &str = "operational-excellence";

/// What reading a framework gave.
type Read = Result<Framework, Vec<Problem>>;

/// A framework that comes with Headroom, by its id; it is read once.
///
/// # Errors
/// `None` where there is none of this id; the problems where it is faulty.
pub fn shipped(id: &str) -> Option<Result<&'static Framework, &'static [Problem]>> {
    static READ: [OnceLock<Read>; FRAMEWORKS.len()] = [const { OnceLock::new() }; FRAMEWORKS.len()];
    let at = FRAMEWORKS.iter().position(|(known, _)| *known == id)?;
    let ((_, source), place) = FRAMEWORKS.get(at).zip(READ.get(at))?;
    Some(place.get_or_init(|| with_base(*source, Catalogue::builtin())).as_ref().map_err(Vec::as_slice))
}

/// Reads a framework of the user's own; where it extends one that comes with Headroom, both make one.
///
/// # Errors
/// Every problem, with its position.
pub fn with_base(source: Source<'_>, catalogue: &Catalogue) -> Read {
    let base = Framework::base_of(source);
    let base = base.and_then(|base| FRAMEWORKS.iter().find(|(known, _)| *known == base));
    match base {
        Some((_, base)) => Framework::parse(&[*base, source], catalogue),
        None => Framework::parse(&[source], catalogue),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assessed::NAMES;

    #[test]
    fn gates_know_the_frameworks_by_these_names() {
        assert_eq!(NAMES.len(), FRAMEWORKS.len());
        for ((id, _), names) in FRAMEWORKS.iter().zip(NAMES) {
            let framework = shipped(id).unwrap().unwrap();
            let controls: Vec<&str> = framework.controls().iter().map(|control| control.id.as_str()).collect();
            let criteria: Vec<&str> = framework.criteria().iter().map(|criterion| criterion.id.as_str()).collect();
            assert_eq!((names.framework, names.top), (*id, framework.top()));
            let known: (Vec<&str>, Vec<&str>) = (names.controls().collect(), names.criteria().collect());
            assert_eq!(known, (controls, criteria), "{id}");
        }
    }
}
