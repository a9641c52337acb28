//! Deciding by gates: documents in, the decision out.

use std::borrow::Cow;

use super::Failure;
use super::failure::of_problems;
use crate::calendar::Date;
use crate::condition::document::Source;
use crate::json::{Fault, Members, Raw, items, parsed, text as text_of};
use crate::policy::{Context, Decided, Gates};

#[cfg(feature = "toml")]
macro_rules! shipped {
    ($($name:literal)*) => {
        /// Name and text of every gate that comes with Headroom.
        pub const SHIPPED_GATES: &[(&str, Source<'static>)] = &[$((
            $name,
            Source { name: concat!($name, ".toml"), text: include_str!(concat!("../../../policies/gates/", $name, ".toml")) },
        ),)*];
    };
}

/// Without TOML none comes along: they are TOML.
#[cfg(not(feature = "toml"))]
pub const SHIPPED_GATES: &[(&str, Source<'static>)] = &[];

#[cfg(feature = "toml")]
shipped! {
    "production-needs-pipeline"
    "two-reviewers"
    "no-severe-image-findings"
    "migration-override"
    "fix-forward"
    "first-production-deployment"
    "cost-changes-explained"
    "reserved-capacity"
    "commitments-in-use"
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
        Self::prepare(gates, evidence, Context::on(as_of))
    }

    fn prepare(gates: &[Source<'_>], evidence: &[Source<'_>], mut context: Context) -> Result<Self, Failure> {
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
        for evidence in evidence {
            context.add(evidence.name, evidence.text).map_err(|error| {
                Failure::at(evidence.name, error)
                    .hint("give what `headroom assess` or `headroom report` wrote with `--format json`")
            })?;
        }
        Ok(Self { gates, context })
    }

    /// Reads what policy engines are configured by, one JSON document:
    /// `{"gates": [{"name": "gates.json", "document": {…}}], "evidence": [the same], "as_of": "2026-05-31", "waivers": [{…}],
    /// "subject": "metadata.labels.squad"}`, of which all but `gates` may be left out.
    ///
    /// Inputs bring no `waivers` of their own, unless it says `"waivers": "input"`: whoever asks must not waive what is asked of
    /// them. `subject` is the field of the input that names whose assessments count, instead of `service`.
    ///
    /// # Errors
    /// When it is not such a document, or as those of [`Self::read`].
    pub fn configured(name: &str, text: &str) -> Result<Self, Failure> {
        Self::configured_since(name, text, None)
    }

    /// The same for decisions of a later day than the document names, where one is known and it names one.
    ///
    /// # Errors
    /// As those of [`Self::configured`].
    pub fn configured_since(name: &str, text: &str, day: Option<Date>) -> Result<Self, Failure> {
        let context = |given: &Configured<'_>| {
            let mut context = Context::on(given.as_of.map(|as_of| day.map_or(as_of, |day| day.max(as_of))));
            given.waivers.map_or(Ok(()), |waivers| context.waive(waivers))?;
            Ok(context)
        };
        let read = Configured::read(text).and_then(|given| Ok((context(&given)?, given)));
        let (context, given) = read.map_err(|fault| {
            Failure::at(name, fault)
                .hint("write `gates`, a list of `name` and `document`, and if wanted `evidence`, `as_of`, `waivers` and `subject`")
        })?;
        let mut read = Self::prepare(&sources(&given.gates), &sources(&given.evidence), context)?;
        if let Some(subject) = given.subject {
            read.gates = read.gates.about(&subject);
        }
        Ok(read)
    }

    /// The day of the decisions.
    pub fn as_of(&self) -> Option<Date> {
        self.context.as_of
    }

    /// Whether an input may bring waivers.
    pub fn input_waives(&self) -> bool {
        self.context.input_waives()
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

struct Configured<'t> {
    gates: Vec<Named<'t>>,
    evidence: Vec<Named<'t>>,
    as_of: Option<Date>,
    /// A list of waivers; `None` where it is the input that brings them.
    waivers: Option<Raw<'t>>,
    subject: Option<Cow<'t, str>>,
}

impl<'t> Configured<'t> {
    fn read(text: &'t str) -> Result<Self, Fault> {
        let members = Members::of(Raw::whole(text), &["gates", "evidence", "as_of", "waivers", "subject"])?;
        let named = |list| items(list)?.into_iter().map(Named::read).collect();
        let waivers = members.get("waivers")?;
        Ok(Self {
            gates: named(members.need("gates")?)?,
            evidence: members.get("evidence")?.map_or(Ok(Vec::new()), named)?,
            as_of: members.get("as_of")?.map(|day| parsed("as_of", day)).transpose()?,
            waivers: Some(waivers.unwrap_or_else(|| Raw::whole("[]"))).filter(|waivers| waivers.text() != "\"input\""),
            subject: members.get("subject")?.map(|subject| text_of("subject", subject)).transpose()?,
        })
    }
}

/// A document as it stands in another, with the name that messages call it by.
struct Named<'t> {
    name: Cow<'t, str>,
    document: &'t str,
}

impl<'t> Named<'t> {
    fn read(value: Raw<'t>) -> Result<Self, Fault> {
        let members = Members::of(value, &["name", "document"])?;
        Ok(Self { name: members.need_text("name")?, document: members.need("document")?.text() })
    }
}

fn sources<'n>(of: &'n [Named<'_>]) -> Vec<Source<'n>> {
    of.iter().map(|named| Source { name: &named.name, text: named.document }).collect()
}

/// Decides once.
///
/// # Errors
/// When no gate is given, or gates or evidence cannot be read. A fault of the input is an error of the decision, and no failure.
pub fn gate(input: &GateInput<'_>) -> Result<Decided, Failure> {
    Ok(PreparedGates::read(&input.gates, &input.evidence, input.as_of)?.decide(input.input.text))
}
