//! Reading packed tags and credit lists: JSON, Python's spelling of it, and the forms in between.
//!
//! Exports pack key-value data in one cell in whatever way their last converter printed it; what they have in common is
//! read by [`literal`].

mod compact;
mod literal;
mod plain;

use std::borrow::Cow;
use std::ops::ControlFlow;

pub(crate) use compact::{BEFORE, Span, TagPlaces};
use literal::{Reader, Value};
use plain::PlainTags;

use super::record::Record;
use crate::money::{Amount, AmountError};

/// A cell of packed tags that could not be read to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a list of tags")]
pub(crate) struct TagError;

/// The sum of the `amount`s in a list of credits.
///
/// Reads a list of objects, or one object, in JSON or Python spelling; amounts are numbers, or numbers in quotes,
/// taken from their text exactly. A null amount counts nothing; an object without one is malformed.
pub(crate) fn credits_total(text: Option<&str>) -> Result<Amount, AmountError> {
    let text = text.unwrap_or_default().trim_ascii();
    if text.is_empty() || text == "[]" {
        return Ok(Amount::ZERO);
    }
    let mut reader = Reader::new(text);
    let mut total = Amount::ZERO;
    let mut add = |reader: &mut Reader<'_>| {
        let amount = credit_amount(reader)?;
        total = total.checked_add(amount).ok_or(AmountError::OutOfRange)?;
        Ok(())
    };
    match reader.peek() {
        Some(b'{') => add(&mut reader)?,
        Some(b'[') => {
            reader.skip();
            loop {
                match reader.peek() {
                    Some(b']') => break reader.skip(),
                    Some(b',') => reader.skip(),
                    Some(b'{') => add(&mut reader)?,
                    _ => return Err(AmountError::Malformed),
                }
            }
        }
        _ => return Err(AmountError::Malformed),
    }
    if reader.peek().is_some() { Err(AmountError::Malformed) } else { Ok(total) }
}

fn credit_amount(reader: &mut Reader<'_>) -> Result<Amount, AmountError> {
    let mut amount = None;
    let mut fault = None;
    let read = reader.object(&mut |key, value| {
        if key == "amount" {
            match value {
                Value::Absent => amount = Some(Amount::ZERO),
                Value::Text(text) => match Amount::parse(without_wrapper(&text).trim_ascii().as_bytes()) {
                    Ok(parsed) => amount = Some(parsed.amount),
                    Err(error) => fault = Some(error),
                },
            }
        }
        ControlFlow::Continue(())
    });
    match (read, fault) {
        (_, Some(fault)) => Err(fault),
        (Err(TagError), None) => Err(AmountError::Malformed),
        (Ok(_), None) => amount.ok_or(AmountError::Malformed),
    }
}

/// `Decimal('-0.5')`, as Python prints an exact number, without its wrapper.
fn without_wrapper(text: &str) -> &str {
    let inner = text.strip_prefix("Decimal(").and_then(|rest| rest.strip_suffix(')'));
    inner.map_or(text, |inner| inner.trim_matches(['\'', '"']))
}

