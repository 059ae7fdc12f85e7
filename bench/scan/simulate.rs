//! Writes a simulated election as a file to scan: `simulate --posts 1000000 --out posts.csv`.
//!
//! As the eight columns that the QUT toolkit reads by order (`--format qut`, every column a person would
//! export), or as a bare share table of account, object and time (`--format shares`).
#![expect(clippy::print_stdout, reason = "a bench says what it made")]

use anyhow::Result;
use clap::{Parser, ValueEnum};
use concerted_sim::{Plan, SimPost, Stream};
use std::fs::File;
use std::io::BufWriter;
use std::path::PathBuf;

#[derive(Debug, Parser)]
struct Args {
    /// Posts, or rows of the share table
    #[arg(long)]
    posts: u64,
    /// File to write
    #[arg(long)]
    out: PathBuf,
    /// What to write
    #[arg(long, value_enum, default_value = "qut")]
    format: Format,
    /// Part of further posts, beside the others, that pass one single post on: a hot object
    #[arg(long, default_value_t = 0.0)]
    hot: f64,
    /// Seed of every random choice
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Qut,
    Shares,
}

fn main() -> Result<()> {
    let args = Args::parse();
    let plan = Plan {
        seed: args.seed,
        posts: args.posts,
        accounts: (args.posts * 3 / 10).max(100),
        ..Plan::example()
    };
    let mut out =
        csv::Writer::from_writer(BufWriter::with_capacity(1 << 20, File::create(&args.out)?));
    let mut stream = Stream::new(&plan)?;
    let mut post = SimPost::default();
    let (mut rows, mut hot) = (0u64, 0u64);
    if args.format == Format::Qut {
        out.write_record([
            "message_id",
            "user_id",
            "username",
            "repost_id",
            "reply_id",
            "message",
            "timestamp",
            "urls",
        ])?;
        while stream.fill(&mut post) {
            let seconds = (post.time_ms / 1_000).to_string();
            out.write_record([
                &post.post_id,
                &post.account_id,
                &post.account_name,
                &post.repost_of,
                &post.reply_to,
                &post.text,
                &seconds,
                &post.urls.join(" "),
            ])?;
            rows += 1;
            // As many as are due by now, each by the account whose turn it was.
            while (hot as f64) < args.hot * rows as f64 {
                hot += 1;
                out.write_record([
                    &format!("hot{hot}"),
                    &post.account_id,
                    &post.account_name,
                    "the-one-post",
                    "",
                    "everybody passes this on",
                    &seconds,
                    "",
                ])?;
            }
        }
    } else {
        out.write_record(["account_id", "object_id", "timestamp"])?;
        while rows < args.posts && stream.fill(&mut post) {
            let seconds = (post.time_ms / 1_000).to_string();
            let reposted = Some(&post.repost_of).filter(|id| !id.is_empty());
            for object in reposted.into_iter().chain(&post.urls).chain(&post.hashtags) {
                out.write_record([&post.account_id, object, &seconds])?;
                rows += 1;
            }
        }
    }
    out.flush()?;
    println!("{} rows in {}", rows + hot, args.out.display());
    Ok(())
}
