//! Prints the object of every text on standard input (one per line, `-` where it is too short), and
//! on standard error what was counted and how long it took.
//!
//! ```text
//! cargo run --release -p concerted-engine --example near_duplicates -- [THRESHOLD] < texts.txt
//! ```

use concerted_engine::columns::Strings;
use concerted_engine::normalize::near_duplicates::{TextPlan, near_duplicates};
use concerted_engine::normalize::text::normal_texts;
use std::io::{BufWriter, Read, Write, stderr, stdin, stdout};
use std::time::Instant;

fn main() -> std::io::Result<()> {
    let mut plan = TextPlan::default();
    if let Some(threshold) = std::env::args().nth(1) {
        plan.threshold = threshold.parse().map_err(std::io::Error::other)?;
    }
    let mut input = String::new();
    stdin().read_to_string(&mut input)?;
    let posts: Strings = input.lines().collect();
    drop(input);

    let start = Instant::now();
    let normal = normal_texts(&posts);
    let normalised = start.elapsed();
    let found = near_duplicates(&normal, &plan);
    let all = start.elapsed();

    let mut out = BufWriter::new(stdout().lock());
    for object in &found.objects {
        match object {
            Some(object) => writeln!(out, "{object}")?,
            None => writeln!(out, "-")?,
        }
    }
    out.flush()?;
    let rate = posts.len() as f64 / all.as_secs_f64();
    writeln!(
        stderr(),
        "{:?}\nnormalised in {:.2} s, objects after {:.2} s, {rate:.0} texts a second",
        found.report,
        normalised.as_secs_f64(),
        all.as_secs_f64(),
    )
}
