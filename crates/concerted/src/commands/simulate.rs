//! `concerted simulate`: a synthetic election in which everything is known.

use crate::ui::{Line, Ui};
use anyhow::{Context, Result, anyhow, bail};
use clap::ValueEnum;
use concerted_formats::case::cell::Time;
use concerted_formats::simulated::{SimulatedFile, SimulatedRow};
use concerted_formats::truth::{self, Planted};
use concerted_formats::words::count;
use concerted_sim::{Campaign, Delay, LANGS, Plan, SimPost, Stream};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Make a synthetic election, and the truth about it
///
/// Writes the posts of an invented public with campaigns and innocent groups planted in it, and a table that
/// says who was planted. The same plan gives the same bytes. Nothing is kept per post, so a corpus may be
/// as large as the disk. The texts are invented in English, German, Spanish, Russian, Arabic and Chinese; no
/// place, person, site or quarrel in them is real. docs/methods/simulation.md says what is not imitated.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  concerted simulate --out posts.parquet --truth truth.csv\n  concerted simulate --posts 1000000 --accounts 200000 --campaign hard --members 12 --out posts.ndjson --truth truth.csv\n  concerted simulate --print-plan > plan.toml\n  concerted simulate --plan plan.toml --out posts.csv --truth truth.csv"
)]
pub(crate) struct Args {
    /// File for the posts: .csv, .ndjson, .jsonl or .parquet
    #[arg(long, value_name = "FILE", required_unless_present = "print_plan")]
    out: Option<PathBuf>,
    /// File for the truth, as CSV: account, group, role, label, joint actions
    #[arg(long, value_name = "FILE", required_unless_present = "print_plan")]
    truth: Option<PathBuf>,
    /// Plan as TOML, with everything that can be set; flags change it
    #[arg(long, value_name = "FILE")]
    plan: Option<PathBuf>,
    /// Print the plan as TOML and make nothing
    #[arg(long)]
    print_plan: bool,
    /// Posts of the public; what is planted comes on top
    #[arg(long, value_name = "N")]
    posts: Option<u64>,
    /// Accounts of the public
    #[arg(long, value_name = "N")]
    accounts: Option<u64>,
    /// Days
    #[arg(long, value_name = "N")]
    days: Option<u32>,
    /// First day, as 2026-03-01, at 00:00 UTC
    #[arg(long, value_name = "DATE")]
    start: Option<String>,
    /// Seed of every random choice
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Languages, the most spoken first: en, de, es, ru, ar, zh
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    langs: Vec<String>,
    /// Names of platforms
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    platforms: Vec<String>,
    /// Circles of accounts with a taste in common
    #[arg(long, value_name = "N")]
    communities: Option<u32>,
    /// Share of posts on what the own circle likes, from 0 to 1
    #[arg(long, value_name = "SHARE")]
    shared_taste: Option<f64>,
    /// Breaking news a day, on average
    #[arg(long, value_name = "N")]
    bursts_per_day: Option<f64>,
    /// Plant these campaigns in place of the plan's; may be repeated
    #[arg(long, value_enum, value_name = "LEVEL")]
    campaign: Vec<Level>,
    /// Plant no innocent group
    #[arg(long)]
    no_innocents: bool,
    /// Plant no campaign and no innocent group
    #[arg(long, conflicts_with = "campaign")]
    nothing_planted: bool,
    #[command(flatten)]
    campaigns: CampaignArgs,
}

/// What is changed in every campaign.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Every campaign")]
struct CampaignArgs {
    /// Accounts on duty at any time
    #[arg(long, value_name = "N")]
    members: Option<u32>,
    /// Joint actions
    #[arg(long, value_name = "N")]
    actions: Option<u32>,
    /// Chance that a member joins an action, from 0 to 1
    #[arg(long, value_name = "SHARE")]
    participation: Option<f64>,
    /// All follow within so many seconds, evenly
    #[arg(long, value_name = "SECONDS", conflicts_with = "mean_delay")]
    within: Option<f64>,
    /// They follow after so many seconds on average, exponentially
    #[arg(long, value_name = "SECONDS")]
    mean_delay: Option<f64>,
    /// Share of actions on things that are popular anyway, from 0 to 1
    #[arg(long, value_name = "SHARE")]
    camouflage: Option<f64>,
    /// Chance that a word of a copied text is left out, from 0 to 1
    #[arg(long, value_name = "SHARE")]
    word_drop: Option<f64>,
    /// Chance at each action that a member is replaced for good, from 0 to 1
    #[arg(long, value_name = "SHARE")]
    rotation: Option<f64>,
    /// Ordinary posts of a member a day
    #[arg(long, value_name = "N")]
    chaff: Option<f64>,
    /// Half of the members play one side of each quarrel, half the other
    #[arg(long)]
    both_sides: bool,
}

/// How hard a campaign is to see.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Level {
    /// 10 accounts, 20 actions, nearly all within half a minute
    Easy,
    /// 8 accounts, 10 actions, minutes apart, three of ten on popular things
    Medium,
    /// 5 accounts, 6 actions, half an hour apart, most on popular things, texts altered
    Hard,
}

