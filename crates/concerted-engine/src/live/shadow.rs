//! What does chance give on this very stream? The machine again, on a copy in which accounts have
//! changed places within the hour.
//!
//! What was shared when stays, and so does how active everybody was; who shared it is chance. Whatever
//! the machine raises here is a chance alarm, so their number can be held against the promise.

use super::numbers::{Numbers, hash};
use crate::controls::permute::{Span, Units};
use crate::groups::incidents::Incidents;
use crate::groups::sequential::{GroupEProcess, SequentialPlan};
use crate::post::Millis;
use crate::share::{Corpus, ObjectKind, Share};
use serde::{Deserialize, Serialize};

const HOUR: Millis = 3_600_000;

/// Shares that change places together at most, so that a flood does not fill the memory.
const MOST: usize = 200_000;

/// A share that waits for its hour to end.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct ShadowShare {
    pub(super) time: Millis,
    pub(super) account: u64,
    pub(super) object: u64,
    pub(super) message: u64,
    pub(super) platform: u64,
    pub(super) detector: u8,
}

/// The copy.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Shadow {
    seed: u64,
    /// One object in so many is followed, with all its shares.
    one_in: u64,
    machine: GroupEProcess,
    accounts: Numbers,
    objects: Numbers,
    hour: Millis,
    hours: u64,
    shares: Vec<ShadowShare>,
    alarms: u64,
    incidents: Incidents<String>,
    shed: u64,
}

impl Shadow {
    pub(super) fn new(plan: &SequentialPlan, one_in: u64, seed: u64) -> Self {
        let mut machine = GroupEProcess::new(plan);
        machine.released();
        Self {
            seed,
            one_in: one_in.max(1),
            machine,
            accounts: Numbers::default(),
            objects: Numbers::default(),
            hour: Millis::MIN,
            hours: 0,
            shares: Vec::new(),
            alarms: 0,
            incidents: Incidents::default(),
            shed: 0,
        }
    }

    /// Takes the next share in canonical order.
    pub(super) fn push(&mut self, share: ShadowShare, most_bytes: usize) {
        let hour = share.time.div_euclid(HOUR);
        if hour != self.hour || self.shares.len() >= MOST {
            self.end_hour(most_bytes);
            self.hour = hour;
        }
        if share.object.is_multiple_of(self.one_in) {
            self.shares.push(share);
        }
    }

    /// Lets the accounts of the hour change places, and looks at the copy.
    pub(super) fn end_hour(&mut self, most_bytes: usize) {
        let shares = std::mem::take(&mut self.shares);
        if shares.is_empty() {
            return;
        }
        let (mut accounts, mut objects) = (Local::default(), Local::default());
        let (mut messages, mut platforms) = (Local::default(), Local::default());
        let mut corpus = Corpus::default();
        for share in &shares {
            let post = messages.number(share.message);
            if corpus.platform.len() == post as usize {
                let platform = platforms.number(share.platform);
                corpus
                    .platform
                    .push(u8::try_from(platform).unwrap_or(u8::MAX));
                corpus.message.push(post);
            }
            let object = objects.number(share.object);
            if corpus.objects.len() == object as usize {
                let kind = ObjectKind::Unknown;
                corpus.objects.push(share.detector, kind, "", None, None);
            }
            corpus.shares.push(Share {
                time: share.time,
                account: accounts.number(share.account),
                object,
                post,
            });
        }
        let permuted = Units::new(&corpus).permuted(Span::Hour, self.seed, self.hours);
        self.hours += 1;
        for share in permuted {
            let account = &accounts.names[share.account as usize].to_string();
            let object = &objects.names[share.object as usize].to_string();
            let (account, object) = (
                self.accounts.number(account).0,
                self.objects.number(object).0,
            );
            let (alarms, incidents, names) =
                (&mut self.alarms, &mut self.incidents, &self.accounts);
            self.machine.push(share.time, account, object, |bet| {
                if bet.alarm {
                    *alarms += 1;
                    let core: Vec<String> = bet
                        .core
                        .iter()
                        .map(|&account| names.name(account).to_owned())
                        .collect();
                    incidents.alarm(bet.time, &core);
                }
            });
            while self.bytes() > most_bytes && self.machine.shed() {
                self.shed += 1;
                self.give_back();
            }
            self.give_back();
        }
    }

    fn give_back(&mut self) {
        let (accounts, objects) = self.machine.released();
        for account in accounts {
            self.accounts.free(account);
        }
        for object in objects {
            self.objects.free(object);
        }
    }

    /// Shares looked at, and what chance raised on them: alarms, and incidents that they make up.
    pub(super) fn seen(&self) -> (u64, u64, u64) {
        (
            self.machine.shares(),
            self.alarms,
            self.incidents.list().len() as u64,
        )
    }

    pub(super) fn bytes(&self) -> usize {
        self.machine.held().bytes
            + self.accounts.bytes()
            + self.objects.bytes()
            + self.shares.len() * size_of::<ShadowShare>()
    }

    pub(super) fn index_again(&mut self) {
        self.accounts.index_again();
        self.objects.index_again();
    }
}

/// Names of one hour, numbered by first appearance.
#[derive(Default)]
struct Local {
    names: Vec<u64>,
    numbers: hashbrown::HashMap<u64, u32, rustc_hash::FxBuildHasher>,
}

impl Local {
    fn number(&mut self, name: u64) -> u32 {
        let next = u32::try_from(self.names.len()).expect("an hour holds few enough");
        let number = *self.numbers.entry(name).or_insert(next);
        if number == next {
            self.names.push(name);
        }
        number
    }
}

/// The name under which something is known to the copy.
pub(super) fn name(parts: &[&str]) -> u64 {
    parts.iter().fold(0, |name, part| {
        crate::normalize::grams::mix(name ^ hash(part))
    })
}
