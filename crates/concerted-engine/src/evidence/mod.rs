//! What would convince a careful reader, and what speaks against it?
//!
//! For each group the joint acts with every post behind them, who came first how often, and every
//! innocent reading; for each pair that is more than chance the posts it met in.

use crate::groups::Group;
use crate::groups::score::Scorer;
use crate::labels::facts::{Facts, Reach};
use crate::labels::{Reading, readings};
use crate::normalize::Understood;
use crate::pairs::median;
use crate::post::Millis;
use crate::share::{Corpus, ObjectKind};

/// A post behind a joint act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActPost {
    /// Number of the post, in canonical order.
    pub post: u32,
    /// The account.
    pub account: u32,
    /// When.
    pub time: Millis,
    /// Time since the first post of the act.
    pub lag: Millis,
}

/// Members share one object within the group's window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JointAct {
    /// The object.
    pub object: u32,
    /// The posts, earliest first.
    pub posts: Vec<ActPost>,
    /// Accounts outside the group that shared the object, at any time.
    pub outsiders: u32,
}

/// Everything that a reader needs to judge one group.
#[derive(Clone, Debug, PartialEq)]
pub struct Dossier {
    /// The group.
    pub group: Group,
    /// Its joint acts, in time order.
    pub acts: Vec<JointAct>,
    /// How often each member was first, in the order of the members.
    pub first_count: Vec<u32>,
    /// Places of the detectors whose objects the acts are on, in the corpus's list.
    pub detectors: Vec<u8>,
    /// Every innocent reading that matches, the strongest first.
    pub readings: Vec<Reading>,
    /// Median lag behind the first post of an act.
    pub median_lag: Millis,
    /// Time of the first and the last post of an act.
    pub span: (Millis, Millis),
}

impl Dossier {
    /// What most of its acts are on, in words.
    pub fn mostly(&self, corpus: &Corpus) -> ObjectKind {
        let mut counts: Vec<(usize, ObjectKind)> = Vec::new();
        for act in &self.acts {
            let kind = corpus.objects.kind[act.object as usize];
            match counts.iter_mut().find(|entry| entry.1 == kind) {
                Some(entry) => entry.0 += 1,
                None => counts.push((1, kind)),
            }
        }
        counts
            .into_iter()
            .max_by_key(|&(count, kind)| (count, std::cmp::Reverse(kind)))
            .map_or(ObjectKind::Unknown, |entry| entry.1)
    }
}

/// The dossiers of these groups, the unlabelled first, each part in the order given.
pub fn dossiers(
    groups: &[Group],
    corpus: &Corpus,
    understood: &Understood<'_>,
    scorer: &mut Scorer<'_>,
    declared: &[bool],
) -> Vec<Dossier> {
    let reach = Reach::new(corpus);
    let mut dossiers: Vec<Dossier> = groups
        .iter()
        .map(|group| {
            let facts = Facts::new(group, corpus, understood, scorer, &reach, declared);
            dossier(&facts)
        })
        .collect();
    // The sort is stable: the best first within each part.
    dossiers.sort_by_key(|dossier| !dossier.readings.is_empty());
    dossiers
}

fn dossier(facts: &Facts<'_>) -> Dossier {
    let traces = facts.traces();
    let mut first_count = vec![0; facts.accounts.len()];
    let mut lags = Vec::new();
    let mut detectors = Vec::new();
    let acts: Vec<JointAct> = facts
        .acts
        .iter()
        .map(|run| {
            let own = &facts.slots[run.from as usize..run.to as usize];
            let opened = traces.time[run.first as usize];
            let posts: Vec<ActPost> = own
                .iter()
                .map(|&slot| {
                    let slot = slot as usize;
                    let time = traces.time[slot];
                    ActPost {
                        post: traces.post[slot],
                        account: traces.account[slot],
                        time,
                        lag: time - opened,
                    }
                })
                .collect();
            lags.extend(posts.iter().skip(1).map(|post| post.lag));
            let first = facts
                .accounts
                .binary_search(&posts[0].account)
                .expect("an act is the group's");
            first_count[first] += 1;
            let object = traces.object[run.first as usize];
            detectors.push(facts.corpus().objects.detector[object as usize]);
            let inside = facts
                .joint
                .iter()
                .find(|joint| joint.object == object)
                .map_or(0, |joint| joint.outsiders);
            JointAct {
                object,
                posts,
                outsiders: u32::try_from(inside).unwrap_or(u32::MAX),
            }
        })
        .collect();
    lags.sort_unstable();
    detectors.sort_unstable();
    detectors.dedup();
    Dossier {
        group: facts.group.clone(),
        first_count,
        detectors,
        readings: readings(facts),
        median_lag: if lags.is_empty() { 0 } else { median(&lags) },
        span: facts.span().unwrap_or((0, 0)),
        acts,
    }
}
