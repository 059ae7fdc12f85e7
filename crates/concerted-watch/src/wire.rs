//! An alert as it is written and sent: the published lines of `alerts.jsonl`, with their schema.

use concerted_engine::live::incidents::Why;
use concerted_engine::live::{AccountId, Alert, JointAct};
use concerted_engine::post::Millis;
use concerted_formats::case::pseudonym::PseudonymKey;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The word in `format`; it changes whenever the meaning of a field does.
pub const FORMAT: &str = "concerted alert 1";

/// One line of `alerts.jsonl`: news about accounts that act in concert.
///
/// It says that their joint acts are more than chance allows at the stated rate, and shows the posts.
/// It does not say who is behind it, whether it is covert, or that any of it is false.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AlertLine {
    /// `concerted alert 1`.
    pub format: String,
    /// Name of this alert: of the watch, the incident and the update. A receiver that gets it twice
    /// got the same alert twice.
    pub id: String,
    /// Name of the watch (`--name`).
    pub watch: String,
    /// Number of the incident, from 1.
    pub incident: u64,
    /// How many alerts of this incident there are by now, from 1.
    pub update: u32,
    /// Why it is told now: `new`, `grown`, `faster`, `returned` or `merged`.
    pub why: String,
    /// `coordinated`: all that is claimed.
    pub finding: String,
    /// How the shares lie in time: `synchronised` (gaps of at most 60 s), `probably timed` (300 s), or
    /// `same items, timing not shown`.
    pub grade: String,
    /// Time of the post that raised the alarm, in UTC.
    pub time: String,
    /// Time of the incident's first alarm, in UTC.
    pub first: String,
    /// Alarms of the incident so far.
    pub alarms: u64,
    /// Every account of the incident.
    pub accounts: Vec<String>,
    /// Those named since the last alert of this incident.
    pub new_accounts: Vec<String>,
    /// The accounts that raised this alarm.
    pub core: Vec<String>,
    /// Numbers of the incidents that this one took in.
    pub absorbed: Vec<u64>,
    /// Longest gap between two accounts of one act, in seconds.
    pub scale_s: i64,
    /// Bets won: joins that the group had bet on.
    pub hits: u32,
    /// Bets in all.
    pub trials: u32,
    /// Natural logarithm of the evidence E.
    pub ln_e: f64,
    /// What it had to reach.
    pub ln_bar: f64,
    /// Chance alarms that the bar allows for: so many per million shares, or per day.
    pub promise: Promise,
    /// Joint acts of the core that are remembered, oldest first, at most fifty.
    pub acts: Vec<ActLine>,
    /// How many joint acts are remembered.
    pub act_count: usize,
    /// Innocent readings that fit. None of them silences an alert.
    pub looks_like: Vec<ReadingLine>,
    /// The reason that was given for showing account ids; without it accounts are pseudonyms.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revealed: Option<String>,
}

/// Chance alarms that are expected at most.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Promise {
    /// How many.
    pub alarms: f64,
    /// In how many shares; absent where the promise is per day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per_shares: Option<u64>,
    /// In how many days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per_days: Option<u64>,
}

/// A thing that accounts put before people together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ActLine {
    /// The behaviour, as `concerted detectors` lists them.
    pub detector: String,
    /// What it is: a canonical link, a text, the id of a post.
    pub object: String,
    /// Whether it is later than the last alert of this incident.
    pub new: bool,
    /// The posts, in order of time.
    pub posts: Vec<PostLine>,
}

/// A post behind a joint act.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PostLine {
    /// Who.
    pub account: String,
    /// When, in UTC.
    pub time: String,
    /// The platform's id of the post; absent where it was forgotten to stay within the memory. Where the
    /// id contains that of the account, the pseudonym stands in its place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub post: Option<String>,
}

/// An innocent reading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReadingLine {
    /// `single-outlet`, `audience`, `slow-same-items` or `standing`.
    pub label: String,
    /// What it rests on.
    pub because: String,
}

/// How alerts are put into words.
#[derive(Clone, Debug)]
pub struct Speaker {
    /// Name of the watch.
    pub name: String,
    /// The key of the pseudonyms.
    pub key: PseudonymKey,
    /// The reason for showing account ids.
    pub reveal: Option<String>,
    /// What was promised.
    pub promise: Promise,
}

impl Speaker {
    /// The line of an alert.
    pub fn line(&self, alert: &Alert) -> AlertLine {
        AlertLine {
            format: FORMAT.to_owned(),
            id: format!("{}-{}-{}", self.name, alert.incident, alert.update),
            watch: self.name.clone(),
            incident: alert.incident,
            update: alert.update,
            why: match alert.why {
                Why::New => "new",
                Why::Grown => "grown",
                Why::Faster => "faster",
                Why::Returned => "returned",
                Why::Merged => "merged",
            }
            .to_owned(),
            finding: "coordinated".to_owned(),
            grade: alert.grade.to_owned(),
            time: utc(alert.time),
            first: utc(alert.first),
            alarms: alert.alarms,
            accounts: self.accounts(&alert.accounts),
            new_accounts: self.accounts(&alert.new_accounts),
            core: self.accounts(&alert.core),
            absorbed: alert.absorbed.clone(),
            scale_s: alert.scale_s,
            hits: alert.hits,
            trials: alert.trials,
            ln_e: thousandths(alert.ln_e),
            ln_bar: thousandths(alert.ln_bar),
            promise: self.promise,
            acts: alert.acts.iter().map(|act| self.act(act)).collect(),
            act_count: alert.act_count,
            looks_like: alert
                .looks_like
                .iter()
                .map(|reading| ReadingLine {
                    label: reading.label.to_owned(),
                    because: reading.because.clone(),
                })
                .collect(),
            revealed: self.reveal.clone(),
        }
    }

    fn accounts(&self, accounts: &[AccountId]) -> Vec<String> {
        let mut names: Vec<String> = accounts
            .iter()
            .map(|account| self.account(account))
            .collect();
        names.sort_unstable();
        names
    }

    fn account(&self, account: &AccountId) -> String {
        if self.reveal.is_some() {
            account.id.clone()
        } else {
            self.key.name_of(&account.id)
        }
    }

    fn act(&self, act: &JointAct) -> ActLine {
        ActLine {
            detector: act.detector.to_owned(),
            object: act.object.clone(),
            new: act.new,
            posts: act
                .posts
                .iter()
                .map(|post| {
                    let account = self.account(&post.account);
                    let id = post.post.as_ref().filter(|id| !id.is_empty());
                    PostLine {
                        post: id.map(|id| id.replace(&post.account.id, &account)),
                        account,
                        time: utc(post.time),
                    }
                })
                .collect(),
        }
    }
}

fn thousandths(value: f64) -> f64 {
    (value * 1e3).round() / 1e3
}

/// A time as RFC 3339 has it, to the millisecond.
pub fn utc(time: Millis) -> String {
    jiff::Timestamp::from_millisecond(time).map_or_else(
        |_| time.to_string(),
        |time| {
            jiff::fmt::temporal::DateTimePrinter::new()
                .precision(Some(3))
                .timestamp_to_string(&time)
        },
    )
}

/// The schema of a line, as pretty-printed JSON with a line end.
pub fn schema() -> String {
    let mut schema = schemars::schema_for!(AlertLine);
    schema.insert("title".into(), "Alert of a watch".into());
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}
