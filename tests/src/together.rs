//! One call about bills, read by several sessions together.

use headroom_core::api::{Document, Session, Stretch, document_json};
use serde_json::Value;

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
pub fn answer(call: &Value, sessions: usize, stretch: u64, seed: u64) -> Option<Together> {
    let mut call = call.clone();
    let bills: Vec<String> = call
        .get("bills")?
        .as_array()?
        .iter()
        .map(|bill| bill["text"].as_str().map(str::to_owned))
        .collect::<Option<_>>()?;
    for bill in call["bills"].as_array_mut()? {
        bill.as_object_mut()?.remove("text");
    }
    let (call, mut prng) = (call.to_string(), Prng::new(seed));
    let mut all: Vec<Session> =
        (0..sessions as u64).map(|secret| Session::start(&call, secret)).collect::<Result<_, _>>().ok()?;
    let (mut shared, mut alone) = (0, 0);
    while let Some(wanted) = all[0].wanted() {
        let files: Vec<Vec<usize>> = all.iter_mut().map(Session::share).collect();
        if files[0].is_empty() {
            all.truncate(1);
            alone += 1;
            for chunk in bills[wanted.file].as_bytes().chunks(1 << 16) {
                if all[0].wanted() == Some(wanted) {
                    all[0].push(chunk);
                }
            }
            if all[0].wanted() == Some(wanted) {
                all[0].end();
            }
            continue;
        }
        assert!(files.iter().all(|other| *other == files[0]), "all know what is to be read: {files:?}");
        let jobs = files[0]
            .iter()
            .flat_map(|file| stretches(bills[*file].len() as u64, stretch).map(move |part| (*file, part)));
        let mut jobs: Vec<(usize, Stretch)> = jobs.collect();
        while !jobs.is_empty() {
            let (file, part) = jobs.swap_remove(prng.below(jobs.len() as u64) as usize);
            let reader = prng.below(all.len() as u64) as usize;
            read(&mut all[reader], file, part, bills[file].as_bytes(), &mut prng);
        }
        let counted: Vec<Option<Vec<u8>>> = all.iter_mut().map(Session::count).collect();
        match counted.iter().cloned().collect::<Option<Vec<Vec<u8>>>>() {
            Some(parts) => {
                for (at, session) in all.iter_mut().enumerate() {
                    let others = parts.iter().enumerate().filter(|(other, _)| *other != at);
                    others
                        .for_each(|(_, part)| session.take(part.clone()).unwrap_or_else(|failure| panic!("{failure}")));
                    session.settle();
                }
            }
            // Who could not read what it was handed is alone by itself.
            None if counted[0].is_some() => all[0].go_alone(),
            None => {}
        }
        shared += 1;
    }
    let session = &all[0];
    let answer = match session.outcome()? {
        Ok(Document::Lines(_)) => return None,
        Ok(document) => document.render(session.format()).unwrap_or_else(|failure| document_json(&failure)),
        Err(failure) => document_json(failure),
    };
    Some(Together { answer, shared, alone })
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
