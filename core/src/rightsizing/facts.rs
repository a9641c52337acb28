//! A workload as an allocation policy sees it.

use std::borrow::Cow;

use super::usage::Usage;
use crate::allocation::Policy;
use crate::condition::{Facts, Field};

/// The facts of a workload, so that the rules that say whose charges are say whose workloads are: its whole name is the
/// `resource_id`, the last part of it the `resource_name`; the tag `namespace` has the first part of a name of several, and
/// the tag `environment` where it runs.
#[derive(Clone, Copy, Debug)]
pub struct WorkloadFacts<'w> {
    name: &'w str,
    environment: Option<&'w str>,
}

impl<'w> WorkloadFacts<'w> {
    /// The facts of a workload of this name.
    pub fn of(name: &'w str, environment: Option<&'w str>) -> Self {
        Self { name, environment }
    }

    /// Whose the workload is by a policy: its dimensions in their order, each with the value, `None` where no rule gives one.
    pub fn owner(&self, policy: &Policy) -> Vec<(String, Option<String>)> {
        let values = policy.allocate(self).values;
        let values = values.into_iter().map(|value| value.as_deref().map(str::to_owned));
        policy.dimensions().iter().cloned().zip(values).collect()
    }
}

impl Usage {
    /// Takes the environment of workloads that name none from the policy: its dimension `environment`.
    pub fn name_environments(&mut self, policy: &Policy) {
        for (name, environments) in self.environments_mut().filter(|(_, environments)| environments.is_empty()) {
            let owner = WorkloadFacts::of(name, None).owner(policy);
            environments.extend(owner.into_iter().find(|(name, _)| name == "environment").and_then(|(_, value)| value));
        }
    }
}

impl Facts for WorkloadFacts<'_> {
    fn field(&self, field: Field) -> Option<Cow<'_, str>> {
        let text = match field {
            Field::ResourceId => self.name,
            Field::ResourceName => self.name.rsplit('/').next().unwrap_or(self.name),
            _ => return None,
        };
        Some(text).filter(|text| !text.is_empty()).map(Cow::Borrowed)
    }

    fn tag(&self, key: &str) -> Option<Cow<'_, str>> {
        let text = match key {
            "environment" => self.environment,
            "namespace" => self.name.split_once('/').map(|(namespace, _)| namespace),
            _ => None,
        };
        text.filter(|text| !text.is_empty()).map(Cow::Borrowed)
    }

    fn tag_keys(&self) -> Vec<String> {
        ["environment", "namespace"].into_iter().filter(|key| self.tag(key).is_some()).map(str::to_owned).collect()
    }
}
