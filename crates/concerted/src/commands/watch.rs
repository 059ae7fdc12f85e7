//! `concerted watch`: alerts while it happens.

use super::inputs::ReadArgs;
use crate::ui::Ui;
use anyhow::{Context, Result, bail};
use concerted_engine::detectors::{self, DETECTORS};
use concerted_engine::groups::sequential::SequentialPlan;
use concerted_engine::live::LivePlan;
use concerted_engine::post::Millis;
use concerted_formats::case::pseudonym::PseudonymKey;
use concerted_watch::delivery::{Delivery, Receiver};
use concerted_watch::source;
use concerted_watch::watch::{Config, Watch, files};
use concerted_watch::wire::{Promise, Speaker};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

/// Watch a stream of posts and tell of accounts that act in concert, as it happens
///
/// SOURCE is a file that grows (followed through rotation), a folder where files arrive, `-` for
/// standard input, or the address of a WebSocket such as Bluesky's Jetstream (ws:// or wss://). All
/// formats of `concerted scan` are read. Alerts go to standard output, one JSON object a line, as
/// docs/formats/alerts.md describes them. An alert says "coordinated", never more.
///
/// With --state the watch survives a crash at any moment: it goes on where it was, and no alert is lost
/// or written twice under one id.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  concerted watch posts.ndjson --state watch.d\n  concerted watch 'wss://jetstream2.us-east.bsky.network/subscribe?wantedCollections=app.bsky.feed.post&wantedCollections=app.bsky.feed.repost' --state bsky.d\n  concerted watch --status --state watch.d\n  concerted watch --acknowledge 17 --state watch.d"
)]
pub(crate) struct Args {
    /// File, folder, `-` or WebSocket address to watch
    #[arg(required_unless_present_any = ["status", "acknowledge"])]
    source: Option<String>,
    #[command(flatten)]
    reading: ReadArgs,
    /// Folder for the state, the alerts and the key of the pseudonyms
    #[arg(long, value_name = "DIR")]
    state: Option<PathBuf>,
    /// Write alerts to alerts.jsonl of this case, under its pseudonyms
    #[arg(long, value_name = "DIR")]
    case: Option<PathBuf>,
    /// Post every alert to this address, signed with the secret in `CONCERTED_WEBHOOK_SECRET`
    #[arg(long, value_name = "URL", requires = "state")]
    webhook: Option<String>,
    /// Run this shell command for every alert, which it finds on its standard input
    #[arg(long, value_name = "COMMAND", requires = "state")]
    exec: Option<String>,
    /// Stop at the end of what is there instead of waiting for more
    #[arg(long)]
    once: bool,
    /// How late a post may come, in seconds; every alert waits as long
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    lateness: i64,
    /// Smallest step of the clock of the posts, in seconds: 60 where times are given by the minute
    #[arg(long, value_name = "SECONDS", default_value_t = 1)]
    clock: i64,
    /// Memory for the state, in MiB
    #[arg(long, value_name = "MIB", default_value_t = 512)]
    memory: usize,
    #[command(flatten)]
    promise: PromiseArgs,
    /// Follow one object in N on the copy without signal; 0 for no copy
    #[arg(long, value_name = "N", default_value_t = 1)]
    shadow: u64,
    /// Store the state after this many posts
    #[arg(long, value_name = "N", default_value_t = 50_000)]
    every_posts: u64,
    /// Store the state after this many seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    every: u64,
    /// Name of this watch in the ids of its alerts
    #[arg(long, value_name = "NAME", default_value = "watch")]
    name: String,
    /// Show account ids instead of pseudonyms, and give the reason in every alert
    #[arg(long, value_name = "REASON")]
    reveal: Option<String>,
    /// Say how the watch of --state stands
    #[arg(long, requires = "state")]
    status: bool,
    /// Keep an incident silent until it has grown by half
    #[arg(long, value_name = "INCIDENT", requires = "state")]
    acknowledge: Option<u64>,
}

/// What is promised of chance alarms, and what is looked for.
#[derive(Debug, clap::Args)]
pub(crate) struct PromiseArgs {
    /// Chance alarms per million shares, at most
    #[arg(long, value_name = "N", default_value_t = 10.0)]
    alarms_per_million: f64,
    /// Chance alarms per day, at most, instead
    #[arg(long, value_name = "N")]
    alarms_per_day: Option<f64>,
    /// Look for these behaviours only (see `concerted detectors`)
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    detectors: Vec<String>,
}

impl PromiseArgs {
    /// The plan of a watch. No scale is shorter than the step of the clock, in milliseconds.
    pub(crate) fn plan(&self, step: Millis) -> Result<LivePlan> {
        for level in [Some(self.alarms_per_million), self.alarms_per_day]
            .into_iter()
            .flatten()
        {
            if !(level > 0.0 && level.is_finite()) {
                bail!("{level} chance alarms cannot be promised; give a number above 0");
            }
        }
        let default = LivePlan::default();
        let mut plan = LivePlan {
            sequential: SequentialPlan {
                alarms_per_million: self.alarms_per_million,
                alarms_per_day: self.alarms_per_day,
                blitz: step <= 1_000,
                ..SequentialPlan::for_resolution(step)
            },
            ..default
        };
        if !self.detectors.is_empty() {
            for id in &self.detectors {
                if detectors::by_id(id).is_none() {
                    let known: Vec<&str> = DETECTORS.iter().map(|detector| detector.id).collect();
                    bail!(
                        "no detector is called {id:?}; there are {}",
                        known.join(", ")
                    );
                }
            }
            plan.detectors.clone_from(&self.detectors);
        }
        Ok(plan)
    }

