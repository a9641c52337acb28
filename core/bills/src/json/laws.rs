//! Against the JSON library that everybody uses.

use proptest::prelude::*;
use serde_json::Value;

use super::{Fault, Members, Raw, Reader, Token, items, parsed, push_text};

/// A text read value by value, as the library's value.
fn tree(reader: &mut Reader<'_>) -> Result<Value, Fault> {
    Ok(match reader.value()? {
        Token::Null => Value::Null,
        Token::Truth(truth) => truth.into(),
        // The library's own numbers: ours are their digits.
        Token::Number(digits) => serde_json::from_str(digits).unwrap(),
        Token::Text(text) => text.into_owned().into(),
        Token::List => {
            let mut items = Vec::new();
            while reader.next_item()? {
                items.push(tree(reader)?);
            }
            items.into()
        }
        Token::Table => {
            let mut entries = serde_json::Map::new();
            while let Some(key) = reader.next_key()? {
                entries.insert(key.into_owned(), tree(reader)?);
            }
            entries.into()
        }
    })
}

fn read(text: &str) -> Result<Value, Fault> {
    let mut reader = Reader::new(text);
    let value = tree(&mut reader)?;
    reader.end()?;
    Ok(value)
}

fn skipped(text: &str) -> Result<&str, Fault> {
    let mut reader = Reader::new(text);
    let raw = reader.raw()?;
    reader.end()?;
    Ok(raw.text())
}

/// The same is JSON for both, and says the same.
fn agrees(text: &str) {
    let theirs = serde_json::from_str::<Value>(text);
    match (read(text), theirs) {
        (Ok(ours), Ok(theirs)) => assert_eq!(ours, theirs, "{text}"),
        // Numbers beyond all floats are digits to us.
        (Ok(_), Err(error)) => assert!(error.to_string().starts_with("number out of range"), "{text}: {error}"),
        (Err(fault), Ok(_)) => panic!("{text}: {fault}"),
        (Err(fault), Err(_)) => assert!(text.is_char_boundary(fault.into_parts().0), "{text}"),
    }
    assert_eq!(read(text).is_ok(), skipped(text).is_ok(), "{text}");
}

/// Texts that are nearly JSON.
fn nearly() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "d83d", "\\ude00", "0041", "\\n", "\\/", "null", "true",
        "fals", "e", "0", "-", "1", "9.5", ".", "E+", " ", "\n", "\t", "\u{0}", "\u{1f}", "é", "😀", "\"a\"", "\"b\":",
        "{}", "[]",
    ];
    prop::collection::vec(prop::sample::select(PIECES), 0..14).prop_map(|parts| parts.concat())
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(any::<String>(), inner, 0..6)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn what_is_no_json_is_refused(text in nearly()) {
        agrees(&text);
    }

    #[test]
    fn what_is_written_is_read(value in any_json(), pretty: bool, cut in any::<prop::sample::Index>()) {
        let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) }.unwrap();
        agrees(&text);
        prop_assert_eq!(skipped(&text).unwrap(), text.trim());
        // And cut off somewhere.
        let mut end = cut.index(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        agrees(&text[..end]);
    }

    #[test]
    fn texts_are_written_alike(text: String, control in 0_u8..0x30) {
        for text in [text.clone(), format!("{text}{}\"\\{text}", char::from(control))] {
            let mut ours = String::from("before");
            push_text(&mut ours, &text);
            prop_assert_eq!(&ours[6..], serde_json::to_string(&text).unwrap());
        }
    }

    #[test]
    fn members_are_the_tables_own(entries in prop::collection::btree_map(any::<String>(), any_json(), 0..5)) {
        let text = serde_json::to_string(&entries).unwrap();
        let members = Members::read(Raw::whole(&text)).unwrap();
        let held: Vec<(String, Value)> =
            members.iter().map(|(key, value)| (key.to_owned(), serde_json::from_str(value.text()).unwrap())).collect();
        // Floats are read by the library on both sides.
        let want: Vec<(String, Value)> =
            serde_json::from_str::<serde_json::Map<String, Value>>(&text).unwrap().into_iter().collect();
        prop_assert_eq!(held, want);
    }
}

#[test]
fn faults_say_where_they_stand() {
    for (text, want) in [
        ("", "the text ends where a value was expected at line 1 column 1"),
        ("{\"a\": 1,\n}", "a key in quotes was expected at line 2 column 1"),
        ("{\"é\" 1}", "`:` was expected at line 1 column 6"),
        ("[1 2]", "`,` or `]` was expected at line 1 column 4"),
        ("[1,]", "a value was expected at line 1 column 4"),
        ("{\"a\":1", "the text ends within an object at line 1 column 7"),
        ("[[]", "the text ends within a list at line 1 column 4"),
        ("\"a", "the text ends between quotes at line 1 column 3"),
        ("\"\\ud800\"", "this is no escape of a character at line 1 column 2"),
        ("\"\n\"", "a control character must be escaped at line 1 column 2"),
        ("[01]", "this is no number at line 1 column 3"),
        ("nul", "a value was expected at line 1 column 1"),
        ("{} x", "nothing may follow the value at line 1 column 4"),
    ] {
        assert_eq!(read(text).unwrap_err().to_string(), want, "{text}");
    }
}

#[test]
fn nesting_has_an_end() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(skipped(&nested(128)).is_ok());
    for depth in [129, 1_000_000] {
        assert_eq!(skipped(&nested(depth)).unwrap_err().into_parts().1, "nested deeper than 128 levels");
        assert!(skipped(&"{\"a\":".repeat(depth)).is_err());
    }
}

#[test]
fn few_keys_are_held_to() {
    let of = |text| Members::of(Raw::whole(text), &["name", "of"]).map(|_| ()).map_err(|fault| fault.to_string());
    assert_eq!(of(r#"{"of": {"name": {}}}"#), Ok(()));
    for (text, want) in [
        (r#"{"nmae": 1}"#, "unknown field `nmae`, expected one of `name`, `of` at line 1 column 2"),
        (r#"{"of": 1, "of": 2}"#, "`of` is written twice at line 1 column 11"),
        ("[]", "an object was expected at line 1 column 1"),
        ("{} {}", "nothing may follow the value at line 1 column 4"),
    ] {
        assert_eq!(of(text), Err(want.to_owned()));
    }
    // Faults within a value are placed in the whole.
    let members = Members::of(Raw::whole("{\"name\": 1,\n \"of\": [{\"of\": null}]}"), &["name", "of"]).unwrap();
    let inner = Members::read(items(members.need("of").unwrap()).unwrap()[0]).unwrap();
    assert!(inner.get("of").unwrap().is_none());
    let twice = Members::read(Raw::whole("{\"a\": 1, \"\\u0061\": 2}")).unwrap();
    assert_eq!(twice.get("a").unwrap_err().to_string(), "`a` is written twice at line 1 column 20");
    assert_eq!(inner.need("of").unwrap_err().to_string(), "missing field `of` at line 2 column 9");
    assert_eq!(members.need_text("name").unwrap_err().to_string(), "`name` must be a text at line 1 column 10");
    assert_eq!(
        items(members.need("name").unwrap()).unwrap_err().to_string(),
        "a list was expected at line 1 column 10"
    );
    let seven = Raw::whole("\"seven\"");
    let wrong = parsed::<u8>("n", seven).unwrap_err().to_string();
    assert_eq!(wrong, "`n` cannot be read: invalid digit found in string at line 1 column 1");
    let part = Raw::within(seven.text(), &seven.text()[1..6]);
    assert_eq!((part.text(), part.fault("so").to_string()), ("seven", "so at line 1 column 2".to_owned()));
}
