//! The policy's text, line by line.
//!
//! What comes from bills stands in comments with nothing hidden in it, and in rules as TOML text.

use super::super::document::TagMerge;
use super::super::text::{toml_key, toml_string, visible};
use super::super::{figures, words};
use super::meaning::{keys_of, stems, value_map, values_of};
use super::{Findings, Found, Starter};
use crate::money::Amount;
use crate::order::Order as _;

/// Tag keys listed.
const KEYS_SHOWN: usize = 25;

/// Values of a tag key listed.
const VALUES_SHOWN: usize = 4;

/// Accounts for which a rule is prepared.
const ACCOUNTS_SHOWN: usize = 40;

/// Services listed.
const SERVICES_SHOWN: usize = 15;

/// Columns of a comment.
const WIDTH: usize = 110;

pub(super) fn write(findings: &Findings, spellings: &[TagMerge]) -> Starter {
    let mut page = Page::default();
    let squad = keys_of("squad", &findings.tags);
    let environment = keys_of("environment", &findings.tags);
    page.opening(findings);
    page.tags_found(findings);
    page.aliases(&squad, &environment, spellings);
    page.values("squad", &squad, findings);
    page.values("environment", &environment, findings);
    page.rules(&squad, &environment);
    page.accounts(findings, squad.is_empty());
    page.services(findings);
    Starter { text: page.text, squad_tags: squad }
}

#[derive(Default)]
struct Page {
    text: String,
}

