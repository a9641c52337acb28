//! Schedules as text that tools read: kube-downscaler annotations, AWS Instance Scheduler periods, cron, CSV.

use std::fmt::Write as _;

use super::document::{Proposal, Schedule};
use super::week::{DAYS, HOURS, Stretch, Week};
use crate::money::Amount;
use crate::order::{BTreeSet, Order as _};
use crate::rightsizing::PriceSource;
use crate::rightsizing::patch::{Target, left_out, quoted};

/// What the text is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Export {
    /// Patches with the annotation `downscaler/uptime`, one YAML document a workload.
    KubeDownscaler,
    /// Schedules of the AWS Instance Scheduler, as resources of its stacks.
    AwsScheduler,
    /// Lines of cron, in UTC: what goes on when, and what goes off.
    Cron,
}

/// The text of an export. Without any schedule it says so in a comment.
pub fn export(document: &Schedule, export: Export) -> String {
    let weeks: Vec<(&Proposal, Week)> = document.workloads.iter().filter_map(|one| Some((one, one.week?))).collect();
    if weeks.is_empty() {
        return "# no schedule\n".to_owned();
    }
    match export {
        Export::KubeDownscaler => kube_downscaler(document, &weeks),
        Export::AwsScheduler => aws_scheduler(document, &weeks),
        Export::Cron => cron(document, &weeks),
    }
}

/// The zone and the weeks as its clock shows them: that of the offset where zone databases have a name for it, else UTC.
fn zoned(document: &Schedule, week: Week) -> (String, Vec<Clocked>) {
    let stretch = |one: Stretch, shift: i32| Clocked { days: one.days, minutes: minutes(one, shift) };
    match &document.zone {
        Some(zone) => (zone.clone(), week.stretches(true).into_iter().map(|one| stretch(one, 0)).collect()),
        None => ("UTC".to_owned(), in_utc(week, document.offset.minutes())),
    }
}

/// A stretch in minutes of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Clocked {
    days: (usize, usize),
    minutes: (i32, i32),
}

fn minutes(one: Stretch, shift: i32) -> (i32, i32) {
    (one.hours.0 as i32 * 60 - shift, one.hours.1 as i32 * 60 - shift)
}

/// The stretches of a week on the clock of UTC, cut at its midnights.
fn in_utc(week: Week, offset: i32) -> Vec<Clocked> {
    let mut days: [Vec<(i32, i32)>; 7] = Default::default();
    for one in week.stretches(true) {
        let (from, to) = minutes(one, offset);
        for day in one.days.0..=one.days.1 {
            for shift in -1..=1 {
                let (from, to) = ((from - shift * 1440).max(0), (to - shift * 1440).min(1440));
                let on = (day as i32 + shift).rem_euclid(7) as usize;
                if let Some(list) = days.get_mut(on)
                    && from < to
                {
                    list.push((from, to));
                }
            }
        }
    }
    let mut found: Vec<Clocked> = Vec::new();
    for (day, list) in days.iter_mut().enumerate() {
        list.order();
        let mut joined: Vec<(i32, i32)> = Vec::new();
        for one in list.iter() {
            match joined.last_mut() {
                Some(last) if last.1 >= one.0 => last.1 = last.1.max(one.1),
                _ => joined.push(*one),
            }
        }
        for minutes in joined {
            match found.iter_mut().find(|known| known.minutes == minutes && known.days.1 + 1 == day) {
                Some(known) => known.days.1 = day,
                None => found.push(Clocked { days: (day, day), minutes }),
            }
        }
    }
    found
}

impl Clocked {
    fn time(minutes: i32) -> String {
        format!("{:02}:{:02}", minutes / 60, minutes % 60)
    }

    fn name(day: usize) -> &'static str {
        DAYS.get(day).copied().unwrap_or_default()
    }
}

fn kube_downscaler(document: &Schedule, weeks: &[(&Proposal, Week)]) -> String {
    let mut out = String::new();
    let (mut written, mut unknown) = (BTreeSet::new(), BTreeSet::new());
    // A machine of the bill is no workload of a cluster.
    for (one, week) in weeks.iter().filter(|(one, _)| one.machine.is_none()) {
        let (target, _) = Target::of(&one.workload);
        // Nobody can say of which API it is.
        if !target.is_known() {
            unknown.insert(one.workload.as_str());
            continue;
        }
        // Its containers have one week.
        if !written.insert(target.clone()) {
            continue;
        }
        // It takes names of zones that are letters alone, and so none of an offset.
        let periods = in_utc(*week, document.offset.minutes());
        let uptime: Vec<String> = periods
            .iter()
            .map(|one| {
                let (from, to) = one.minutes;
                let days = format!("{}-{}", Clocked::name(one.days.0), Clocked::name(one.days.1));
                format!("{days} {}-{} UTC", Clocked::time(from), Clocked::time(to))
            })
            .collect();
        let _ = write!(out, "---\napiVersion: {}\nkind: {}\nmetadata:\n", target.version(), quoted(&target.kind));
        let _ = writeln!(out, "  name: {}", quoted(&target.name));
        if let Some(namespace) = &target.namespace {
            let _ = writeln!(out, "  namespace: {}", quoted(namespace));
        }
        let _ = writeln!(out, "  annotations:\n    downscaler/uptime: {}", quoted(&uptime.join(",")));
    }
    if out.is_empty() {
        "# no schedule\n".clone_into(&mut out);
    }
    left_out::of_unknown_kinds(&unknown) + &out
}

