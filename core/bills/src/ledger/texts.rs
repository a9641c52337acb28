//! Numbers for texts, so that keys are compared without looking at what they say.

use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::FixedState;

/// Texts numbered from 1 in order of appearance; 0 stands for none.
#[derive(Debug, Default)]
pub struct Texts {
    numbers: HashMap<Arc<str>, u32, FixedState>,
    texts: Vec<Arc<str>>,
}

impl Texts {
    /// Stands for a text that is there and that nobody asked for.
    pub const NOT_ASKED: u32 = u32::MAX;

    /// The text's number.
    pub fn number(&mut self, text: Option<&str>) -> u32 {
        let Some(text) = text else { return 0 };
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let owned: Arc<str> = text.into();
        self.texts.push(owned.clone());
        let number = self.texts.len() as u32;
        self.numbers.insert(owned, number);
        number
    }

    /// The text of a number that was given out; `None` for 0.
    pub fn text(&self, number: u32) -> Option<&Arc<str>> {
        self.texts.get(number.checked_sub(1)? as usize)
    }
}
