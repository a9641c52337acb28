//! Releases that are only supposed, from a sentence.

use super::declared::{Kind, Release};
use super::effect::Effect;

/// The text states no release.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` states no release")]
pub struct UnknownRelease(String);

impl UnknownRelease {
    /// What to write instead.
    pub fn hint(&self) -> &'static str {
        "write the day, the service and what changes, such as `2026-07-01 checkout traffic+20% cost-5%`"
    }
}

/// A release that is only supposed: `2026-07-01 checkout traffic+20%`, with `cost` for the use of each request; `*` is
/// every service.
///
/// ```
/// let release = headroom_forecasts::release::what_if("2026-07-01 checkout traffic+20% cost-5%").unwrap();
/// assert_eq!((release.traffic, release.cost, release.service.as_deref()), (0.2, -0.05, Some("checkout")));
/// ```
///
/// # Errors
/// When it states anything else.
pub fn what_if(text: &str) -> Result<Release, UnknownRelease> {
    let unknown = || UnknownRelease(text.to_owned());
    let mut words = text.split_whitespace();
    let date = words.next().and_then(|word| word.parse().ok()).ok_or_else(unknown)?;
    let service = words.next().ok_or_else(unknown)?;
    let (mut traffic, mut cost) = (None, None);
    for word in words {
        let (slot, rest) = if let Some(rest) = word.strip_prefix("traffic") {
            (&mut traffic, rest)
        } else if let Some(rest) = word.strip_prefix("cost") {
            (&mut cost, rest)
        } else {
            return Err(unknown());
        };
        let signed = rest.starts_with(['+', '-']).then_some(rest).and_then(|rest| rest.strip_suffix('%'));
        let value: f64 = signed.and_then(|number| number.parse().ok()).ok_or_else(unknown)?;
        if !(-95.0..=1000.0).contains(&value) || slot.replace(value / 100.0).is_some() {
            return Err(unknown());
        }
    }
    if traffic.is_none() && cost.is_none() {
        return Err(unknown());
    }
    Ok(Release {
        kind: Kind::Release,
        name: text.split_whitespace().collect::<Vec<_>>().join(" "),
        date,
        service: Some(service).filter(|name| *name != "*").map(str::to_owned),
        traffic: traffic.unwrap_or_default(),
        cost: cost.unwrap_or_default(),
        confidence: 1.0,
        slip_days: 0,
        actual: None,
        effect: Effect::default(),
        supposed: true,
        cancelled: false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_states_no_release_is_refused() {
        for text in [
            "",
            "2026-07-01",
            "2026-07-01 x",
            "soon x traffic+1%",
            "2026-07-01 x traffic+1",
            "2026-07-01 x load+1%",
            "2026-07-01 x traffic+1% traffic+2%",
        ] {
            assert!(what_if(text).is_err(), "{text}");
        }
    }
}
