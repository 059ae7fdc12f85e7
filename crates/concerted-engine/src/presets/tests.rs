//! Each rule on a few rows that are worked out by hand in the comments.

use super::cosine::{Vectors, Weighing};
use super::*;
use crate::normalize::near_duplicates::TextPlan;
use crate::normalize::understand;
use crate::post::{Post, Posts};

/// Rows of a share table: object, account, content, seconds.
fn table(rows: &[(&str, &str, &str, i64)]) -> Posts {
    let mut posts = Posts::default();
    for (object, account, content, seconds) in rows {
        posts.push(&Post {
            post_id: (*content).into(),
            account_id: (*account).into(),
            time: seconds * 1_000,
            objects: vec![(String::new(), (*object).into())],
            ..Post::default()
        });
    }
    posts
}

/// Texts of posts: account, post, seconds, text.
fn texts(rows: &[(&str, &str, i64, &str)]) -> Posts {
    let mut posts = Posts::default();
    for (account, post, seconds, text) in rows {
        posts.push(&Post {
            post_id: (*post).into(),
            account_id: (*account).into(),
            time: seconds * 1_000,
            text: (*text).into(),
            ..Post::default()
        });
    }
    posts
}

/// Ties as "a b weight", with a star where they are kept.
fn run(name: &str, network: &str, posts: &Posts, set: impl FnOnce(&mut Settings)) -> Vec<String> {
    let preset = by_name(name).unwrap();
    let mut settings = preset.defaults;
    settings.network = preset.network(network).unwrap();
    set(&mut settings);
    let understood = understand(posts, &TextPlan::default());
    let table = ShareTable::new(&understood, &preset.networks[settings.network], 1_000);
    let ties = preset.ties(&table, &table.corpus.shares, &settings);
    let mut words: Vec<String> = ties
        .iter()
        .map(|tie| {
            let (a, b) = tie.accounts;
            let (mut a, mut b) = (table.corpus.accounts.name(a), table.corpus.accounts.name(b));
            if !preset.directed && a > b {
                (a, b) = (b, a);
            }
            format!("{a} {b} {}{}", tie.weight, if tie.kept { "*" } else { "" })
        })
        .collect();
    words.sort();
    words
}

/// A and B share two objects 5 s and 10 s apart, A and D one at 1 s, C is 15 s late, and E shares a post
/// that is itself a content of A's.
const SHARES: &[(&str, &str, &str, i64)] = &[
    ("o1", "A", "c1", 0),
    ("o1", "B", "c2", 5),
    ("o1", "C", "c3", 20),
    ("o2", "A", "c4", 100),
    ("o2", "B", "c5", 110),
    ("o3", "A", "c6", 200),
    ("o3", "D", "c7", 201),
    ("c8", "A", "c8", 300),
    ("c8", "E", "c9", 301),
];

#[test]
fn coortweet_counts_pairs_of_shares_and_cuts_at_the_quantile() {
    let posts = table(SHARES);
    // The median of the weights 2 and 1 is 1.5. A content that is its own object makes no pair.
    let ties = run("cooRTweet", "shares", &posts, |set| {
        set.min_participation = Some(1);
    });
    assert_eq!(ties, ["A B 2*", "A D 1"]);
    // C, D and E have one row each; of one weight alone none is above the median.
    assert_eq!(run("cooRTweet", "shares", &posts, |_| ()), ["A B 2"]);
    // Within 9 s one pair of shares is left, one content for each account: too few.
    let narrow = run("cooRTweet", "shares", &posts, |set| set.window_s = Some(9));
    assert_eq!(narrow, [""; 0]);
}

#[test]
fn coortweet_tells_lags_objects_and_the_faster_network() {
    let posts = table(SHARES);
    let preset = by_name("cooRTweet").unwrap();
    let settings = Settings {
        min_participation: Some(1),
        fast_window_s: Some(5),
        ..preset.defaults
    };
    let understood = understand(&posts, &TextPlan::default());
    let table = ShareTable::new(&understood, &preset.networks[0], 1_000);
    let ties = preset.ties(&table, &table.corpus.shares, &settings);
    let keys: Vec<&str> = ties[0]
        .objects
        .iter()
        .map(|&object| table.corpus.objects.key.get(object as usize))
        .collect();
    assert_eq!((keys, ties[0].mean_lag_s), (vec!["o1", "o2"], Some(7.5)));
    let fast = ties[0].fast.unwrap();
    assert_eq!((fast.weight, fast.mean_lag_s, fast.kept), (1.0, 5.0, false));
    assert_eq!(flagged(&ties).len(), 2);
}

