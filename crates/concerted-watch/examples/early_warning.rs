//! The measured tables of `docs/methods/early-warning.md`: 960 planted groups, blitz, and what chance
//! raises on permuted copies.
//!
//! `cargo run --release -p concerted-watch --example early_warning` from the root of the repository.

#[path = "../tests/it/planting.rs"]
mod planting;

use concerted_engine::groups::incidents::Incidents;
use concerted_engine::groups::sequential::SequentialPlan;
use concerted_watch::score::{Score, fixed_count};
use planting::{Cell, MINUTE, SECOND, alarms, both, german, permuted};
use std::io::Write as _;

fn main() -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    let stream = german(std::path::Path::new("."));
    let plan = SequentialPlan {
        blitz: true,
        ..SequentialPlan::default()
    };
    let seed: u64 = std::env::args()
        .nth(1)
        .and_then(|seed| seed.parse().ok())
        .unwrap_or(2_021);
    writeln!(out, "{} shares, seed {seed}", stream.shares.len())?;

    let mut chance = (0, 0);
    for copy in 0..12 {
        let shares = permuted(&stream, seed + copy);
        let mut incidents: Incidents<u32> = Incidents::default();
        for alarm in alarms(&plan, &shares) {
            incidents.alarm(alarm.time, &alarm.core);
        }
        let mut counted: Incidents<u32> = Incidents::default();
        for alarm in fixed_count(&shares, MINUTE, 2) {
            counted.alarm(alarm.time, &alarm.core);
        }
        chance.0 += incidents.list().len();
        chance.1 += counted.list().len();
    }
    let millions = 12.0 * stream.shares.len() as f64 / 1e6;
    writeln!(
        out,
        "12 permuted copies, per 10^6 shares: watch {} incidents = {:.1}, count >= 2 in 60 s {} = {:.0}",
        chance.0,
        chance.0 as f64 / millions,
        chance.1,
        chance.1 as f64 / millions
    )?;
    out.flush()?;

    let (mut watch, mut count) = (Score::default(), Score::default());
    writeln!(
        out,
        "m, jitter s, participation, organic: found, median actions, <= 2, <= 3, preventable, half named; count: found, <= 2, <= 3"
    )?;
    let mut cell_seed = seed * 1_000;
    for members in [5, 8, 12, 20] {
        for jitter in [10 * SECOND, 60 * SECOND, 5 * MINUTE, 30 * MINUTE] {
            for (participation, organic) in [(0.5, 0.0), (0.7, 0.0), (0.9, 0.0), (0.7, 0.5)] {
                let cell = Cell {
                    members,
                    jitter,
                    participation,
                    organic,
                    spacing: 360 * MINUTE,
                };
                cell_seed += 1;
                let (one, other) = both(&plan, &stream, &cell, 15, cell_seed);
                line(&mut out, &cell, &one, &other)?;
                watch.add(one);
                count.add(other);
            }
        }
    }
    writeln!(out, "all {} groups", watch.outcomes.len())?;
    total(&mut out, "watch", &watch)?;
    total(&mut out, "count >= 2 in 60 s", &count)?;

    for (jitter, spacing) in [(10, 30), (20, 30), (60, 30), (10, 60), (60, 300)] {
        let cell = Cell {
            members: 8,
            jitter: jitter * SECOND,
            participation: 0.7,
            organic: 0.0,
            spacing: spacing * SECOND,
        };
        let (one, other) = both(&plan, &stream, &cell, 24, seed + 77);
        let without = SequentialPlan::default();
        let (plain, _) = both(&without, &stream, &cell, 24, seed + 77);
        writeln!(out, "blitz, jitter {jitter} s, actions {spacing} s apart")?;
        total(&mut out, "  watch", &one)?;
        total(&mut out, "  without the scale within the minute", &plain)?;
        total(&mut out, "  count >= 2 in 60 s", &other)?;
    }
    Ok(())
}

fn line(
    out: &mut impl std::io::Write,
    cell: &Cell,
    watch: &Score,
    count: &Score,
) -> std::io::Result<()> {
    writeln!(
        out,
        "{}, {}, {}, {}: {:.2}, {}, {:.2}, {:.2}, {:.2}, {:.2}; {:.2}, {:.2}, {:.2}",
        cell.members,
        cell.jitter / SECOND,
        cell.participation,
        cell.organic,
        watch.found(),
        watch
            .median_actions()
            .map_or("never".to_owned(), |at| at.to_string()),
        watch.by(2),
        watch.by(3),
        watch.preventable(),
        watch.half_named(),
        count.found(),
        count.by(2),
        count.by(3),
    )
}

fn total(out: &mut impl std::io::Write, name: &str, score: &Score) -> std::io::Result<()> {
    writeln!(
        out,
        "{name}: found {:.3}, median actions {}, <= 2 {:.3}, <= 3 {:.3}, preventable {:.2}, half named {:.2}, median time to detect {} s",
        score.found(),
        score
            .median_actions()
            .map_or("never".to_owned(), |at| at.to_string()),
        score.by(2),
        score.by(3),
        score.preventable(),
        score.half_named(),
        score
            .median_delay()
            .map_or("-".to_owned(), |delay| (delay / 1_000).to_string()),
    )
}
