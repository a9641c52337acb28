//! `headroom rightsize`

use std::num::NonZeroUsize;
use std::thread;

use headroom_core::api::{self, UsageFiles, requests};
use headroom_core::condition::document::Source;
use headroom_core::rightsizing::{
    self, Fleet, Patch, Plan, Profile, Question, Rightsizing, Run, Shipped, Strategy, Workload,
};

use super::shared;
use crate::args::{ProfileName, RightsizeArgs, SizeFormatName, StrategyName};
use crate::config::Config;
use crate::exit::{Ending, Outcome};
use crate::format;
use crate::input;

pub(crate) fn run(args: &RightsizeArgs) -> Outcome<Ending> {
    if args.idle.idle {
        return super::idle::run(args);
    }
    let tables = shared::read_tables(&args.requests)?;
    let sources: Vec<Source<'_>> = tables.iter().map(|(name, text)| Source { name, text }).collect();
    let requests = requests(&sources)?;
    let own = args.assumptions.as_ref().map(|path| shared::read_texts(std::slice::from_ref(path))).transpose()?;
    let own = own.as_ref().and_then(|texts| texts.first());
    let assumptions = api::assumptions(own.map(|(name, text)| Source { name, text }))?;
    let mut files = UsageFiles::default();
    for (name, read) in input::usage(&args.usage)? {
        files.add(&name, read);
    }
    let config = Config::find()?;
    files.usage.name_environments(&*shared::policy(&args.beside.policy, &config)?);
    let billed = shared::billed(&args.beside, args.threads, &files, &requests, &config)?;
    let question = Question { profile: profile(args.profile), strategy: strategy(args.strategy) };
    let run = files.run(&requests, &assumptions, billed.as_ref(), question);
    api::one_currency(&files, &run.pricing())?;
    let sized = document(&run, threads(args)).ok_or_else(api::no_usage)?;
    if args.format.unwrap_or(SizeFormatName::Table) != SizeFormatName::Json && sized.refused_count > 0 {
        warn(&sized);
    }
    args.screen.write(&rendered(args, &sized))?;
    Ok(Ending::Fine)
}

/// Learns and recommends on several threads; no figure depends on how many.
fn document(run: &Run<'_>, threads: usize) -> Option<Rightsizing> {
    let plan = Plan::of(run.usage)?;
    let workloads = run.usage.workloads();
    let share = workloads.len().div_ceil(threads).max(1);
    let parts: Vec<&[&Workload]> = workloads.chunks(share).collect();
    let plan = &plan;
    let learnt = side_by_side(&parts, |part| {
        let mut fleet = Fleet::new();
        fleet.learn(plan, part);
        fleet
    });
    let mut fleet = Fleet::new();
    for part in &learnt {
        fleet.merge(part);
    }
    let shipped = Shipped::load();
    let pricing = run.pricing();
    let adviser = run.adviser(plan, &fleet, &shipped, &pricing);
    let recommended = side_by_side(&parts, |part| adviser.recommend(part));
    Some(run.finish(plan, &pricing, recommended.into_iter().flatten().collect()))
}

/// Each part on a thread of its own; answers in the order of the parts.
fn side_by_side<T: Send>(parts: &[&[&Workload]], work: impl Fn(&[&Workload]) -> T + Sync) -> Vec<T> {
    thread::scope(|scope| {
        let work = &work;
        let running: Vec<_> = parts.iter().map(|part| scope.spawn(move || work(part))).collect();
        // A thread that panicked has said so; there is no answer to go on with.
        running.into_iter().filter_map(|thread| thread.join().ok()).collect()
    })
}

fn threads(args: &RightsizeArgs) -> usize {
    let there = || thread::available_parallelism().map_or(1, NonZeroUsize::get);
    args.threads.map_or_else(there, usize::from)
}

fn rendered(args: &RightsizeArgs, sized: &Rightsizing) -> String {
    match args.format.unwrap_or(SizeFormatName::Table) {
        SizeFormatName::Table => format::rightsize(sized, args.full, args.screen.style(), args.screen.width()),
        SizeFormatName::Json => api::document_json(sized) + "\n",
        SizeFormatName::Csv => rightsizing::csv(sized),
        SizeFormatName::Kubernetes => rightsizing::patch(sized, Patch::Kubernetes),
        SizeFormatName::Helm => rightsizing::patch(sized, Patch::Helm),
        SizeFormatName::Compose => rightsizing::patch(sized, Patch::Compose),
        SizeFormatName::Terraform => rightsizing::patch(sized, Patch::Terraform),
    }
}

/// Says on standard error that rows were refused; the table says it too, where it is printed.
fn warn(sized: &Rightsizing) {
    if let Some(first) = sized.refused_rows.first() {
        let message = format!(
            "{} rows were refused, the first in {}:{}: {}",
            sized.refused_count, first.file, first.line, first.reason
        );
        crate::output::tell(&format!("warning: {message}"));
    }
}

fn profile(name: ProfileName) -> Profile {
    match name {
        ProfileName::Economy => Profile::Economy,
        ProfileName::Balanced => Profile::Balanced,
        ProfileName::Safe => Profile::Safe,
    }
}

fn strategy(name: StrategyName) -> Strategy {
    match name {
        StrategyName::Balance => Strategy::Balance,
        StrategyName::Vpa => Strategy::Vpa,
        StrategyName::Krr => Strategy::Krr,
        StrategyName::KrrLimit => Strategy::KrrLimit,
        StrategyName::Goldilocks => Strategy::Goldilocks,
        StrategyName::GoldilocksBurstable => Strategy::GoldilocksBurstable,
        StrategyName::Crane => Strategy::Crane,
        StrategyName::Kubecost => Strategy::Kubecost,
        StrategyName::Aws => Strategy::Aws,
        StrategyName::Autopilot => Strategy::Autopilot,
    }
}
