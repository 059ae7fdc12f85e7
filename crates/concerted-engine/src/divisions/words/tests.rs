//! The sentences as they read, and what none of them can say.

use super::*;
use crate::divisions::seeds::{Seeded, Side, seeded};
use crate::divisions::sides::{Counts, sides as stands};

fn gate_of(verdict: Verdict) -> Gate {
    Gate {
        verdict,
        accounts: 461,
        items: 900,
        smaller: 180,
        modularity: 0.3,
        by_chance: 0.1,
        effect: 0.39,
        agreement: 0.71,
        copies: 20,
        halvings: 20,
        camps: 3,
        camps_in_halves: (2, 4),
    }
}

fn emphasis_of(said: Said) -> Emphasis {
    Emphasis {
        issue: 0,
        posts: (36, 400),
        members: 6,
        background: (80, 8_000),
        background_accounts: (44, 900),
        background_share: 0.01,
        expected: 4.0,
        said,
        p: 0.001,
        q: 0.01,
        percentile: 0.93,
        first: Some(0),
        before_accounts: 29,
        before_after: (0.004, 0.011),
    }
}

fn ratio_of(differs: Differs) -> Said {
    Said::Ratio {
        ratio: 8.5775,
        low: 2.3202,
        high: 31.711,
        by_day: 8.0,
        differs,
    }
}

fn sides_of(a: u64, b: u64, known: f64, organic: usize) -> Sides {
    let counts = Counts {
        a,
        b,
        neutral: 1,
        unplaced: 4,
    };
    let grown = vec![
        Counts {
            a: 9,
            ..Counts::default()
        };
        organic
    ];
    stands(counts, known, &grown, (4, 424))
}

fn named() -> Seeded {
    let side = |name: &str, seeds: [&str; 3]| Side {
        name: name.into(),
        seeds: seeds.map(str::to_owned).to_vec(),
    };
    seeded(
        &[
            side("North", ["a1", "a2", "a3"]),
            side("", ["b1", "b2", "b3"]),
        ],
        |seed| Some(seed.starts_with('b')),
    )
}

/// Every kind of sentence, under these names of camps.
fn sentences(names: &CampNames) -> Vec<String> {
    let plan = GatePlan::default();
    let verdicts = [
        Verdict::TooFew,
        Verdict::NoDivide,
        Verdict::Divide,
        Verdict::Strong,
    ];
    let contested_of = Contested {
        reposts: 107,
        share_b: 0.514,
        cross: 0.009_346,
        by_chance: 0.499_868,
        weight: 0.9805,
    };
    let background_of = Background::for_words(900, (10.0, 240.0), 3);
    let mut all: Vec<String> = verdicts
        .into_iter()
        .map(|verdict| gate("hashtag", &gate_of(verdict), &plan))
        .collect();
    all.push(camps(&gate_of(Verdict::Divide)));
    all.push(population("example", "en"));
    all.push(population("", ""));
    all.push(lean("#x", 4.2, 3.1, [5, 30], names));
    all.push(lean("#x", 2.2, 3.1, [5, 12], names));
    all.push(contested(0.8, Some(&contested_of)));
    all.push(contested(0.8, None));
    all.push(background(
        &background_of,
        "posts labelled \"en\" on example",
    ));
    for said in [
        Said::Counts,
        Said::NoBackground {
            upper: 3.0 / 53_000.0,
        },
        Said::OwnItem,
        ratio_of(Differs::Above),
        ratio_of(Differs::Below),
        ratio_of(Differs::NotTold),
    ] {
        all.push(emphasis("#x", &emphasis_of(said)));
    }
    let of = emphasis_of(Said::Counts);
    all.push(before("#x", &of, "2016-03-02", Some(names.of(true))));
    all.push(before(
        "#x",
        &Emphasis {
            before_accounts: 2,
            ..of.clone()
        },
        "2016-03-02",
        None,
    ));
    all.push(before(
        "#x",
        &Emphasis {
            before_accounts: 0,
            ..of
        },
        "2016-03-02",
        None,
    ));
    for (a, b, known, organic) in [
        (8, 10, 0.6, 200),
        (12, 0, 0.6, 200),
        (3, 1, 0.6, 200),
        (8, 10, 0.2, 200),
        (8, 10, 0.6, 20),
    ] {
        all.push(sides(&sides_of(a, b, known, organic), names, None));
    }
    all.push(sides(
        &sides_of(8, 10, 0.6, 200),
        names,
        Some("Group 3 and Group 7"),
    ));
    all.push(NOT_ESTABLISHED.to_owned());
    all.push(CLOSING.to_owned());
    all
}

#[test]
fn the_sentences_read_as_agreed() {
    let mut all = sentences(&CampNames::default());
    all.push(seeds(&Seeded::default()));
    all.push(seeds(&named()));
    let shown = all.join("\n") + "\n";
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/src/divisions/words/sentences.txt"
    );
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, &shown).unwrap();
    }
    let agreed = std::fs::read_to_string(path).unwrap_or_default();
    assert_eq!(
        agreed, shown,
        "run with UPDATE=1 if the sentences were changed on purpose"
    );
}

#[test]
fn no_sentence_says_what_figures_cannot() {
    let forbidden = [
        "sow",
        "intent",
        "intend",
        "aim",
        "want",
        "effect",
        "persua",
        "influenc",
        "interfer",
        "polari",
        "manipulat",
        "fake",
        "bot",
        "troll",
        "campaign",
        "left",
        "right",
        "democrat",
        "republican",
        "liberal",
        "conservative",
        "party",
        "regime",
        "foreign",
    ];
    for names in [CampNames::default(), named().names] {
        for sentence in sentences(&names) {
            // The two places where a forbidden word is denied or is the name of a figure.
            let plain = sentence
                .replace(CLOSING, "")
                .replace("are left out", "")
                .replace("Effect 0.39", "")
                .replace("effect 0.39", "")
                .to_lowercase();
            for word in plain.split(|letter: char| !letter.is_alphabetic()) {
                // "both" holds "bot".
                let says = forbidden
                    .iter()
                    .find(|forbidden| word.starts_with(**forbidden) && word != "both");
                assert!(says.is_none(), "{says:?} in: {sentence}");
            }
        }
    }
}

#[test]
fn camps_have_letters_until_a_person_names_them() {
    let given = named().names;
    let (plain, named): (Vec<String>, Vec<String>) =
        (sentences(&CampNames::default()), sentences(&given));
    assert!(plain.iter().all(|sentence| !sentence.contains("North")));
    assert!(plain.iter().any(|sentence| sentence.contains("camp B")));
    assert!(named.iter().any(|sentence| sentence.contains("North")));
    assert!(
        named
            .iter()
            .any(|sentence| sentence.contains("the side of b1, b2 and b3"))
    );
}

#[test]
fn a_premise_is_called_one() {
    let with = sides(
        &sides_of(8, 10, 0.6, 200),
        &CampNames::default(),
        Some("Groups 3 and 7"),
    );
    assert!(with.contains("premise"));
    let without = sides(&sides_of(8, 10, 0.6, 200), &CampNames::default(), None);
    assert!(!without.contains("premise"));
}
