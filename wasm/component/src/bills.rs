//! Bills that arrive in pieces.

use std::cell::RefCell;

use headroom_core::api;
use headroom_core::ledger::MemoryBills;

/// Bills by name, in the order in which they were begun.
#[derive(Debug, Default)]
pub struct Pieces {
    held: RefCell<Vec<(String, Vec<u8>)>>,
}

impl Pieces {
    /// Takes the next piece of a bill.
    pub fn push(&self, name: String, chunk: Vec<u8>) {
        let mut held = self.held.borrow_mut();
        match held.iter_mut().find(|(known, _)| *known == name) {
            Some((_, bytes)) => bytes.extend(chunk),
            None => held.push((name, chunk)),
        }
    }

    /// Answers a call over the bills so far.
    pub fn answer(&self, call: &str) -> String {
        let held = self.held.borrow();
        let bills = MemoryBills::new(held.iter().map(|(name, bytes)| (name.clone(), bytes.as_slice())));
        api::answer_over(call, &bills)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_make_the_bill() {
        let text = "ChargePeriodStart,ChargeCategory,BilledCost,EffectiveCost,BillingCurrency,ServiceName\n2026-05-01,Usage,1.5,1.5,USD,Queue\n";
        let (first, second) = text.split_at(70);
        let pieces = Pieces::default();
        pieces.push("a.csv".to_owned(), first.into());
        pieces.push("b.csv".to_owned(), text.replace("Queue", "Topic").into());
        pieces.push("a.csv".to_owned(), second.into());
        let both = [("a.csv", text.to_owned()), ("b.csv", text.replace("Queue", "Topic"))];
        let both: Vec<String> =
            both.iter().map(|(name, text)| format!("{{\"name\":{name:?},\"text\":{text:?}}}")).collect();
        let whole = format!(r#"{{"call":"report","as_of":"2026-06-03","bills":[{}]}}"#, both.join(","));
        let answer = pieces.answer(r#"{"call":"report","as_of":"2026-06-03"}"#);
        assert!(answer.starts_with(r#"{"schema":"headroom/report/1""#), "{answer}");
        assert_eq!(answer, api::answer(&whole));
    }
}
