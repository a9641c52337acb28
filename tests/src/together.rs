//! One call about bills, read by several sessions together.

use headroom_core::api::{Document, Session, Stretch, Wanted, document_json};
use serde_json::Value;

use crate::Outcome;
use crate::prng::Prng;

/// What became of a call.
#[derive(Debug)]
pub struct Together {
    /// The answer.
    pub answer: String,
    /// Passes that were shared.
    pub shared: usize,
    /// Files that one had to read alone, because their pass cannot be shared, or did not go well.
    pub alone: usize,
}

/// Puts a call whose bills have their `text` to so many sessions, which read stretches of about so many bytes, in chunks of any
/// size; `None` where it is not about bills, or makes lines.
///
/// # Errors
/// When sessions do not agree on what is to be read, or one does not take what another has counted.
pub fn answer(call: &Value, sessions: usize, stretch: u64, seed: u64) -> Outcome<Option<Together>> {
    let Some((call, bills)) = apart(call) else { return Ok(None) };
    let started = (0..sessions as u64).map(|secret| Session::start(&call, secret)).collect();
    let (Ok(mut all), mut prng): (Result<Vec<Session>, _>, _) = (started, Prng::new(seed)) else { return Ok(None) };
    let (mut shared, mut alone) = (0, 0);
    while let Some(wanted) = all[0].wanted() {
        let files: Vec<Vec<usize>> = all.iter_mut().map(Session::share).collect();
        if files.iter().any(|other| *other != files[0]) {
            return Err(format!("not all know what is to be read: {files:?}").into());
        }
        if files[0].is_empty() {
            all.truncate(1);
            alone += 1;
            push(&mut all[0], wanted, bills[wanted.file].as_bytes());
            continue;
        }
        shared += 1;
        let stretches = |file: &usize| stretches(bills[*file].len() as u64, stretch);
        let mut jobs: Vec<(usize, Stretch)> =
            files[0].iter().flat_map(|file| stretches(file).map(|stretch| (*file, stretch))).collect();
        while !jobs.is_empty() {
            let (file, stretch) = jobs.swap_remove(prng.below(jobs.len() as u64) as usize);
            let reader = prng.below(all.len() as u64) as usize;
            read(&mut all[reader], file, stretch, bills[file].as_bytes(), &mut prng);
        }
        join(&mut all)?;
    }
    let session = &all[0];
    let answer = match session.outcome() {
        None | Some(Ok(Document::Lines(_))) => return Ok(None),
        Some(Ok(document)) => document.render(session.format()).unwrap_or_else(|failure| document_json(&failure)),
        Some(Err(failure)) => document_json(failure),
    };
    Ok(Some(Together { answer, shared, alone }))
}

/// The call without its texts, and these.
fn apart(call: &Value) -> Option<(String, Vec<String>)> {
    let mut call = call.clone();
    let text = |bill: &Value| bill["text"].as_str().map(str::to_owned);
    let texts = call.get("bills")?.as_array()?.iter().map(text).collect::<Option<_>>()?;
    for bill in call["bills"].as_array_mut()? {
        bill.as_object_mut()?.remove("text");
    }
    Some((call.to_string(), texts))
}

fn push(session: &mut Session, wanted: Wanted, bytes: &[u8]) {
    for chunk in bytes.chunks(1 << 16) {
        if session.wanted() == Some(wanted) {
            session.push(chunk);
        }
    }
    if session.wanted() == Some(wanted) {
        session.end();
    }
}

/// Lets each take what the others have counted, as far as all could read what they were handed.
fn join(all: &mut [Session]) -> Outcome<()> {
    let counted: Vec<Option<Vec<u8>>> = all.iter_mut().map(Session::count).collect();
    let could_read = counted[0].is_some();
    let Some(parts) = counted.into_iter().collect::<Option<Vec<Vec<u8>>>>() else {
        // Who could not read what it was handed is alone by itself.
        if could_read {
            all[0].go_alone();
        }
        return Ok(());
    };
    for (at, session) in all.iter_mut().enumerate() {
        for (_, part) in parts.iter().enumerate().filter(|(other, _)| *other != at) {
            session.take(part.clone()).map_err(|failure| document_json(&failure))?;
        }
        session.settle();
    }
    Ok(())
}

/// All of so many bytes, cut about so often.
fn stretches(size: u64, length: u64) -> impl Iterator<Item = Stretch> {
    let cuts = size.div_ceil(length).max(1);
    (0..cuts)
        .map(move |cut| Stretch { from: cut * length, to: if cut + 1 == cuts { u64::MAX } else { (cut + 1) * length } })
}

fn read(session: &mut Session, file: usize, stretch: Stretch, bytes: &[u8], prng: &mut Prng) {
    session.read_stretch(file, stretch);
    let most = [7, 1 << 10, 1 << 20][prng.below(3) as usize];
    while let Some(at) = session.wanted_at() {
        let rest = usize::try_from(at).ok().and_then(|at| bytes.get(at..)).unwrap_or_default();
        let chunk = rest.len().min(prng.below(most) as usize + 1);
        if chunk == 0 {
            session.end();
        } else {
            session.push(&rest[..chunk]);
        }
    }
}
