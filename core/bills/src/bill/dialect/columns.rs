//! Finding columns by name.

use std::cell::RefCell;

use crate::order::{BTreeMap, BTreeSet};

/// Positions of columns by name, whatever its spelling; of repeated names the one spelled as asked for counts, else the first.
///
/// One column is spelled `savingsPlan/SavingsPlanARN`, `savings_plan_savings_plan_a_r_n` or
/// `savings_plan_savings_plan_arn` by exports of one provider, so names are compared by their letters and digits
/// alone, without case. A localised name that repeats the original in parentheses, as in
/// `Ressourcengruppe (ResourceGroup)`, is found by the original too.
#[derive(Debug)]
pub(super) struct Columns {
    by_name: BTreeMap<String, usize>,
    names: Vec<String>,
    /// Positions of the columns that were asked for one by one.
    found: RefCell<BTreeSet<usize>>,
}

impl Columns {
    pub(super) fn new(header: &[String]) -> Self {
        let names: Vec<String> = header.iter().map(|name| unquoted(name).to_owned()).collect();
        let mut by_name = BTreeMap::new();
        for (index, name) in names.iter().enumerate() {
            by_name.entry(folded(name)).or_insert(index);
        }
        for (index, name) in names.iter().enumerate() {
            if let Some(original) = in_parentheses(name) {
                by_name.entry(folded(original)).or_insert(index);
            }
        }
        Self { by_name, names, found: RefCell::default() }
    }

    /// The names as the file writes them, without quotes and blanks around.
    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    /// The column of this name, which every row is read by.
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        let found = self.position(name)?;
        self.found.borrow_mut().insert(found);
        Some(found)
    }

    /// The columns that were asked for one by one since the last call.
    pub(super) fn take_found(&self) -> BTreeSet<usize> {
        self.found.take()
    }

    fn position(&self, name: &str) -> Option<usize> {
        let found = *self.by_name.get(&folded(name))?;
        let is_exact = |at: &usize| self.names.get(*at).is_some_and(|there| there == name);
        if is_exact(&found) { Some(found) } else { (0..self.names.len()).find(is_exact).or(Some(found)) }
    }

    /// The columns of these names that exist, in the order given: sources of a field, of which not every question asks.
    pub(super) fn find_all(&self, names: &[&str]) -> Vec<usize> {
        names.iter().filter_map(|name| self.position(name)).collect()
    }

    /// The first of these names that exists.
    pub(super) fn find_first(&self, names: &[&str]) -> Option<usize> {
        names.iter().find_map(|name| self.find(name))
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.position(name).is_some()
    }

    pub(super) fn has_any(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.has(name))
    }

    /// The names that are not there.
    pub(super) fn missing(&self, names: &[&'static str]) -> Vec<&'static str> {
        names.iter().copied().filter(|name| !self.has(name)).collect()
    }
}

fn unquoted(name: &str) -> &str {
    let name = name.trim_start_matches('\u{feff}').trim();
    let inner = name.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    inner.unwrap_or(name).trim()
}

/// What of a name tells columns apart.
pub(super) fn folded(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).map(|c| c.to_ascii_lowercase()).collect()
}

fn in_parentheses(name: &str) -> Option<&str> {
    let (_, original) = name.strip_suffix(')')?.rsplit_once('(')?;
    Some(original)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(names: &[&str]) -> Columns {
        Columns::new(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn one_name_in_many_spellings() {
        for spelling in [
            "savingsPlan/SavingsPlanARN",
            "savingsPlan/SavingsPlanArn",
            "savings_plan_savings_plan_a_r_n",
            "savings_plan_savings_plan_arn",
            "\u{feff}\"savingsPlan/SavingsPlanARN\"",
            " savingsPlan/SavingsPlanARN ",
        ] {
            assert_eq!(columns(&["x", spelling]).find("savingsPlan/SavingsPlanARN"), Some(1), "{spelling}");
        }
    }

    #[test]
    fn of_two_spellings_the_one_asked_for_is_found() {
        let both = ["billed_cost", "BilledCost", "BILLEDCOST"];
        assert_eq!(columns(&both).find("BilledCost"), Some(1));
        assert_eq!(columns(&both).find("Billed Cost"), Some(0));
    }

    #[test]
    fn a_localised_name_is_found_by_the_original_unless_the_original_is_there() {
        let german = ["Ressourcengruppe (ResourceGroup)"];
        assert_eq!(columns(&german).find("resourceGroup"), Some(0));
        let both = ["Ressourcengruppe (ResourceGroup)", "resourcegroup"];
        assert_eq!(columns(&both).find("ResourceGroup"), Some(1));
    }
}
