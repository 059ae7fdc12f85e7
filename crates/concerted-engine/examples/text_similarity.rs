//! From which similarity on are two texts the same? Prints the tables of `docs/methods/text.md` for
//! the texts on standard input, one per line:
//!
//! * how near the nearest other text is, over all pairs of distinct texts;
//! * how near copies are of which words were dropped or one exchanged;
//! * how many of the near pairs the bands bring together, and what else they bring;
//! * how many of the near pairs end up in one object, and what else does.
//!
//! ```text
//! cargo run --release -p concerted-engine --example text_similarity -- [TEXTS] < texts.txt
//! ```

use concerted_engine::columns::Strings;
use concerted_engine::normalize::grams::GramSet;
use concerted_engine::normalize::minhash::Sketcher;
use concerted_engine::normalize::near_duplicates::{TextPlan, near_duplicates};
use concerted_engine::normalize::text::normal_texts;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use std::io::{Read, Write, stdin, stdout};

fn main() -> std::io::Result<()> {
    let wanted = match std::env::args().nth(1) {
        Some(texts) => texts.parse().map_err(std::io::Error::other)?,
        None => 20_000,
    };
    let mut input = String::new();
    stdin().read_to_string(&mut input)?;
    let mut rng = ChaCha8Rng::seed_from_u64(2016);
    let texts = distinct_texts(&input, wanted, &mut rng);
    let mut out = stdout().lock();
    writeln!(
        out,
        "{} distinct texts long enough to be objects\n",
        texts.len()
    )?;

    let pairs = all_pairs(&texts, 0.1);
    nearest(&mut out, &texts, &pairs)?;
    copies(&mut out, &texts, &mut rng)?;
    banding(&mut out, &texts, &pairs)?;
    objects(&mut out, &texts, &pairs)
}

/// A sample of the distinct normal texts that are long enough.
fn distinct_texts(input: &str, wanted: usize, rng: &mut ChaCha8Rng) -> Vec<String> {
    let normal = normal_texts(&input.lines().collect::<Strings>());
    let mut texts: Vec<String> = normal.iter().map(str::to_owned).collect();
    texts.sort_unstable();
    texts.dedup();
    let (plan, mut grams) = (TextPlan::default(), GramSet::default());
    texts.retain(|text| {
        grams.load(text);
        plan.size(text, &grams).is_some()
    });
    for i in (1..texts.len()).rev() {
        texts.swap(i, rng.next_u32() as usize % (i + 1));
    }
    texts.truncate(wanted);
    texts
}

/// A pair of texts, the similarity of their grams, and whether they share enough to be the same.
struct Pair(usize, usize, f64, bool);

/// Every pair of at least this similarity, by counting common grams: exact, no sketches.
fn all_pairs(texts: &[String], least: f64) -> Vec<Pair> {
    let mut set = GramSet::default();
    let mut postings: Vec<(u64, u32)> = Vec::new();
    let (plan, mut sizes) = (TextPlan::default(), Vec::new());
    for (text, number) in texts.iter().zip(0..) {
        set.load(text);
        sizes.push(plan.size(text, &set).unwrap_or_default());
        postings.extend(set.distinct().iter().map(|&gram| (gram, number)));
    }
    postings.sort_unstable();
    let mut pairs = Vec::new();
    let mut common = vec![0_u32; texts.len()];
    for (a, text) in texts.iter().enumerate() {
        set.load(text);
        let mut met = Vec::new();
        for &gram in set.distinct() {
            let first = postings.partition_point(|posting| posting.0 < gram);
            let same = postings[first..].iter();
            for &(_, b) in same.take_while(|posting| posting.0 == gram) {
                let b = b as usize;
                if b < a {
                    if common[b] == 0 {
                        met.push(b);
                    }
                    common[b] += 1;
                }
            }
        }
        for b in met {
            let shared = std::mem::take(&mut common[b]);
            let all = sizes[a].distinct + sizes[b].distinct - shared;
            let similarity = f64::from(shared) / f64::from(all);
            if similarity >= least {
                let enough = shared >= sizes[a].least.min(sizes[b].least);
                pairs.push(Pair(b, a, similarity, enough));
            }
        }
    }
    pairs
}

