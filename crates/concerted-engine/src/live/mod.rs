//! The watch as a pure machine: posts arrive, alerts leave, and nothing is known before its time.
//!
//! A post waits until no post that is on time can come before it, is understood, put to the detectors,
//! and its shares go to the same group e-process that a scan runs over history
//! ([`crate::groups::sequential`]). What that raises is gathered into incidents, and what is news
//! about them is told, with the posts it rests on. Everything is a function of the posts in canonical
//! order: no clock, no file, no chance but the seed. The whole state can be stored and taken up again.

pub mod incidents;
mod looks_like;
mod numbers;
mod shadow;
mod things;
mod waiting;

pub use looks_like::LooksLike;
pub use waiting::Arrival;

use crate::detectors::{self, DETECTORS, Detector};
use crate::groups::sequential::{Act, Bet, GroupEProcess, SequentialPlan};
use crate::normalize::near_duplicates::TextPlan;
use crate::normalize::text_index::TextIndex;
use crate::normalize::understand_next;
use crate::post::{Millis, Post, Posts};
use hashbrown::HashSet;
use incidents::{News, Registry, Why};
use rustc_hash::FxBuildHasher;
use serde::{Deserialize, Serialize};
use shadow::{Shadow, ShadowShare};
use std::collections::VecDeque;
use things::Things;
use waiting::Waiting;

/// Longest gap between two accounts, in seconds, that counts as synchronised.
pub const SYNCHRONISED_S: i64 = 60;

/// Longest gap that counts as probably timed.
pub const PROBABLY_TIMED_S: i64 = 300;

/// Posts understood together at most.
const TOGETHER: usize = 1_024;

/// Joint acts that an alert lists, the latest.
const ACTS: usize = 50;

/// What a watch is set to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LivePlan {
    /// Ids of the behaviours to look for.
    pub detectors: Vec<String>,
    /// The machine.
    pub sequential: SequentialPlan,
    /// How late a post may be, in milliseconds. Every alert waits as long.
    pub lateness: Millis,
    /// Bytes that the state may take up.
    pub memory: usize,
    /// The copy without signal follows one object in so many; 0 for no copy.
    pub shadow_one_in: u64,
    /// Seed of the copy.
    pub seed: u64,
}

impl Default for LivePlan {
    fn default() -> Self {
        Self {
            detectors: DETECTORS
                .iter()
                .map(|detector| detector.id.to_owned())
                .collect(),
            sequential: SequentialPlan {
                blitz: true,
                ..SequentialPlan::default()
            },
            lateness: 60_000,
            memory: 512 << 20,
            shadow_one_in: 1,
            seed: 1,
        }
    }
}

/// How a group of shares lies in time, in words.
pub fn grade(scale_s: i64) -> &'static str {
    if scale_s <= SYNCHRONISED_S {
        "synchronised"
    } else if scale_s <= PROBABLY_TIMED_S {
        "probably timed"
    } else {
        "same items, timing not shown"
    }
}

/// An account: its platform and its id there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AccountId {
    /// The platform, empty where the source does not say.
    pub platform: String,
    /// The id.
    pub id: String,
}

impl AccountId {
    fn of(name: &str) -> Self {
        let (platform, id) = name.split_once('\0').unwrap_or(("", name));
        Self {
            platform: platform.to_owned(),
            id: id.to_owned(),
        }
    }
}

/// The machine raised an alarm: a candidate's E reached its bar and is higher than ever.
#[derive(Clone, Debug, PartialEq)]
pub struct Alarm {
    /// When, on the clock of the posts.
    pub time: Millis,
    /// The scale in seconds.
    pub scale_s: i64,
    /// The accounts that it names.
    pub core: Vec<AccountId>,
}

/// A post behind a joint act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActPost {
    /// Who.
    pub account: AccountId,
    /// When.
    pub time: Millis,
    /// The platform's id of the post; `None` where it was forgotten to stay within the memory.
    pub post: Option<String>,
}

/// A thing that accounts put before people together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JointAct {
    /// The behaviour.
    pub detector: &'static str,
    /// What it is: a canonical link, a text, the id of a post.
    pub object: String,
    /// The posts, in order of time.
    pub posts: Vec<ActPost>,
    /// Whether it is later than the last alert of this incident.
    pub new: bool,
}

