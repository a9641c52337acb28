//! The policy as the ledger asks it.

use std::collections::BTreeSet;

use super::Policy;
use crate::condition::{Facts, Field};
use crate::ledger::{Claim, Classifier};

impl Classifier for Policy {
    fn dimensions(&self) -> &[String] {
        self.dimensions()
    }

    fn fields(&self) -> BTreeSet<Field> {
        self.fields()
    }

    fn tag_keys(&self) -> BTreeSet<String> {
        self.tag_keys()
    }

    fn classify(&self, facts: &dyn Facts) -> Claim {
        let allocation = self.allocate(facts);
        Claim { values: allocation.values, rules: allocation.rules }
    }
}