#[test]
fn qut_counts_the_posts_of_each_side() {
    let posts = table(&[
        ("r", "a", "1", 0),
        ("r", "a", "2", 1),
        ("r", "b", "3", 1),
        ("r", "c", "4", 3),
    ]);
    // Both posts of a are within a second of b's, which is one post; c is two seconds late.
    assert_eq!(
        run("qut", "co_retweet", &posts, |_| ()),
        ["a b 2*", "b a 1"]
    );
    let own = run("qut", "co_retweet", &posts, |set| {
        set.self_ties = true;
        set.min_weight = 1;
    });
    assert_eq!(own, ["a a 2*", "a b 2*", "b a 1*"]);
}

#[test]
fn qut_compares_texts_and_ties_nobody_by_the_link_they_lack() {
    let posts = texts(&[
        ("a", "1", 0, "@x Vote early, vote often today"),
        ("b", "2", 1, "vote early,  VOTE often today"),
        ("c", "3", 1, "vote early , vote seldom today"),
    ]);
    let one = |set: &mut Settings| set.min_weight = 1;
    // Without mention, case and double spaces a and b say the same.
    assert_eq!(run("qut", "co_tweet", &posts, one), ["a b 1*", "b a 1*"]);
    // Words of a: vote early , often today; c has seldom for often: 4 of 6 in common.
    let near = run("qut", "co_similar_tweet", &posts, |set| {
        set.min_weight = 1;
        set.similarity = 0.66;
    });
    assert_eq!(
        near,
        ["a b 1*", "a c 1*", "b a 1*", "b c 1*", "c a 1*", "c b 1*"]
    );
    assert_eq!(
        run("qut", "co_similar_tweet", &posts, one),
        ["a b 1*", "b a 1*"]
    );
    assert_eq!(run("qut", "co_post", &posts, one).len(), 6);
    assert!(run("qut", "co_link", &posts, one).is_empty());
}

#[test]
fn coornet_bins_from_the_first_share_and_projects_over_the_whole_link() {
    let posts = table(&[
        ("l", "A", "1", 0),
        ("l", "B", "2", 59),
        ("l", "C", "3", 61),
        ("l", "D", "4", 119),
        ("m", "E", "5", 0),
        ("m", "F", "6", 60),
    ]);
    // A and B share the first minute of l, C and D the second, so all four are tied, also A and D, 119 s
    // apart. E and F, 60 s apart, fall into two bins.
    let minute = |set: &mut Settings| set.window_s = Some(60);
    assert_eq!(
        run("coornet", "coord_shares", &posts, minute),
        ["A B 1*", "A C 1*", "A D 1*", "B C 1*", "B D 1*", "C D 1*"]
    );
    // Chains of shares at most a minute apart take E and F as well.
    assert_eq!(
        run("coornet", "pycoornet_differential", &posts, minute).len(),
        7
    );
    // l: 119 s make two bins of 59.5 s: A and B, C and D. m: 60 s make two bins of 30 s.
    assert_eq!(
        run("coornet", "pycoornet_coord_shares", &posts, minute).len(),
        6
    );
}

#[test]
fn coornet_estimates_its_interval_from_the_quickest_links() {
    let shares = |rows| {
        let posts = table(rows);
        let understood = understand(&posts, &TextPlan::default());
        let table = ShareTable::new(&understood, &by_name("coornet").unwrap().networks[0], 1_000);
        interval_s(&table.corpus.shares)
    };
    // Second shares after 4 s and 100 s; the tenth quantile is 13.6 s, so l alone is quick. More than
    // half of its four shares are there with the third, after 7 s.
    let two = [
        ("l", "A", "1", 0),
        ("l", "B", "2", 4),
        ("l", "C", "3", 7),
        ("l", "D", "4", 90),
        ("m", "E", "5", 0),
        ("m", "F", "6", 100),
    ];
    assert_eq!(shares(&two), Some(7));
    assert_eq!(shares(&[("l", "A", "1", 0), ("l", "B", "2", 0)]), Some(1));
    assert_eq!(shares(&[("l", "A", "1", 0), ("m", "B", "2", 0)]), None);
}

