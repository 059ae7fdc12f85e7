//! The loop: take what comes, tell what is news, store the state.

use crate::WatchError;
use crate::checkpoint;
use crate::journal::Journal;
use crate::source::{Position, Source};
use crate::wire::{Speaker, utc};
use concerted_engine::live::{Event, Live, LivePlan, Status};
use concerted_engine::post::Millis;
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// What is stored.
#[derive(Debug, Serialize, Deserialize)]
struct Stored {
    live: Live,
    position: Position,
    /// Bytes of the journal that this state has written.
    journal: u64,
    refused: u64,
    acknowledged: Vec<u64>,
}

/// How a watch runs.
#[derive(Clone, Debug)]
pub struct Config {
    /// Folder of the state; without one nothing survives the process.
    pub state: Option<PathBuf>,
    /// The file of alerts, where one is kept.
    pub journal: Option<PathBuf>,
    /// Posts after which the state is stored.
    pub every_posts: u64,
    /// Time after which the state is stored.
    pub every: Duration,
    /// How long a source may stand still before posts that wait are looked at.
    pub stall: Duration,
}

/// Names of the files in the folder of the state.
pub mod files {
    /// The state.
    pub const STATE: &str = "watch.state";
    /// How the watch stands, for `--status`.
    pub const STATUS: &str = "status.json";
    /// Numbers of incidents that somebody acknowledged, one a line.
    pub const ACKNOWLEDGED: &str = "acknowledged.txt";
    /// The alerts.
    pub const JOURNAL: &str = "alerts.jsonl";
    /// The key of the pseudonyms.
    pub const KEY: &str = "pseudonym.key";
    /// How many bytes of the journal the webhook has got.
    pub const WEBHOOK: &str = "webhook.delivered";
    /// How many bytes of the journal the command has got.
    pub const COMMAND: &str = "command.delivered";
}

/// A watch, taken up where it was left.
#[derive(Debug)]
pub struct Watch {
    config: Config,
    stored: Stored,
    journal: Option<Journal>,
    speaker: Speaker,
    day: Option<i64>,
    since_posts: u64,
    since: Instant,
    quiet_since: Instant,
    settled: bool,
    late_told: u64,
    ahead_told: u64,
}

impl Watch {
    /// Takes up the watch of a folder, or begins one under this plan. The plan of a watch that goes on
    /// is the one it was begun with.
    pub fn new(config: Config, plan: &LivePlan, speaker: Speaker) -> Result<Self, WatchError> {
        let state = config
            .state
            .as_ref()
            .map(|folder| folder.join(files::STATE));
        let stored: Option<Stored> = state
            .as_deref()
            .map(checkpoint::load)
            .transpose()?
            .flatten();
        let stored = match stored {
            Some(mut stored) => {
                stored.live.take_up();
                stored
            }
            None => Stored {
                live: Live::new(plan),
                position: Position::default(),
                journal: 0,
                refused: 0,
                acknowledged: Vec::new(),
            },
        };
        let journal = config
            .journal
            .as_deref()
            .map(|path| Journal::open(path, stored.journal))
            .transpose()?;
        let counts = stored.live.status().counts;
        Ok(Self {
            day: counts.now.map(day),
            late_told: counts.late,
            ahead_told: counts.ahead,
            config,
            stored,
            journal,
            speaker,
            since_posts: 0,
            since: Instant::now(),
            quiet_since: Instant::now(),
            settled: true,
        })
    }

    /// Where the source has to be taken up.
    pub fn position(&self) -> Position {
        self.stored.position.clone()
    }

    /// The plan that it runs under.
    pub fn plan(&self) -> &LivePlan {
        self.stored.live.plan()
    }

    /// Takes the next batch from the source. Alerts go to `out` as lines, everything else to `say`.
    /// Returns whether the source has ended.
    pub fn step(
        &mut self,
        source: &mut dyn Source,
        wait: Duration,
        out: &mut dyn FnMut(&str) -> std::io::Result<()>,
        say: &mut dyn FnMut(&str),
    ) -> Result<bool, WatchError> {
        let batch = source.next(wait)?;
        for note in &batch.notes {
            say(note);
        }
        self.stored.refused += batch.refused;
        self.since_posts += batch.posts.len() as u64;
        if !batch.posts.is_empty() {
            self.quiet_since = Instant::now();
            self.settled = false;
        }
        for post in batch.posts {
            self.stored.live.arrive(post);
        }
        let mut events = Vec::new();
        let mut keep = |event| {
            if let Event::Alert(alert) = event {
                events.push(alert);
            }
        };
        if batch.ended {
            self.stored.live.drain(&mut keep);
        } else {
            self.stored.live.release(&mut keep);
            if !self.settled && self.quiet_since.elapsed() >= self.config.stall {
                self.stored.live.settle(&mut keep);
                self.settled = true;
            }
        }
        for alert in events {
            let line = self.speaker.line(&alert);
            let text = serde_json::to_string(&line).map_err(|error| WatchError::State {
                path: PathBuf::from(files::JOURNAL),
                why: error.to_string(),
            })?;
            let new = match &mut self.journal {
                Some(journal) => journal.append(&line.id, &text)?,
                None => true,
            };
            if new {
                out(&text).map_err(WatchError::io(Path::new("standard output")))?;
            }
        }
        self.stored.position = source.position();
        self.tell_of_clocks(say);
        self.tell_of_the_day(say);
        let due = self.since_posts >= self.config.every_posts
            || (self.since_posts > 0 && self.since.elapsed() >= self.config.every);
        if due || batch.ended {
            self.store()?;
        }
        Ok(batch.ended)
    }

