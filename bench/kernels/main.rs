//! The kernels whose instructions are counted: `kernels NAME TIMES` does one so many times.
//!
//! Run under callgrind by `cargo run -p xtask -- instructions`, once doing nothing and once doing the
//! work, so that what a kernel needs to get ready is not counted. One thread, so that a count repeats.
#![expect(
    clippy::print_stdout,
    reason = "a bench says what came out, so that nothing is left away"
)]

use anyhow::{Result, bail};
use concerted_bench::shares::{self, Shape};
use concerted_engine::columns::Strings;
use concerted_engine::groups::sequential::{GroupEProcess, SequentialPlan};
use concerted_engine::normalize::near_duplicates::{TextPlan, near_duplicates};
use concerted_engine::normalize::text::normal_texts;
use concerted_engine::normalize::url::canonical;
use concerted_engine::pairs::window_join::Join;
use concerted_engine::traces::{ShareColumns, sorted_by_object_and_time, window_ends};
use concerted_formats::read::{Input, ReadOptions, read};
use concerted_sim::{Plan, SimPost, Stream};
use concerted_stats::ln_poisson_sf;
use std::fmt::Write as _;

/// Gets ready, does its work so many times, and gives a figure that depends on it.
type Kernel = fn(usize) -> u64;

/// Every kernel by name.
const KERNELS: [(&str, Kernel); 9] = [
    ("sort", sort),
    ("window", window),
    ("join", join),
    ("poisson-tail", poisson_tail),
    ("e-process", e_process),
    ("text", text),
    ("near-duplicates", near),
    ("link", link),
    ("csv", csv),
];

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [name, times] = args.as_slice() else {
        for (name, _) in KERNELS {
            println!("{name}");
        }
        return Ok(());
    };
    let Some((_, kernel)) = KERNELS.iter().find(|(known, _)| known == name) else {
        bail!("no kernel is called {name:?}");
    };
    println!("{}", kernel(times.parse()?));
    Ok(())
}

/// A hundred thousand shares sorted by object and time.
fn sort(times: usize) -> u64 {
    let shares = shares::make(100_000, Shape::Bursty, 1);
    repeat(times, || {
        let sorted = sorted_by_object_and_time(shares.clone());
        u64::from(sorted.account[0])
    })
}

/// The ends of the windows of a hundred thousand slots.
fn window(times: usize) -> u64 {
    let slots = slots();
    repeat(times, || {
        window_ends(&slots.object, &slots.time, 60_000).len() as u64
    })
}

/// The pairs of a hundred thousand slots.
fn join(times: usize) -> u64 {
    let slots = slots();
    let ends = [window_ends(&slots.object, &slots.time, 60_000)];
    repeat(times, || {
        let joined = Join::default().for_each_pair(&slots.account, &ends, |_, met| {
            u32::try_from(met.len()).ok()
        });
        joined.found[0].len() as u64
    })
}

fn slots() -> ShareColumns {
    sorted_by_object_and_time(shares::make(100_000, Shape::Bursty, 1))
}

/// Ten thousand tails of a Poisson count.
fn poisson_tail(times: usize) -> u64 {
    repeat(times, || {
        let sum: f64 = (0..10_000u32)
            .map(|i| ln_poisson_sf(u64::from(2 + i % 9), 1e-4 * f64::from(1 + i)))
            .sum();
        sum.to_bits()
    })
}

/// The burst search over a hundred thousand shares in order of time.
fn e_process(times: usize) -> u64 {
    let shares = shares::make(100_000, Shape::Bursty, 1);
    let mut order: Vec<usize> = (0..shares.time.len()).collect();
    order.sort_unstable_by_key(|&row| (shares.time[row], row));
    repeat(times, || {
        let mut machine = GroupEProcess::new(&SequentialPlan::default());
        let mut bets = 0;
        for &row in &order {
            machine.push(
                shares.time[row],
                shares.account[row],
                shares.object[row],
                |_| bets += 1,
            );
        }
        bets
    })
}

/// Posts of a simulated election.
fn posts() -> Vec<SimPost> {
    let plan = Plan {
        posts: 20_000,
        accounts: 6_000,
        ..Plan::example()
    };
    Stream::new(&plan).map_or_else(|_| Vec::new(), |stream| stream.take(20_000).collect())
}

/// Texts made comparable.
fn text(times: usize) -> u64 {
    let texts: Strings = posts().iter().map(|post| post.text.as_str()).collect();
    repeat(times, || normal_texts(&texts).len() as u64)
}

/// Near-duplicates among texts made comparable.
fn near(times: usize) -> u64 {
    let texts: Strings = posts().iter().map(|post| post.text.as_str()).collect();
    let texts = normal_texts(&texts);
    repeat(times, || {
        near_duplicates(&texts, &TextPlan::default())
            .representatives
            .len() as u64
    })
}

/// Twenty thousand rows of CSV read into posts.
fn csv(times: usize) -> u64 {
    let mut rows = String::from("post_id,account_id,created_at,text\n");
    for post in posts() {
        let text = post.text.replace('"', "\"\"");
        let _ = writeln!(
            rows,
            "{},{},{},\"{text}\"",
            post.post_id,
            post.account_id,
            post.time_ms / 1_000
        );
    }
    let file = tempfile::NamedTempFile::with_suffix(".csv").expect("a temporary file can be made");
    std::fs::write(file.path(), rows).expect("a temporary file can be written");
    repeat(times, || {
        let inputs = [Input::Path(file.path().to_owned())];
        let reading = read(&inputs, &ReadOptions::default()).expect("the file is well-formed");
        reading.posts.len() as u64
    })
}

/// Links made canonical.
fn link(times: usize) -> u64 {
    let links: Vec<String> = posts().into_iter().flat_map(|post| post.urls).collect();
    assert!(!links.is_empty(), "simulated posts carry links");
    repeat(times, || {
        links.iter().filter_map(|link| canonical(link)).count() as u64
    })
}

fn repeat(times: usize, mut kernel: impl FnMut() -> u64) -> u64 {
    (0..times).fold(0, |sum, _| sum.wrapping_add(std::hint::black_box(kernel())))
}