impl Page {
    fn line(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    fn comment(&mut self, words: &str) {
        self.line(&format!("# {words}"));
    }

    fn blank(&mut self) {
        self.text.push('\n');
    }

    fn opening(&mut self, findings: &Findings) {
        let months = findings.months.map_or_else(String::new, |(first, last)| {
            let to = if first == last { String::new() } else { format!(" to {}", words::month(last)) };
            format!(", {}{to}", words::month(first))
        });
        let files = figures::counted(findings.files, "file", "files");
        let rows = figures::counted(findings.rows, "row", "rows");
        self.comment(
            "Who owns what. Rules are tried from the top; each dimension of a charge is set by the first rule",
        );
        self.comment("that matches and sets it. What no rule sets is shown as unallocated.");
        self.comment(&format!("Written from {files} with {rows}{months}; now it is yours."));
        self.comment("");
        self.comment("  headroom policy check BILL… --policy FILE     what each rule does, and what is odd");
        self.comment("  headroom policy explain BILL… --policy FILE   why a charge is where it is");
        self.line("schema = \"headroom/allocation/1\"");
        self.blank();
        self.comment("[report]");
        self.comment("floor = \"50\" # changes smaller than this are counted, not listed; in the report's currency");
    }

    fn tags_found(&mut self, findings: &Findings) {
        let whole = rows(findings.rows);
        let mut keys: Vec<_> = findings.tags.keys().filter(|(_, values)| values.rows > 0).collect();
        keys.order_by_key(|(key, values)| (std::cmp::Reverse(values.rows), *key));
        self.blank();
        if keys.is_empty() {
            return self.comment("The charges carry no tags that can be counted.");
        }
        self.comment("Tag keys found, how many rows carry them, and their most frequent values:");
        let widest = keys.iter().take(KEYS_SHOWN).map(|(key, _)| visible(key).chars().count()).max();
        for (key, values) in keys.iter().take(KEYS_SHOWN) {
            let share = figures::share(Some(rows(values.rows)), Some(whole)).unwrap_or_default();
            let key = visible(key);
            let line = format!("  {key:<width$}  {share:>7}  ", width = widest.unwrap_or_default().min(40));
            let room = WIDTH.saturating_sub(line.chars().count());
            self.comment(&format!("{line}{}", frequent(&values.values, values.too_many, room)));
        }
        if let Some(more) = keys.len().checked_sub(KEYS_SHOWN).filter(|more| *more > 0) {
            self.comment(&format!("  and {more} more"));
        }
    }

    fn aliases(&mut self, squad: &[String], environment: &[String], spellings: &[TagMerge]) {
        let lines: Vec<String> = [("squad", squad), ("environment", environment)]
            .into_iter()
            .filter_map(|(dimension, keys)| {
                let others: Vec<String> =
                    keys.iter().filter(|key| *key != dimension).map(|key| toml_string(key)).collect();
                (!others.is_empty()).then(|| format!("{dimension} = [{}]", others.join(", ")))
            })
            .collect();
        let used = |merge: &&TagMerge| merge.keys.iter().any(|key| squad.contains(key) || environment.contains(key));
        let unused: Vec<&TagMerge> = spellings.iter().filter(|merge| !used(merge)).collect();
        if lines.is_empty() && unused.is_empty() {
            return;
        }
        self.blank();
        self.comment("Keys that mean the same: a tag of the key itself comes first, then these in order.");
        self.line("[tags.aliases]");
        for line in &lines {
            self.line(line);
        }
        for merge in unused {
            let others = merge.keys.iter().filter(|key| **key != merge.into).map(|key| toml_string(key));
            let others: Vec<String> = others.collect();
            // Nothing reads it yet, so it would have no effect.
            self.comment(&format!("{} = [{}]", toml_key(&merge.into), others.join(", ")));
        }
    }

    fn values(&mut self, dimension: &str, keys: &[String], findings: &Findings) {
        let map = value_map(dimension == "environment", &values_of(keys, &findings.tags));
        let stems = stems(&values_of(keys, &findings.tags));
        if map.is_empty() && stems.is_empty() {
            return;
        }
        self.blank();
        self.comment(&format!("Values of {dimension} as found, and what is meant."));
        self.line(&format!("[tags.values.{dimension}]"));
        for (value, meant) in map {
            self.line(&format!("{} = {}", toml_key(&value), toml_string(&meant)));
        }
        for (value, meant) in stems {
            self.comment(&format!("{} = {} # if they are one", toml_key(&value), toml_string(&meant)));
        }
    }

    fn rules(&mut self, squad: &[String], environment: &[String]) {
        self.blank();
        self.comment("Rules that must win over tags go here, such as what everyone shares and no squad can change:");
        self.comment("");
        self.prepared("taxes-and-credits", "charge_category = [\"Tax\", \"Credit\"]", "squad = \"shared\"");
        for (dimension, keys) in [("squad", squad), ("environment", environment)] {
            self.blank();
            if keys.is_empty() {
                self.comment(&format!("No tag names the {dimension}. Where one does, inherit it:"));
                self.comment("");
                let set = format!("{dimension} = {{ tag = \"{dimension}\" }}");
                self.prepared(&format!("{dimension}-by-tag"), &format!("tag = \"{dimension}\", present = true"), &set);
            } else {
                self.line("[[rule]]");
                self.line(&format!("id = \"{dimension}-by-tag\""));
                self.line(&format!("set = {{ {dimension} = {{ tag = \"{dimension}\" }} }}"));
            }
        }
    }

    fn accounts(&mut self, findings: &Findings, is_first: bool) {
        if findings.accounts.is_empty() {
            return;
        }
        self.blank();
        let what = if is_first { "Accounts" } else { "Accounts, for charges whose tags do not say" };
        self.comment(&format!("{what}, largest cost first. Take off the `# ` and name the squad."));
        for (index, account) in findings.accounts.iter().take(ACCOUNTS_SHOWN).enumerate() {
            self.comment("");
            let name = account.name.as_deref().filter(|name| *name != account.value);
            let name = name.map_or_else(|| visible(&account.value), visible);
            self.comment(&format!("{name}: {} of the cost", share(account)));
            // An id is shown in reports, so what cannot stand there is counted instead.
            let is_plain = account.value.bytes().all(|byte| byte.is_ascii_graphic());
            let id = if is_plain { format!("account-{}", account.value) } else { format!("account no. {}", index + 1) };
            self.prepared(&id, &format!("sub_account_id = {}", toml_string(&account.value)), "squad = \"name-it\"");
        }
        if let Some(more) = findings.accounts.len().checked_sub(ACCOUNTS_SHOWN).filter(|more| *more > 0) {
            self.comment("");
            self.comment(&format!("and {more} more accounts"));
        }
    }

    fn services(&mut self, findings: &Findings) {
        if findings.services.is_empty() {
            return;
        }
        self.blank();
        self.comment("Services found, for conditions on `service_name`:");
        for service in findings.services.iter().take(SERVICES_SHOWN) {
            self.comment(&format!("  {} {}", toml_string(&service.value), share(service)));
        }
        if let Some(more) = findings.services.len().checked_sub(SERVICES_SHOWN).filter(|more| *more > 0) {
            self.comment(&format!("  and {more} more"));
        }
    }

    /// A rule as comments: without them it is one.
    fn prepared(&mut self, id: &str, when: &str, set: &str) {
        self.comment("[[rule]]");
        self.comment(&format!("id = {}", toml_string(id)));
        self.comment(&format!("when = {{ {when} }}"));
        self.comment(&format!("set = {{ {set} }}"));
    }
}

fn rows(count: u64) -> Amount {
    Amount::from_units(i128::from(count))
}

/// Its part of the cost; one for each currency where there are several.
fn share(found: &Found) -> String {
    let several = found.shares.len() > 1;
    let share = |(currency, cost, total): &(crate::money::Currency, Option<Amount>, Option<Amount>)| {
        let share = figures::share(*cost, *total).unwrap_or_else(|| figures::ABSENT.to_owned());
        if several { format!("{share} in {}", visible(currency.code())) } else { share }
    };
    found.shares.iter().map(share).collect::<Vec<_>>().join(", ")
}

/// The most frequent values as words of at most so many characters.
fn frequent(values: &crate::order::BTreeMap<String, u64>, too_many: bool, room: usize) -> String {
    if too_many {
        return "(hundreds of values)".to_owned();
    }
    let mut by_rows: Vec<(&String, &u64)> = values.iter().collect();
    by_rows.order_by_key(|(value, rows)| (std::cmp::Reverse(**rows), *value));
    let mut words = String::new();
    let mut shown = 0;
    for (value, _) in by_rows.iter().take(VALUES_SHOWN) {
        let value = visible(value);
        if words.chars().count() + value.chars().count() + 14 > room {
            break;
        }
        if shown > 0 {
            words.push_str(", ");
        }
        words.push_str(&value);
        shown += 1;
    }
    match by_rows.len() - shown {
        0 => words,
        more if shown == 0 => figures::counted(more as u64, "value", "values"),
        more => format!("{words}, {more} more"),
    }
}