#[test]
fn schoch_asks_for_one_minute_once() {
    let posts = texts(&[
        ("a", "1", 0, "the same words"),
        ("b", "2", 60, "the same words"),
        ("c", "3", 121, "the same words"),
        ("d", "4", 0, "The same words"),
    ]);
    assert_eq!(run("schoch", "either", &posts, |_| ()), ["a b 1*"]);
    assert_eq!(run("schoch", "co_retweet", &posts, |_| ()), [""; 0]);
}

/// (account, feature, count): the matrix [[3,1,0,0],[1,1,0,1],[0,1,2,0],[0,0,1,1]].
const COUNTS: &[(u32, u32, u32)] = &[
    (0, 0, 3),
    (0, 1, 1),
    (1, 0, 1),
    (1, 1, 1),
    (1, 3, 1),
    (2, 1, 1),
    (2, 2, 2),
    (3, 2, 1),
    (3, 3, 1),
];

#[test]
fn cosines_are_those_of_scikit_learn() {
    // scikit-learn 1.x: cosine_similarity(TfidfTransformer(sublinear_tf=False | True).fit_transform(X)).
    for (sublinear, want) in [
        (
            false,
            [
                0.721_913_611_079_793_5,
                0.097_759_839_621_882_56,
                0.186_414_149_609_833_43,
                0.433_927_916_078_658_66,
                0.655_443_267_994_018_1,
            ],
        ),
        (
            true,
            [
                0.751_354_557_647_280_4,
                0.155_260_987_066_429,
                0.214_315_294_882_476_94,
                0.433_927_916_078_658_66,
                0.637_931_599_864_164_1,
            ],
        ),
    ] {
        let weighing = Weighing {
            sublinear,
            least_accounts: 1,
        };
        let vectors = Vectors::new(COUNTS, weighing);
        let ties = vectors.ties(1, 0.0);
        let pairs: Vec<(u32, u32)> = ties.iter().map(|tie| tie.accounts).collect();
        assert_eq!(pairs, [(0, 1), (0, 2), (1, 2), (1, 3), (2, 3)]);
        for (tie, want) in ties.iter().zip(want) {
            assert!((tie.weight - want).abs() < 1e-14, "{tie:?} {want}");
        }
        // Two of five, and the pair with two objects in common alone.
        let top: Vec<(u32, u32)> = vectors.top(1, 0.4).iter().map(|tie| tie.accounts).collect();
        assert_eq!(top, [(0, 1), (2, 3)]);
        let floor: Vec<(u32, u32)> = vectors
            .ties(2, 0.0)
            .iter()
            .map(|tie| tie.accounts)
            .collect();
        assert_eq!(floor, [(0, 1)]);
    }
}

#[test]
fn centrality_is_that_of_networkx() {
    // networkx: eigenvector_centrality(G, tol=1e-14, weight="weight").
    let edges = [(0, 1, 0.9), (1, 2, 0.5), (0, 2, 0.2), (2, 3, 0.7)];
    let want = [0.534_988_54, 0.607_246_76, 0.508_626_36, 0.293_833_04];
    for (value, want) in super::luceri::eigenvector_centrality(4, &edges)
        .iter()
        .zip(want)
    {
        assert!((value - want).abs() < 1e-8, "{value} {want}");
    }
}

#[test]
fn the_cosine_rules_keep_who_shares_the_same() {
    // Twelve accounts share 20 pages each: a0, a1 and a2 the same, the others at random steps.
    let mut rows: Vec<(String, String, String, i64)> = Vec::new();
    for account in 0..12i64 {
        for turn in 0..20i64 {
            let page = if account < 3 {
                turn
            } else {
                20 + (turn * (2 * account + 1) + account) % 90
            };
            rows.push((
                format!("p{page}"),
                format!("a{account}"),
                format!("c{account}-{turn}"),
                account * 100_000 + turn * 3_000,
            ));
        }
    }
    let borrowed: Vec<(&str, &str, &str, i64)> = rows
        .iter()
        .map(|(object, account, content, time)| (&**object, &**account, &**content, *time))
        .collect();
    let posts = table(&borrowed);
    for name in ["pacheco", "luceri"] {
        let network = by_name(name).unwrap().networks[0].name;
        let kept: Vec<String> = run(name, network, &posts, |set| set.quantile = 0.8)
            .into_iter()
            .filter_map(|tie| tie.strip_suffix('*').map(|tie| tie[..5].to_owned()))
            .collect();
        for pair in ["a0 a1", "a0 a2", "a1 a2"] {
            assert!(kept.iter().any(|tie| tie == pair), "{name}: {kept:?}");
        }
    }
}

