//! Alarms merged into incidents: the same people turning up again are one finding.
//!
//! In time order, an alarm joins the incident that already holds at least half of its accounts (the
//! one that holds most, then the oldest), else it opens a new one.

use crate::post::Millis;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Accounts that alarms have named together. What an account is called is the caller's choice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incident<A = u32> {
    /// The accounts, ascending.
    pub accounts: Vec<A>,
    /// Time of the first alarm.
    pub first: Millis,
    /// Time of the latest alarm.
    pub latest: Millis,
    /// How many alarms it holds.
    pub alarms: u32,
}

/// Incidents so far.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Incidents<A: Ord = u32> {
    incidents: Vec<Incident<A>>,
    of_account: BTreeMap<A, Vec<u32>>,
}

impl<A: Ord> Default for Incidents<A> {
    fn default() -> Self {
        Self {
            incidents: Vec::new(),
            of_account: BTreeMap::new(),
        }
    }
}

impl<A: Ord + Clone> Incidents<A> {
    /// Takes the next alarm in time order; returns the index of its incident and the accounts that
    /// are new to it.
    pub fn alarm(&mut self, time: Millis, core: &[A]) -> (usize, Vec<A>) {
        let mut held: Vec<(u32, u32)> = Vec::new();
        for account in core {
            for &incident in self.of_account.get(account).into_iter().flatten() {
                match held.iter_mut().find(|entry| entry.0 == incident) {
                    Some(entry) => entry.1 += 1,
                    None => held.push((incident, 1)),
                }
            }
        }
        let index = held
            .iter()
            .filter(|(_, shared)| *shared as usize * 2 >= core.len())
            .max_by_key(|(incident, shared)| (*shared, std::cmp::Reverse(*incident)))
            .map_or(self.incidents.len(), |(incident, _)| *incident as usize);
        if index == self.incidents.len() {
            self.incidents.push(Incident {
                accounts: Vec::new(),
                first: time,
                latest: time,
                alarms: 0,
            });
        }
        let incident = &mut self.incidents[index];
        incident.latest = time;
        incident.alarms += 1;
        let mut new = Vec::new();
        for account in core {
            if let Err(place) = incident.accounts.binary_search(account) {
                incident.accounts.insert(place, account.clone());
                self.of_account
                    .entry(account.clone())
                    .or_default()
                    .push(u32::try_from(index).expect("incidents are numbered in 32 bits"));
                new.push(account.clone());
            }
        }
        (index, new)
    }

    /// The incidents, oldest first.
    pub fn list(&self) -> &[Incident<A>] {
        &self.incidents
    }

    /// The incidents, oldest first.
    pub fn into_list(self) -> Vec<Incident<A>> {
        self.incidents
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alarm_joins_the_incident_that_holds_half_of_it() {
        let mut incidents: Incidents = Incidents::default();
        assert_eq!(incidents.alarm(1, &[1, 2, 3]), (0, vec![1, 2, 3]));
        assert_eq!(incidents.alarm(2, &[7, 8]), (1, vec![7, 8]));
        assert_eq!(incidents.alarm(3, &[3, 2, 4, 5]), (0, vec![4, 5]));
        assert_eq!(
            incidents.alarm(4, &[1, 7]),
            (0, vec![7]),
            "a tie goes to the oldest"
        );
        assert_eq!(incidents.alarm(5, &[1, 10, 11]), (2, vec![1, 10, 11]));
        assert_eq!(incidents.list()[0].accounts, [1, 2, 3, 4, 5, 7]);
    }
}
