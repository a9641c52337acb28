//! What a request asks to be admitted.

use headroom_core::calendar::Date;
use headroom_core::json::{Fault, Members, Raw, items, text};

/// A request of the policy server, as far as it is looked at.
#[derive(Debug, Default)]
pub(crate) struct Request<'r> {
    /// The object, JSON text; `null` where it is about none.
    pub(crate) object: &'r str,
    /// Why it is refused before any gate is asked.
    pub(crate) fault: Option<&'static str>,
    /// The object is being deleted.
    pub(crate) is_dying: bool,
    /// The latest day that the cluster has written into the object.
    pub(crate) day: Option<Date>,
}

impl<'r> Request<'r> {
    /// Reads a request.
    pub(crate) fn read(request: Raw<'r>) -> Result<Self, Fault> {
        let members = Members::read(request)?;
        let object = members.get("object")?;
        let old = members.get("oldObject")?.and_then(|old| Members::read(old).ok());
        let mut read = Self { object: object.map_or("null", Raw::text), ..Self::default() };
        let Some(object) = object.and_then(|object| Members::read(object).ok()) else {
            read.fault = Some("the request has no object to decide about");
            return Ok(read);
        };
        // A report that came along with the object would be its own evidence.
        let is_ours = |value| text("schema", value).is_ok_and(|schema| schema.starts_with("headroom/"));
        if object.iter().any(|(key, value)| key == "schema" && is_ours(value)) {
            read.fault = Some("an object may not bring its own evidence: by its `schema` it is a document of Headroom");
        }
        // Of the old object, since the cluster alone writes that one.
        read.is_dying = old
            .is_some_and(|old| metadata(&old).is_some_and(|metadata| member(&metadata, "deletionTimestamp").is_some()));
        read.day = metadata(&object).and_then(|metadata| {
            let fields = member(&metadata, "managedFields").and_then(|fields| items(fields).ok()).unwrap_or_default();
            let managed = fields.into_iter().filter_map(|fields| member(&Members::read(fields).ok()?, "time"));
            managed.chain(member(&metadata, "creationTimestamp")).filter_map(day).max()
        });
        Ok(read)
    }
}

fn metadata<'r>(object: &Members<'r>) -> Option<Members<'r>> {
    Members::read(member(object, "metadata")?).ok()
}

fn member<'r>(of: &Members<'r>, key: &str) -> Option<Raw<'r>> {
    of.get(key).ok().flatten()
}

/// The day of a moment such as `2026-06-12T08:15:30Z`.
fn day(moment: Raw<'_>) -> Option<Date> {
    text("time", moment).ok()?.get(..10)?.parse().ok()
}
