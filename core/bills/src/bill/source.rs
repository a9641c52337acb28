//! Whose bill a charge is on.

use serde::Serialize;

/// Names under which exports know the same provider, each with the one that FOCUS exports of that provider give.
///
/// Native exports do not state it; FOCUS leaves its spelling to whoever makes the file. Case does not matter.
const PROVIDERS: [(&str, &str); 16] = [
    ("aws", "AWS"),
    ("amazon", "AWS"),
    ("amazon web services", "AWS"),
    ("amazon web services (aws)", "AWS"),
    ("amazon web services, inc.", "AWS"),
    ("microsoft", "Microsoft"),
    ("microsoft corporation", "Microsoft"),
    ("microsoft azure", "Microsoft"),
    ("azure", "Microsoft"),
    ("google cloud", "Google Cloud"),
    ("google cloud platform", "Google Cloud"),
    ("google", "Google Cloud"),
    ("gcp", "Google Cloud"),
    ("oracle", "Oracle"),
    ("oracle cloud infrastructure", "Oracle"),
    ("oci", "Oracle"),
];

/// What FOCUS exports of Azure put before the identifier of an account or profile.
const AZURE_SCOPE: &str = "/providers/microsoft.billing/";

/// A provider and a billing account: what tells one bill from another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Source {
    /// Who sends the bill.
    pub provider_name: Option<String>,
    /// Whom it is for.
    pub billing_account_id: Option<String>,
}

impl Source {
    /// The source of a charge with this provider and account; all spellings of one give the same.
    pub fn new(provider_name: Option<&str>, billing_account_id: Option<&str>) -> Self {
        let (provider, account) = Self::names(provider_name, billing_account_id);
        Self { provider_name: provider.map(str::to_owned), billing_account_id: account.map(str::to_owned) }
    }

    /// Provider and account as a source names them, given as a charge does.
    pub fn names<'n>(
        provider_name: Option<&'n str>,
        billing_account_id: Option<&'n str>,
    ) -> (Option<&'n str>, Option<&'n str>) {
        (provider_name.map(provider), billing_account_id.map(account_of))
    }
}

/// The provider's name, however it is spelt.
fn provider(name: &str) -> &str {
    PROVIDERS.iter().find(|(spelling, _)| name.eq_ignore_ascii_case(spelling)).map_or(name, |(_, provider)| provider)
}

/// The account's identifier: of an Azure resource identifier the last part, which is what native exports state.
fn account_of(account: &str) -> &str {
    match account.get(..AZURE_SCOPE.len()) {
        Some(scope) if scope.eq_ignore_ascii_case(AZURE_SCOPE) => {
            account.rsplit('/').find(|part| !part.is_empty()).unwrap_or(account)
        }
        _ => account,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_source_are_one() {
        for (provider, account, want) in [
            (Some("AWS"), Some("1"), (Some("AWS"), Some("1"))),
            (Some("Amazon Web Services"), Some("1"), (Some("AWS"), Some("1"))),
            (Some("gcp"), Some("01-AB"), (Some("Google Cloud"), Some("01-AB"))),
            (
                Some("Microsoft"),
                Some("/providers/Microsoft.Billing/billingAccounts/8:9_2019/billingProfiles/AB-CD"),
                (Some("Microsoft"), Some("AB-CD")),
            ),
            (Some("Microsoft"), Some("/subscriptions/1"), (Some("Microsoft"), Some("/subscriptions/1"))),
            (Some("Acme Azure"), None, (Some("Acme Azure"), None)),
            (None, Some(AZURE_SCOPE), (None, Some("microsoft.billing"))),
        ] {
            let source = Source::new(provider, account);
            assert_eq!((source.provider_name.as_deref(), source.billing_account_id.as_deref()), want);
        }
    }
}
