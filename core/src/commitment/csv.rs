//! Commitments as CSV.

use super::document::Commitments;
use crate::money::Amount;

/// A row for each commitment there is and each offer:
/// `row,provider_name,billing_account_id,id,currency,from,to,used,unused,utilisation_percent,on_demand_month,covers_hour,commit_hour,saving_month,reason,ended,unused_month`.
pub fn commitments_csv(documents: &[Commitments]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing to memory cannot fail.
    let _ = writer.write_record([
        "row",
        "provider_name",
        "billing_account_id",
        "id",
        "currency",
        "from",
        "to",
        "used",
        "unused",
        "utilisation_percent",
        "on_demand_month",
        "covers_hour",
        "commit_hour",
        "saving_month",
        "reason",
        "ended",
        "unused_month",
    ]);
    let amount = |amount: Option<Amount>| amount.map_or_else(String::new, |amount| amount.to_string());
    for document in documents {
        let currency = document.currency.code().to_owned();
        for one in &document.existing {
            let text = |text: &Option<String>| text.clone().unwrap_or_default();
            let _ = writer.write_record([
                "existing".to_owned(),
                text(&one.source.provider_name),
                text(&one.source.billing_account_id),
                text(&one.id),
                currency.clone(),
                one.from.to_string(),
                one.to.to_string(),
                amount(one.used),
                amount(one.unused),
                text(&one.utilisation_percent),
                String::new(),
                String::new(),
                String::new(),
                String::new(),
                String::new(),
                one.ended.to_string(),
                amount(one.unused_month),
            ]);
        }
        for plan in &document.plans {
            let date = |date: Option<crate::calendar::Date>| date.map_or_else(String::new, |date| date.to_string());
            let one = plan.recommended.as_ref();
            let _ = writer.write_record([
                "offer".to_owned(),
                plan.source.provider_name.clone().unwrap_or_default(),
                plan.source.billing_account_id.clone().unwrap_or_default(),
                plan.offer.clone(),
                currency.clone(),
                date(plan.from),
                date(plan.to),
                String::new(),
                String::new(),
                one.map_or_else(String::new, |one| one.utilisation_percent.to_string()),
                plan.on_demand_month.to_string(),
                amount(one.map(|one| one.covers_hour)),
                amount(one.map(|one| one.commit_hour)),
                amount(one.map(|one| one.saving_month)),
                plan.refused.as_ref().map_or_else(String::new, |refused| refused.reason.clone()),
                String::new(),
                String::new(),
            ]);
        }
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}
