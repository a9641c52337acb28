//! What the frameworks that come with Headroom call their controls and criteria.
//!
//! Gates are checked against these names. They stand here, and a test holds them to the frameworks, so that a module that
//! only decides neither carries the frameworks nor reads them.

/// The names in one framework.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Names {
    /// The framework's id.
    pub(crate) framework: &'static str,
    /// The framework it extends, whose names are its own too.
    base: Option<&'static Names>,
    /// Its highest level.
    pub(crate) top: u8,
    /// Ids of the controls that it has beside those.
    controls: &'static [&'static str],
    /// Ids of the criteria that it has beside those.
    criteria: &'static [&'static str],
}

impl Names {
    /// Ids of its controls.
    pub(crate) fn controls(&self) -> impl Iterator<Item = &'static str> {
        self.base.map_or(&[][..], |base| base.controls).iter().chain(self.controls).copied()
    }

    /// Ids of its criteria.
    pub(crate) fn criteria(&self) -> impl Iterator<Item = &'static str> {
        self.base.map_or(&[][..], |base| base.criteria).iter().chain(self.criteria).copied()
    }
}

const OPERATIONAL_EXCELLENCE: Names = Names {
    framework: "operational-excellence",
    base: None,
    top: 5,
    controls: &[
        "WAF-OPS-010",
        "WAF-OPS-020",
        "WAF-OPS-030",
        "WAF-OPS-040",
        "WAF-OPS-050",
        "WAF-OPS-060",
        "WAF-OPS-070",
        "WAF-OPS-080",
        "WAF-OPS-090",
        "WAF-OPS-100",
    ],
    criteria: &[
        "WAF-OPS-010.L2",
        "WAF-OPS-010.L3",
        "WAF-OPS-010.L4",
        "WAF-OPS-010.L5",
        "WAF-OPS-020.L2",
        "WAF-OPS-020.L3",
        "WAF-OPS-020.L4",
        "WAF-OPS-020.L5",
        "WAF-OPS-030.L2",
        "WAF-OPS-030.L3",
        "WAF-OPS-030.L4",
        "WAF-OPS-030.L5",
        "WAF-OPS-040.L2",
        "WAF-OPS-040.L3",
        "WAF-OPS-040.L4",
        "WAF-OPS-040.L5",
        "WAF-OPS-050.L2",
        "WAF-OPS-050.L3",
        "WAF-OPS-050.L4",
        "WAF-OPS-050.L5",
        "WAF-OPS-060.L2",
        "WAF-OPS-060.L3",
        "WAF-OPS-060.L4",
        "WAF-OPS-060.L5",
        "WAF-OPS-070.L2",
        "WAF-OPS-070.L3",
        "WAF-OPS-070.L4",
        "WAF-OPS-070.L5",
        "WAF-OPS-080.L2",
        "WAF-OPS-080.L3",
        "WAF-OPS-080.L4",
        "WAF-OPS-080.L5",
        "WAF-OPS-090.L2",
        "WAF-OPS-090.L3",
        "WAF-OPS-090.L4",
        "WAF-OPS-090.L5",
        "WAF-OPS-100.L2",
        "WAF-OPS-100.L3",
        "WAF-OPS-100.L4",
        "WAF-OPS-100.L5",
        "L2-a",
        "L2-b",
        "L2-c",
        "L2-d",
        "L3-a",
        "L3-b",
        "L3-c",
        "L3-d",
        "L3-e",
        "L4-a",
        "L4-b",
        "L4-c",
        "L4-d",
        "L4-e",
        "L5-a",
        "L5-b",
        "L5-c",
        "L5-d",
        "L5-e",
        "L5-f",
        "L2-mttr",
        "L3-mttr",
        "L4-mttr",
        "L5-mttr",
        "L2-frequency",
        "L3-frequency",
        "L4-frequency",
        "L5-frequency",
        "Q2-01",
        "Q2-02",
        "Q2-03",
        "Q2-04",
        "Q2-05",
        "Q2-06",
        "Q3-01",
        "Q3-02",
        "Q3-03",
        "Q3-04",
        "Q3-05",
        "Q3-06",
        "Q3-07",
        "Q3-08",
        "Q3-09",
        "Q3-10",
        "Q3-11",
        "Q4-01",
        "Q4-02",
        "Q4-03",
        "Q4-04",
        "Q4-05",
    ],
};