/// News about an incident.
#[derive(Clone, Debug, PartialEq)]
pub struct Alert {
    /// Number of the incident, from 1.
    pub incident: u64,
    /// How many alerts of this incident there are by now.
    pub update: u32,
    /// Why it is told.
    pub why: Why,
    /// When, on the clock of the posts.
    pub time: Millis,
    /// Time of the incident's first alarm.
    pub first: Millis,
    /// Alarms so far.
    pub alarms: u64,
    /// Every account of the incident.
    pub accounts: Vec<AccountId>,
    /// Those named since the last alert.
    pub new_accounts: Vec<AccountId>,
    /// Incidents that it took in.
    pub absorbed: Vec<u64>,
    /// The accounts of the group that raised the alarm.
    pub core: Vec<AccountId>,
    /// The scale in seconds.
    pub scale_s: i64,
    /// How the shares lie in time, in words.
    pub grade: &'static str,
    /// Bets won.
    pub hits: u32,
    /// Bets in all.
    pub trials: u32,
    /// ln E.
    pub ln_e: f64,
    /// What ln E had to reach.
    pub ln_bar: f64,
    /// Joint acts of the core that are remembered, oldest first; the latest fifty.
    pub acts: Vec<JointAct>,
    /// How many joint acts there are.
    pub act_count: usize,
    /// Innocent readings that fit.
    pub looks_like: Vec<LooksLike>,
}

/// What the watch tells.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The machine raised an alarm, whether or not it is news.
    Alarm(Alarm),
    /// Something about an incident is news.
    Alert(Box<Alert>),
}

/// What was counted so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Posts that arrived.
    pub arrived: u64,
    /// Posts understood.
    pub posts: u64,
    /// Posts left out because they came before.
    pub repeated: u64,
    /// Posts left out because they came too late.
    pub late: u64,
    /// Posts whose clock was far ahead of everybody else's.
    pub ahead: u64,
    /// Shares.
    pub shares: u64,
    /// Alarms.
    pub alarms: u64,
    /// Alerts.
    pub alerts: u64,
    /// Accounts, bursts and lone shares forgotten to stay within the memory.
    pub shed: u64,
    /// Latest time of a post that was understood.
    pub now: Option<Millis>,
}

/// How a watch stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Status {
    /// What was counted.
    pub counts: Counts,
    /// Posts that wait for those that are late.
    pub waiting: usize,
    /// Incidents opened so far.
    pub incidents: u64,
    /// Estimated bytes of the state.
    pub bytes: usize,
    /// Promised at most: chance alarms per million shares.
    pub alarms_per_million: f64,
    /// Promised at most: chance alarms per day, where that is the promise.
    pub alarms_per_day: Option<f64>,
    /// Shares of the copy without signal.
    pub chance_shares: u64,
    /// Alarms on it.
    pub chance_alarms: u64,
    /// Incidents that they make up.
    pub chance_incidents: u64,
}

/// The watch.
#[derive(Debug, Serialize, Deserialize)]
pub struct Live {
    plan: LivePlan,
    waiting: Waiting,
    known: Known,
    #[serde(with = "stored_texts")]
    texts: TextIndex,
    things: Things,
    machine: GroupEProcess,
    shadow: Option<Shadow>,
    incidents: Registry,
    counts: Counts,
}

impl Live {
    /// A watch that has seen nothing. Unknown detectors are left out.
    pub fn new(plan: &LivePlan) -> Self {
        let mut machine = GroupEProcess::new(&plan.sequential);
        machine.released();
        Self {
            waiting: Waiting::new(plan.lateness, plan.memory / 4),
            known: Known::new(plan.memory / 512),
            texts: TextIndex::new(TextPlan::default(), (plan.memory / 8_192).max(1_000)),
            things: Things::default(),
            machine,
            shadow: (plan.shadow_one_in > 0)
                .then(|| Shadow::new(&plan.sequential, plan.shadow_one_in, plan.seed)),
            incidents: Registry::default(),
            counts: Counts::default(),
            plan: plan.clone(),
        }
    }

    /// The plan.
    pub fn plan(&self) -> &LivePlan {
        &self.plan
    }

