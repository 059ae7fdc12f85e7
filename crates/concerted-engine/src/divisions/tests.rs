//! Divisions of small corpora made by hand: two camps, none, and a group that plays on them.

use super::*;
use crate::normalize::near_duplicates::TextPlan;
use crate::normalize::understand;
use crate::post::{Post, Posts};
use sides::Stand;

const DAY: i64 = 86_400_000;

/// A corpus under construction.
struct Corpus {
    posts: Posts,
    rng: Rng,
}

impl Corpus {
    fn new() -> Self {
        Self {
            posts: Posts::default(),
            rng: Rng::stream(11, 0),
        }
    }

    /// Posts of one account, each with one tag; `own` of a hundred are of its side, the rest of the other.
    fn account(&mut self, name: &str, b: bool, posts: u64, own: u64, lang: &str) {
        for number in 0..posts {
            let side = if self.rng.below(100) < own { b } else { !b };
            let tag = format!(
                "{}{}",
                if side { "blue" } else { "amber" },
                self.rng.below(25)
            );
            self.post(name, number, &tag, lang);
        }
    }

    fn post(&mut self, name: &str, number: u64, tag: &str, lang: &str) {
        let time = i64::try_from(number % 20).unwrap() * DAY + self.rng.within(1 << 24) + DAY;
        self.posts.push(&Post {
            post_id: format!("{name}-{number}"),
            account_id: name.into(),
            time,
            platform: "example".into(),
            lang: lang.into(),
            text: format!(
                "word{} word{} #{tag}",
                self.rng.below(40),
                self.rng.below(40)
            ),
            ..Post::default()
        });
    }

    fn divisions(&self, groups: &[&[String]], plan: &DivisionPlan) -> Divisions {
        let understood = understand(&self.posts, &TextPlan::default());
        let groups: Vec<Vec<u32>> = groups
            .iter()
            .map(|names| {
                names
                    .iter()
                    .map(|name| understood.accounts.find(name).unwrap())
                    .collect()
            })
            .collect();
        divisions(&understood, &groups, plan)
    }
}

fn names(prefix: &str, members: u32) -> Vec<String> {
    (0..members)
        .map(|member| format!("{prefix}{member}"))
        .collect()
}

/// 160 accounts in two camps; a group on each side and one with half of its members on either.
fn divided() -> Corpus {
    let mut corpus = Corpus::new();
    for account in 0..160 {
        corpus.account(&format!("p{account}"), account % 2 == 0, 15, 92, "en");
    }
    for member in 0..12 {
        corpus.account(&format!("one{member}"), true, 20, 92, "en");
        corpus.account(&format!("two{member}"), member % 2 == 0, 20, 92, "en");
    }
    for member in 0..6 {
        for number in 0..20 {
            corpus.post(
                &format!("loud{member}"),
                number,
                if number < 15 { "blue3" } else { "amber7" },
                "en",
            );
        }
    }
    corpus
}

#[test]
fn a_divide_is_found_and_groups_are_held_against_it() {
    let corpus = divided();
    let (one, two, loud) = (names("one", 12), names("two", 12), names("loud", 6));
    let seeds = |side: &str, name: &str| Side {
        name: name.into(),
        seeds: (0..4).map(|tag| format!("#{side}{tag}")).collect(),
    };
    let plan = DivisionPlan {
        seeds: [seeds("blue", "Blue"), seeds("amber", "Amber")],
        ..DivisionPlan::default()
    };
    let found = corpus.divisions(&[&one, &two, &loud], &plan);
    assert_eq!(found.populations.len(), 1);
    let population = &found.populations[0];
    assert_eq!((population.accounts, population.removed), (160, 30));
    let divide = population.divide.as_ref().expect("there is a divide");
    assert_eq!(divide.channel, Kind::Hashtag);
    assert_eq!(divide.camps, [80, 80]);
    assert_eq!(divide.seeded.names.of(false), "Blue");
    assert!(
        divide
            .items
            .iter()
            .filter(|item| item.kind == Kind::Hashtag)
            .all(|item| { !item.leans() || (item.lean.z > 0.0) == item.name.starts_with("amber") })
    );
    assert!(divide.placement_error.1 > 100 && divide.placement_error.0 <= 2);
    let stand = |place: usize| divide.groups[place].sides.1.stand;
    assert_eq!(
        stand(0),
        Stand::MostlyOne(false),
        "{:?}",
        divide.groups[0].sides
    );
    assert_eq!(stand(1), Stand::Both, "{:?}", divide.groups[1].sides);
    let blue3 = divide
        .issues
        .iter()
        .position(|issue| issue.name == "#blue3")
        .unwrap();
    let plays = divide.groups[2]
        .emphasis
        .iter()
        .find(|of| of.issue == blue3)
        .unwrap();
    let plays_on::Said::Ratio {
        ratio,
        low,
        differs,
        ..
    } = plays.said
    else {
        panic!("{plays:?}")
    };
    assert!(
        ratio > 10.0 && low > 5.0 && differs == plays_on::Differs::Above,
        "{plays:?}"
    );
    assert_eq!(divide.issues[blue3].mainly, Some(false));
}

#[test]
fn a_person_can_merge_and_drop_issues_and_take_groups_as_one() {
    let corpus = divided();
    let (one, two) = (names("one", 12), names("two", 12));
    let plan = DivisionPlan {
        edits: Edits {
            issues: vec![("colours".into(), vec!["#blue1".into(), "#amber1".into()])],
            dropped: vec!["#blue2".into()],
        },
        together: vec![vec![0, 1]],
        ..DivisionPlan::default()
    };
    let found = corpus.divisions(&[&one, &two], &plan);
    let divide = found.populations[0].divide.as_ref().unwrap();
    assert_eq!(divide.issues[0].name, "colours");
    assert_eq!(
        (divide.issues[0].items.len(), divide.issues[0].mainly),
        (2, None)
    );
    assert!(
        divide
            .issues
            .iter()
            .all(|issue| issue.name != "#blue2" && issue.name != "#blue1")
    );
    assert_eq!(divide.groups.len(), 3);
    assert_eq!(
        (divide.groups[2].groups.clone(), divide.groups[2].members),
        (vec![0, 1], 24)
    );
}

#[test]
fn one_camp_alone_and_no_camps_at_all_give_no_divide() {
    let mut corpus = Corpus::new();
    for account in 0..160 {
        corpus.account(&format!("p{account}"), false, 15, 97, "en");
        corpus.account(&format!("q{account}"), account % 2 == 0, 15, 50, "de");
    }
    corpus.account("few", true, 30, 50, "fr");
    let found = corpus.divisions(&[], &DivisionPlan::default());
    assert_eq!((found.populations.len(), found.too_small), (2, 1));
    for population in found.populations {
        assert!(population.divide.is_none(), "{population:?}");
        assert_eq!(population.gates.len(), Kind::CHANNELS.len());
    }
}

#[test]
fn members_of_groups_teach_nothing() {
    // Without the planted accounts there is one camp; with them in the fit there would be two.
    let mut corpus = Corpus::new();
    for account in 0..160 {
        corpus.account(&format!("p{account}"), false, 15, 97, "en");
        corpus.account(&format!("s{account}"), true, 15, 97, "en");
    }
    let planted = names("s", 160);
    let left_in = corpus.divisions(&[], &DivisionPlan::default());
    assert!(left_in.populations[0].divide.is_some());
    let removed = corpus.divisions(&[&planted], &DivisionPlan::default());
    assert!(removed.populations[0].divide.is_none());
    assert_eq!(removed.populations[0].removed, 160);
}