fn nearest(out: &mut impl Write, texts: &[String], pairs: &[Pair]) -> std::io::Result<()> {
    let mut nearest = vec![0.0_f64; texts.len()];
    for &Pair(a, b, similarity, _) in pairs.iter().filter(|pair| pair.3) {
        nearest[a] = nearest[a].max(similarity);
        nearest[b] = nearest[b].max(similarity);
    }
    writeln!(
        out,
        "| nearest other text that shares enough | share of texts | pairs |\n| --- | --- | --- |"
    )?;
    for twentieth in 2..20 {
        let (from, to) = (f64::from(twentieth) / 20.0, f64::from(twentieth + 1) / 20.0);
        let inside = |similarity: f64| similarity >= from && similarity < to;
        let share = nearest.iter().filter(|&&near| inside(near)).count();
        let pairs = pairs.iter().filter(|pair| inside(pair.2) && pair.3).count();
        let share = 100.0 * share as f64 / texts.len() as f64;
        writeln!(out, "| {from:.2}–{to:.2} | {share:.2} % | {pairs} |")?;
    }
    writeln!(out)
}

fn copies(out: &mut impl Write, texts: &[String], rng: &mut ChaCha8Rng) -> std::io::Result<()> {
    writeln!(
        out,
        "| change | pair | 5 % | median | 95 % | ≥ .4 | ≥ .45 | ≥ .5 | ≥ .55 | ≥ .6 |\n\
         | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"
    )?;
    let mut set = GramSet::default();
    for change in [0.05, 0.15, 0.25, -1.0] {
        let (mut to_original, mut to_copy) = (Vec::new(), Vec::new());
        for (place, text) in texts.iter().enumerate().take(5000) {
            let words: Vec<&str> = text.split(' ').collect();
            if !(10..=14).contains(&words.len()) {
                continue;
            }
            let foreign: Vec<&str> = texts[(place + 1) % texts.len()].split(' ').collect();
            let [a, b] = [0, 1].map(|_| altered(&words, &foreign, change, rng));
            set.load(&a);
            to_copy.push(set.similarity(&b));
            to_original.push(set.similarity(text));
        }
        let name = if change < 0.0 {
            "one word exchanged".to_owned()
        } else {
            format!("each word dropped with probability {change}")
        };
        for (pair, mut found) in [("copy, original", to_original), ("two copies", to_copy)] {
            found.sort_unstable_by(f64::total_cmp);
            let quantile = |part: usize| found.get(found.len() * part / 20).unwrap_or(&0.0);
            write!(out, "| {name} | {pair} ")?;
            for part in [1, 10, 19] {
                write!(out, "| {:.2} ", quantile(part))?;
            }
            for least in [0.4, 0.45, 0.5, 0.55, 0.6] {
                let reach = found.iter().filter(|&&near| near >= least).count();
                write!(out, "| {:.3} ", reach as f64 / found.len() as f64)?;
            }
            writeln!(out, "|")?;
        }
    }
    writeln!(out)
}

/// A copy with each word dropped at this probability; below zero with one word exchanged.
fn altered(words: &[&str], foreign: &[&str], change: f64, rng: &mut ChaCha8Rng) -> String {
    let mut words = words.to_vec();
    if change < 0.0 {
        let place = rng.next_u32() as usize % words.len();
        words[place] = foreign[rng.next_u32() as usize % foreign.len()];
    } else {
        words.retain(|_| f64::from(rng.next_u32()) >= change * 4_294_967_296.0);
    }
    words.join(" ")
}

