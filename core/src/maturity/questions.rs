//! What a framework asks: as a file to be filled in, and one by one.

use std::fmt::Write as _;

use super::assessment::Assessment;
use super::catalogue::{Catalogue, Kind, Metric};
use super::criterion::{Check, Criterion};
use super::framework::Framework;
use crate::assessed::Part;
use crate::calendar::Date;
use crate::condition::quoted;
use crate::order::BTreeMap;

/// Columns of a line of the questionnaire.
const WIDTH: usize = 80;

/// One thing that is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// What an answer is written for.
    pub about: About,
    /// The question.
    pub question: String,
    /// Why it is asked.
    pub why: String,
    /// What may be answered, with its unit.
    pub form: String,
}

/// What an answer is written for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    /// The level of a control.
    Level {
        /// The control's id.
        control: String,
        /// The levels there are, with their titles.
        titles: Vec<(u8, String)>,
    },
    /// A criterion that people answer.
    Criterion(String),
    /// A fact.
    Fact {
        /// The metric's id.
        metric: String,
        /// Where.
        scope: String,
        /// Whether several scopes are known, so that it must be said.
        several: bool,
        /// What values it has.
        kind: Kind,
    },
}

/// Everything a framework asks: levels of controls, questions, facts; each once.
pub fn questions(framework: &Framework, catalogue: &Catalogue) -> Vec<Asked> {
    let mut asked = Vec::new();
    for control in framework.controls().iter().filter(|control| !control.level_titles.is_empty()) {
        let titles: Vec<String> =
            control.level_titles.iter().map(|(level, title)| format!("{level} {title}")).collect();
        asked.push(Asked {
            about: About::Level { control: control.id.clone(), titles: control.level_titles.clone() },
            question: format!("At which level is {} ({})?", control.short, control.title),
            why: "a level that is declared counts unless an answer or a figure contradicts it".to_owned(),
            form: titles.join(", "),
        });
    }
    let asks = |criterion: &&Criterion| criterion.question.is_some() && criterion.part != Part::Cell;
    for criterion in framework.criteria().iter().filter(asks) {
        let form =
            if criterion.part == Part::Activity { "yes, no, in_progress or unknown" } else { "yes, no or unknown" };
        asked.push(Asked {
            about: About::Criterion(criterion.id.clone()),
            question: criterion.question.clone().unwrap_or_default(),
            why: criterion.why.clone().unwrap_or_else(|| stands_for(framework, criterion)),
            form: form.to_owned(),
        });
    }
    asked.extend(facts(framework, catalogue));
    asked
}

fn stands_for(framework: &Framework, criterion: &Criterion) -> String {
    let place = match criterion.stage {
        Some(stage) => format!("level {stage}, {}, asks that", framework.level_name(stage)),
        None => "it is a norm that".to_owned(),
    };
    format!("{place} {}", criterion.statement)
}

fn facts(framework: &Framework, catalogue: &Catalogue) -> Vec<Asked> {
    let mut wanted: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    let mut order = Vec::new();
    for criterion in framework.criteria() {
        for (metric, scope) in criterion.check.looks_up() {
            let Some(known) = catalogue.get(metric) else { continue };
            let usual = known.scopes.first().map_or("all", String::as_str);
            let key = (metric.to_owned(), scope.unwrap_or(usual).to_owned());
            if !wanted.contains_key(&key) {
                order.push(key.clone());
            }
            wanted.entry(key).or_default().push(format!("{}: {}", criterion.id, criterion.statement));
        }
    }
    let fact = |key: (String, String)| {
        let metric = catalogue.get(&key.0)?;
        let why = wanted.get(&key)?.join("; ");
        let several = metric.scopes.len() > 1;
        let scope = if several { format!(" ({})", key.1) } else { String::new() };
        let statistic = metric.statistic.as_deref().map_or_else(String::new, |statistic| format!(", {statistic}"));
        Some(Asked {
            question: format!("{}{scope}{statistic}", metric.name),
            why,
            form: form(framework, metric),
            about: About::Fact { metric: key.0, scope: key.1, several, kind: metric.kind.clone() },
        })
    };
    order.into_iter().filter_map(fact).collect()
}

/// How a value is written; items with what each of them is.
fn form(framework: &Framework, metric: &Metric) -> String {
    let mut items = false;
    for criterion in framework.criteria() {
        criterion.check.for_each(&mut |check| {
            items |= matches!(check, Check::Threshold { metric: id, items: Some(_), .. } if *id == metric.id);
        });
    }
    let note = metric.note.as_deref().filter(|_| items);
    note.map_or_else(|| metric.kind.form(), |note| format!("{}, or {note}", metric.kind.form()))
}