    /// Takes a post in, in any order.
    pub fn arrive(&mut self, post: Post) -> Arrival {
        self.counts.arrived += 1;
        let arrival = self.waiting.arrive(post);
        match arrival {
            Arrival::OnTime => {}
            Arrival::Ahead(_) => self.counts.ahead += 1,
            Arrival::Late(_) => self.counts.late += 1,
        }
        arrival
    }

    /// Looks at every post whose turn it is, and tells what it finds.
    pub fn release(&mut self, tell: &mut dyn FnMut(Event)) {
        while self.look_at_some(&|_| false, tell) {}
    }

    /// Looks at every post that waits, since none comes any more.
    pub fn drain(&mut self, tell: &mut dyn FnMut(Event)) {
        while self.look_at_some(&|_| true, tell) {}
        if let Some(shadow) = &mut self.shadow {
            shadow.end_hour(self.plan.memory / 4);
        }
    }

    /// Looks at every post that waits, save those ahead of the clock of all others, since the stream
    /// stands still.
    pub fn settle(&mut self, tell: &mut dyn FnMut(Event)) {
        while self.look_at_some(
            &|waiting| match (waiting.first_time(), waiting.latest()) {
                (Some(first), Some(latest)) => first <= latest,
                _ => false,
            },
            tell,
        ) {}
    }

    /// Keeps an incident silent until it has grown by half. `false` if there is none with this number.
    pub fn acknowledge(&mut self, incident: u64) -> bool {
        self.incidents.acknowledge(incident)
    }

    /// The incidents that are remembered.
    pub fn incidents(&self) -> &Registry {
        &self.incidents
    }

    /// How the watch stands.
    pub fn status(&self) -> Status {
        let (chance_shares, chance_alarms, chance_incidents) =
            self.shadow.as_ref().map(Shadow::seen).unwrap_or_default();
        Status {
            counts: self.counts,
            waiting: self.waiting.len(),
            incidents: self.incidents.opened(),
            bytes: self.bytes(),
            alarms_per_million: self.plan.sequential.alarms_per_million,
            alarms_per_day: self.plan.sequential.alarms_per_day,
            chance_shares,
            chance_alarms,
            chance_incidents,
        }
    }

    /// Makes what is not stored again; to be called once on a state that was read back.
    pub fn take_up(&mut self) {
        self.things.index_again();
        self.known.index_again();
        if let Some(shadow) = &mut self.shadow {
            shadow.index_again();
        }
    }

    fn bytes(&self) -> usize {
        self.machine.held().bytes
            + self.things.bytes()
            + self.waiting.bytes()
            + self.known.bytes()
            + self.texts.len() * TEXT_BYTES
            + self.shadow.as_ref().map_or(0, Shadow::bytes)
    }

    fn look_at_some(
        &mut self,
        all: &dyn Fn(&Waiting) -> bool,
        tell: &mut dyn FnMut(Event),
    ) -> bool {
        let mut posts = Posts::default();
        while posts.len() < TOGETHER {
            let all = all(&self.waiting);
            let Some(post) = self.waiting.next(all) else {
                break;
            };
            if self.known.is_new(&post) {
                posts.push(&post);
            } else {
                self.counts.repeated += 1;
            }
        }
        if posts.is_empty() {
            return false;
        }
        self.look_at(&posts, tell);
        true
    }

