//! What may be committed to, on whose approval: the file `headroom/commitment/1`.

use std::sync::Arc;

use crate::allocation::Policy;
use crate::condition::Condition;
use crate::condition::document::{Document, Fault, Position, Problem, Source, Table, Walk};
use crate::money::Amount;

/// The file that comes with Headroom.
pub const COMMITMENTS: Source<'static> =
    Source { name: "commitments.toml", text: include_str!("../../../policies/commitments/commitments.toml") };

/// A plan that a provider sells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Its name in documents.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// How much less covered usage costs, in percent of what is paid on demand: above 0, below 100.
    pub discount_percent: Amount,
    /// Months that it binds for.
    pub term_months: u64,
}

/// What may be committed to, and the rules for it.
#[derive(Clone, Debug)]
pub struct CommitmentPolicy {
    /// Who must approve a commitment.
    pub approver: String,
    /// What a commitment must save a month to be worth its while, in the currency of the bill.
    pub least_saving: Amount,
    /// Days of history without which nothing is advised.
    pub least_days: u64,
    /// In how many equal parts a commitment is made.
    pub tranches: u64,
    /// Days between them.
    pub tranche_days: u64,
    /// What may be committed to; a charge counts for the first whose `when` it meets.
    pub offers: Vec<Offer>,
    /// Sorts charges by offer: the dimension at [`CommitmentPolicy::dimension`] is its id.
    pub(super) sorting: Arc<Policy>,
}

/// The dimension that the sorting sets.
const DIMENSION: &str = "commitment_offer";

const TOP: &[&str] = &["schema", "approver", "rules", "offer"];
const RULES: &[&str] = &["least_saving_month", "least_days", "tranches", "tranche_days"];
const OFFER: &[&str] = &["id", "name", "discount_percent", "term_months", "when"];

impl CommitmentPolicy {
    /// The policy that comes with Headroom.
    ///
    /// # Errors
    /// When it cannot be read, which a test rules out.
    pub fn shipped() -> Result<Self, Vec<Problem>> {
        Self::parse(COMMITMENTS)
    }

    /// Reads a policy.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn parse(source: Source<'_>) -> Result<Self, Vec<Problem>> {
        let document = Document::read(source.name, source.text).map_err(|problem| vec![problem])?;
        let mut walk = Walk::new(&document);
        let read = Table::document(&mut walk, document.root(), "headroom/commitment/1", TOP)
            .and_then(|root| Self::read(&mut walk, &root));
        match (walk.into_problems(), read) {
            (problems, Some(policy)) if problems.is_empty() => Ok(policy),
            (problems, _) => Err(problems),
        }
    }

    /// The position of the dimension among those of the sorting.
    pub(super) fn dimension(&self) -> Option<usize> {
        self.sorting.dimensions().iter().position(|name| name == DIMENSION)
    }

    fn read(walk: &mut Walk<'_>, root: &Table<'_>) -> Option<Self> {
        let approver = root.need_text(walk, "approver", "say who must approve a commitment")?.to_owned();
        let rules = root.get("rules").and_then(|node| Table::open(walk, "rules", node, RULES));
        let whole = |walk: &mut Walk<'_>, key, usual| {
            rules.as_ref().and_then(|table| table.whole(walk, key, 1000)).unwrap_or(usual)
        };
        let (least_days, tranches) = (whole(walk, "least_days", 28).max(14), whole(walk, "tranches", 3).max(1));
        let tranche_days = whole(walk, "tranche_days", 30);
        let least_saving =
            rules.as_ref().and_then(|table| walk.amount("least_saving_month", table.get("least_saving_month")?));
        root.need(walk, "offer", "say what may be committed to: write at least one `[[offer]]`");
        let mut offers: Vec<Offer> = Vec::new();
        let mut sorted: Vec<(String, Position, Condition)> = Vec::new();
        for node in root.items(walk, "offer") {
            let Some(table) = Table::open(walk, "offer", node, OFFER) else { continue };
            let Some((offer, when)) = Self::offer(walk, &table) else { continue };
            if let Some((_, first, _)) = sorted.iter().find(|(id, ..)| *id == offer.id) {
                let fault = Fault::Taken { what: "the offer", name: offer.id.clone(), first: first.clone() };
                walk.report(table.place("id"), fault);
                continue;
            }
            sorted.push((offer.id.clone(), walk.position(node.at), when));
            offers.push(offer);
        }
        let sorting = Arc::new(Policy::sorting("commitments", DIMENSION, sorted));
        let least_saving = least_saving.unwrap_or_else(|| Amount::from_whole(10));
        Some(Self { approver, least_saving, least_days, tranches, tranche_days, offers, sorting })
    }

    fn offer(walk: &mut Walk<'_>, table: &Table<'_>) -> Option<(Offer, Condition)> {
        let id = table.need_text(walk, "id", "give the offer an id")?.to_owned();
        let name = table.text(walk, "name").unwrap_or(&id).to_owned();
        let discount = table.need(walk, "discount_percent", "say how much less covered usage costs")?;
        let discount_percent = walk.amount("discount_percent", discount)?;
        if discount_percent <= Amount::ZERO || discount_percent >= Amount::from_whole(100) {
            let rule = "write a percentage above 0 and below 100".to_owned();
            let value = discount_percent.to_string();
            walk.report(discount.at, Fault::Malformed { what: "a discount", value, rule });
        }
        table.need(walk, "term_months", "say for how many months it binds")?;
        let term_months = table.whole(walk, "term_months", 120)?;
        let when = table.need(walk, "when", "say which usage it covers")?;
        let when = Condition::read(walk, when)?;
        Some((Offer { id, name, discount_percent, term_months }, when))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn that_which_is_shipped_can_be_read() {
        let policy = CommitmentPolicy::shipped().unwrap();
        assert_eq!(policy.approver, "Head of Engineering");
        assert!(policy.offers.len() >= 3 && policy.dimension().is_some());
    }

    #[test]
    fn what_is_wrong_is_said() {
        let offer =
            "[[offer]]\nid = \"a\"\ndiscount_percent = \"28\"\nterm_months = \"12\"\nwhen = { service_name = \"x\" }\n";
        let head = "schema = \"headroom/commitment/1\"\napprover = \"me\"\n";
        assert_eq!(
            CommitmentPolicy::parse(Source { name: "c", text: &format!("{head}{offer}") }).unwrap().offers.len(),
            1
        );
        for wrong in [
            format!("schema = \"headroom/commitment/1\"\n{offer}"),
            head.to_owned(),
            format!("{head}{offer}{offer}"),
            format!("{head}{}", offer.replace("28", "100")),
            format!("{head}{}", offer.replace("service_name", "service_nam")),
            format!("{head}{}", offer.replace("when", "whem")),
            format!("{head}[rules]\ntranches = \"x\"\n{offer}"),
        ] {
            assert!(!CommitmentPolicy::parse(Source { name: "c", text: &wrong }).unwrap_err().is_empty(), "{wrong}");
        }
    }
}
