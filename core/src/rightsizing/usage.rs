//! What was used: the highest sample of every five minutes, by workload and resource.
//!
//! Two bytes a slot, so ten thousand workloads with both resources over fourteen days take 161 MB, whatever the rows
//! are like. A sketch would be smaller but could not be cut anew at every week: advice is replayed on each of them, and
//! what is learnt of the fleet is learnt from cuts. The highest of a slot is order-free and merges exactly; where
//! several pods of a workload are sampled, it is the one that needs most, as a request is for each of them; how many there were
//! is counted beside it.

use std::hash::{BuildHasher, Hash};

use hashbrown::HashTable;

use super::level::{ABSENT, Level, level};
use super::patch::Target;
use super::pods::{Pods, Replicas};
use super::resource::Resource;
use crate::order::{BTreeMap, BTreeSet};

/// Seconds of a slot.
pub const SLOT: i64 = 300;

/// Slots of a day.
pub const DAY: usize = 288;

/// The longest span of time that is kept, in days.
pub(super) const LONGEST: i64 = 400;

/// Usage of a fleet: push samples in any order, merge, and ask [`Usage::workloads`].
#[derive(Clone, Debug, Default)]
pub struct Usage {
    names: HashTable<u32>,
    hasher: foldhash::fast::FixedState,
    workloads: Vec<Workload>,
    span: Option<(i64, i64)>,
}

/// What is known of one workload.
#[derive(Clone, Debug, PartialEq)]
pub struct Workload {
    /// Its name.
    pub name: String,
    /// Where it runs, where the table says; several where one name stands for things in several environments.
    pub environments: BTreeSet<String>,
    /// How many replicas it had, where the table says.
    replicas: Option<Replicas>,
    series: [Option<Series>; 2],
    /// What the usage table itself says was requested and allowed, the latest: slot, request, limit.
    stated: [Option<(i64, Stated)>; 2],
}

/// A request and a limit that a usage table states.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Stated {
    /// In cores or MiB.
    pub request: Option<f64>,
    /// In cores or MiB.
    pub limit: Option<f64>,
}

/// Samples of one resource: a level for every slot from the first on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Series {
    first: i64,
    levels: Vec<Level>,
    /// The pods that were sampled, where samples say of which they are.
    pods: Pods,
}

impl Series {
    /// Notes a sample; the highest of a slot is kept.
    fn note(&mut self, slot: i64, sample: Level) {
        if self.levels.is_empty() {
            self.first = slot;
        }
        if slot < self.first {
            let missing = (self.first - slot) as usize;
            self.levels.splice(0..0, std::iter::repeat_n(ABSENT, missing));
            self.first = slot;
        }
        let at = (slot - self.first) as usize;
        if at >= self.levels.len() {
            self.levels.resize(at + 1, ABSENT);
        }
        if let Some(kept) = self.levels.get_mut(at) {
            *kept = (*kept).max(sample);
        }
    }

    /// The slots from `from` on, before `to`; one without a sample says so.
    pub fn between(&self, from: i64, to: i64) -> impl Iterator<Item = Level> + '_ {
        (from..to).map(|slot| {
            usize::try_from(slot - self.first).ok().and_then(|at| self.levels.get(at)).copied().unwrap_or(ABSENT)
        })
    }

    /// The levels there are of the slots from `from` on, before `to`; slots beyond both ends are left out.
    pub(super) fn slice(&self, from: i64, to: i64) -> &[Level] {
        let place = |slot: i64| (slot - self.first).clamp(0, self.levels.len() as i64) as usize;
        self.levels.get(place(from)..place(to)).unwrap_or_default()
    }

    /// How many pods there were at once.
    fn replicas(&self) -> Option<Replicas> {
        let sampled = (self.first..).zip(&self.levels).filter(|(_, level)| **level != ABSENT);
        self.pods.count(sampled.map(|(slot, _)| slot))
    }

    /// The first slot with a sample.
    pub fn first(&self) -> i64 {
        self.first
    }
}

impl Workload {
    /// What is known of a resource.
    pub fn series(&self, resource: Resource) -> Option<&Series> {
        self.series.get(resource as usize)?.as_ref()
    }

    /// The environment it runs in; `None` where that is not known, or is not one.
    pub fn environment(&self) -> Option<&str> {
        let mut names = self.environments.iter();
        names.next().filter(|_| names.next().is_none()).map(String::as_str)
    }

    /// How many replicas it had: as the table says, else as pods were seen at once; `None` where neither is known.
    pub fn replicas(&self) -> Option<Replicas> {
        // What was sampled of one resource may be missing of the other.
        self.replicas.or_else(|| self.series.iter().flatten().filter_map(Series::replicas).max())
    }

    /// Whether an autoscaler sets the number of its replicas, as far as that shows. Of what runs on every node, or until it is
    /// done, the number says nothing of the request.
    pub(super) fn is_autoscaled(&self) -> bool {
        let counted = self.replicas.is_some()
            || !matches!(Target::of(&self.name).0.kind.as_str(), "DaemonSet" | "Job" | "CronJob");
        counted && self.replicas().is_some_and(Replicas::vary)
    }

    /// What the usage table states last of a resource's request and limit.
    pub fn stated(&self, resource: Resource) -> Option<Stated> {
        self.stated.get(resource as usize)?.map(|(_, stated)| stated)
    }
}

