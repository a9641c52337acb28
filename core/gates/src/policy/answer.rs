//! A decision before it is written: what was noted of which gate, to be made a value or JSON.

use super::decision::{Decided, Decision, Finding, Waived};
use super::gate::{Effect, Gate};
use super::input::{Paths, Values};
use super::told::Fields;
use crate::calendar::Date;
use crate::json::{close_text, push_text};

const SCHEMA: &str = "headroom/decision/1";

/// Where a note is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum List {
    Reasons,
    Waived,
    Unknown,
    DryRun,
    Errors,
}

/// A finding, as far as it is not prepared.
pub(super) struct Note<'g> {
    pub(super) list: List,
    pub(super) gate: &'g Gate,
    pub(super) effect: &'static str,
    pub(super) required: &'g Fields,
    pub(super) actual: Actual,
    pub(super) blocking: Vec<String>,
    /// What is wrong with the data; otherwise the gate's own message is written.
    pub(super) message: Option<String>,
    /// The waiver that covers it, and its last day.
    pub(super) waiver: Option<(String, Date)>,
}

/// What is.
pub(super) enum Actual {
    /// What the fields of the requirement are.
    OfFields,
    Said(Option<String>),
}

/// Everything a decision says.
pub(super) struct Answer<'g, 'v> {
    pub(super) decision: Decision,
    /// Those that applied.
    pub(super) gates: Vec<&'g Gate>,
    /// In the order of the gates.
    pub(super) notes: Vec<Note<'g>>,
    pub(super) warning: Option<String>,
    paths: &'g Paths,
    values: &'v Values<'v>,
}

impl<'g, 'v> Answer<'g, 'v> {
    pub(super) fn new(paths: &'g Paths, values: &'v Values<'v>) -> Self {
        Self { decision: Decision::Allow, gates: Vec::new(), notes: Vec::new(), warning: None, paths, values }
    }

    pub(super) fn into_decided(self) -> Decided {
        let mut decided = Decided::nothing_yet();
        decided.decision = self.decision;
        decided.gates = self.gates.iter().map(|gate| gate.id.clone()).collect();
        for note in self.notes {
            let actual = match note.actual {
                Actual::Said(said) => said,
                Actual::OfFields => {
                    let mut actual = String::new();
                    note.required.write_actual(self.paths, self.values, &mut actual);
                    Some(actual)
                }
            };
            let finding = Finding {
                gate: note.gate.id.clone(),
                effect: note.effect,
                requirement: note.required.requirement.plain.clone(),
                actual,
                blocking: note.blocking,
                message: note.message.unwrap_or_else(|| note.gate.message.clone()),
            };
            match (note.list, note.waiver) {
                (_, Some((waiver, expires))) => decided.waived.push(Waived { finding, waiver, expires }),
                (List::Unknown, _) => decided.unknown.push(finding),
                (List::DryRun, _) => decided.dry_run.push(finding),
                (List::Errors, _) => decided.errors.push(finding),
                (List::Reasons | List::Waived, None) => decided.reasons.push(finding),
            }
        }
        decided.warnings.extend(self.warning);
        decided
    }

    /// The same as the value would be written.
    pub(super) fn into_json(self) -> String {
        let mut out = String::with_capacity(224 + 224 * self.notes.len());
        out.push_str("{\"schema\":\"");
        out.push_str(SCHEMA);
        out.push_str("\",\"decision\":\"");
        out.push_str(self.decision.name());
        out.push_str("\",\"gates\":");
        separated(&mut out, self.gates.iter(), |out, gate| out.push_str(&gate.told.id.json));
        for (list, title) in [
            (List::Reasons, ",\"reasons\":"),
            (List::Waived, ",\"waived\":"),
            (List::Unknown, ",\"unknown\":"),
            (List::DryRun, ",\"dry_run\":"),
            (List::Errors, ",\"errors\":"),
        ] {
            out.push_str(title);
            let notes = self.notes.iter().filter(|note| note.list == list);
            separated(&mut out, notes, |out, note| self.write_note(out, note));
        }
        out.push_str(",\"warnings\":");
        separated(&mut out, self.warning.iter(), |out, warning| push_text(out, warning));
        out.push('}');
        out
    }

    fn write_note(&self, out: &mut String, note: &Note<'_>) {
        let told = &note.gate.told;
        out.push_str("{\"gate\":");
        out.push_str(&told.id.json);
        out.push_str(",\"effect\":\"");
        out.push_str(note.effect);
        out.push_str("\",\"requirement\":");
        out.push_str(&note.required.requirement.json);
        out.push_str(",\"actual\":");
        match &note.actual {
            Actual::OfFields => {
                let start = out.len();
                out.push('"');
                note.required.write_actual(self.paths, self.values, out);
                close_text(out, start);
            }
            Actual::Said(Some(said)) => push_text(out, said),
            Actual::Said(None) => out.push_str("null"),
        }
        out.push_str(",\"blocking\":");
        separated(out, note.blocking.iter(), |out, id| push_text(out, id));
        out.push_str(",\"message\":");
        match &note.message {
            Some(message) => push_text(out, message),
            None => out.push_str(&told.message.json),
        }
        if let Some((waiver, expires)) = &note.waiver {
            out.push_str(",\"waiver\":");
            push_text(out, waiver);
            out.push_str(",\"expires\":");
            push_text(out, &expires.to_string());
        }
        out.push('}');
    }
}

/// Writes a list.
fn separated<T>(out: &mut String, items: impl Iterator<Item = T>, mut write: impl FnMut(&mut String, T)) {
    out.push('[');
    for (at, item) in items.enumerate() {
        if at > 0 {
            out.push(',');
        }
        write(out, item);
    }
    out.push(']');
}

/// What is required of every input.
pub(super) const IS_OBJECT: &str = "the input is a JSON object";

/// No input to decide about, so that no gate is asked: an error, and never an allow.
pub(super) struct Broken {
    requirement: &'static str,
    message: String,
}

impl Broken {
    pub(super) fn new(requirement: &'static str, message: String) -> Self {
        Self { requirement, message }
    }

    pub(super) fn into_decided(self) -> Decided {
        let fault = Finding {
            gate: String::new(),
            effect: Effect::Deny.name(),
            requirement: self.requirement.to_owned(),
            actual: None,
            blocking: Vec::new(),
            message: self.message,
        };
        Decided { decision: Decision::Deny, errors: vec![fault], ..Decided::nothing_yet() }
    }

    /// The same as the value would be written.
    pub(super) fn into_json(self) -> String {
        let mut out = format!(
            "{{\"schema\":\"{SCHEMA}\",\"decision\":\"deny\",\"gates\":[],\"reasons\":[],\"waived\":[],\"unknown\":[],\"dry_run\":[],\
             \"errors\":[{{\"gate\":\"\",\"effect\":\"deny\",\"requirement\":\"{}\",\"actual\":null,\"blocking\":[],\"message\":",
            self.requirement
        );
        push_text(&mut out, &self.message);
        out.push_str("}],\"warnings\":[]}");
        out
    }
}

impl Decided {
    fn nothing_yet() -> Self {
        Self {
            schema: SCHEMA,
            decision: Decision::Allow,
            gates: Vec::new(),
            reasons: Vec::new(),
            waived: Vec::new(),
            unknown: Vec::new(),
            dry_run: Vec::new(),
            errors: Vec::new(),
            warnings: Vec::new(),
        }
    }
}
