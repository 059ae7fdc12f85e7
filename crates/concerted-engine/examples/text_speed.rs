//! How many short posts a second become near-duplicate objects? Makes posts, finds their objects, and
//! prints a row of the table in `docs/methods/text.md` for each number of posts given.
//!
//! The columns: kind, posts, distinct texts, objects, pairs compared, seconds until normalised, seconds
//! in all, processor seconds, posts per processor second. Words come from a vocabulary of 50,000 in which the word of rank r has weight 1/r, as in natural
//! language; a post has 8 to 20 of them, about 90 characters. With `fresh` every post is new; with
//! `copied` seven of ten repeat an earlier post, the popular ones most, and every third of those
//! drops words with probability 0.05 each.
//!
//! ```text
//! RAYON_NUM_THREADS=1 cargo run --release -p concerted-engine --example text_speed -- copied 100000 1000000
//! ```

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "ranks are small and positive"
)]

use concerted_engine::columns::Strings;
use concerted_engine::normalize::near_duplicates::{TextPlan, near_duplicates};
use concerted_engine::normalize::text::normal_texts;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use std::io::{Error, Write, stdout};
use std::time::Instant;

fn main() -> std::io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some((kind, counts)) = arguments.split_first() else {
        return Err(Error::other("give fresh or copied, then numbers of posts"));
    };
    for count in counts {
        let count = count.parse().map_err(Error::other)?;
        let posts = posts(count, kind == "copied");
        let start = Instant::now();
        let before = processor_seconds();
        let normal = normal_texts(&posts);
        let normalised = start.elapsed().as_secs_f64();
        let report = near_duplicates(&normal, &TextPlan::default()).report;
        let all = start.elapsed().as_secs_f64();
        // Other programs on the machine lengthen the wall clock, not the processor time.
        let busy = match (before, processor_seconds()) {
            (Some(before), Some(after)) => after - before,
            _ => all,
        };
        writeln!(
            stdout(),
            "| {kind} | {count} | {} | {} | {} | {normalised:.2} | {all:.2} | {busy:.2} | {:.0} |",
            report.distinct,
            report.objects,
            report.compared,
            count as f64 / busy
        )?;
    }
    Ok(())
}

/// Processor time of this program so far, where the system tells it (Linux; in hundredths).
fn processor_seconds() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let mut fields = stat.rsplit_once(')')?.1.split(' ').skip(12);
    let mut next = || fields.next()?.parse::<f64>().ok();
    Some((next()? + next()?) / 100.0)
}

fn posts(count: usize, copied: bool) -> Strings {
    let mut rng = ChaCha8Rng::seed_from_u64(10);
    let vocabulary: Vec<String> = (0..50_000)
        .map(|rank| {
            let letters = if rank < 200 {
                2 + rank % 3
            } else {
                4 + rank % 7
            };
            let letter = |_| (b"etaoinshrdlucmfwypvbgkqjxz"[skewed(&mut rng, 26)]) as char;
            (0..letters).map(letter).collect()
        })
        .collect();
    let mut posts = Strings::default();
    for number in 0..count {
        let copy = copied && number > 0 && rng.next_u32() % 10 < 7;
        if copy {
            let of = posts.get(skewed(&mut rng, number)).to_owned();
            if rng.next_u32() % 3 == 0 {
                let kept = of.split(' ').filter(|_| rng.next_u32() % 20 > 0);
                let kept: Vec<&str> = kept.collect();
                posts.push(&kept.join(" "));
            } else {
                posts.push(&of);
            }
        } else {
            let words = 8 + rng.next_u32() as usize % 13;
            let words = (0..words).map(|_| vocabulary[skewed(&mut rng, 50_000)].as_str());
            posts.push(&words.collect::<Vec<_>>().join(" "));
        }
    }
    posts
}

/// A number below the bound, with probability about proportional to 1 / (1 + number).
fn skewed(rng: &mut ChaCha8Rng, bound: usize) -> usize {
    let uniform = f64::from(rng.next_u32()) / 4_294_967_296.0;
    ((bound as f64 + 1.0).powf(uniform) as usize - 1).min(bound - 1)
}
