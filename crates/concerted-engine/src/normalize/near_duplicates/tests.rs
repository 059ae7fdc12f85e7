//! Which texts become one object, in any order, on any number of threads, and at what cost.

use super::*;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

fn objects(texts: &Strings) -> Vec<Option<u32>> {
    near_duplicates(texts, &TextPlan::default()).objects
}

/// A text of words that stand nowhere else, but for the seed's own.
fn message(rng: &mut ChaCha8Rng, words: usize, alphabet: &[char]) -> Vec<String> {
    (0..words)
        .map(|_| {
            let letters = 2 + rng.next_u32() as usize % 8;
            (0..letters)
                .map(|_| alphabet[rng.next_u32() as usize % alphabet.len()])
                .collect()
        })
        .collect()
}

fn copy(rng: &mut ChaCha8Rng, message: &[String], drop: f64) -> String {
    let kept = message
        .iter()
        .filter(|_| f64::from(rng.next_u32()) / 4_294_967_296.0 >= drop);
    kept.map(String::as_str).collect::<Vec<_>>().join(" ")
}

fn alphabets() -> Vec<Vec<char>> {
    [
        ('a', 'z'),
        ('а', 'я'),
        ('ء', 'ي'),
        ('ก', 'ฮ'),
        ('一', '鿿'),
        ('가', '힣'),
    ]
    .into_iter()
    .map(|(first, last)| (first..=last).collect())
    .collect()
}

/// 60 messages in six scripts, ten copies each with words dropped.
fn corpus() -> Strings {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let mut texts = Strings::default();
    for alphabet in alphabets() {
        for _ in 0..10 {
            let message = message(&mut rng, 14, &alphabet);
            for _ in 0..10 {
                texts.push(&copy(&mut rng, &message, 0.05));
            }
        }
    }
    texts
}

#[test]
fn copies_with_words_dropped_are_one_object_in_any_script() {
    let objects = objects(&corpus());
    let (mut together, mut apart) = (0, 0);
    for message in objects.chunks(10) {
        for (i, a) in message.iter().enumerate() {
            assert!(a.is_some());
            for b in &message[i + 1..] {
                if a == b { together += 1 } else { apart += 1 }
            }
        }
    }
    assert!(together > 9 * apart, "{together} together, {apart} apart");
    let mut owners: Vec<(u32, usize)> = objects
        .iter()
        .enumerate()
        .map(|(row, object)| (object.unwrap(), row / 10))
        .collect();
    owners.sort_unstable();
    owners.dedup();
    owners.dedup_by_key(|owner| owner.0);
    let objects = owners.len();
    assert!(objects >= 60, "two messages share one of {objects} objects");
    assert!(owners.windows(2).all(|pair| pair[0].0 != pair[1].0));
}

#[test]
fn the_answer_does_not_depend_on_order_or_threads() {
    let mut texts = corpus();
    let mut rng = ChaCha8Rng::seed_from_u64(2);
    for _ in 0..6000 {
        let words = message(&mut rng, 9, &alphabets()[0]);
        texts.push(&copy(&mut rng, &words, 0.0));
    }
    let plan = TextPlan::default();
    let expect = near_duplicates(&texts, &plan);
    let mut rows: Vec<usize> = (0..texts.len()).collect();
    for i in (1..rows.len()).rev() {
        rows.swap(i, rng.next_u32() as usize % (i + 1));
    }
    let shuffled: Strings = rows.iter().map(|&row| texts.get(row)).collect();
    for threads in [1, 3] {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        let found = pool.install(|| near_duplicates(&shuffled, &plan));
        assert_eq!(found.report, expect.report);
        for (place, &row) in rows.iter().enumerate() {
            assert_eq!(found.objects[place], expect.objects[row]);
        }
    }
}

#[test]
fn short_and_empty_texts_are_no_object_and_script_counts() {
    let texts: Strings = [
        "",
        "good morning",
        "ha ha ha ha ha ha ha ha ha ha ha ha ha",
        "we vote on sunday come all",
        "我们星期天都要去投票站",
        "我们去投票",
        "🔥🔥🔥🔥🔥🔥🔥🔥🔥🔥🔥🔥",
    ]
    .into_iter()
    .collect();
    let found = near_duplicates(&texts, &TextPlan::default());
    assert_eq!(
        found.objects,
        [None, None, None, Some(1), Some(0), None, None]
    );
    assert_eq!(found.representatives, [4, 3]);
    assert_eq!(found.report.too_short, 5);
    let empty = near_duplicates(&Strings::default(), &TextPlan::default());
    assert_eq!(empty, NearDuplicates::default());
}

#[test]
fn texts_with_equal_grams_are_together_whatever_the_cap() {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    let mut texts = Strings::default();
    for _ in 0..500 {
        let words = message(&mut rng, 8, &alphabets()[0]);
        let base = format!(
            "the long opening that all of these have {}",
            words.join(" ")
        );
        let doubled = format!("{base} {base} {base}");
        texts.push(&format!("{base} {base}"));
        texts.push(&doubled);
    }
    let plan = TextPlan {
        bucket: 1,
        threshold: 0.9,
        ..TextPlan::default()
    };
    let found = near_duplicates(&texts, &plan);
    assert!(found.objects.chunks(2).all(|twins| twins[0] == twins[1]));
    assert!(found.report.objects > 400);
}

#[test]
fn a_hundred_thousand_equal_texts_are_one_object_compared_with_none() {
    let texts: Strings = (0..100_000)
        .map(|_| "the same words from everyone at once")
        .collect();
    let found = near_duplicates(&texts, &TextPlan::default());
    assert_eq!((found.report.objects, found.report.compared), (1, 0));
    assert!(found.objects.iter().all(|&object| object == Some(0)));
}

#[test]
fn a_crowd_that_shares_an_opening_stays_linear_and_is_counted() {
    let mut rng = ChaCha8Rng::seed_from_u64(4);
    let opening = "dear friends and members of our beloved group, ".repeat(2);
    let texts: Strings = (0..50_000)
        .map(|_| {
            format!(
                "{opening}{}",
                message(&mut rng, 20, &alphabets()[0]).join(" ")
            )
        })
        .collect();
    let plan = TextPlan::default();
    let report = near_duplicates(&texts, &plan).report;
    assert!(report.capped > 0);
    assert!(report.compared < 50_000 * plan.bucket * plan.bands().bands / 4);
    assert!(report.objects > 49_000, "{} objects", report.objects);
}

#[test]
fn a_megabyte_of_text_is_a_text_like_others() {
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    let words = message(&mut rng, 180_000, &alphabets()[0]);
    let long = words.join(" ");
    assert!(long.len() > 1_000_000);
    let texts: Strings = [
        long.as_str(),
        &long[5000..],
        "a short one beside the long ones",
    ]
    .into_iter()
    .collect();
    assert_eq!(objects(&texts), [Some(0), Some(0), Some(1)]);
}