fn banding(out: &mut impl Write, texts: &[String], pairs: &[Pair]) -> std::io::Result<()> {
    let plan = TextPlan::default();
    let bands = plan.bands();
    let (mut sketcher, mut set, mut keys) = (Sketcher::new(bands), GramSet::default(), Vec::new());
    for text in texts {
        set.load(text);
        sketcher.keys(set.distinct(), &mut keys);
    }
    let of = |text: usize| &keys[text * bands.bands..][..bands.bands];
    writeln!(
        out,
        "{} bands of {} slots, threshold {}\n\n\
         | similarity | pairs | that meet | computed |\n| --- | --- | --- | --- |",
        bands.bands, bands.rows, plan.threshold
    )?;
    for tenth in 1..10 {
        let (from, to) = (f64::from(tenth) / 10.0, f64::from(tenth + 1) / 10.0);
        let (mut inside, mut met, mut computed) = (0, 0, 0.0);
        for &Pair(a, b, similarity, _) in pairs {
            if similarity >= from && similarity < to {
                inside += 1;
                met += usize::from(of(a).iter().zip(of(b)).any(|(a, b)| a == b));
                computed += bands.recall(similarity);
            }
        }
        let share = |part: f64| part / f64::from(inside.max(1));
        let (met, computed) = (share(met as f64), share(computed));
        writeln!(
            out,
            "| {from:.1}–{to:.1} | {inside} | {met:.3} | {computed:.3} |"
        )?;
    }
    let mut meeting: Vec<(u32, u32)> = Vec::new();
    for band in 0..bands.bands {
        let mut bucket: Vec<(u32, u32)> = (0_u32..)
            .zip(texts)
            .map(|(text, _)| (of(text as usize)[band], text))
            .collect();
        bucket.sort_unstable();
        for bucket in bucket.chunk_by(|a, b| a.0 == b.0) {
            for (place, a) in bucket.iter().enumerate() {
                meeting.extend(bucket[place + 1..].iter().map(|b| (a.1, b.1)));
            }
        }
    }
    meeting.sort_unstable();
    meeting.dedup();
    let near = pairs
        .iter()
        .filter(|pair| pair.2 >= plan.threshold && pair.3);
    let met = near
        .clone()
        .filter(|pair| of(pair.0).iter().zip(of(pair.1)).any(|(a, b)| a == b));
    let (near, met) = (near.count(), met.count());
    writeln!(
        out,
        "\nof {near} pairs at the threshold or above {met} meet ({:.4}); in all {} of {} pairs meet \
         ({:.2} a text)\n",
        met as f64 / near.max(1) as f64,
        meeting.len(),
        texts.len() * texts.len().saturating_sub(1) / 2,
        meeting.len() as f64 / texts.len().max(1) as f64,
    )
}

fn objects(out: &mut impl Write, texts: &[String], pairs: &[Pair]) -> std::io::Result<()> {
    let column: Strings = texts.iter().collect();
    writeln!(
        out,
        "| threshold | objects | near pairs | in one object | pairs in one object | of these below the threshold | capped | objects if nothing were |\n\
         | --- | --- | --- | --- | --- | --- | --- | --- |"
    )?;
    for threshold in [0.4, 0.45, 0.5, 0.55, 0.6] {
        let plan = TextPlan {
            threshold,
            ..TextPlan::default()
        };
        let found = near_duplicates(&column, &plan);
        let unbounded = TextPlan {
            bucket: 1 << 20,
            candidates: usize::MAX,
            ..plan
        };
        let near = pairs.iter().filter(|pair| pair.2 >= threshold && pair.3);
        let kept = near
            .clone()
            .filter(|pair| found.objects[pair.0] == found.objects[pair.1])
            .count();
        let mut sizes = vec![0_usize; found.report.objects];
        for object in found.objects.iter().flatten() {
            sizes[*object as usize] += 1;
        }
        let together: usize = sizes
            .iter()
            .map(|size| size * size.saturating_sub(1) / 2)
            .sum();
        let near = near.count();
        writeln!(
            out,
            "| {threshold} | {} | {near} | {:.4} | {together} | {:.3} | {} | {} |",
            found.report.objects,
            kept as f64 / near.max(1) as f64,
            (together - kept) as f64 / together.max(1) as f64,
            found.report.capped,
            near_duplicates(&column, &unbounded).report.objects,
        )?;
    }
    Ok(())
}
