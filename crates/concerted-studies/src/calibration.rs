//! Do p-values and groups on copies without signal behave as they should?
//!
//! Accounts change places within six hours, which keeps what was shared when and how active everybody was, and
//! leaves nothing to find. On such copies a p-value below x should turn up in at most a share x of all pairs. A
//! count is discrete, so among the pairs that met at least twice each p-value is smeared evenly between
//! the chance of more and that of at least as many, given at least two: those are uniform if the null model is right, and their
//! Kolmogorov distance from uniform says how far off it is.

use crate::{planted, table};
use anyhow::{Context as _, Result};
use concerted_engine::controls::permuted_copies;
use concerted_engine::detectors::DETECTORS;
use concerted_engine::groups;
use concerted_engine::normalize::understand;
use concerted_engine::pairs::{DetectorPairs, pairs};
use concerted_engine::pipeline::Plan;
use concerted_engine::post::{Millis, Posts};
use concerted_formats::read::{Input, ReadOptions, read};
use concerted_sim::random::Draws;
use concerted_stats::{Uniformity, ln_poisson_sf, math};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Levels at which p-values are counted.
const LEVELS: [f64; 4] = [1e-3, 1e-4, 1e-5, 1e-6];

/// Steps of the clock that every corpus is read at, in milliseconds, none finer than its own.
const CLOCKS: [Millis; 3] = [1_000, 60_000, 3_600_000];

/// Seed of the copies and of the simulated corpus.
const SEED: u64 = 1;

/// P-values of one detector, clock and window over all copies.
#[derive(Clone, Debug, Default)]
struct Sample {
    /// Pairs of active accounts, over all copies.
    tests: u64,
    /// P-values at or below each level.
    below: [u64; LEVELS.len()],
    /// The smeared p-values of the pairs that met at least twice.
    smeared: Vec<f64>,
}

/// What was measured at one clock of one corpus.
struct Measured {
    clock: Millis,
    samples: BTreeMap<(u8, i64), Sample>,
    groups: Vec<usize>,
    shares: u64,
}

/// Measures the corpora and prints the page.
pub(crate) fn page(corpora: &[PathBuf], copies: u32) -> Result<String> {
    let mut text = format!(
        "# Calibration: p-values and groups where there is nothing to find\n\n\
         <!-- made by `cargo run --release -p concerted-studies -- calibration --copies {copies}` -->\n\n\
         Accounts change places within six hours (see [controls](controls.md)), {copies} copies of each corpus, \
         read at its own clock and at coarser ones. *Pairs tested* are all pairs of active accounts on all copies, \
         also those that never met. *Observed over nominal* is the share of p-values at or below a level, divided \
         by the level: 1 is exact, less is cautious, more would be a fault. *Distance* is the Kolmogorov distance \
         of the p-values of pairs that met at least twice from uniform, with its 95 % interval (Massart 1990); \
         *excess* is the part of it on the harmful side: more small p-values than there should be. Discrete counts \
         are smeared evenly over their step. A row without pairs that met twice has no distance. *Groups* is the \
         whole finder with its defaults on the same copies.\n"
    );
    if corpora.is_empty() {
        let simulated = planted::background(SEED);
        measure_into(
            &mut text,
            "Simulated election, nothing planted (20,000 posts)",
            &planted::posts(&simulated)?,
            1_000,
            copies,
        );
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpora");
        measure_file(
            &mut text,
            &folder.join("german-election-2021.parquet"),
            copies,
        )?;
    }
    for corpus in corpora {
        measure_file(&mut text, corpus, copies)?;
    }
    Ok(text)
}

fn measure_file(text: &mut String, path: &Path, copies: u32) -> Result<()> {
    let reading = read(&[Input::Path(path.to_owned())], &ReadOptions::default())
        .with_context(|| format!("{} could not be read", path.display()))?;
    let own = reading.inputs.iter().map(|input| input.clock.resolution_ms);
    let name = path.file_name().map_or_else(
        || path.display().to_string(),
        |name| name.to_string_lossy().into_owned(),
    );
    measure_into(
        text,
        &format!("`{name}`"),
        &reading.posts,
        own.max().unwrap_or(1_000),
        copies,
    );
    Ok(())
}

fn measure_into(text: &mut String, name: &str, posts: &Posts, own: Millis, copies: u32) {
    let _ = write!(text, "\n## {name}\n\n{} posts.\n", posts.len());
    for clock in CLOCKS.into_iter().filter(|&clock| clock >= own) {
        let measured = measure(posts, clock, copies);
        write_measured(text, &measured);
    }
}