pub(crate) fn run(args: &Args, ui: &Ui) -> Result<ExitCode> {
    let plan = plan(args)?;
    plan.check().context("the plan cannot be carried out")?;
    if args.print_plan {
        ui.result(toml::to_string(&plan)?.trim_end())?;
        return Ok(ExitCode::SUCCESS);
    }
    let (Some(out), Some(truth_file)) = (&args.out, &args.truth) else {
        bail!("name a file for the posts with --out and one for the truth with --truth");
    };
    if out == truth_file {
        bail!(
            "the posts and the truth would both go to {}; name two files",
            out.display()
        );
    }
    let mut stream = Stream::new(&plan)?;
    let planted = stream.truth();
    let mut file = SimulatedFile::create(out)?;
    let made = Arc::new(AtomicU64::new(0));
    let (looked_at, of) = (Arc::clone(&made), plan.posts);
    let shown = ui.progress(move || {
        let done = looked_at.load(Ordering::Relaxed);
        Line {
            what: "making posts".to_owned(),
            done,
            of,
            rows: Some(done),
        }
    });
    let mut post = SimPost::default();
    while stream.fill(&mut post) {
        file.push(row(&mut post))?;
        made.fetch_add(1, Ordering::Relaxed);
    }
    drop(shown);
    let posts = file.finish()?;
    let campaigns = planted.iter().filter(|row| row.label == "campaign").count() as u64;
    let rows = truth::write(
        truth_file,
        planted.into_iter().map(|row| Planted {
            account_id: row.account_id,
            group_id: row.group_id,
            role: row.role.to_owned(),
            label: row.label.to_owned(),
            joined: row.joined,
        }),
    )?;
    ui.result(&format!(
        "{} posts: {}\n{} planted accounts, {} of them in campaigns: {}",
        count(posts),
        out.display(),
        count(rows),
        count(campaigns),
        truth_file.display()
    ))?;
    Ok(ExitCode::SUCCESS)
}

/// The plan of the file, or the example, with what the flags change.
fn plan(args: &Args) -> Result<Plan> {
    let mut plan = match &args.plan {
        Some(path) => {
            let text = std::fs::read_to_string(path)
                .with_context(|| format!("the plan {} could not be read", path.display()))?;
            toml::from_str(&text)
                .with_context(|| format!("the plan {} could not be understood", path.display()))?
        }
        None => Plan::example(),
    };
    macro_rules! set {
        ($($field:ident)*) => {$(
            if let Some(value) = args.$field {
                plan.$field = value;
            }
        )*};
    }
    set! { posts accounts days seed communities shared_taste bursts_per_day }
    if let Some(start) = &args.start {
        plan.start_ms = format!("{start}T00:00:00Z")
            .parse::<jiff::Timestamp>()
            .map_err(|error| {
                anyhow!("--start {start} is no day: {error}; write --start 2026-03-01")
            })?
            .as_millisecond();
    }
    if !args.langs.is_empty() {
        plan.langs.clone_from(&args.langs);
        // A campaign writes in a language that the public speaks.
        for campaign in &mut plan.campaigns {
            if !args.langs.contains(&campaign.lang) {
                campaign.lang.clone_from(&args.langs[0]);
            }
        }
    }
    if !args.platforms.is_empty() {
        plan.platforms.clone_from(&args.platforms);
    }
    if !args.campaign.is_empty() {
        plan.campaigns = campaigns(
            &args.campaign,
            plan.langs.first().map_or(LANGS[0], |lang| lang),
        );
    }
    if args.no_innocents || args.nothing_planted {
        plan.innocents.clear();
    }
    if args.nothing_planted {
        plan.campaigns.clear();
    }
    for campaign in &mut plan.campaigns {
        change(campaign, &args.campaigns);
        // A shorter election has shorter campaigns.
        if args.days.is_some() {
            campaign.first_day = campaign.first_day.min(plan.days.saturating_sub(1));
            campaign.days = campaign.days.min(plan.days - campaign.first_day).max(1);
        }
    }
    Ok(plan)
}

fn campaigns(levels: &[Level], lang: &str) -> Vec<Campaign> {
    levels
        .iter()
        .zip(1..)
        .map(|(level, number)| {
            let (name, campaign) = match level {
                Level::Easy => ("easy", Campaign::default()),
                Level::Medium => ("medium", Campaign::medium()),
                Level::Hard => ("hard", Campaign::hard()),
            };
            Campaign {
                name: format!("{name}-{number}"),
                lang: lang.to_owned(),
                ..campaign
            }
        })
        .collect()
}

fn change(campaign: &mut Campaign, args: &CampaignArgs) {
    macro_rules! set {
        ($($field:ident)*) => {$(
            if let Some(value) = args.$field {
                campaign.$field = value;
            }
        )*};
    }
    set! { members actions participation camouflage word_drop rotation chaff }
    if let Some(seconds) = args.within {
        campaign.delay = Delay::Within(seconds);
    }
    if let Some(seconds) = args.mean_delay {
        campaign.delay = Delay::Mean(seconds);
    }
    campaign.both_sides |= args.both_sides;
}

/// The post as a row; its texts are moved out, and `fill` clears what is left.
fn row(post: &mut SimPost) -> SimulatedRow<'static> {
    let take = |text: &mut String| std::mem::take(text).into();
    SimulatedRow {
        is_repost: !post.repost_of.is_empty(),
        post_id: take(&mut post.post_id),
        account_id: take(&mut post.account_id),
        account_name: take(&mut post.account_name),
        platform: take(&mut post.platform),
        time: Time(post.time_ms),
        text: take(&mut post.text),
        lang: post.lang.into(),
        repost_of: take(&mut post.repost_of),
        repost_of_account: take(&mut post.repost_of_account),
        reply_to: take(&mut post.reply_to),
        reply_to_account: take(&mut post.reply_to_account),
        urls: post.urls.drain(..).map(Into::into).collect(),
        hashtags: post.hashtags.drain(..).map(Into::into).collect(),
        media: post.media.drain(..).map(Into::into).collect(),
        link_title: take(&mut post.link_title),
    }
}