impl Usage {
    /// Names of workloads, and where they run.
    pub(super) fn environments_mut(&mut self) -> impl Iterator<Item = (&str, &mut BTreeSet<String>)> {
        self.workloads.iter_mut().map(|workload| (workload.name.as_str(), &mut workload.environments))
    }

    /// The number of a workload, to note samples by.
    pub fn workload(&mut self, name: &str) -> usize {
        let hash = self.hasher.hash_one(name);
        let workloads = &self.workloads;
        let named = |at: &u32| workloads.get(*at as usize).is_some_and(|workload| workload.name == name);
        if let Some(at) = self.names.find(hash, named) {
            return *at as usize;
        }
        let at = self.workloads.len();
        self.workloads.push(Workload {
            name: name.to_owned(),
            environments: BTreeSet::new(),
            replicas: None,
            series: [None, None],
            stated: [None, None],
        });
        let (hasher, workloads) = (self.hasher.clone(), &self.workloads);
        self.names.insert_unique(hash, at as u32, |at| {
            hasher.hash_one(workloads.get(*at as usize).map_or("", |workload| workload.name.as_str()))
        });
        at
    }

    /// Notes that a workload used so much, in cores or MiB, at a time in seconds since 1970.
    pub fn note(&mut self, workload: usize, resource: Resource, seconds: i64, used: f64) {
        let slot = seconds.div_euclid(SLOT);
        self.span = Some(self.span.map_or((slot, slot), |(first, last)| (first.min(slot), last.max(slot))));
        // A time far off would take memory for all that lies between; the span says so in the end.
        if self.days() > LONGEST {
            return;
        }
        if let Some(series) = self.workloads.get_mut(workload).and_then(|found| found.series.get_mut(resource as usize))
        {
            series.get_or_insert_default().note(slot, level(used));
        }
    }

    /// Notes how many replicas there were.
    pub fn note_replicas(&mut self, workload: usize, replicas: u32) {
        self.count(workload, Replicas::of(replicas));
    }

    fn count(&mut self, workload: usize, counted: Replicas) {
        if let Some(found) = self.workloads.get_mut(workload) {
            found.replicas = Some(found.replicas.map_or(counted, |known| known.and(counted)));
        }
    }

    /// The number of a pod, by what tells it from others of its workload.
    pub(super) fn pod(&self, told: impl Hash) -> u64 {
        self.hasher.hash_one(told)
    }

    /// Notes which pod a sample was of.
    pub(super) fn note_pod(&mut self, workload: usize, resource: Resource, seconds: i64, pod: u64) {
        let found =
            self.workloads.get_mut(workload).and_then(|found| found.series.get_mut(resource as usize)?.as_mut());
        if let Some(series) = found {
            series.pods.note(pod, seconds.div_euclid(SLOT));
        }
    }

    /// Notes where a workload runs.
    pub fn note_environment(&mut self, workload: usize, environment: &str) {
        if let Some(found) = self.workloads.get_mut(workload)
            && !found.environments.contains(environment)
        {
            found.environments.insert(environment.to_owned());
        }
    }

    /// Notes what the usage table states of request and limit; the latest counts, of one time the largest.
    pub fn note_stated(&mut self, workload: usize, resource: Resource, seconds: i64, stated: Stated) {
        let kept = self.workloads.get_mut(workload).and_then(|found| found.stated.get_mut(resource as usize));
        if let Some(kept) = kept
            && kept.is_none_or(|known| (seconds, stated) > known)
        {
            *kept = Some((seconds, stated));
        }
    }

    /// Days from the first to the last sample, begun ones too.
    pub fn days(&self) -> i64 {
        self.span.map_or(0, |(first, last)| (last - first) / DAY as i64 + 1)
    }

    /// The slot after the last sample.
    pub fn end(&self) -> Option<i64> {
        self.span.map(|(_, last)| last + 1)
    }

    /// The slot of the first sample.
    pub fn start(&self) -> Option<i64> {
        self.span.map(|(first, _)| first)
    }

    /// Adds what another part of the same usage holds.
    pub fn merge(&mut self, other: Self) {
        if let Some((first, last)) = other.span {
            self.span = Some(self.span.map_or((first, last), |(a, b)| (a.min(first), b.max(last))));
        }
        for theirs in other.workloads {
            let at = self.workload(&theirs.name);
            if let Some(counted) = theirs.replicas {
                self.count(at, counted);
            }
            for environment in &theirs.environments {
                self.note_environment(at, environment);
            }
            for (resource, stated) in Resource::ALL.into_iter().zip(theirs.stated) {
                if let Some((seconds, stated)) = stated {
                    self.note_stated(at, resource, seconds, stated);
                }
            }
            let Some(ours) = self.workloads.get_mut(at) else { continue };
            for (mine, series) in ours.series.iter_mut().zip(theirs.series) {
                match (mine.as_mut(), series) {
                    (_, None) => {}
                    (None, Some(series)) => *mine = Some(series),
                    (Some(mine), Some(series)) => {
                        for (at, sample) in series.levels.iter().enumerate().filter(|(_, sample)| **sample != ABSENT) {
                            mine.note(series.first + at as i64, *sample);
                        }
                        mine.pods.merge(series.pods);
                    }
                }
            }
        }
    }

    /// The workloads in order of name.
    pub fn workloads(&self) -> Vec<&Workload> {
        let by_name: BTreeMap<&str, &Workload> =
            self.workloads.iter().map(|workload| (workload.name.as_str(), workload)).collect();
        by_name.into_values().collect()
    }
}