fn measure(posts: &Posts, clock: Millis, copies: u32) -> Measured {
    let plan = Plan::for_resolution(clock);
    let coarse = at_clock(posts, clock);
    let understood = understand(&coarse, &plan.text);
    let mut corpus = understood.corpus(&plan.detectors, clock);
    let original = corpus.clone();
    let mut measured = Measured {
        clock,
        samples: BTreeMap::new(),
        groups: Vec::new(),
        shares: corpus.shares.len() as u64,
    };
    let mut chance = Draws::new(SEED, 0);
    for shares in permuted_copies(&original, SEED, copies) {
        measured
            .groups
            .push(groups::find(&original, &shares, &plan.groups).groups.len());
        corpus.shares = shares;
        for found in pairs(&corpus, plan.detectors.len(), &plan.pairs) {
            add(
                &mut measured.samples,
                &found,
                &plan.pairs.windows_s,
                &mut chance,
            );
        }
    }
    measured
}

/// The same posts, read from a clock with this step.
fn at_clock(posts: &Posts, clock: Millis) -> Posts {
    let mut coarse = Posts::default();
    for post in posts.iter() {
        let mut post = post.to_post();
        post.time = post.time.div_euclid(clock) * clock;
        coarse.push(&post);
    }
    coarse
}

fn add(
    samples: &mut BTreeMap<(u8, i64), Sample>,
    found: &DetectorPairs,
    windows_s: &[i64],
    chance: &mut Draws,
) {
    for &window_s in windows_s {
        let sample = samples.entry((found.detector, window_s)).or_default();
        sample.tests += found.active * found.active.saturating_sub(1) / 2;
        for pair in found.pairs.iter().filter(|pair| pair.window_s == window_s) {
            let p = math::exp(pair.p.ln());
            for (count, level) in sample.below.iter_mut().zip(LEVELS) {
                *count += u64::from(p <= level);
            }
            let tail = |at_least| math::exp(ln_poisson_sf(at_least, pair.expected));
            let met = u64::from(pair.joint_actions);
            let (more, as_many, twice) = (tail(met + 1), tail(met), tail(2));
            if twice > 0.0 {
                sample
                    .smeared
                    .push((more + chance.unit() * (as_many - more)) / twice);
            }
        }
    }
}

fn write_measured(text: &mut String, measured: &Measured) {
    let found: usize = measured.groups.iter().sum();
    let _ = write!(
        text,
        "\n### Clock of {}\n\nGroups on {} copies of {} shares: {found}.\n\n",
        clock_word(measured.clock),
        measured.groups.len(),
        measured.shares,
    );
    let rows: Vec<Vec<String>> = measured
        .samples
        .iter()
        .map(|(&(detector, window_s), sample)| {
            let mut row = vec![
                DETECTORS[detector as usize].id.to_owned(),
                window_s.to_string(),
                sample.tests.to_string(),
                sample.smeared.len().to_string(),
            ];
            row.extend(sample.below.iter().zip(LEVELS).map(|(&count, level)| {
                if sample.tests == 0 {
                    "-".to_owned()
                } else {
                    format!("{:.2}", count as f64 / (sample.tests as f64 * level))
                }
            }));
            if sample.smeared.is_empty() {
                row.extend(["-".to_owned(), "-".to_owned()]);
            } else {
                let uniformity = Uniformity::of(&sample.smeared, 0.05);
                let (low, high) = uniformity.interval();
                row.push(format!("{:.2} ({low:.2}-{high:.2})", uniformity.distance));
                row.push(format!("{:.2}", uniformity.excess));
            }
            row
        })
        .collect();
    text.push_str(&table::markdown(
        &[
            "detector",
            "window s",
            "pairs tested",
            "met twice",
            "at 1e-3",
            "1e-4",
            "1e-5",
            "1e-6",
            "distance",
            "excess",
        ],
        &rows,
    ));
}

fn clock_word(clock: Millis) -> &'static str {
    match clock {
        1_000 => "1 second",
        60_000 => "1 minute",
        _ => "1 hour",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_found_where_accounts_changed_places() {
        let plan = concerted_sim::Plan {
            posts: 4_000,
            accounts: 800,
            days: 14,
            ..planted::background(3)
        };
        let measured = measure(&planted::posts(&plan).unwrap(), 1_000, 2);
        assert_eq!(measured.groups, [0, 0]);
        assert!(!measured.samples.is_empty());
        for ((detector, window), sample) in &measured.samples {
            let expected = sample.tests as f64 * LEVELS[0];
            assert!(
                sample.below[0] as f64 <= 2.0 * expected + 5.0,
                "detector {detector} at {window} s: {} below .001 of {}",
                sample.below[0],
                sample.tests
            );
        }
    }
}
