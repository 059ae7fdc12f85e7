//! Which alarms are news? Incidents that merge, grow, rest, return, and can be acknowledged.
//!
//! An alarm joins the incident that already holds half of its accounts, as over history
//! ([`crate::groups::incidents`]); here two incidents that come to share half of the smaller one are
//! merged besides, and only what is news is told: a new incident, a quarter more accounts, a finer
//! grade, a return after a day of rest, a merger. What was acknowledged stays silent until it has
//! grown by half.

use crate::post::Millis;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An incident with no alarm for so long rests.
pub const REST: Millis = 24 * 3_600_000;

/// Incidents that are remembered; beyond that the one that has rested longest is forgotten.
const MOST: usize = 10_000;

/// Why an alarm is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Why {
    /// Nobody of these, or too few, were named together before.
    New,
    /// A quarter more accounts are named than when it was told last.
    Grown,
    /// The accounts were seen together at a shorter gap than before.
    Faster,
    /// It rested for a day and is back.
    Returned,
    /// It took in other incidents.
    Merged,
}

/// Accounts that alarms have named together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incident {
    /// Its number, in the order of appearance, from 1.
    pub number: u64,
    /// Its accounts, ascending.
    pub accounts: Vec<String>,
    /// Time of its first alarm.
    pub first: Millis,
    /// Time of its latest alarm.
    pub latest: Millis,
    /// Alarms that it holds.
    pub alarms: u64,
    /// How often it was told.
    pub told: u32,
    /// Shortest scale of its alarms, in seconds.
    pub fastest_s: i64,
    /// Numbers of the incidents that it took in.
    pub absorbed: Vec<u64>,
    /// Accounts that it had when somebody acknowledged it.
    pub acknowledged: Option<usize>,
    told_accounts: usize,
    told_at: Millis,
}

/// What to tell of an alarm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    /// The incident.
    pub incident: u64,
    /// Why.
    pub why: Why,
    /// Accounts named since it was told last.
    pub new_accounts: Vec<String>,
    /// Incidents taken in now.
    pub absorbed: Vec<u64>,
    /// When it was told last.
    pub last_told: Option<Millis>,
}

/// The incidents of a stream.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Registry {
    incidents: BTreeMap<u64, Incident>,
    of_account: BTreeMap<String, Vec<u64>>,
    /// Accounts of each incident that were named and not yet told.
    untold: BTreeMap<u64, Vec<String>>,
    numbered: u64,
}

impl Registry {
    /// Takes the next alarm in time order; returns what is news about it.
    pub fn alarm(&mut self, time: Millis, scale_s: i64, core: &[String]) -> Option<News> {
        let number = self.incident_of(time, scale_s, core);
        let absorbed = self.absorb_into(number);
        let news = self.news(number, time, scale_s, absorbed);
        self.forget();
        news
    }

    fn incident_of(&mut self, time: Millis, scale_s: i64, core: &[String]) -> u64 {
        let mut shared: BTreeMap<u64, usize> = BTreeMap::new();
        for account in core {
            for &number in self.of_account.get(account).into_iter().flatten() {
                *shared.entry(number).or_default() += 1;
            }
        }
        let number = shared
            .into_iter()
            .filter(|&(_, shared)| shared * 2 >= core.len())
            .max_by_key(|&(number, shared)| (shared, std::cmp::Reverse(number)))
            .map_or_else(
                || {
                    self.numbered += 1;
                    self.numbered
                },
                |(number, _)| number,
            );
        let incident = self.incidents.entry(number).or_insert_with(|| Incident {
            number,
            accounts: Vec::new(),
            first: time,
            latest: time,
            alarms: 0,
            told: 0,
            fastest_s: scale_s,
            absorbed: Vec::new(),
            acknowledged: None,
            told_accounts: 0,
            told_at: time,
        });
        incident.alarms += 1;
        let untold = self.untold.entry(number).or_default();
        for account in core {
            if let Err(place) = incident.accounts.binary_search(account) {
                incident.accounts.insert(place, account.clone());
                self.of_account
                    .entry(account.clone())
                    .or_default()
                    .push(number);
                untold.push(account.clone());
            }
        }
        number
    }

    /// Takes in every other incident that shares half of the smaller of the two.
    fn absorb_into(&mut self, number: u64) -> Vec<u64> {
        let mut absorbed = Vec::new();
        loop {
            let incident = &self.incidents[&number];
            let mut shared: BTreeMap<u64, usize> = BTreeMap::new();
            for account in &incident.accounts {
                for &other in &self.of_account[account] {
                    if other != number {
                        *shared.entry(other).or_default() += 1;
                    }
                }
            }
            let other = shared.into_iter().find(|(other, shared)| {
                let smaller = self.incidents[other]
                    .accounts
                    .len()
                    .min(incident.accounts.len());
                shared * 2 >= smaller
            });
            let Some((other, _)) = other else {
                return absorbed;
            };
            let Some(gone) = self.remove(other) else {
                return absorbed;
            };
            let into = self.incidents.entry(number).and_modify(|into| {
                into.first = into.first.min(gone.first);
                into.alarms += gone.alarms;
                into.fastest_s = into.fastest_s.min(gone.fastest_s);
                into.absorbed.push(other);
                into.absorbed.extend(&gone.absorbed);
            });
            let std::collections::btree_map::Entry::Occupied(mut into) = into else {
                return absorbed;
            };
            let into = into.get_mut();
            for account in gone.accounts {
                if let Err(place) = into.accounts.binary_search(&account) {
                    into.accounts.insert(place, account.clone());
                    self.of_account
                        .entry(account.clone())
                        .or_default()
                        .push(number);
                    self.untold.entry(number).or_default().push(account);
                }
            }
            absorbed.push(other);
        }
    }