    fn look_at(&mut self, posts: &Posts, tell: &mut dyn FnMut(Event)) {
        let detectors: Vec<&'static Detector> = self
            .plan
            .detectors
            .iter()
            .filter_map(|id| detectors::by_id(id))
            .collect();
        let understood = understand_next(posts, &mut self.texts);
        let corpus = understood.corpus(&detectors, 1);
        self.counts.posts += understood.len() as u64;
        self.counts.repeated += understood.duplicates.len() as u64;
        for share in &corpus.shares {
            let view = understood.view(share.post as usize);
            let post = view.post();
            let code = share.object as usize;
            let objects = &corpus.objects;
            let domain = objects.domain[code].map(|domain| objects.domains.name(domain));
            let author = objects.author[code].map(|author| objects.authors.name(author));
            let (detector, key) = (objects.detector[code], objects.key.get(code));
            let name = format!("{}\0{}", post.platform(), post.account_id());
            let account = self.things.account(&name);
            let object = self
                .things
                .object(detector, objects.kind[code], key, domain, author);
            self.things.saw(object, account, share.time, post.post_id());
            if let Some(shadow) = &mut self.shadow {
                let share = ShadowShare {
                    time: share.time,
                    account: shadow::name(&[&name]),
                    object: shadow::name(&[&detector.to_string(), key]),
                    message: if post.post_id().is_empty() {
                        shadow::name(&[&name, &share.time.to_string(), post.text()])
                    } else {
                        shadow::name(&[&name, post.post_id()])
                    },
                    platform: shadow::name(&[post.platform()]),
                    detector,
                };
                shadow.push(share, self.plan.memory / 4);
            }
            self.push(share.time, account, object, &detectors, tell);
            self.stay_within_memory();
        }
        self.counts.now = understood
            .order
            .last()
            .map(|&row| posts.get(row as usize).time())
            .max(self.counts.now);
    }

    /// Forgets the oldest until the state fits. Asked at every 64th share and nowhere else, and of
    /// nothing that depends on how posts arrived, so that it forgets the same whatever their order.
    fn stay_within_memory(&mut self) {
        if !self.counts.shares.is_multiple_of(64) {
            return;
        }
        let shadow = if self.shadow.is_some() {
            self.plan.memory / 4
        } else {
            0
        };
        // What posts that wait, texts, and names of posts take up has limits of its own.
        let others = self.plan.memory / 4 + self.plan.memory / 8 + self.plan.memory / 16;
        let room = self.plan.memory - others - shadow;
        while self.machine.held().bytes + self.things.bytes() > room && self.machine.shed() {
            self.counts.shed += 1;
            self.give_back();
        }
    }