/// A file to be filled in, with everything a framework asks. It reads as an assessment in which nothing is known.
pub fn questionnaire(framework: &Framework, catalogue: &Catalogue, subject: &str, as_of: Date) -> String {
    let mut text = format!("# {}: what is asked, and why.\n", framework.title());
    text.push_str(
        "#\n# Write what is so and leave the rest: what is unknown never counts as met.\n# Facts and levels are commented out: take the number signs away from those you\n# know, and write what is so for the `?`.\n# Not applicable? Write an [[answer]] with a note that says why.\n",
    );
    let _ = writeln!(text, "schema = \"headroom/assessment/1\"");
    let _ = writeln!(text, "framework = {}", quoted(framework.id()));
    let _ = writeln!(text, "subject = {{ id = {}, kind = \"service\" }} # service, team or org", quoted(subject));
    let _ = writeln!(text, "as_of = \"{as_of}\"");
    let _ = writeln!(text, "observed = \"{as_of}\" # the day of facts that do not say another");
    let (mut in_levels, mut in_answers) = (false, false);
    for asked in questions(framework, catalogue) {
        match &asked.about {
            About::Level { control, .. } => {
                if !std::mem::replace(&mut in_levels, true) {
                    text.push_str("\n# Levels, where they are plain to see. An answer or a figure that says otherwise\n# beats them.\n[declared_levels]\n");
                }
                for line in wrapped(&format!("{} {}", asked.question, asked.form), "# ", "#   ") {
                    let _ = writeln!(text, "{line}");
                }
                let _ = writeln!(text, "# {control} = \"?\"");
            }
            About::Criterion(id) => {
                if !std::mem::replace(&mut in_answers, true) {
                    text.push_str("\n[answers]\n");
                }
                comment(&mut text, &asked.question, &asked.why);
                let _ = writeln!(text, "{} = \"unknown\" # {}", key(id), asked.form);
            }
            About::Fact { metric, scope, several, kind } => {
                text.push('\n');
                comment(&mut text, &asked.question, &asked.why);
                let _ = writeln!(text, "# [[fact]]\n# metric = {}", quoted(metric));
                if *several {
                    let _ = writeln!(text, "# scope = {}", quoted(scope));
                }
                let form = wrapped(&asked.form, "#   write ", "#     ");
                let _ = writeln!(text, "# {}\n{}", place(kind), form.join("\n"));
            }
        }
    }
    text
}

fn comment(text: &mut String, question: &str, why: &str) {
    for line in wrapped(question, "# ", "# ") {
        let _ = writeln!(text, "{line}");
    }
    for line in wrapped(why, "#   why: ", "#     ") {
        let _ = writeln!(text, "{line}");
    }
}

/// Lines of at most [`WIDTH`] characters, unless a word alone is longer.
fn wrapped(text: &str, first: &str, rest: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let (mut line, mut begun) = (first.to_owned(), false);
    for word in text.split_whitespace() {
        if begun && line.chars().count() + 1 + word.chars().count() > WIDTH {
            lines.push(std::mem::replace(&mut line, rest.to_owned()));
            begun = false;
        }
        if begun {
            line.push(' ');
        }
        line.push_str(word);
        begun = true;
    }
    lines.push(line);
    lines
}

/// A place to fill in. It is refused as it stands, so that nothing is met by taking a number sign away.
fn place(kind: &Kind) -> &'static str {
    match kind {
        Kind::Activity => "done = \"?\"",
        _ => "value = \"?\"",
    }
}

/// A key as TOML writes it: bare where it may be.
fn key(id: &str) -> String {
    let bare = id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    if bare && !id.is_empty() { id.to_owned() } else { quoted(id) }
}

impl Asked {
    /// Whether an assessment says it already.
    pub fn is_answered(&self, assessment: &Assessment) -> bool {
        match &self.about {
            About::Level { control, .. } => assessment.declared.iter().any(|(known, _)| known == control),
            About::Criterion(id) => assessment.answers.iter().any(|answer| answer.criterion == *id),
            About::Fact { metric, scope, .. } => {
                assessment.facts.iter().any(|fact| fact.metric == *metric && fact.scope == *scope)
            }
        }
    }

    /// What is written at the end of an assessment for this answer; `None` where the answer says nothing.
    ///
    /// It may still be refused when the assessment is read.
    pub fn entry(&self, answer: &str, as_of: Date) -> Option<String> {
        let answer = answer.trim();
        if answer.is_empty() {
            return None;
        }
        Some(match &self.about {
            About::Level { control, .. } => {
                format!("\n[[level]]\ncontrol = {}\nlevel = {}\n", quoted(control), quoted(answer))
            }
            About::Criterion(id) => {
                let word = match answer {
                    "y" => "yes",
                    "n" => "no",
                    "u" | "?" => "unknown",
                    other => other,
                };
                format!("\n[[answer]]\ncriterion = {}\nanswer = {}\nat = \"{as_of}\"\n", quoted(id), quoted(word))
            }
            About::Fact { metric, scope, several, kind } => {
                let scope = if *several { format!("scope = {}\n", quoted(scope)) } else { String::new() };
                let value = match kind {
                    Kind::Truth => format!("value = {}", matches!(answer, "y" | "yes" | "true")),
                    Kind::Activity => format!("done = {}", quoted(answer)),
                    Kind::Words(_) => {
                        let words: Vec<String> = answer.split(',').map(|word| quoted(word.trim())).collect();
                        format!("value = [{}]", words.join(", "))
                    }
                    Kind::Quantity(_) => match answer.split_once(" of ") {
                        Some((n, d)) => format!("n = {}\nd = {}", quoted(n.trim()), quoted(d.trim())),
                        None => format!("value = {}", quoted(answer)),
                    },
                };
                let observed =
                    if *kind == Kind::Activity { String::new() } else { format!("observed = \"{as_of}\"\n") };
                format!("\n[[fact]]\nmetric = {}\n{scope}{value}\n{observed}", quoted(metric))
            }
        })
    }
}