    fn news(
        &mut self,
        number: u64,
        time: Millis,
        scale_s: i64,
        absorbed: Vec<u64>,
    ) -> Option<News> {
        let incident = self.incidents.get_mut(&number)?;
        let accounts = incident.accounts.len();
        let rested = incident.told > 0 && time - incident.latest >= REST;
        let faster = scale_s < incident.fastest_s;
        let grown = accounts > incident.told_accounts
            && (accounts - incident.told_accounts) * 4 >= incident.told_accounts;
        incident.latest = time;
        incident.fastest_s = incident.fastest_s.min(scale_s);
        let why = if incident.told == 0 {
            Why::New
        } else if !absorbed.is_empty() {
            Why::Merged
        } else if rested {
            Why::Returned
        } else if grown {
            Why::Grown
        } else if faster {
            Why::Faster
        } else {
            return None;
        };
        if let Some(then) = incident.acknowledged {
            if accounts * 2 < then * 3 {
                return None;
            }
            incident.acknowledged = None;
        }
        let last_told = (incident.told > 0).then_some(incident.told_at);
        incident.told += 1;
        incident.told_accounts = accounts;
        incident.told_at = time;
        let mut new_accounts = self.untold.remove(&number).unwrap_or_default();
        new_accounts.sort_unstable();
        Some(News {
            incident: number,
            why,
            new_accounts,
            absorbed,
            last_told,
        })
    }

    /// Keeps an incident silent until it has grown by half. `false` if there is none with this number.
    pub fn acknowledge(&mut self, number: u64) -> bool {
        let found = self.incidents.get_mut(&number);
        let known = found.is_some();
        if let Some(incident) = found {
            incident.acknowledged = Some(incident.accounts.len());
        }
        known
    }

    /// The incident with this number.
    pub fn get(&self, number: u64) -> Option<&Incident> {
        self.incidents.get(&number)
    }

    /// The incidents that are remembered, oldest first.
    pub fn list(&self) -> impl Iterator<Item = &Incident> {
        self.incidents.values()
    }

    /// How many were opened so far.
    pub fn opened(&self) -> u64 {
        self.numbered
    }

    fn remove(&mut self, number: u64) -> Option<Incident> {
        let gone = self.incidents.remove(&number)?;
        self.untold.remove(&number);
        for account in &gone.accounts {
            if let Some(numbers) = self.of_account.get_mut(account) {
                numbers.retain(|&other| other != number);
                if numbers.is_empty() {
                    self.of_account.remove(account);
                }
            }
        }
        Some(gone)
    }

    fn forget(&mut self) {
        while self.incidents.len() > MOST {
            let oldest = self
                .incidents
                .values()
                .min_by_key(|incident| (incident.latest, incident.number))
                .map(|incident| incident.number);
            let Some(oldest) = oldest else { return };
            self.remove(oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    fn why(registry: &mut Registry, time: Millis, scale_s: i64, core: &str) -> Option<(u64, Why)> {
        registry
            .alarm(time, scale_s, &names(core))
            .map(|news| (news.incident, news.why))
    }

    #[test]
    fn only_what_is_news_is_told() {
        let mut registry = Registry::default();
        assert_eq!(why(&mut registry, 1, 300, "a b c"), Some((1, Why::New)));
        assert_eq!(why(&mut registry, 2, 300, "a b"), None);
        assert_eq!(why(&mut registry, 3, 60, "a b"), Some((1, Why::Faster)));
        assert_eq!(why(&mut registry, 4, 60, "a b d"), Some((1, Why::Grown)));
        assert_eq!(
            why(&mut registry, 4 + REST, 60, "a d"),
            Some((1, Why::Returned))
        );
        assert_eq!(why(&mut registry, 5 + REST, 60, "x y"), Some((2, Why::New)));
    }

    #[test]
    fn incidents_that_come_to_share_half_are_merged() {
        let mut registry = Registry::default();
        registry.alarm(1, 60, &names("a b c d"));
        registry.alarm(2, 60, &names("p q"));
        let news = registry.alarm(3, 60, &names("a b p")).unwrap();
        assert_eq!((news.incident, news.why), (1, Why::Merged));
        assert_eq!(news.absorbed, [2]);
        assert_eq!(news.new_accounts, ["p", "q"]);
        assert_eq!(registry.list().count(), 1);
        assert_eq!(registry.get(1).unwrap().accounts, names("a b c d p q"));
    }

    #[test]
    fn what_is_acknowledged_stays_silent_until_it_has_grown_by_half() {
        let mut registry = Registry::default();
        registry.alarm(1, 60, &names("a b c d"));
        assert!(registry.acknowledge(1) && !registry.acknowledge(9));
        assert_eq!(why(&mut registry, 2, 10, "a b c e"), None);
        assert_eq!(why(&mut registry, 3, 10, "a b c f"), Some((1, Why::Grown)));
        assert_eq!(
            registry.get(1).unwrap().accounts.len(),
            6,
            "four and a half more"
        );
    }
}
