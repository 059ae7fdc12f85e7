//! Where does the time of a scan go? `stages posts.csv` scans a file, writes the case to a place that is
//! removed again, and prints for each stage the time of the processor and the memory held after it.
//!
//! The stages are called one by one as `pipeline::scan` calls them, so that each can be timed; what the
//! whole gives is checked by the tests of the program.
#![expect(clippy::print_stdout, reason = "a bench prints what it measured")]

use anyhow::Result;
use clap::Parser;
use concerted_bench::{cpu_seconds, held_mb, peak_mb};
use concerted_engine::controls::ControlPlan;
use concerted_engine::pipeline::{self, Plan, Stage};
use concerted_formats::case::findings::{self, CaseNames, Run};
use concerted_formats::read::{Input, ReadOptions, read};
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::Instant;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Debug, Parser)]
struct Args {
    /// File to scan
    file: PathBuf,
    /// Copies with permuted accounts; the default plan has 20, and 3 with times moved
    #[arg(long, default_value_t = 0)]
    controls: u32,
    /// Stop before the case is written
    #[arg(long)]
    no_case: bool,
}

/// Closes a stage when the next begins.
struct Clock {
    name: &'static str,
    wall: Instant,
    cpu: Option<f64>,
}

impl Clock {
    fn start(name: &'static str) -> Self {
        Self {
            name,
            wall: Instant::now(),
            cpu: cpu_seconds(),
        }
    }

    fn next(&mut self, name: &'static str) {
        if name == self.name {
            return;
        }
        let cpu = cpu_seconds().zip(self.cpu).map(|(now, then)| now - then);
        println!(
            "{:<12} cpu {:>8} wall {:>8.2} s held {:>7} MB peak {:>7} MB",
            self.name,
            cpu.map_or("?".into(), |cpu| format!("{cpu:.2} s")),
            self.wall.elapsed().as_secs_f64(),
            figure(held_mb()),
            figure(peak_mb()),
        );
        *self = Self::start(name);
    }
}

fn figure(value: Option<f64>) -> String {
    value.map_or("?".into(), |value| format!("{value:.0}"))
}

fn main() -> Result<()> {
    let args = Args::parse();
    let clock = Mutex::new(Clock::start("read"));
    let next = |name| {
        if let Ok(mut clock) = clock.lock() {
            clock.next(name);
        }
    };
    let reading = read(&[Input::Path(args.file.clone())], &ReadOptions::default())?;
    let posts = reading.posts.len();
    let resolution = reading
        .inputs
        .iter()
        .map(|input| input.clock.resolution_ms)
        .max()
        .unwrap_or(1_000);
    let plan = Plan {
        controls: ControlPlan::with_copies(args.controls),
        ..Plan::for_resolution(resolution)
    };
    let findings = pipeline::scan(&reading.posts, &plan, &|stage| {
        next(match stage {
            Stage::Understand => "understand",
            Stage::Groups => "groups",
            Stage::Pairs => "pairs",
            Stage::Control { .. } => "controls",
            Stage::Evidence => "evidence",
            Stage::Divisions => "divisions",
        });
    });
    println!(
        "{posts} posts, {} shares, {} accounts, {} objects; {} groups, {} pairs",
        findings.corpus.shares.len(),
        findings.corpus.account_count(),
        findings.corpus.objects.len(),
        findings.dossiers.len(),
        findings
            .pairs
            .iter()
            .map(|of| of.pairs.len())
            .sum::<usize>(),
    );
    next("write");
    if !args.no_case {
        let place = tempfile::tempdir()?;
        let run = Run {
            made_at: "1970-01-01T00:00:00Z".into(),
            version: "bench".into(),
            command: "bench".into(),
        };
        let names = CaseNames::new(&findings, plan.pairs.q);
        findings::write(
            &place.path().join("bench.case"),
            &findings,
            &reading,
            &plan,
            &run,
            &names,
        )?;
    }
    next("end");
    Ok(())
}