/// Shows every tag of a packed cell that has a value.
///
/// Read are a JSON object, the same without one or both braces, a list of objects with `key` and `value`, Python's
/// spelling of either, and maps as Athena prints them (`{k=v, k2=v2}`). `null`, `None` and the empty text are no
/// value; a key without a value is written `true` by its exporter and shown so; numbers and nested values are shown as
/// they are written.
///
/// # Errors
/// When the cell is none of these. Tags before the fault have been shown by then.
pub(crate) fn visit_tags(packed: &str, visit: &mut dyn FnMut(&str, Cow<'_, str>)) -> Result<(), TagError> {
    each_tag(packed, &mut |key, value| {
        visit(&key, value);
        ControlFlow::Continue(())
    })
}

/// [`visit_tags`] for a cell of a row; a null cell has no tags. The quickest way to the tags of every row.
pub(crate) fn visit_tags_at(
    record: &Record<'_>,
    column: usize,
    visit: &mut dyn FnMut(&str, Cow<'_, str>),
) -> Result<(), TagError> {
    if let Some(tags) = PlainTags::read(record.raw(column)) {
        for (key, value) in tags.iter() {
            visit(key, value.meant());
        }
        return Ok(());
    }
    record.text(column).map_or(Ok(()), |packed| visit_tags(&packed, visit))
}

type Visitor<'v, 't> = dyn FnMut(Cow<'t, str>, Cow<'t, str>) -> ControlFlow<()> + 'v;

fn each_tag<'t>(packed: &'t str, visit: &mut Visitor<'_, 't>) -> Result<(), TagError> {
    let mut reader = Reader::new(packed);
    let mut present = |key: Cow<'t, str>, value: Value<'t>| match value {
        Value::Text(value) if !value.is_empty() => visit(key, value),
        _ => ControlFlow::Continue(()),
    };
    let flow = match reader.peek() {
        None => return Ok(()),
        Some(b'[') => reader.pairs(&mut present)?,
        Some(b'{' | b'"' | b'\'') => reader.object(&mut present)?,
        // `k=v, k2=v2`: a map that has lost its braces.
        Some(_) => reader.bare_map(&mut present)?,
    };
    match (flow, reader.peek()) {
        (ControlFlow::Continue(()), Some(_)) => Err(TagError),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn tags(packed: &str) -> Result<Vec<(String, String)>, TagError> {
        let mut seen = Vec::new();
        visit_tags(packed, &mut |key, value| seen.push((key.to_owned(), value.into_owned()))).map(|()| seen)
    }

    fn amount(text: &str) -> Amount {
        Amount::parse(text.as_bytes()).unwrap().amount
    }

    #[test]
    fn one_set_of_tags_in_every_form() {
        for packed in [
            r#"{"team":"payments","env":"prod"}"#,
            r#" { "team" : "payments" , "env" : "prod" } "#,
            r#""team": "payments","env": "prod""#,
            r#"{"team": "payments","env": "prod""#,
            r#""team": "payments","env": "prod"}"#,
            r#"[{"key":"team","value":"payments"},{"value":"prod","key":"env"}]"#,
            "{'team': 'payments', 'env': 'prod'}",
            "[{'key': 'team', 'value': 'payments'}, {'key': 'env', 'value': 'prod', 'inherited': False}]",
            "{team=payments, env=prod}",
            "{team=payments,env=prod}",
            "team=payments, env=prod",
            r#"{"team":"payments","none":null,"empty":"","env":"prod"}"#,
            "{'team': 'payments', 'none': None, 'empty': '', 'env': 'prod'}",
            r#"{"t\u0065am":"pay\u006dents","env":"prod"}"#,
        ] {
            let want = vec![("team".to_owned(), "payments".to_owned()), ("env".to_owned(), "prod".to_owned())];
            assert_eq!(tags(packed), Ok(want), "{packed}");
        }
    }

    proptest! {
        #[test]
        fn any_cell_is_read_as_its_text_is(
            parts in prop::collection::vec(
                prop::sample::select(vec!["\\", "\"", "a", "n", "x41", "u00e9", "é", "'", ",", ":", " ", "\",\"k\":\""]),
                0..8,
            ),
        ) {
            let packed = format!("{{\"team\":\"{}\",\"env\":\"prod\"}}", parts.concat());
            let cell = format!("\"{}\"", packed.replace('"', "\"\""));
            let ends = [cell.len() as u32];
            let record = Record::new(cell.as_bytes(), 0, &ends);
            let mut seen = Vec::new();
            let read = visit_tags_at(&record, 0, &mut |key, value| seen.push((key.to_owned(), value.into_owned())));
            let want = tags(&packed);
            prop_assert_eq!(read.is_ok(), want.is_ok(), "{}", packed);
            if let Ok(want) = want {
                prop_assert_eq!(seen, want, "{}", packed);
            }
        }
    }

    #[test]
    fn a_cell_is_read_as_its_text_is() {
        for packed in [
            r#"{"team":"payments","env":"prod"}"#,
            r#"{ "team" : "payments" , "empty" : "" }"#,
            r#"{"team":"pay\nments","env":"prod"}"#,
            r#"{"team":"é","level":3,"none":null}"#,
            r#"{"env":"a","env":"b"}"#,
            r#"{"":"no key","team":"x"}"#,
            r#"{"team":"x",}"#,
            r#"{"team""#,
            r#"{"team":"x"} y"#,
            "{}",
            "[]",
            "{team=x}",
            "NULL",
            "",
        ] {
            let cell = format!("\"{}\"", packed.replace('"', "\"\""));
            let ends = [cell.len() as u32];
            let record = Record::new(cell.as_bytes(), 0, &ends);
            let mut seen = Vec::new();
            let read = visit_tags_at(&record, 0, &mut |key, value| seen.push((key.to_owned(), value.into_owned())));
            let text = record.text(0).unwrap_or_default();
            assert_eq!(read.map(|()| seen), tags(&text), "{packed}");
        }
        let many: Vec<String> = (0..40).map(|n| format!("\"\"k{n}\"\":\"\"v{n}\"\"")).collect();
        let cell = format!("\"{{{}}}\"", many.join(","));
        let ends = [cell.len() as u32];
        let record = Record::new(cell.as_bytes(), 0, &ends);
        let mut last = None;
        visit_tags_at(&record, 0, &mut |key, value| last = Some((key.to_owned(), value.into_owned()))).unwrap();
        assert_eq!(last, Some(("k39".to_owned(), "v39".to_owned())));
    }

    #[test]
    fn nothing_is_no_tags() {
        for packed in ["", " ", "{}", "[]", "{ }", r#"{"a":null}"#] {
            assert_eq!(tags(packed), Ok(Vec::new()), "{packed}");
        }
    }

    #[test]
    fn values_keep_what_is_written() {
        for (packed, want) in [
            (r#"{"k":"a \"b\" \\ \/ \n é \u20ac \ud83d\ude00"}"#, "a \"b\" \\ / \n é € 😀"),
            (r#"{"k":"\ud83d x"}"#, "\u{fffd} x"),
            (r#"{"k":1.50e3}"#, "1.50e3"),
            (r#"{"k":true}"#, "true"),
            ("{'k': True}", "true"),
            (r#"{"k":false}"#, "false"),
            (r#"{"k":" padded "}"#, " padded "),
            (r#"{"k":{"a":["}",1]}}"#, r#"{"a":["}",1]}"#),
            ("{'k': \"it's\"}", "it's"),
            (r"{'k': 'it\'s \x41\d'}", r"it's A\d"),
            ("{k=a=b, c}", "a=b, c"),
        ] {
            assert_eq!(tags(packed), Ok(vec![("k".to_owned(), want.to_owned())]), "{packed}");
        }
        assert_eq!(tags(r#"{" org":"x"}"#), Ok(vec![(" org".to_owned(), "x".to_owned())]));
    }

    #[test]
    fn what_is_not_tags_is_an_error() {
        let deep = format!("{{\"k\":{}1{}}}", "[".repeat(100), "]".repeat(100));
        for packed in [
            "free text",
            r#"{"k"}"#,
            r#"{"k":}"#,
            r#"{"k":"v"} and more"#,
            r#"{"k":"open"#,
            r#"{"k":"\u12"}"#,
            r#"{"k":"v" "l":"w"}"#,
            r#"[{"value":"no key"}]"#,
            r#"[["k","v"]]"#,
            r#"[{"key":"k","value":"v"}"#,
            deep.as_str(),
        ] {
            assert_eq!(tags(packed), Err(TagError), "{packed}");
        }
    }

    #[test]
    fn a_tag_before_an_unreadable_rest_is_found() {
        let mut seen = Vec::new();
        let read = visit_tags(r#"{"a":"1","b":"#, &mut |key, value| seen.push((key.to_owned(), value.into_owned())));
        assert_eq!((read, seen), (Err(TagError), vec![("a".to_owned(), "1".to_owned())]));
    }

    #[test]
    fn credits_are_summed_from_their_text() {
        for (text, want) in [
            (None, "0"),
            (Some(""), "0"),
            (Some("[]"), "0"),
            (Some("[ ]"), "0"),
            (Some("[{'name': 'x', 'amount': -5e-06, 'full_name': None, 'flag': True}]"), "-0.000005"),
            (Some(r#"[{"amount":-0.1},{"amount":"-0.2","id":null}]"#), "-0.3"),
            (Some(r#"[{"amount":-0.123456789012345678}]"#), "-0.123456789012345678"),
            (Some(r#"{"name":"one, alone","amount":-1}"#), "-1"),
            (Some("[{'amount': Decimal('-0.5')}]"), "-0.5"),
            (Some("[{'amount': None}, {'amount': 2}]"), "2"),
            (Some(r#"[{"nested":{"amount":9},"amount":1}]"#), "1"),
        ] {
            assert_eq!(credits_total(text), Ok(amount(want)), "{text:?}");
        }
        for text in ["x", "[", "[{}]", "[{'amount': 'x'}]", "[{'name': 'y'}]", "[{'amount': 1}] 2", "[1]", "[{'amount'"]
        {
            assert_eq!(credits_total(Some(text)), Err(AmountError::Malformed), "{text}");
        }
        assert_eq!(credits_total(Some("[{'amount': 1e30}]")), Err(AmountError::OutOfRange));
        let twice = "[{'amount': 1.7e20}, {'amount': 1.7e20}]";
        assert_eq!(credits_total(Some(twice)), Err(AmountError::OutOfRange));
    }

    proptest! {
        #[test]
        fn never_panics(text in r#"[\[\]{}'":,=\\ux0-9a-dD(). é]{0,40}"#) {
            let _ = (tags(&text), credits_total(Some(&text)));
        }

        #[test]
        fn json_is_read_as_serde_reads_it(pairs in proptest::collection::btree_map(".{1,8}", ".{1,8}", 0..5)) {
            let packed = serde_json::to_string(&pairs).unwrap();
            prop_assert_eq!(tags(&packed), Ok(pairs.into_iter().collect()));
        }
    }
}
