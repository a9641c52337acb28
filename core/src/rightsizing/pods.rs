//! How many pods a workload had: when each was seen, so that parts merge in any order and no pod counts twice.

use crate::order::{BTreeMap, Order as _};

/// A pod is there between two samples that are at most so many slots apart: an hour, as coarse exports step.
const JOINED: i64 = 12;

/// The most and the fewest are not of this part of the time at either end, a twentieth: while a release rolls out old pods
/// stand beside new ones, and a lost node leaves too few.
const ODD: u64 = 20;

/// When pods were there: by pod and the first slot the last, of one pod further apart than joined ones. What is kept grows with
/// pods and not with samples.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Pods {
    runs: BTreeMap<(u64, i64), i64>,
}

/// How many replicas there were.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Replicas {
    pub(super) most: u32,
    pub(super) fewest: u32,
    /// The sum of all counts, and how many there are.
    sum: u64,
    counts: u64,
}

impl Replicas {
    /// One count.
    pub(super) fn of(count: u32) -> Self {
        Self { most: count, fewest: count, sum: u64::from(count), counts: 1 }
    }

    /// With other counts.
    pub(super) fn and(self, other: Self) -> Self {
        Self {
            most: self.most.max(other.most),
            fewest: self.fewest.min(other.fewest),
            sum: self.sum.saturating_add(other.sum),
            counts: self.counts.saturating_add(other.counts),
        }
    }

    /// The mean, to the nearest whole and at least one where there ever was one. Counts that come at equal times make it the
    /// mean over time.
    pub fn mean(self) -> Option<u32> {
        let twice = self.sum.checked_mul(2)?.checked_add(self.counts)?;
        let mean = twice.checked_div(self.counts.checked_mul(2)?)?;
        u32::try_from(mean.max(u64::from(self.sum > 0))).ok()
    }

    /// Whether their number changed.
    pub(super) fn vary(self) -> bool {
        self.fewest != self.most
    }
}

impl Pods {
    /// Notes that a pod was there.
    pub(super) fn note(&mut self, pod: u64, slot: i64) {
        self.join(pod, slot, slot);
    }

    /// Adds what another part saw.
    pub(super) fn merge(&mut self, other: Self) {
        for ((pod, first), last) in other.runs {
            self.join(pod, first, last);
        }
    }

    fn join(&mut self, pod: u64, first: i64, mut last: i64) {
        // Runs that it reaches, the latest first: it takes them in, and the earliest may take it in.
        while let Some(((known, from), to)) = self.runs.range(..=(pod, last + JOINED)).next_back() {
            let (from, to) = (*from, *to);
            if *known != pod || to + JOINED < first {
                break;
            }
            last = last.max(to);
            if from <= first {
                if let Some(kept) = self.runs.get_mut(&(pod, from)) {
                    *kept = last;
                }
                return;
            }
            self.runs.remove(&(pod, from));
        }
        self.runs.insert((pod, first), last);
    }

    /// How many there were at once, of the slots at which there was any; `slots` are in order.
    pub(super) fn count(&self, slots: impl Iterator<Item = i64>) -> Option<Replicas> {
        let mut changes: Vec<(i64, i32)> =
            self.runs.iter().flat_map(|((_, first), last)| [(*first, 1), (*last + 1, -1)]).collect();
        changes.order();
        let mut changes = changes.into_iter().peekable();
        let (mut now, mut times) = (0_u32, BTreeMap::<u32, u64>::new());
        for slot in slots {
            while let Some((_, change)) = changes.next_if(|(at, _)| *at <= slot) {
                now = now.saturating_add_signed(change);
            }
            if now > 0 {
                *times.entry(now).or_default() += 1;
            }
        }
        let counts: u64 = times.values().sum();
        let at = |rank: u64| {
            let mut passed = 0;
            let reached = times.iter().find(|(_, slots)| {
                passed += **slots;
                passed > rank
            });
            reached.map(|(count, _)| *count)
        };
        Some(Replicas {
            most: at(counts.checked_sub(1 + counts / ODD)?)?,
            fewest: at(counts / ODD)?,
            sum: times.iter().map(|(count, slots)| u64::from(*count) * slots).sum(),
            counts,
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn seen(samples: &[(u64, i64)]) -> Pods {
        let mut pods = Pods::default();
        for (pod, slot) in samples {
            pods.note(*pod, *slot);
        }
        pods
    }

    #[test]
    fn a_rollout_is_no_autoscaler() {
        // Two pods for a day, replaced one by one within half an hour.
        let of = |pod, from, to| (from..to).map(move |slot| (pod, slot));
        let samples: Vec<_> =
            of(1, 0, 140).chain(of(2, 0, 143)).chain(of(3, 138, 288)).chain(of(4, 140, 288)).collect();
        let counted = seen(&samples).count(0..288).unwrap();
        assert_eq!((counted.fewest, counted.most, counted.mean()), (2, 2, Some(2)));
        // A third for a quarter of the day is.
        let more: Vec<_> = samples.into_iter().chain(of(5, 100, 172)).collect();
        assert!(seen(&more).count(0..288).unwrap().vary());
    }

    #[test]
    fn hours_without_any_do_not_count() {
        let counted = seen(&[(1, 0), (2, 0), (1, 12), (2, 12)]).count([0, 12, 24, 36].into_iter()).unwrap();
        assert_eq!((counted.fewest, counted.most, counted.mean()), (2, 2, Some(2)));
        assert_eq!(Pods::default().count(0..9), None);
    }

    proptest! {
        #[test]
        fn neither_order_nor_parts_nor_repetition_show(
            samples in prop::collection::vec((0_u64..4, 0_i64..120), 1..60), cut in 0_usize..60, turn in 0_usize..60
        ) {
            let whole = seen(&samples);
            let mut turned = samples.clone();
            turned.rotate_left(turn % samples.len());
            let (one, other) = turned.split_at(cut.min(turned.len()));
            let mut parts = seen(one);
            parts.merge(seen(other));
            parts.merge(seen(one));
            prop_assert_eq!(&parts, &whole);
            // Where no gap is joined, the count is that of distinct pods by slot.
            let apart: Vec<_> = samples.iter().map(|(pod, slot)| (*pod, slot * 20)).collect();
            let slots: std::collections::BTreeSet<i64> = apart.iter().map(|(_, slot)| *slot).collect();
            let distinct: std::collections::BTreeSet<(u64, i64)> = apart.iter().copied().collect();
            let counted = seen(&apart).count(slots.iter().copied()).unwrap();
            prop_assert_eq!((counted.sum, counted.counts), (distinct.len() as u64, slots.len() as u64));
        }
    }
}