    fn push(
        &mut self,
        time: Millis,
        account: u32,
        object: u32,
        detectors: &[&'static Detector],
        tell: &mut dyn FnMut(Event),
    ) {
        self.counts.shares += 1;
        let mut raised: Vec<Raised> = Vec::new();
        self.machine.push(time, account, object, |bet| {
            if bet.alarm {
                raised.push(Raised::from(bet));
            }
        });
        for raised in raised {
            self.counts.alarms += 1;
            let core: Vec<String> = raised
                .core
                .iter()
                .map(|&account| self.things.accounts.name(account).to_owned())
                .collect();
            tell(Event::Alarm(Alarm {
                time: raised.time,
                scale_s: raised.scale_s,
                core: core.iter().map(|name| AccountId::of(name)).collect(),
            }));
            if let Some(news) = self.incidents.alarm(raised.time, raised.scale_s, &core) {
                self.counts.alerts += 1;
                if let Some(alert) = self.alert(&raised, &news, &core, detectors) {
                    tell(Event::Alert(Box::new(alert)));
                }
            }
        }
        self.give_back();
    }

    fn alert(
        &self,
        raised: &Raised,
        news: &News,
        core: &[String],
        detectors: &[&'static Detector],
    ) -> Option<Alert> {
        let incident = self.incidents.get(news.incident)?;
        let ids = |names: &[String]| -> Vec<AccountId> {
            names.iter().map(|name| AccountId::of(name)).collect()
        };
        let acts = self.acts(raised);
        let looks_like = looks_like::looks_like(
            &acts,
            &self.things,
            raised.scale_s,
            incident.first,
            raised.time,
        );
        let skipped = acts.len().saturating_sub(ACTS);
        Some(Alert {
            incident: news.incident,
            update: incident.told,
            why: news.why,
            time: raised.time,
            first: incident.first,
            alarms: incident.alarms,
            accounts: ids(&incident.accounts),
            new_accounts: ids(&news.new_accounts),
            absorbed: news.absorbed.clone(),
            core: {
                let mut core = ids(core);
                core.sort_unstable();
                core
            },
            scale_s: raised.scale_s,
            grade: grade(raised.scale_s),
            hits: raised.hits,
            trials: raised.trials,
            ln_e: raised.ln_e,
            ln_bar: raised.ln_bar,
            act_count: acts.len(),
            acts: acts[skipped..]
                .iter()
                .map(|act| self.joint_act(act, news, detectors))
                .collect(),
            looks_like,
        })
    }

    /// The joint acts of the group that raised an alarm; the share that raised it has just been put
    /// into its burst, so the act that it belongs to is among them.
    fn acts(&self, raised: &Raised) -> Vec<Act> {
        self.machine.acts(raised.scale, &raised.core)
    }

    fn joint_act(&self, act: &Act, news: &News, detectors: &[&'static Detector]) -> JointAct {
        let thing = self.things.thing(act.object);
        let mut posts: Vec<ActPost> = act
            .shares
            .iter()
            .map(|&(account, time)| ActPost {
                account: AccountId::of(self.things.accounts.name(account)),
                time,
                post: self
                    .things
                    .post(act.object, account, time)
                    .map(str::to_owned),
            })
            .collect();
        posts.sort_by(|a, b| (a.time, &a.account).cmp(&(b.time, &b.account)));
        JointAct {
            detector: detectors
                .get(usize::from(thing.detector))
                .map_or("", |detector| detector.id),
            object: self.things.key(act.object).to_owned(),
            new: news
                .last_told
                .is_none_or(|told| posts.last().is_some_and(|last| last.time > told)),
            posts,
        }
    }

    fn give_back(&mut self) {
        let (accounts, objects) = self.machine.released();
        if !accounts.is_empty() || !objects.is_empty() {
            self.things.release(&accounts, &objects);
        }
    }
}

/// Estimated bytes of a remembered text with its bands.
const TEXT_BYTES: usize = 1_024;

/// An alarm before it has names.
struct Raised {
    time: Millis,
    scale: usize,
    scale_s: i64,
    hits: u32,
    trials: u32,
    ln_e: f64,
    ln_bar: f64,
    core: Vec<u32>,
}

impl From<&Bet<'_>> for Raised {
    fn from(bet: &Bet<'_>) -> Self {
        Self {
            time: bet.time,
            scale: bet.scale,
            scale_s: bet.scale_s,
            hits: bet.hits,
            trials: bet.trials,
            ln_e: bet.ln_e,
            ln_bar: bet.ln_bar,
            core: bet.core.to_vec(),
        }
    }
}

/// The latest posts by what they are called, so that a post delivered twice counts once.
#[derive(Debug, Serialize, Deserialize)]
struct Known {
    most: usize,
    order: VecDeque<u64>,
    #[serde(skip)]
    names: HashSet<u64, FxBuildHasher>,
}

impl Known {
    fn new(most: usize) -> Self {
        Self {
            most: most.max(10_000),
            order: VecDeque::new(),
            names: HashSet::default(),
        }
    }

    fn is_new(&mut self, post: &Post) -> bool {
        if post.post_id.is_empty() {
            return true;
        }
        let mut parts = vec![&*post.platform, &*post.account_id, &*post.post_id];
        // Rows of a share table name one object each, so a row with another object is no repetition.
        for (kind, id) in &post.objects {
            parts.extend([&**kind, &**id]);
        }
        let name = shadow::name(&parts);
        if !self.names.insert(name) {
            return false;
        }
        self.order.push_back(name);
        if self.order.len() > self.most
            && let Some(oldest) = self.order.pop_front()
        {
            self.names.remove(&oldest);
        }
        true
    }

    fn bytes(&self) -> usize {
        self.order.len() * 24
    }

    fn index_again(&mut self) {
        self.names = self.order.iter().copied().collect();
    }
}

/// Stores the index of texts by its representatives, from which the rest is made again.
mod stored_texts {
    use super::{TextIndex, TextPlan};
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Serialize, Deserialize)]
    struct Stored {
        capacity: usize,
        oldest: u64,
        texts: Vec<String>,
    }

    pub(super) fn serialize<S: Serializer>(
        index: &TextIndex,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let (oldest, texts) = index.remembered();
        Stored {
            capacity: index.capacity(),
            oldest,
            texts: texts.map(str::to_owned).collect(),
        }
        .serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<TextIndex, D::Error> {
        let stored = Stored::deserialize(deserializer)?;
        Ok(TextIndex::restore(
            TextPlan::default(),
            stored.capacity,
            stored.oldest,
            stored.texts.iter().map(String::as_str),
        ))
    }
}

#[cfg(test)]
mod tests;
