use super::*;
use crate::api::{answer_over, document_json};
use crate::ledger::MemoryBills;

const HEADER: &str = "ChargePeriodStart,ChargePeriodEnd,ChargeCategory,BilledCost,EffectiveCost,BillingCurrency,ServiceName,ResourceId\n";

fn days(month: &str, days: std::ops::RangeInclusive<u8>, cost: &str) -> String {
    let row = |day| format!("{month}-{day:02},{month}-{day:02}T23:00:00Z,Usage,{cost},{cost},USD,Queue,queue-1\n");
    days.map(row).collect()
}

/// Bills that want one pass, several, a comparison of rows, of bytes, and none that can be had.
fn sets() -> Vec<Vec<(&'static str, String)>> {
    let april = HEADER.to_owned() + &days("2026-04", 1..=30, "1");
    let may = HEADER.to_owned() + &days("2026-05", 1..=31, "2.5");
    let half = HEADER.to_owned() + &days("2026-05", 1..=9, "2");
    vec![
        vec![("may.csv", may.clone())],
        vec![("april.csv", april.clone()), ("may.csv", may.clone())],
        vec![("april.csv", april.clone()), ("half.csv", half)],
        vec![("may.csv", may.clone()), ("more.csv", may.clone() + &days("2026-05", 1..=1, "7"))],
        vec![("may.csv", may.clone()), ("again.csv", may)],
        vec![("april.csv", april), ("other.csv", "a,b\n1,2\n".to_owned())],
        vec![("empty.csv", String::new())],
    ]
}

