//! Assessing maturity: documents in, the result out.

use std::borrow::Cow;

use super::failure::of_problems;
use super::{Column, Failure};
use crate::calendar::Date;
use crate::condition::document::Source;
use crate::maturity::{
    self, Answered, Assessment, Catalogue, Earlier, FRAMEWORKS, Framework, Known, Log, LogFault, Question, TextFault,
    USUAL, Warning,
};

/// What an assessment is made from.
#[derive(Clone, Debug, Default)]
pub struct AssessInput<'s> {
    /// The day it is for; that of the document where it is not given.
    pub as_of: Option<Date>,
    /// The day it is for where neither says.
    pub today: Option<Date>,
    /// The assessment.
    pub assessment: Option<Source<'s>>,
    /// The framework's id; that of the document, or of the only framework given, where it is not said.
    pub framework: Option<&'s str>,
    /// Frameworks of the user's own.
    pub frameworks: Vec<Source<'s>>,
    /// Earlier results.
    pub history: Vec<Source<'s>>,
    /// Cost reports and forecasts, whose figures are facts.
    pub evidence: Vec<Source<'s>>,
    /// Tables of deployments.
    pub deployments: Vec<Source<'s>>,
    /// Tables of incidents.
    pub incidents: Vec<Source<'s>>,
    /// The level that gaps and actions lead to.
    pub target: Option<u8>,
    /// Whether the level is held down to that of the weakest control.
    pub strict: bool,
}

/// A framework with the catalogue it is read by.
#[derive(Clone, Debug)]
pub struct Chosen {
    /// The metrics there are.
    pub catalogue: &'static Catalogue,
    /// The framework.
    pub framework: Cow<'static, Framework>,
    /// The other frameworks that were given.
    pub given: Vec<Framework>,
}

/// Assesses maturity.
///
/// # Errors
/// Everything that is wrong with the first faulty document.
pub fn assess(input: &AssessInput<'_>) -> Result<Answered, Failure> {
    let Some(source) = input.assessment else {
        return Err(
            Failure::new("no assessment is given").hint("`headroom assess --questionnaire` prints one to fill in")
        );
    };
    let declared = Assessment::framework_of(source);
    let chosen = choose(input.framework.or(declared.as_deref()), &input.frameworks)?;
    let mut assessment = read(source, &chosen)?;
    for earlier in &input.history {
        let read = Earlier::of_result(*earlier, &chosen.framework, &assessment.subject)
            .map_err(|fault| of_text(earlier.name, &fault))?;
        assessment.history.push(read);
    }
    let Some(as_of) = input.as_of.or(assessment.as_of).or(input.today) else {
        return Err(
            Failure::at(source.name, "it does not say which day it is for").hint("write `as_of = \"2026-05-31\"`")
        );
    };
    let reported = maturity::facts_of_documents(&input.evidence).map_err(|(name, fault)| of_text(&name, &fault))?;
    assessment.facts.extend(reported.facts);
    // Where the framework asks for nothing, nothing is missed.
    let asks = |metrics: &[&str], scope: Option<&str>| {
        let looks_up = chosen.framework.criteria().iter().flat_map(|criterion| criterion.check.looks_up());
        looks_up.into_iter().any(|(metric, at)| metrics.contains(&metric) && (scope.is_none() || at == scope))
    };
    let missing = reported.missing.into_iter().filter(|(metric, _)| asks(&[metric], None));
    let mut unmeasured: Vec<String> = missing.map(|(_, why)| why).collect();
    for (kind, files) in [(Log::Deployments, &input.deployments), (Log::Incidents, &input.incidents)] {
        let logged = maturity::facts_of_logs(kind, files, &assessment.subject, as_of)
            .map_err(|(name, fault)| of_log(&name, &fault))?;
        assessment.facts.extend(logged.facts);
        unmeasured.extend(logged.warnings);
        let asked = logged.absent.into_iter().filter(|scope| asks(kind.metrics(), Some(scope)));
        let tables = files.iter().map(|file| file.name).collect::<Vec<_>>().join(", ");
        unmeasured.extend(asked.map(|scope| format!("{tables} has no row of {scope}, so it measures nothing there")));
    }
    if let Some(target) = input.target
        && !chosen.framework.stages().iter().any(|stage| stage.ordinal == target)
    {
        let levels: Vec<String> = chosen.framework.stages().iter().map(|stage| stage.ordinal.to_string()).collect();
        return Err(Failure::new(format_args!("`{}` has no level {target}", chosen.framework.id()))
            .hint(format_args!("there are {}", levels.join(", "))));
    }
    let question = Question { as_of, target: input.target, strict: input.strict };
    let mut result = maturity::assess(&chosen.framework, chosen.catalogue, &assessment, question);
    result.warnings.extend(unmeasured.into_iter().map(|message| Warning { code: "not_measured", message }));
    Ok(result)
}