#[test]
fn fast_reposts_are_of_one_account_within_ten_seconds_more_than_once() {
    let mut posts = Posts::default();
    let mut push = |id: &str, account: &str, seconds: i64, of: &str| {
        posts.push(&Post {
            post_id: id.into(),
            account_id: account.into(),
            time: seconds * 1_000,
            text: format!("words {id}"),
            is_repost: Some(!of.is_empty()),
            repost_of: of.into(),
            repost_of_account: if of.is_empty() {
                String::new()
            } else {
                "source".into()
            },
            ..Post::default()
        });
    };
    for day in 0..2 {
        let (start, of) = (day * 86_400, format!("o{day}"));
        push(&of, "source", start, "");
        push(&format!("a{day}"), "a", start + 3, &of);
        push(&format!("b{day}"), "b", start + 10, &of);
        push(&format!("c{day}"), "c", start + 11, &of);
    }
    push("d", "d", 5, "o0");
    // c is a second late; a day and five seconds later is not fast; d was fast once.
    push("e0", "e", 5, "o0");
    push("e1", "e", 86_405, "o0");
    assert_eq!(run("luceri", "fastRetweet", &posts, |_| ()), ["a b 1*"]);
}

#[test]
fn a_permuted_copy_keeps_what_was_shared_and_how_often_by_whom() {
    let mut rows: Vec<(String, String, String, i64)> = Vec::new();
    for post in 0..400i64 {
        rows.push((
            format!("o{}", post * 7 % 60),
            format!("a{}", post * 13 % 31),
            format!("c{post}"),
            post * 40,
        ));
    }
    let borrowed: Vec<(&str, &str, &str, i64)> = rows
        .iter()
        .map(|(object, account, content, time)| (&**object, &**account, &**content, *time))
        .collect();
    let posts = table(&borrowed);
    let understood = understand(&posts, &TextPlan::default());
    let table = ShareTable::new(&understood, &PRESETS[0].networks[0], 1_000);
    let copy = permuted(&table, 1, 0);
    assert_eq!(copy, permuted(&table, 1, 0));
    assert_ne!(copy, permuted(&table, 1, 1));
    let own = &table.corpus.shares;
    assert!(
        own.iter()
            .zip(&copy)
            .all(|(a, b)| (a.object, a.time, a.post) == (b.object, b.time, b.post))
    );
    let stay = own
        .iter()
        .zip(&copy)
        .filter(|(a, b)| a.account == b.account)
        .count();
    assert!(stay * 5 < own.len(), "{stay} of {} stay", own.len());
    let count = |shares: &[Share], key: fn(&Share) -> (u32, u32)| {
        let mut counts = std::collections::BTreeMap::<(u32, u32), u32>::new();
        for share in shares {
            *counts.entry(key(share)).or_default() += 1;
        }
        counts
    };
    let by_account: fn(&Share) -> (u32, u32) = |share| (share.account, 0);
    assert_eq!(count(own, by_account), count(&copy, by_account));
    // Who shared one object twice is another, but it is as often that somebody did.
    let repeats = |shares: &[Share]| {
        count(shares, |share| (share.account, share.object))
            .values()
            .filter(|&&n| n > 1)
            .count()
    };
    assert!(repeats(&copy) <= repeats(own));
}

#[test]
fn quantiles_are_those_of_r() {
    // R: quantile(c(3, 1, 2, 10), c(0, .5, .9, 1)).
    for (share, want) in [(0.0, 1.0), (0.5, 2.5), (0.9, 7.9), (1.0, 10.0)] {
        let found = quantile(&mut [3.0, 1.0, 2.0, 10.0], share).unwrap();
        assert!((found - want).abs() < 1e-12, "{share}: {found}");
    }
    assert_eq!(quantile(&mut [], 0.5), None);
}

#[test]
fn every_preset_has_its_names_and_a_network() {
    for preset in PRESETS {
        assert_eq!(
            by_name(preset.name).map(|found| found.page),
            Some(preset.page)
        );
        assert!(!preset.networks.is_empty() && !preset.reads.is_empty());
        let mut names: Vec<&str> = preset.networks.iter().map(|network| network.name).collect();
        names.dedup();
        assert_eq!(names.len(), preset.networks.len());
    }
    assert!(by_name("other").is_none());
}