/// The names in every framework that comes with Headroom, in the order of [`super::FRAMEWORKS`].
pub(crate) const NAMES: &[Names] = &[
    OPERATIONAL_EXCELLENCE,
    Names {
        framework: "operational-excellence-extended",
        base: Some(&OPERATIONAL_EXCELLENCE),
        top: 5,
        controls: &[],
        criteria: &[
            "Q2-07",
            "Q2-08",
            "Q2-09",
            "Q2-10",
            "Q2-11",
            "Q2-12",
            "Q3-12",
            "Q3-13",
            "Q3-14",
            "Q3-15",
            "Q3-16",
            "Q3-17",
            "Q4-06",
            "Q4-07",
            "Q4-08",
            "Q4-09",
            "Q4-10",
            "Q4-11",
            "WAF-OPS-010.L4.pipeline",
            "WAF-OPS-020.L4.drift",
            "WAF-OPS-020.L4.recreation",
            "WAF-OPS-020.L5.coverage",
            "WAF-OPS-040.L3.pages",
            "WAF-OPS-050.L5.failures",
            "WAF-OPS-050.L5.restore",
            "WAF-OPS-060.L3.review",
            "WAF-OPS-060.L4.coverage",
            "WAF-OPS-060.L4.update",
            "WAF-OPS-060.L5.coverage",
            "WAF-OPS-070.L3.time",
            "WAF-OPS-070.L4.actions",
            "WAF-OPS-080.L3.rollback",
            "WAF-OPS-080.L5.failures",
            "WAF-OPS-090.L3.plan",
            "WAF-OPS-090.L3.alert",
            "WAF-OPS-090.L3.emergency",
            "WAF-OPS-090.L4.rate",
            "WAF-OPS-090.L5.age",
            "WAF-OPS-100.L3.paydown",
            "WAF-OPS-100.L4.paydown",
            "WAF-OPS-100.L5.toil",
        ],
    },
    Names {
        framework: "delivery-foundation",
        base: None,
        top: 1,
        controls: &["operate-iac-baseline", "deploy-foundations"],
        criteria: &[
            "IOB-1",
            "IOB-2",
            "IOB-3a",
            "IOB-3b",
            "IOB-4",
            "IOB-5",
            "DAF-1",
            "DAF-2",
            "DAF-3",
            "DAF-4",
            "DAF-5",
            "IOB-entry-1",
            "IOB-entry-2",
            "IOB-entry-3",
            "DAF-entry-1",
            "DAF-entry-2",
            "DAF-entry-3",
            "FX-01",
            "FX-02",
            "FX-03",
            "FX-04",
            "FX-05",
            "FX-06",
            "FX-07",
            "FX-08",
            "FX-09",
            "FX-10",
            "FX-11a",
            "FX-11b",
            "FX-12",
        ],
    },
    Names {
        framework: "devops-progression",
        base: None,
        top: 3,
        controls: &[
            "F1", "F2", "F3", "F4", "F5", "F6", "F7", "F8", "F9", "E1", "E2", "E3", "E4", "E5", "E6", "E7", "E8", "E9",
            "E10", "M1", "M2", "M3", "M4", "M5", "M6", "M7", "M8",
        ],
        criteria: &[
            "F1", "F2", "F3", "F4", "F5", "F6", "F7", "F8", "F9", "E1", "E2", "E3", "E4", "E5", "E6", "E7", "E8", "E9",
            "E10", "M1", "M2", "M3", "M4", "M5", "M6", "M7", "M8", "T01", "T02", "T03", "T04", "T05", "T06", "T07",
            "T08", "T09", "T10", "T11", "T13", "T14", "T15", "T16", "T17", "T18", "T19", "T20", "T21",
        ],
    },
    Names {
        framework: "infrastructure-excellence",
        base: None,
        top: 4,
        controls: &[],
        criteria: &[
            "P1-1", "P1-2", "P1-3", "P1-4", "P2-1", "P2-2", "P2-3", "P2-4", "P3-1", "P3-2", "P3-3", "P3-4", "P4-1",
            "P4-2", "P4-3", "P4-4", "KPI-01", "KPI-02", "KPI-03", "KPI-04", "KPI-05", "KPI-06", "KPI-07", "KPI-08",
            "KPI-09", "KPI-10", "KPI-11", "KPI-12", "KPI-13", "KPI-14", "KPI-15", "KPI-16", "KPI-17", "KPI-18",
            "KPI-19", "KPI-20",
        ],
    },
    Names {
        framework: "finops",
        base: None,
        top: 3,
        controls: &["allocation", "commitments", "forecasting"],
        criteria: &[
            "allocation-crawl",
            "commitments-crawl",
            "forecasting-crawl",
            "allocation-walk",
            "commitments-walk",
            "forecasting-walk",
            "allocation-run",
            "commitments-run",
            "forecasting-run",
        ],
    },
];

/// The names in a framework that comes with Headroom, by its id.
pub(crate) fn names_of(framework: &str) -> Option<&'static Names> {
    NAMES.iter().find(|names| names.framework == framework)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::maturity::{FRAMEWORKS, shipped};

    #[test]
    fn names_are_those_of_the_frameworks() {
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
