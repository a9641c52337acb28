//! `headroom assess`

use std::fs;
use std::io::{self, BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};

use headroom_core::api::{self, AssessInput, Chosen};
use headroom_core::calendar::Date;
use headroom_core::condition::document::Source;
use headroom_core::maturity::{Answered, Asked, questions};
use headroom_core::scorecard;

use super::shared;
use crate::args::{AssessArgs, PageFormatName};
use crate::exit::{Ending, Fault, Outcome, of_io};
use crate::format;
use crate::input::read_text;
use crate::output;

/// Names and texts of files.
type Texts = Vec<(String, String)>;

pub(crate) fn run(args: &AssessArgs) -> Outcome<Ending> {
    let (id, own) = framework(args)?;
    let frameworks = sources(&own);
    if args.questionnaire {
        let as_of = args.as_of.map_or_else(shared::today, Ok)?;
        let text = api::questionnaire(id.as_deref(), &frameworks, &args.subject, as_of)?;
        args.screen.write(&text)?;
        return Ok(Ending::Fine);
    }
    let Some(path) = &args.assessment else {
        return Err(Fault::new("no assessment is given")
            .hint("`headroom assess --questionnaire > assessment.toml` writes one to fill in"));
    };
    if args.interactive {
        interview(args, path, id.as_deref(), &frameworks)?;
    }
    let name = path.display().to_string();
    let text = if name == "-" { standard_input()? } else { read_text(path, &name)? };
    let history = shared::read_texts(&args.history)?;
    let evidence = shared::read_texts(&args.evidence)?;
    let deployments = shared::read_tables(&args.deployments)?;
    let incidents = shared::read_tables(&args.incidents)?;
    let result = api::assess(&AssessInput {
        as_of: args.as_of,
        today: Some(shared::today()?),
        assessment: Some(Source { name: &name, text: &text }),
        framework: id.as_deref(),
        frameworks,
        history: sources(&history),
        evidence: sources(&evidence),
        deployments: sources(&deployments),
        incidents: sources(&incidents),
        target: args.target,
        strict: args.strict,
    })?;
    args.screen.write(&rendered(args, &result))?;
    Ok(Ending::Fine)
}

fn rendered(args: &AssessArgs, result: &Answered) -> String {
    match args.format.unwrap_or(PageFormatName::Table) {
        PageFormatName::Table => format::assess(result, args.screen.style(), args.screen.width()),
        PageFormatName::Markdown => scorecard::markdown(result),
        PageFormatName::Json => api::document_json(result) + "\n",
    }
}

/// What `--framework` says: an id, or a file.
fn framework(args: &AssessArgs) -> Outcome<(Option<String>, Texts)> {
    let Some(named) = &args.framework else { return Ok((None, Vec::new())) };
    let looks_like_file = Path::new(named).extension().is_some_and(|ending| ending == "toml" || ending == "json");
    if !looks_like_file {
        return Ok((Some(named.clone()), Vec::new()));
    }
    let texts = shared::read_texts(&[PathBuf::from(named)])?;
    // The file's own framework is meant, whatever its id.
    let id = api::choose(None, &sources(&texts))?.framework.id().to_owned();
    Ok((Some(id), texts))
}

fn sources(texts: &[(String, String)]) -> Vec<Source<'_>> {
    texts.iter().map(|(name, text)| Source { name, text }).collect()
}

fn standard_input() -> Outcome<String> {
    io::read_to_string(io::stdin()).map_err(|error| of_io("standard input", &error))
}

/// Asks what the assessment does not say yet; each answer is saved before the next question.
fn interview(args: &AssessArgs, path: &Path, id: Option<&str>, frameworks: &[Source<'_>]) -> Outcome<()> {
    let as_of = args.as_of.map_or_else(shared::today, Ok)?;
    let name = path.display().to_string();
    if path == Path::new("-") {
        return Err(Fault::new("answers cannot be saved to standard input").hint("name the file to save them to"));
    }
    if !path.exists() {
        let framework = api::choose(id, frameworks)?.framework;
        let text = format!(
            "schema = \"headroom/assessment/1\"\nframework = \"{}\"\nsubject = {{ id = {}, kind = \"service\" }}\n",
            framework.id(),
            headroom_core::condition::quoted(&args.subject)
        );
        fs::write(path, text).map_err(|error| of_io(&name, &error))?;
    }
    let mut text = read_text(path, &name)?;
    if text.trim_start().starts_with('{') {
        return Err(Fault::at(&name, "answers are saved as TOML, and this is JSON").hint("name another file"));
    }
    let named = headroom_core::maturity::Assessment::framework_of(Source { name: &name, text: &text });
    let chosen = api::choose(id.or(named.as_deref()), frameworks)?;
    let assessment = api::read_assessment(Source { name: &name, text: &text }, &chosen)?;
    let open: Vec<Asked> = questions(&chosen.framework, chosen.catalogue)
        .into_iter()
        .filter(|asked| !asked.is_answered(&assessment))
        .collect();
    say(&format!(
        "{}: {} questions. An empty answer leaves one open, `q` stops; every answer is saved in {name}.",
        chosen.framework.title(),
        open.len()
    ));
    let mut lines = io::stdin().lock().lines();
    for (at, asked) in open.iter().enumerate() {
        say(&format!("\n{}/{} {}\n  why: {}\n  answer: {}", at + 1, open.len(), asked.question, asked.why, asked.form));
        loop {
            if io::stdin().is_terminal() {
                let _ = write!(io::stderr(), "> ");
            }
            let Some(line) = lines.next() else { return Ok(()) };
            let line = line.map_err(|error| of_io("standard input", &error))?;
            if line.trim() == "q" {
                return Ok(());
            }
            match saved(path, &name, &text, asked, &line, as_of, &chosen)? {
                Ok(whole) => {
                    text = whole;
                    break;
                }
                Err(why) => say(&format!("  {why}")),
            }
        }
    }
    Ok(())
}

/// The file's text with the answer, once it is written; why the answer cannot be taken where it cannot.
fn saved(
    path: &Path,
    name: &str,
    text: &str,
    asked: &Asked,
    line: &str,
    as_of: Date,
    chosen: &Chosen,
) -> Outcome<Result<String, Fault>> {
    let Some(entry) = asked.entry(line, as_of) else { return Ok(Ok(text.to_owned())) };
    let whole = format!("{}\n{entry}", text.trim_end());
    if let Err(fault) = api::read_assessment(Source { name, text: &whole }, chosen) {
        return Ok(Err(fault));
    }
    fs::write(path, &whole).map_err(|error| of_io(name, &error))?;
    Ok(Ok(whole))
}

/// Says something to whoever answers; answers and results keep standard output to themselves.
fn say(words: &str) {
    output::tell(words);
}