pub(super) fn of_text(name: &str, fault: &TextFault) -> Failure {
    let place = fault.place.map_or_else(String::new, |(line, column)| format!(":{line}:{column}"));
    let (line, column) = fault.place.unzip();
    Failure::at(format_args!("{name}{place}"), &fault.message).hint(fault.hint).code("document").placed(
        name,
        line.map(|line| line as u64),
        column.map(|column| Column::Number(column as u64)),
    )
}

fn of_log(name: &str, fault: &LogFault) -> Failure {
    let line = fault.line.map_or_else(String::new, |line| format!(":{line}"));
    let column = fault.column.as_ref().map_or_else(String::new, |column| format!(" (column `{column}`)"));
    Failure::at(format_args!("{name}{line}{column}"), fault).hint_if(fault.hint).code("log").placed(
        name,
        fault.line,
        fault.column.clone().map(Column::Name),
    )
}

/// Reads an assessment for a framework.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read_assessment(source: Source<'_>, chosen: &Chosen) -> Result<Assessment, Failure> {
    read(source, chosen)
}

fn read(source: Source<'_>, chosen: &Chosen) -> Result<Assessment, Failure> {
    let read = |others: &[&Framework]| {
        let known = Known { catalogue: chosen.catalogue, framework: &chosen.framework, others };
        Assessment::parse(source, known)
    };
    let mut others: Vec<&Framework> = chosen.given.iter().collect();
    if let Ok(assessment) = read(&others) {
        return Ok(assessment);
    }
    // An assessment may answer for other frameworks too; they are read when something in it is not known otherwise.
    let shipped = FRAMEWORKS.iter().filter(|(id, _)| *id != chosen.framework.id());
    others.extend(shipped.filter_map(|(id, _)| maturity::shipped(id)?.ok()));
    read(&others).map_err(|problems| of_problems(&problems))
}

/// The framework of an id, among those given and those that come with Headroom; the usual one where none is named.
///
/// # Errors
/// When there is none, or it is faulty.
pub fn choose(named: Option<&str>, own: &[Source<'_>]) -> Result<Chosen, Failure> {
    let catalogue = Catalogue::builtin();
    let mut given = Vec::new();
    for source in own {
        given.push(maturity::with_base(*source, catalogue).map_err(|problems| of_problems(&problems))?);
    }
    let wanted = match (named, given.first()) {
        (Some(named), _) => named.to_owned(),
        (None, Some(first)) => first.id().to_owned(),
        (None, None) => USUAL.to_owned(),
    };
    let framework = match given.iter().position(|framework| framework.id() == wanted) {
        Some(at) => Cow::Owned(given.swap_remove(at)),
        None => match maturity::shipped(&wanted) {
            Some(framework) => Cow::Borrowed(framework.map_err(of_problems)?),
            None => return Err(no_framework(&wanted, &given)),
        },
    };
    Ok(Chosen { catalogue, framework, given })
}

fn no_framework(wanted: &str, given: &[Framework]) -> Failure {
    let known: Vec<&str> = given.iter().map(Framework::id).chain(FRAMEWORKS.iter().map(|(id, _)| *id)).collect();
    let near = crate::condition::document::nearest(wanted, known.iter().copied());
    Failure::new(format_args!("there is no framework `{wanted}`")).hint(match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("there are {}; or give a file of your own", known.join(", ")),
    })
}

/// A file to be filled in, with everything a framework asks.
///
/// # Errors
/// When there is no such framework, or it is faulty.
pub fn questionnaire(
    framework: Option<&str>,
    own: &[Source<'_>],
    subject: &str,
    as_of: Date,
) -> Result<String, Failure> {
    let chosen = choose(framework, own)?;
    Ok(maturity::questionnaire(&chosen.framework, chosen.catalogue, subject, as_of))
}