fn aws_scheduler(document: &Schedule, weeks: &[(&Proposal, Week)]) -> String {
    let mut out = "Parameters:\n  ServiceInstanceScheduleServiceTokenARN:\n    Type: String\nResources:\n".to_owned();
    for (at, (one, week)) in weeks.iter().enumerate() {
        let (zone, periods) = zoned(document, *week);
        let _ = write!(
            out,
            "  Schedule{}:\n    Type: Custom::ServiceInstanceSchedule\n    Properties:\n      ServiceToken: !Ref \
             ServiceInstanceScheduleServiceTokenARN\n      NoStackPrefix: \"True\"\n      Name: {}\n      Timezone: \
             {}\n      Periods:\n",
            at + 1,
            quoted(&one.workload),
            quoted(&zone)
        );
        for period in periods {
            let (from, to) = period.minutes;
            let days = match period.days {
                (first, last) if first == last => Clocked::name(first).to_owned(),
                (first, last) => format!("{}-{}", Clocked::name(first), Clocked::name(last)),
            }
            .to_ascii_lowercase();
            // A period has no 24:00: its last minute is 23:59.
            let end = Clocked::time(to.min(1439));
            let _ = write!(
                out,
                "      - Description: {}\n        BeginTime: {}\n        EndTime: {}\n        WeekDays: {}\n",
                quoted(&format!("{days} {}-{end}", Clocked::time(from))),
                quoted(&Clocked::time(from)),
                quoted(&end),
                quoted(&days)
            );
        }
    }
    out
}

fn cron(document: &Schedule, weeks: &[(&Proposal, Week)]) -> String {
    let mut out = format!("# Times are UTC. Local time is UTC{}.\n", document.offset);
    for (one, week) in weeks {
        let (on, off) = week.changes();
        for (hours, word) in [(on, "on"), (off, "off")] {
            let mut times: Vec<(i32, Vec<usize>)> = Vec::new();
            for hour in hours {
                let whole = HOURS as i32 * 60;
                let at = (hour as i32 * 60 - document.offset.minutes()).rem_euclid(whole);
                // Cron counts days from Sunday.
                let (day, minute) = ((at / 1440 + 1) as usize % 7, at % 1440);
                match times.iter_mut().find(|(known, _)| *known == minute) {
                    Some((_, days)) => days.push(day),
                    None => times.push((minute, vec![day])),
                }
            }
            for (minute, mut days) in times {
                days.order();
                let days: Vec<String> = days.iter().map(ToString::to_string).collect();
                // A name with a line break in it would begin a line of its own.
                let name: String = one.workload.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
                let _ = writeln!(out, "{} {} * * {}  {word} {name}", minute % 60, minute / 60, days.join(","));
            }
        }
    }
    out
}

/// A row for each period of each workload:
/// `workload,environment,state,days,from,to,offset,off_percent,hours_cut,weeks,saving_month,reason,cost_month,cost_source`.
pub fn schedule_csv(document: &Schedule) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing to memory cannot fail.
    let _ = writer.write_record([
        "workload",
        "environment",
        "state",
        "days",
        "from",
        "to",
        "offset",
        "off_percent",
        "hours_cut",
        "weeks",
        "saving_month",
        "reason",
        "cost_month",
        "cost_source",
    ]);
    let amount = |amount: Option<Amount>| amount.map_or_else(String::new, |amount| amount.to_string());
    for one in &document.workloads {
        let count = |count: Option<u64>| count.map_or_else(String::new, |count| count.to_string());
        let mut row = |state: &str, days: &str, from: &str, to: &str| {
            let _ = writer.write_record([
                one.workload.as_str(),
                one.environment.as_deref().unwrap_or_default(),
                state,
                days,
                from,
                to,
                &document.offset.to_string(),
                &amount(one.off_percent),
                &count(one.replay.map(|seen| seen.hours_cut)),
                &count(one.replay.map(|seen| seen.weeks)),
                &amount(one.saving_month),
                one.refused.as_ref().map_or("", |refused| refused.reason),
                &amount(one.cost_month),
                one.cost_source.map_or("", PriceSource::name),
            ]);
        };
        if one.week.is_none() {
            row("", "", "", "");
        }
        for (state, periods) in [("on", &one.on), ("off", &one.off)] {
            for period in periods {
                row(state, &period.days, &period.from, &period.to);
            }
        }
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}
