//! How many short posts a second and core become near-duplicate objects, and how does that grow? Makes
//! posts, finds their objects, and prints a row for each number of posts given.
//!
//! What is measured: the whole chain of text, from posts as written to objects (normal texts, equal ones
//! set together, signatures, bands, comparison), or for `stream` one text after the other into a
//! `TextIndex` that keeps a hundred thousand representatives. What is made: words from a vocabulary of 50,000 in which the
//! word of rank r has weight 1/r, as in natural language; a post has 8 to 20 of them, about 90 characters.
//! With `fresh` every post is new, the worst case; with `copied` and `stream` seven of ten repeat an earlier
//! post, the popular ones most, and every third of those drops words with probability 0.05 each.
//!
//! The columns: kind, posts, distinct texts, objects, pairs compared, processor seconds, posts a processor
//! second, megabytes held for the posts, and how many more at most while their objects were found.
//! Processor seconds and memory are those that Linux tells; elsewhere wall time stands in for them and
//! memory is 0.
//!
//! ```text
//! RAYON_NUM_THREADS=1 cargo run --release -p concerted-bench --bin text-speed -- copied 100000 1000000
//! ```

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "ranks are small and positive"
)]

use concerted_bench::{cpu_seconds, held_mb, peak_mb};
use concerted_engine::columns::Strings;
use concerted_engine::normalize::near_duplicates::{TextPlan, TextReport, near_duplicates};
use concerted_engine::normalize::text::{normal_text, normal_texts};
use concerted_engine::normalize::text_index::TextIndex;
use std::fs;
use std::io::{Error, Write, stdout};
use std::time::Instant;

fn main() -> std::io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some((kind, counts)) = arguments.split_first() else {
        return Err(Error::other(
            "give fresh, copied or stream, then numbers of posts",
        ));
    };
    for count in counts {
        let count = count.parse().map_err(Error::other)?;
        let posts = posts(count, kind != "fresh");
        // The highest mark of memory begins anew.
        let _ = fs::write("/proc/self/clear_refs", "5");
        let held = held_mb().unwrap_or(0.0);
        let start = Instant::now();
        let before = cpu_seconds();
        let report = if kind == "stream" {
            stream(&posts)
        } else {
            near_duplicates(&normal_texts(&posts), &TextPlan::default()).report
        };
        let all = start.elapsed().as_secs_f64();
        // Other programs on the machine lengthen the wall clock, not the processor time.
        let busy = match (before, cpu_seconds()) {
            (Some(before), Some(after)) => after - before,
            _ => all,
        };
        writeln!(
            stdout(),
            "| {kind} | {count} | {} | {} | {} | {busy:.2} | {:.0} | {held:.0} | {:.0} |",
            report.distinct,
            report.objects,
            report.compared,
            count as f64 / busy,
            (peak_mb().unwrap_or(0.0) - held).max(0.0),
        )?;
    }
    Ok(())
}

/// The objects that a stream of these posts has.
fn stream(posts: &Strings) -> TextReport {
    let mut index = TextIndex::new(TextPlan::default(), 100_000);
    let (mut normal, mut objects) = (String::new(), 0);
    for post in posts.iter() {
        normal_text(post, &mut normal);
        objects = objects.max(index.insert(&normal).map_or(0, |object| object + 1));
    }
    TextReport {
        objects: objects as usize,
        ..TextReport::default()
    }
}

fn posts(count: usize, copied: bool) -> Strings {
    let mut random = Random(10);
    let vocabulary: Vec<String> = (0..50_000)
        .map(|rank| {
            let letters = if rank < 200 {
                2 + rank % 3
            } else {
                4 + rank % 7
            };
            let letter = |_| (b"etaoinshrdlucmfwypvbgkqjxz"[random.skewed(26)]) as char;
            (0..letters).map(letter).collect()
        })
        .collect();
    let mut posts = Strings::default();
    for number in 0..count {
        if copied && number > 0 && random.below(10) < 7 {
            let of = posts.get(random.skewed(number)).to_owned();
            if random.below(3) == 0 {
                let kept = of.split(' ').filter(|_| random.below(20) > 0);
                let kept: Vec<&str> = kept.collect();
                posts.push(&kept.join(" "));
            } else {
                posts.push(&of);
            }
        } else {
            let words = 8 + random.below(13);
            let words = (0..words).map(|_| vocabulary[random.skewed(50_000)].as_str());
            posts.push(&words.collect::<Vec<_>>().join(" "));
        }
    }
    posts
}

/// `SplitMix64` (Steele, Lea, Flood 2014): the same posts everywhere, and no dependency.
struct Random(u64);

impl Random {
    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ bits >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ bits >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ bits >> 31
    }

    fn below(&mut self, bound: usize) -> usize {
        ((u128::from(self.bits()) * bound as u128) >> 64) as usize
    }

    /// A number below the bound, with probability about proportional to 1 / (1 + number).
    fn skewed(&mut self, bound: usize) -> usize {
        let uniform = (self.bits() >> 11) as f64 / 9_007_199_254_740_992.0;
        ((bound as f64 + 1.0).powf(uniform) as usize - 1).min(bound - 1)
    }
}