fn call(task: &str, rest: &str) -> String {
    format!(r#"{{"call":"{task}","as_of":"2026-06-03"{rest}}}"#)
}

fn start(task: &str, rest: &str, bills: &[(&str, String)], told: &str) -> Session {
    let bills: Vec<String> = bills.iter().map(|(name, _)| format!(r#"{{"name":"{name}"{told}}}"#)).collect();
    Session::start(&call(task, &format!(r#"{rest},"bills":[{}]"#, bills.join(","))), 7).unwrap()
}

/// Pushes what is wanted in chunks of a size; gives the files in the order in which they were wanted.
fn drive(session: &mut Session, bills: &[(&str, String)], size: usize) -> (Vec<usize>, Vec<u8>) {
    let (mut order, mut lines) = (Vec::new(), Vec::new());
    while let Some(wanted) = session.wanted() {
        order.push(wanted.file);
        for chunk in bills[wanted.file].1.as_bytes().chunks(size) {
            if session.wanted() == Some(wanted) {
                session.push(chunk);
                lines.extend(session.take_lines());
            }
        }
        if session.wanted() == Some(wanted) {
            session.end();
        }
    }
    lines.extend(session.take_lines());
    (order, lines)
}

fn text(session: &Session, lines: Vec<u8>) -> String {
    match session.outcome().unwrap() {
        Ok(Document::Lines(_)) => String::from_utf8(lines).unwrap(),
        Ok(document) => document.render(session.format()).unwrap(),
        Err(failure) => document_json(failure),
    }
}

#[test]
fn memory_that_was_pushed_comes_back() {
    let bills = &sets()[0];
    let mut session = start("report", "", bills, "");
    let mut room = bills[0].1.clone().into_bytes();
    let (memory, length) = (room.as_ptr(), room.len());
    while let Some(wanted) = session.wanted() {
        session.push_from(&mut room);
        assert_eq!((room.as_ptr(), room.len()), (memory, length));
        if session.wanted() == Some(wanted) {
            session.end();
        }
    }
    assert!(session.outcome().unwrap().is_ok());
    // What nobody wants is left where it is.
    session.push_from(&mut room);
    assert_eq!((room.as_ptr(), room.len()), (memory, length));
}

#[test]
fn no_bills_are_no_empty_ones() {
    for task in ["report", "allocate", "lines", "explain", "init", "forecast"] {
        let session = start(task, "", &[], "");
        let said = document_json(session.outcome().unwrap().unwrap_err());
        assert!(said.contains(r#""message":"no bills given""#), "{task}: {said}");
    }
    let empty = start("report", "", &[("a.csv", HEADER.to_owned())], "");
    assert!(empty.outcome().is_none());
}

#[test]
fn chunks_of_any_size_give_what_bills_at_hand_give() {
    let (mut answered, mut failed) = (0, 0);
    for task in ["report", "inspect", "allocate", "lines", "check", "explain", "init"] {
        for rest in ["", r#","overlap":"newest""#] {
            for bills in sets() {
                let at_hand = MemoryBills::new(bills.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes())));
                let want = answer_over(&call(task, rest), &at_hand);
                for size in [1, 13, 1 << 20] {
                    let mut session = start(task, rest, &bills, "");
                    let (_, lines) = drive(&mut session, &bills, size);
                    assert_eq!(text(&session, lines), want, "{task} {rest} by {size}");
                }
                if want.contains("headroom/failure/1") { failed += 1 } else { answered += 1 }
            }
        }
    }
    assert!(answered > 50 && failed > 20, "{answered} answered, {failed} failed");
}

#[test]
fn only_what_a_pass_needs_is_wanted_again() {
    let sets = sets();
    for (bills, want) in [
        (&sets[0], vec![0]),
        // The changes of two whole months: what moved in them.
        (&sets[1], vec![0, 1, 0, 1]),
        // A month that is not whole: its days first, then what moved.
        (&sets[2], vec![0, 1, 0, 1, 0, 1]),
        // The same month twice: the rows of both.
        (&sets[3], vec![0, 1, 0, 1]),
    ] {
        let month = if bills.len() > 1 { r#","month":"2026-05""# } else { "" };
        let mut session = start("report", month, bills, "");
        assert_eq!(drive(&mut session, bills, 100).0, want);
        assert!(session.rows() > 0);
    }
}

#[test]
fn files_of_different_sizes_are_not_read_to_see_whether_they_are_the_same() {
    let bills = sets().remove(4);
    let mut session = start("report", "", &bills, "");
    let (order, _) = drive(&mut session, &bills, 100);
    // Both are digested once, and the second of them is left out.
    assert_eq!(order, [0, 1, 0, 1]);
    assert_eq!(session.outcome().unwrap().unwrap().verdict().unwrap().warnings[0].code, "repeated_file");
    let told: Vec<String> =
        bills.iter().enumerate().map(|(at, (name, _))| format!(r#"{{"name":"{name}","size":{at}}}"#)).collect();
    let call = call("report", &format!(r#","bills":[{}]"#, told.join(",")));
    let mut session = Session::start(&call, 0).unwrap();
    drive(&mut session, &bills, 100);
    assert!(document_json(session.outcome().unwrap().unwrap_err()).contains(r#""code":"overlap""#));
}

#[test]
fn what_can_be_read_but_once_is_read_but_once() {
    let bills = sets().remove(2);
    let mut session = start("report", r#","month":"2026-05""#, &bills, r#","once":true"#);
    assert_eq!(drive(&mut session, &bills, 100).0, [0, 1]);
    let warnings = &session.outcome().unwrap().unwrap().verdict().unwrap().warnings;
    assert_eq!(warnings.iter().map(|warning| warning.code.as_str()).collect::<Vec<_>>(), ["not_compared"]);
    let mut session = start("lines", "", &bills, r#","once":true"#);
    assert_eq!(drive(&mut session, &bills, 100).0, [0; 0]);
    assert!(document_json(session.outcome().unwrap().unwrap_err()).contains(r#""code":"read_once""#));
}

#[test]
fn bytes_that_cannot_be_had_fail_the_call_with_their_file() {
    let bills = sets().remove(1);
    let mut session = start("report", "", &bills, "");
    session.push(&bills[0].1.as_bytes()[..50]);
    session.fail("the disk is gone", Some("plug it in"));
    drive(&mut session, &bills, 100);
    let failure = document_json(session.outcome().unwrap().unwrap_err());
    for part in [
        r#""message":"april.csv: the disk is gone""#,
        r#""hint":"plug it in""#,
        r#""code":"unreadable","file":"april.csv""#,
    ] {
        assert!(failure.contains(part), "{failure}");
    }
    // Nothing is wanted any more, and nothing is taken.
    session.push(&b"x"[..]);
    session.end();
    assert_eq!(session.wanted(), None);
}

#[test]
fn calls_that_are_none_of_a_session_are_refused() {
    for (call, want) in [
        ("{}", "missing field `call`"),
        (r#"{"call":"schema"}"#, "not about bills"),
        (r#"{"call":"report","as_of":"2026-06-03"}"#, "missing field `bills`"),
        (r#"{"call":"report","as_of":"2026-06-03","bills":[{"name":"a","text":"b"}]}"#, "takes no `text`"),
        (r#"{"call":"report","as_of":"2026-06-03","bills":[],"resource":"i-1"}"#, "which charge to explain"),
        (r#"{"call":"explain","as_of":"2026-06-03","bills":[],"where":{"servce_name":"x"}}"#, "no such dimension"),
    ] {
        let failure = document_json(&Session::start(call, 0).unwrap_err());
        assert!(failure.contains(want), "{call}: {failure}");
    }
}

/// The answer of a session that reads alone, and the rows that it has read.
fn by_one(task: &str, rest: &str, bills: &[(&str, String)]) -> (String, u64) {
    let mut one = start(task, rest, bills, "");
    drive(&mut one, bills, 1 << 20);
    (text(&one, Vec::new()), one.rows())
}

/// Reads a stretch to its end, in pieces of so many bytes at most.
fn read_on(session: &mut Session, bytes: &[u8], most: usize) {
    while let Some(at) = session.wanted_at() {
        match bytes.get(at as usize..).filter(|rest| !rest.is_empty()) {
            Some(rest) => session.push(&rest[..rest.len().min(most)]),
            None => session.end(),
        }
    }
}

/// Reads the files that are wanted by stretches of a size, each by another of the sessions; gives whether they could be shared.
fn share(sessions: &mut [Session], bills: &[(&str, String)], size: u64) -> bool {
    let files: Vec<Vec<usize>> = sessions.iter_mut().map(Session::share).collect();
    assert!(files.iter().all(|other| *other == files[0]), "{files:?}");
    let mut turn = 0;
    for file in &files[0] {
        let bytes = bills[*file].1.as_bytes();
        let cuts = (bytes.len() as u64).div_ceil(size).max(1);
        for cut in 0..cuts {
            turn += 1;
            let session = &mut sessions[turn % files.len()];
            session.read_stretch(
                *file,
                Stretch { from: cut * size, to: if cut + 1 == cuts { u64::MAX } else { (cut + 1) * size } },
            );
            read_on(session, bytes, 50);
        }
    }
    !files[0].is_empty()
}

/// Lets each take what the others have counted, as far as all could read what they were handed.
fn join(sessions: &mut [Session]) {
    let counted: Vec<Option<Vec<u8>>> = sessions.iter_mut().map(Session::count).collect();
    let all: Option<Vec<Vec<u8>>> = counted.iter().cloned().collect();
    for (at, session) in sessions.iter_mut().enumerate() {
        match &all {
            Some(all) => {
                let others = all.iter().enumerate().filter(|(other, _)| *other != at);
                others.for_each(|(_, counted)| session.take(counted.clone()).unwrap());
                session.settle();
            }
            None if counted[at].is_some() => session.go_alone(),
            // It is alone since it failed.
            None => assert_eq!(session.share(), [0; 0]),
        }
    }
}

#[test]
fn sessions_that_share_give_what_one_gives() {
    let (mut shared, mut failed) = (0, 0);
    for task in ["report", "inspect", "allocate", "check", "explain", "init"] {
        for rest in ["", r#","month":"2026-05""#, r#","overlap":"newest""#] {
            for bills in sets() {
                let want = by_one(task, rest, &bills).0;
                for (count, size) in [(2, 64), (3, 100), (2, 1 << 20)] {
                    let mut sessions: Vec<Session> = (0..count).map(|_| start(task, rest, &bills, "")).collect();
                    while share(&mut sessions, &bills, size) {
                        shared += 1;
                        join(&mut sessions);
                    }
                    drive(&mut sessions[0], &bills, 1 << 20);
                    assert_eq!(text(&sessions[0], Vec::new()), want, "{task} {rest} by {count} at {size}");
                }
                failed += usize::from(want.contains("headroom/failure/1"));
            }
        }
    }
    assert!(shared > 200 && failed > 10, "{shared} shared, {failed} failed");
}

/// A bill whose cells hold newlines, so that no stretch is sure of where its rows begin.
fn broken_lines() -> Vec<(&'static str, String)> {
    let row =
        |row: u32| format!("2026-05-{:02},,Usage,{row},{row},USD,\"Queue\nor,\nnot\",queue-{row}\n", row % 31 + 1);
    vec![("may.csv", HEADER.to_owned() + &(0..40).map(row).collect::<String>())]
}

#[test]
fn where_rows_begin_is_found_out_in_the_end() {
    let bills = broken_lines();
    let want = by_one("report", "", &bills).0;
    let (mut right, mut wrong) = (0, 0);
    for size in (700..1_700).step_by(5) {
        let mut sessions = [start("report", "", &bills, ""), start("report", "", &bills, "")];
        assert!(share(&mut sessions, &bills, size));
        join(&mut sessions);
        // What was taken for the start of a row was the middle of a cell.
        if sessions[0].outcome().is_none() {
            wrong += 1;
        } else {
            right += 1;
        }
        assert_eq!(sessions[0].share(), [0; 0]);
        drive(&mut sessions[0], &bills, 1 << 20);
        assert_eq!(text(&sessions[0], Vec::new()), want, "{size}");
    }
    assert!(right > 20 && wrong > 20, "{right} right, {wrong} wrong");
}

#[test]
fn what_is_no_part_of_a_pass_is_refused() {
    let bills = sets().remove(1);
    let pair = || [start("report", "", &bills, ""), start("report", "", &bills, "")];
    let mut sessions = pair();
    share(&mut sessions, &bills, 64);
    let [mut first, mut second] = sessions;
    let counted = second.count().unwrap();
    first.count().unwrap();
    for at in 0..counted.len() {
        let mut other = counted.clone();
        other[at] ^= 1;
        assert!(first.take(other).is_err(), "byte {at}");
        assert!(first.take(counted[..at].to_vec()).is_err(), "{at} bytes");
    }
    let mut stranger = [start("report", r#","month":"2026-05""#, &bills, "")];
    share(&mut stranger, &bills, 64);
    let failure = document_json(&first.take(stranger[0].count().unwrap()).unwrap_err());
    assert!(failure.contains("no part of this reading"), "{failure}");
    first.take(counted.clone()).unwrap();
    first.settle();
    // What was a part of one pass is none of the next.
    assert_eq!(first.share(), [0, 1]);
    first.count().unwrap();
    assert!(first.take(counted).is_err());
}

#[test]
fn who_is_left_alone_reads_all() {
    let bills = sets().remove(2);
    let want = by_one("report", "", &bills).0;
    // Others are lost before any of it is read, or before it is counted, or a part of it never comes.
    for step in 0..4 {
        let mut session = start("report", "", &bills, "");
        assert_eq!(session.share(), [0, 1]);
        if step > 0 {
            session.read_stretch(0, Stretch::WHOLE);
            session.push(bills[0].1.as_bytes());
            session.end();
        }
        if step > 1 {
            assert!(session.count().is_some());
        }
        let pass = session.wanted().unwrap().pass;
        if step == 3 {
            session.settle();
        } else {
            session.go_alone();
        }
        assert_eq!(session.wanted().unwrap().pass, pass + 1);
        assert_eq!(session.share(), [0; 0]);
        drive(&mut session, &bills, 1 << 20);
        assert_eq!(text(&session, Vec::new()), want, "{step}");
    }
}

#[test]
fn a_stretch_that_is_left_is_counted_by_nobody() {
    let bills = sets().remove(0);
    let (want, rows) = by_one("report", "", &bills);
    let bytes = bills[0].1.as_bytes();
    // It is begun anew, or another is, or it is counted before its end, or comes from where no file reaches.
    for step in 0..4 {
        let mut session = start("report", "", &bills, "");
        session.share();
        session.read_stretch(0, if step == 3 { Stretch { from: u64::MAX - 1, to: u64::MAX } } else { Stretch::WHOLE });
        session.push(&bytes[..900]);
        match step {
            0 => session.read_stretch(0, Stretch::WHOLE),
            1 => session.read_stretch(0, Stretch { from: 900, to: u64::MAX }),
            _ => {}
        }
        read_on(&mut session, bytes, usize::MAX);
        let counted = session.count();
        assert_eq!(counted.is_some(), step >= 2, "{step}");
        session.settle();
        assert_eq!(session.wanted_at(), None);
        assert_eq!(session.share(), [0; 0]);
        if session.outcome().is_none() {
            drive(&mut session, &bills, 1 << 20);
        }
        assert_eq!(text(&session, Vec::new()), want, "{step}");
        assert_eq!(session.rows(), rows, "{step}");
    }
    let mut half = start("report", "", &bills, "");
    half.share();
    half.read_stretch(0, Stretch::WHOLE);
    half.push(&bytes[..900]);
    assert_eq!(half.count(), None);
    assert_eq!(half.wanted_at(), None);
    // What others counted is nothing to who reads alone.
    half.take(vec![1, 2, 3]).unwrap();
    drive(&mut half, &bills, 1 << 20);
    assert_eq!(text(&half, Vec::new()), want);
    // The last stretch may end anywhere behind the file.
    let mut last = start("report", "", &bills, "");
    last.share();
    last.read_stretch(0, Stretch { from: 0, to: bytes.len() as u64 + 1_000 });
    read_on(&mut last, bytes, usize::MAX);
    last.count().unwrap();
    last.settle();
    assert_eq!(text(&last, Vec::new()), want);
}

#[test]
fn what_is_read_but_once_is_not_shared() {
    let bills = sets().remove(2);
    let mut session = start("report", "", &bills, r#","once":true"#);
    assert_eq!(session.share(), [0; 0]);
    assert!(session.wanted().is_some());
}

#[test]
fn too_long_a_row_is_too_long_for_all() {
    let text_of = |length: usize| HEADER.to_owned() + &days("2026-05", 1..=2, "1") + &"x".repeat(length) + "\n";
    let bills = vec![("long.csv", text_of(20 << 20))];
    let want = by_one("report", "", &bills).0;
    assert!(want.contains("16 MiB"), "{want}");
    let mut session = start("report", "", &bills, "");
    session.share();
    session.read_stretch(0, Stretch::WHOLE);
    session.push(bills[0].1.as_bytes());
    session.count();
    drive(&mut session, &bills, 1 << 20);
    assert_eq!(text(&session, Vec::new()), want);
}
