//! Maps here and maps of the standard library do the same.

use std::collections::{BTreeMap as Known, BTreeSet as KnownSet};
use std::ops::Bound;

use proptest::prelude::*;

use super::{BTreeMap, BTreeSet};

#[derive(Clone, Debug)]
enum Step {
    Insert(u16, u8),
    Remove(u16),
    Count(u16),
    Halve(u16),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let key = || prop_oneof![0_u16..12, 0_u16..900];
    let step = prop_oneof![
        8 => (key(), any::<u8>()).prop_map(|(key, value)| Step::Insert(key, value)),
        3 => key().prop_map(Step::Remove),
        3 => key().prop_map(Step::Count),
        1 => (400_u16..900).prop_map(Step::Halve),
    ];
    // In order, by which full leaves are left behind, and then as it comes.
    (0_u16..700, prop::collection::vec(step, 0..600)).prop_map(|(count, steps)| {
        let first = (0..count).map(|key| Step::Insert(key, 0));
        first.chain(steps).collect()
    })
}

proptest! {
    #[test]
    fn any_steps_lead_to_the_same(steps in steps(), bounds in any::<(u16, u16)>()) {
        let (mut ours, mut theirs) = (BTreeMap::new(), Known::new());
        for step in steps {
            match step {
                Step::Insert(key, value) => prop_assert_eq!(ours.insert(key, value), theirs.insert(key, value)),
                Step::Remove(key) => prop_assert_eq!(ours.remove(&key), theirs.remove(&key)),
                Step::Count(key) => {
                    *ours.entry(key).and_modify(|value| *value = value.wrapping_add(1)).or_insert(7) |= 1;
                    *theirs.entry(key).and_modify(|value| *value = value.wrapping_add(1)).or_insert(7) |= 1;
                }
                Step::Halve(least) => {
                    ours.retain(|key, _| *key < least || key % 2 == 0);
                    theirs.retain(|key, _| *key < least || key % 2 == 0);
                }
            }
            prop_assert_eq!(ours.len(), theirs.len());
        }
        prop_assert!(ours.iter().eq(&theirs));
        prop_assert!(ours.iter().rev().eq(theirs.iter().rev()));
        prop_assert_eq!(ours.iter().len(), theirs.len());
        prop_assert_eq!(ours.first_key_value(), theirs.first_key_value());
        prop_assert_eq!(ours.last_key_value(), theirs.last_key_value());
        let (low, high) = (bounds.0 % 900, bounds.0 % 900 + bounds.1 % 300);
        prop_assert!(ours.range(low..high).eq(theirs.range(low..high)));
        prop_assert!(ours.range(low..=high).rev().eq(theirs.range(low..=high).rev()));
        prop_assert!(ours.range(..low).eq(theirs.range(..low)) && ours.range(high..).eq(theirs.range(high..)));
        let behind = (Bound::Excluded(low), Bound::Unbounded);
        prop_assert_eq!(ours.range(behind).len(), theirs.range(behind).count());
        let (mut mixed, mut known) = (ours.iter(), theirs.iter());
        for _ in 0..theirs.len() {
            prop_assert_eq!(mixed.next(), known.next());
            prop_assert_eq!(mixed.next_back(), known.next_back());
            prop_assert_eq!(mixed.len(), known.len());
        }
        prop_assert_eq!(serde_json::to_string(&ours).unwrap(), serde_json::to_string(&theirs).unwrap());
        prop_assert_eq!(serde_json::from_str::<BTreeMap<u16, u8>>(&serde_json::to_string(&theirs).unwrap()).unwrap(), ours.clone());
        for (ours, theirs) in ours.values_mut().zip(theirs.values_mut()) {
            *ours /= 2;
            *theirs /= 2;
        }
        prop_assert!(ours.into_iter().rev().eq(theirs.into_iter().rev()));
    }

    #[test]
    fn sets_are_the_same(a in prop::collection::vec(0_u8..40, 0..90), b in prop::collection::vec(0_u8..40, 0..90)) {
        let (ours, theirs) = (a.iter().copied().collect::<BTreeSet<_>>(), a.iter().copied().collect::<KnownSet<_>>());
        let (other, known) = (b.iter().copied().collect::<BTreeSet<_>>(), b.iter().copied().collect::<KnownSet<_>>());
        prop_assert!(ours.intersection(&other).eq(theirs.intersection(&known)));
        prop_assert!(ours.difference(&other).eq(theirs.difference(&known)));
        prop_assert_eq!(ours.cmp(&other), theirs.cmp(&known));
        prop_assert_eq!(ours == other, theirs == known);
        prop_assert!(ours.into_iter().eq(theirs));
    }
}