    /// Says what came too late and whose clock is ahead; once for many.
    fn tell_of_clocks(&mut self, say: &mut dyn FnMut(&str)) {
        let counts = self.stored.live.status().counts;
        let late = counts.late - self.late_told;
        if late > 0 && (self.late_told == 0 || counts.late >= 2 * self.late_told) {
            say(&format!(
                "{} of {} posts came later than --lateness allows and were left out",
                counts.late, counts.arrived
            ));
            self.late_told = counts.late;
        }
        let ahead = counts.ahead - self.ahead_told;
        if ahead > 0 && (self.ahead_told == 0 || counts.ahead >= 2 * self.ahead_told) {
            say(&format!(
                "{} of {} posts have a clock far ahead of all others and wait for their time",
                counts.ahead, counts.arrived
            ));
            self.ahead_told = counts.ahead;
        }
    }

    /// One line for each day of the stream.
    fn tell_of_the_day(&mut self, say: &mut dyn FnMut(&str)) {
        let Some(now) = self.stored.live.status().counts.now else {
            return;
        };
        let today = day(now);
        if self.day.is_some_and(|day| day < today) {
            say(&self.summary());
        }
        self.day = Some(today);
    }

    /// How the watch stands, in one sentence or two.
    pub fn summary(&self) -> String {
        summary(&self.stored.live.status(), self.stored.refused)
    }

    /// How the watch stands.
    pub fn status(&self) -> Status {
        self.stored.live.status()
    }

    /// Stores the state, and takes note of what was acknowledged meanwhile.
    pub fn store(&mut self) -> Result<(), WatchError> {
        self.since_posts = 0;
        self.since = Instant::now();
        let Some(folder) = self.config.state.clone() else {
            return Ok(());
        };
        let acknowledged =
            std::fs::read_to_string(folder.join(files::ACKNOWLEDGED)).unwrap_or_default();
        for number in acknowledged
            .lines()
            .filter_map(|line| line.trim().parse().ok())
        {
            if !self.stored.acknowledged.contains(&number) && self.stored.live.acknowledge(number) {
                self.stored.acknowledged.push(number);
            }
        }
        if let Some(journal) = &mut self.journal {
            self.stored.journal = journal.sync()?;
        }
        let bytes = checkpoint::store(&folder.join(files::STATE), &self.stored)?;
        let status = status_json(&self.stored.live.status(), self.stored.refused, bytes);
        checkpoint::replace(&folder.join(files::STATUS), &[status.as_bytes()])
    }
}

fn day(time: Millis) -> i64 {
    time.div_euclid(24 * 3_600_000)
}

/// How a watch stands, in words.
pub fn summary(status: &Status, refused: u64) -> String {
    let counts = &status.counts;
    let now = counts.now.map_or_else(|| "-".to_owned(), utc);
    let mut text = format!(
        "{now}: {} posts, {} shares, {} alerts of {} incidents; {} repeated, {} too late, {} refused",
        counts.posts,
        counts.shares,
        counts.alerts,
        status.incidents,
        counts.repeated,
        counts.late,
        refused
    );
    let promise = match status.alarms_per_day {
        Some(day) => format!("{day} a day"),
        None => format!("{} per million shares", status.alarms_per_million),
    };
    if status.chance_shares > 0 {
        let millions = status.chance_shares as f64 / 1e6;
        let _ = write!(
            text,
            "; by chance: {} incidents on {} shares with accounts permuted within the hour, {:.1} per million; promised at most {promise}",
            status.chance_incidents,
            status.chance_shares,
            status.chance_incidents as f64 / millions
        );
    } else {
        let _ = write!(text, "; chance alarms promised at most {promise}");
    }
    if counts.shed > 0 {
        let _ = write!(
            text,
            "; {} things forgotten to stay within the memory",
            counts.shed
        );
    }
    text
}

fn status_json(status: &Status, refused: u64, state_bytes: u64) -> String {
    let counts = &status.counts;
    let json = serde_json::json!({
        "format": "concerted watch status 1",
        "summary": summary(status, refused),
        "now": counts.now.map(utc),
        "arrived": counts.arrived,
        "posts": counts.posts,
        "repeated": counts.repeated,
        "late": counts.late,
        "ahead": counts.ahead,
        "refused": refused,
        "shares": counts.shares,
        "alarms": counts.alarms,
        "alerts": counts.alerts,
        "incidents": status.incidents,
        "waiting": status.waiting,
        "memory_bytes": status.bytes,
        "state_bytes": state_bytes,
        "forgotten": counts.shed,
        "promised_chance_alarms_per_million_shares": status.alarms_per_day.is_none().then_some(status.alarms_per_million),
        "promised_chance_alarms_per_day": status.alarms_per_day,
        "permuted_shares": status.chance_shares,
        "permuted_alarms": status.chance_alarms,
        "permuted_incidents": status.chance_incidents,
    });
    let mut text = serde_json::to_string_pretty(&json).unwrap_or_default();
    text.push('\n');
    text
}
