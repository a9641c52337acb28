//! Waste as CSV.

use super::document::Waste;
use crate::money::Amount;
use crate::report::text::UNALLOCATED;

/// A row for each finding listed: `rule,workload,resource_id,service_name,region_id,sub_account_id,provider_name,
/// billing_account_id,owner,currency,month,cost_month,saving_month,from,to,confidence,risk,effort,action`. The owner is
/// the squad.
pub fn waste_csv(documents: &[Waste]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing to memory cannot fail.
    let _ = writer.write_record([
        "rule",
        "workload",
        "resource_id",
        "service_name",
        "region_id",
        "sub_account_id",
        "provider_name",
        "billing_account_id",
        "owner",
        "currency",
        "month",
        "cost_month",
        "saving_month",
        "from",
        "to",
        "confidence",
        "risk",
        "effort",
        "action",
    ]);
    let amount = |amount: Option<Amount>| amount.map_or_else(String::new, |amount| amount.to_string());
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    for document in documents {
        for one in &document.findings {
            let owner = one.owner.0.iter().find(|(name, _)| name == "squad").and_then(|(_, value)| value.clone());
            let subject = &one.subject;
            let _ = writer.write_record([
                one.rule.clone(),
                text(&subject.workload),
                text(&subject.resource_id),
                text(&subject.service_name),
                text(&subject.region_id),
                text(&subject.sub_account_id),
                text(&subject.provider_name),
                text(&subject.billing_account_id),
                owner.unwrap_or_else(|| UNALLOCATED.to_owned()),
                document.currency.code().to_owned(),
                document.month.map_or_else(String::new, |month| month.to_string()),
                amount(one.cost_month),
                amount(one.saving_month),
                one.from.to_string(),
                one.to.to_string(),
                one.confidence.word().to_owned(),
                one.risk.word().to_owned(),
                one.effort.word().to_owned(),
                one.action.clone(),
            ]);
        }
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}
