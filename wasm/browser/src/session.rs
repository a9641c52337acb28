//! A call whose bills are pushed.

use headroom_core::api::{self, Failure, Format, Stretch, Wanted};
use wasm_bindgen::prelude::wasm_bindgen;

/// A call about bills that JavaScript holds.
///
/// Every step gives the number of the pass that is wanted next: 0 when nothing is, and another number than before when a
/// file is wanted from its beginning.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Session {
    session: api::Session,
    room: Vec<u8>,
}

#[wasm_bindgen]
impl Session {
    /// Starts a call; see [`headroom_core::api::Session::start`].
    ///
    /// # Errors
    /// The failure as a JSON document.
    pub fn start(call: &str, hash_secret: u64) -> Result<Self, String> {
        let session = api::Session::start(call, hash_secret);
        session.map(|session| Self { session, room: Vec::new() }).map_err(|failure| text(&failure))
    }

    /// The pass that is wanted; 0 when nothing is.
    pub fn pass(&self) -> u32 {
        // 2³² passes over files are not made.
        self.session.wanted().map_or(0, |wanted: Wanted| wanted.pass as u32)
    }

    /// The position of the file that is wanted, among the bills of the call.
    pub fn file(&self) -> Option<u32> {
        self.session.wanted().map(|wanted| wanted.file as u32)
    }

    /// Takes the next bytes of the file that is wanted.
    pub fn push(&mut self, chunk: Vec<u8>) -> u32 {
        self.session.push(chunk);
        self.pass()
    }

    /// Memory for the next bytes of the file that is wanted: what is written there, [`Self::push_room`] takes. It stays
    /// where it is until then.
    pub fn room(&mut self, size: usize) -> *mut u8 {
        self.room.resize(size, 0);
        self.room.as_mut_ptr()
    }

    /// Takes the first bytes of the memory last given.
    pub fn push_room(&mut self, filled: usize) -> u32 {
        self.room.truncate(filled);
        self.session.push_from(&mut self.room);
        self.pass()
    }

    /// The file that is wanted has no more bytes.
    pub fn end(&mut self) -> u32 {
        self.session.end();
        self.pass()
    }

    /// The bytes of the file that is wanted cannot be had, for this reason.
    #[expect(clippy::needless_pass_by_value, reason = "an optional text crosses the boundary by value")]
    pub fn fail(&mut self, reason: &str, hint: Option<String>) -> u32 {
        self.session.fail(reason, hint.as_deref());
        self.pass()
    }

    /// Shares the pass that is wanted with sessions of other engines, and gives the positions of its files; none where it cannot
    /// be shared. See [`headroom_core::api::Session::share`].
    pub fn share(&mut self) -> Vec<u32> {
        self.session.share().into_iter().map(|file| file as u32).collect()
    }

    /// Goes on with the rows that begin in this part of a file; `to` is infinite for the last.
    pub fn read_stretch(&mut self, file: u32, from: f64, to: f64) {
        self.session.read_stretch(file as usize, Stretch { from: from as u64, to: to as u64 });
    }

    /// Position of the bytes of the stretch that are wanted next; none once it has been read.
    pub fn wanted_at(&self) -> Option<f64> {
        self.session.wanted_at().map(|at| at as f64)
    }

    /// What was counted of the shared pass, for the others; none where it could not be read.
    pub fn count(&mut self) -> Option<Vec<u8>> {
        self.session.count()
    }

    /// Takes what another has counted.
    ///
    /// # Errors
    /// The failure as a JSON document.
    pub fn take(&mut self, counted: Vec<u8>) -> Result<(), String> {
        self.session.take(counted).map_err(|failure| text(&failure))
    }

    /// All of the others have been taken in.
    pub fn settle(&mut self) -> u32 {
        self.session.settle();
        self.pass()
    }

    /// The others are lost, and the pass is wanted again.
    pub fn go_alone(&mut self) -> u32 {
        self.session.go_alone();
        self.pass()
    }

    /// Rows read so far, in all passes together.
    pub fn rows(&self) -> f64 {
        self.session.rows() as f64
    }

    /// Lines made since they were last taken.
    pub fn take_lines(&mut self) -> Vec<u8> {
        self.session.take_lines()
    }

    /// The failure as a JSON document, once it has come to that.
    pub fn failure(&self) -> Option<String> {
        match self.session.outcome()? {
            Ok(_) => None,
            Err(failure) => Some(text(failure)),
        }
    }

    /// The document that came of it, as `json`, `markdown`, `csv`, or what a patch or a tool reads.
    ///
    /// # Errors
    /// The failure as a JSON document: of the session, or because there is no such form.
    pub fn render(&self, format: &str) -> Result<String, String> {
        let Some((_, format)) = Format::NAMES.into_iter().find(|(name, _)| *name == format) else {
            let failure = Failure::new(format_args!("there is no form `{format}`")).code("format");
            return Err(text(&failure.hint("ask for `json`, `markdown` or `csv`")));
        };
        match self.session.outcome() {
            Some(Ok(document)) => document.render(format).map_err(|failure| text(&failure)),
            Some(Err(failure)) => Err(text(failure)),
            None => Err(text(&Failure::new("bytes of the bills are still wanted").code("call"))),
        }
    }

    /// What the files are that it was made from, as JSON, where files were looked at.
    pub fn verdict(&self) -> Option<String> {
        let document = self.session.outcome()?.ok()?;
        document.verdict().map(api::document_json)
    }
}

fn text(failure: &Failure) -> String {
    api::document_json(failure)
}