    fn promise(&self) -> Promise {
        match self.alarms_per_day {
            Some(alarms) => Promise {
                alarms,
                per_shares: None,
                per_days: Some(1),
            },
            None => Promise {
                alarms: self.alarms_per_million,
                per_shares: Some(1_000_000),
                per_days: None,
            },
        }
    }
}

pub(crate) fn run(args: &Args, ui: &Ui) -> Result<ExitCode> {
    if let Some(state) = &args.state {
        if args.status {
            return status(state, ui);
        }
        if let Some(incident) = args.acknowledge {
            return acknowledge(state, incident, ui);
        }
        std::fs::create_dir_all(state)
            .with_context(|| format!("the folder {} could not be made", state.display()))?;
    }
    let name = args.source.as_deref().unwrap_or("-");
    let plan = LivePlan {
        lateness: args.lateness.max(0) * 1_000,
        memory: args.memory.max(16) << 20,
        shadow_one_in: args.shadow,
        ..args.promise.plan(args.clock.max(0) * 1_000)?
    };
    let journal = match (&args.case, &args.state) {
        (Some(case), _) => Some(case.join(files::JOURNAL)),
        (None, Some(state)) => Some(state.join(files::JOURNAL)),
        (None, None) => None,
    };
    let speaker = Speaker {
        name: args.name.clone(),
        key: key(args)?,
        reveal: reason(args.reveal.as_deref())?,
        promise: args.promise.promise(),
    };
    let config = Config {
        state: args.state.clone(),
        journal: journal.clone(),
        every_posts: args.every_posts.max(1),
        every: Duration::from_secs(args.every.max(1)),
        stall: Duration::from_secs(u64::try_from(args.lateness).unwrap_or(0).max(60)),
    };
    let mut watch = Watch::new(config, &plan, speaker)?;
    if watch.plan() != &plan {
        ui.note("the watch goes on under the plan that it was begun with; begin anew in another --state to change it");
    }
    let options = args.reading.options()?;
    let mut source = source::open(name, &options, watch.position(), args.once)?;
    let deliveries = deliveries(args, journal.as_deref())?;
    let mut out = |line: &str| {
        let mut out = std::io::stdout().lock();
        match writeln!(out, "{line}").and_then(|()| out.flush()) {
            // The journal has the alert, and whoever read here has seen enough.
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
            other => other,
        }
    };
    let mut say = |text: &str| ui.note(text);
    while !watch.step(
        source.as_mut(),
        Duration::from_millis(200),
        &mut out,
        &mut say,
    )? {}
    ui.note(&watch.summary());
    for delivery in deliveries {
        delivery.finish(Duration::from_mins(1));
    }
    Ok(ExitCode::SUCCESS)
}

fn deliveries(args: &Args, journal: Option<&Path>) -> Result<Vec<Delivery>> {
    let (Some(state), Some(journal)) = (&args.state, journal) else {
        return Ok(Vec::new());
    };
    let mut receivers = Vec::new();
    if let Some(address) = &args.webhook {
        let secret = std::env::var("CONCERTED_WEBHOOK_SECRET")
            .ok()
            .filter(|secret| (16..=64).contains(&secret.len()))
            .context("--webhook needs a secret of 16 to 64 bytes in CONCERTED_WEBHOOK_SECRET, which the receiver knows too")?;
        let receiver = Receiver::Webhook {
            address: address.clone(),
            secret: secret.into_bytes(),
        };
        receivers.push((receiver, files::WEBHOOK));
    }
    if let Some(command) = &args.exec {
        receivers.push((Receiver::Command(command.clone()), files::COMMAND));
    }
    receivers
        .into_iter()
        .map(|(receiver, progress)| {
            let say = |text: &str| {
                let _ = writeln!(std::io::stderr().lock(), "{text}");
            };
            Ok(Delivery::start(
                receiver,
                journal,
                &state.join(progress),
                say,
            )?)
        })
        .collect()
}

/// The key of the pseudonyms: that of the case, that of the state, or a new one.
fn key(args: &Args) -> Result<PseudonymKey> {
    if let Some(case) = &args.case {
        let path = case.join(files::KEY);
        return PseudonymKey::read(&path).with_context(|| {
            format!(
                "{} is no case with a key; write one with `concerted scan`",
                case.display()
            )
        });
    }
    let Some(state) = &args.state else {
        return Ok(PseudonymKey::generate()?);
    };
    let path = state.join(files::KEY);
    if path.exists() {
        return Ok(PseudonymKey::read(&path)?);
    }
    let key = PseudonymKey::generate()?;
    key.write(&path)?;
    Ok(key)
}

fn reason(reveal: Option<&str>) -> Result<Option<String>> {
    let reason = reveal.map(str::trim);
    if reason == Some("") {
        bail!("--reveal needs a reason; say for whom or for what the accounts are shown");
    }
    Ok(reason.map(str::to_owned))
}

fn status(state: &Path, ui: &Ui) -> Result<ExitCode> {
    let path = state.join(files::STATUS);
    let text = std::fs::read_to_string(&path).with_context(|| {
        format!(
            "{} could not be read; is a watch running there?",
            path.display()
        )
    })?;
    ui.result(text.trim_end())?;
    Ok(ExitCode::SUCCESS)
}

fn acknowledge(state: &Path, incident: u64, ui: &Ui) -> Result<ExitCode> {
    let path = state.join(files::ACKNOWLEDGED);
    let mut file = std::fs::OpenOptions::new()
        .append(true)
        .create(true)
        .open(&path)
        .with_context(|| format!("{} could not be written", path.display()))?;
    writeln!(file, "{incident}")?;
    ui.note(&format!(
        "incident {incident} stays silent from the next checkpoint on, until it has grown by half"
    ));
    Ok(ExitCode::SUCCESS)
}
