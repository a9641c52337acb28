//! Deciding by gates: documents in, the decision out.

use super::Failure;
use super::failure::of_problems;
use crate::calendar::Date;
use crate::maturity::Source;
use crate::policy::{Context, Decided, Gates};

macro_rules! shipped {
    ($($name:literal)*) => {
        /// Name and text of every gate that comes with Headroom.
        pub const SHIPPED_GATES: &[(&str, Source<'static>)] = &[$((
            $name,
            Source { name: concat!($name, ".toml"), text: include_str!(concat!("../../../policies/gates/", $name, ".toml")) },
        ),)*];
    };
}

shipped! {
    "production-needs-pipeline"
    "two-reviewers"
    "no-severe-image-findings"
    "migration-override"
    "fix-forward"
    "first-production-deployment"
    "cost-changes-explained"
    "reserved-capacity"
    "kubernetes-workload"
    "terraform-tags"
}

/// What a decision is made from.
#[derive(Clone, Debug)]
pub struct GateInput<'s> {
    /// The day of the decision; without one no waiver counts.
    pub as_of: Option<Date>,
    /// The input, a JSON object.
    pub input: Source<'s>,
    /// The gates. One without text that bears the name of a gate that comes with Headroom is that gate.
    pub gates: Vec<Source<'s>>,
    /// Results of assessments, and cost reports.
    pub evidence: Vec<Source<'s>>,
}

/// Gates and evidence that are read once and decide over many inputs.
#[derive(Clone, Debug)]
pub struct PreparedGates {
    gates: Gates,
    context: Context,
}

impl PreparedGates {
    /// Reads gates and evidence, as [`GateInput`] has them, for decisions of a day.
    ///
    /// # Errors
    /// When no gate is given, or gates or evidence cannot be read.
    pub fn read(gates: &[Source<'_>], evidence: &[Source<'_>], as_of: Option<Date>) -> Result<Self, Failure> {
        if gates.is_empty() {
            return Err(
                Failure::new("no gate was given").hint("without gates everything would be allowed: name at least one")
            );
        }
        let mut sources = Vec::new();
        for source in gates {
            let shipped = SHIPPED_GATES.iter().find(|(name, _)| *name == source.name && source.text.is_empty());
            sources.push(shipped.map_or(*source, |(_, shipped)| *shipped));
        }
        let gates = Gates::parse(&sources).map_err(|problems| of_problems(&problems))?;
        let mut context = Context::on(as_of);
        for evidence in evidence {
            context.add(evidence.name, evidence.text).map_err(|error| {
                Failure::at(evidence.name, error)
                    .hint("give what `headroom assess` or `headroom report` wrote with `--format json`")
            })?;
        }
        Ok(Self { gates, context })
    }

    /// Decides over an input, a JSON object. A fault of the input is an error of the decision, and no failure.
    pub fn decide(&self, input: &str) -> Decided {
        self.gates.decide(input, &self.context)
    }

    /// Decides over an input, and gives the decision as JSON text.
    pub fn decide_json(&self, input: &str) -> String {
        self.gates.decide_json(input, &self.context)
    }
}

/// Decides once.
///
/// # Errors
/// When no gate is given, or gates or evidence cannot be read. A fault of the input is an error of the decision, and no failure.
pub fn gate(input: &GateInput<'_>) -> Result<Decided, Failure> {
    Ok(PreparedGates::read(&input.gates, &input.evidence, input.as_of)?.decide(input.input.text))
}
