//! Which environments are production.

use serde::Serialize;

/// What production is called, unless a policy says so itself.
pub const PRODUCTION: [&str; 5] = ["production", "prod", "prd", "live", "main"];

/// What is called that is none.
pub const NON_PRODUCTION: [&str; 25] = [
    "acceptance",
    "beta",
    "ci",
    "demo",
    "dev",
    "development",
    "e2e",
    "int",
    "integration",
    "lab",
    "non-prod",
    "non-production",
    "nonprod",
    "perf",
    "pre-prod",
    "pre-production",
    "preprod",
    "preview",
    "qa",
    "sandbox",
    "stage",
    "staging",
    "stg",
    "test",
    "uat",
];

/// What an environment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EnvironmentKind {
    /// What customers use.
    Production,
    /// Anything that is known not to be.
    NonProduction,
    /// Nobody says.
    Unknown,
}

impl EnvironmentKind {
    /// All of them, in the order of reports.
    pub const ALL: [Self; 3] = [Self::Production, Self::NonProduction, Self::Unknown];

    /// Its name in documents.
    pub fn name(self) -> &'static str {
        match self {
            Self::Production => "production",
            Self::NonProduction => "non_production",
            Self::Unknown => "unknown",
        }
    }
}

/// The values of the dimension `environment` that are production, and those that are not. A value in neither list is
/// unknown, as no value is: neither is counted as the one or the other. Case does not matter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EnvironmentKinds {
    /// Production.
    pub production: Vec<String>,
    /// Not production.
    pub non_production: Vec<String>,
}

impl Default for EnvironmentKinds {
    fn default() -> Self {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Self { production: owned(&PRODUCTION), non_production: owned(&NON_PRODUCTION) }
    }
}

impl EnvironmentKinds {
    /// The usual lists, with those that are given in their place; what is given as the one is taken from the other.
    pub(super) fn of(production: Vec<String>, non_production: Vec<String>) -> Self {
        let mut kinds = Self::default();
        kinds.production.retain(|name| !has(&non_production, name));
        kinds.non_production.retain(|name| !has(&production, name));
        if !production.is_empty() {
            kinds.production = production;
        }
        if !non_production.is_empty() {
            kinds.non_production = non_production;
        }
        kinds
    }

    /// What an environment is.
    pub fn kind(&self, environment: Option<&str>) -> EnvironmentKind {
        match environment {
            Some(name) if has(&self.production, name) => EnvironmentKind::Production,
            Some(name) if has(&self.non_production, name) => EnvironmentKind::NonProduction,
            _ => EnvironmentKind::Unknown,
        }
    }
}

fn has(names: &[String], name: &str) -> bool {
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_lists_is_unknown() {
        let usual = EnvironmentKinds::default();
        assert_eq!(usual.kind(Some("Prod")), EnvironmentKind::Production);
        assert_eq!(usual.kind(Some("staging")), EnvironmentKind::NonProduction);
        assert_eq!(usual.kind(Some("shared")), EnvironmentKind::Unknown);
        assert_eq!(usual.kind(None), EnvironmentKind::Unknown);
        let own = EnvironmentKinds::of(vec!["beta".to_owned()], Vec::new());
        assert_eq!(own.kind(Some("beta")), EnvironmentKind::Production);
        assert_eq!(own.kind(Some("prod")), EnvironmentKind::Unknown);
        assert_eq!(own.kind(Some("dev")), EnvironmentKind::NonProduction);
    }
}
