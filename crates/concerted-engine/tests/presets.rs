//! Published rules against the outputs of the published tools, to the last row.
//!
//! The outputs are not part of the repository; without them these tests say so and pass. What is left
//! out of the comparison, and why, stands on the page of each preset.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that cannot go on stops, and one that is skipped says so"
)]

use concerted_engine::normalize::near_duplicates::TextPlan;
use concerted_engine::normalize::{Understood, understand};
use concerted_engine::post::{Post, Posts};
use concerted_engine::presets::{self, Preset, Settings, ShareTable, Tie};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The folder of reference outputs.
fn reference() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/reference");
    if path.exists() {
        return Some(path);
    }
    println!("skipped: {} is not here", path.display());
    None
}

/// Rows of a table, by column.
fn rows(path: &Path) -> Vec<BTreeMap<String, String>> {
    let text = std::fs::read_to_string(path).unwrap();
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let header = reader.headers().unwrap().clone();
    reader
        .records()
        .map(|row| {
            let row = row.unwrap();
            header
                .iter()
                .map(str::to_owned)
                .zip(row.iter().map(str::to_owned))
                .collect()
        })
        .collect()
}

/// The shares of a table with columns of these names: object, account, content, seconds.
fn posts(path: &Path, columns: [&str; 4]) -> Posts {
    let mut posts = Posts::default();
    for row in rows(path) {
        posts.push(&Post {
            objects: vec![(String::new(), row[columns[0]].clone())],
            account_id: row[columns[1]].clone(),
            post_id: row[columns[2]].clone(),
            time: row[columns[3]].parse::<i64>().unwrap() * 1_000,
            ..Post::default()
        });
    }
    posts
}

const SHARES: [&str; 4] = ["object_id", "account_id", "content_id", "timestamp_share"];

struct Run<'a> {
    table: ShareTable,
    ties: Vec<Tie>,
    preset: &'static Preset,
    settings: Settings,
    understood: &'a Understood<'a>,
}

fn run<'a>(
    understood: &'a Understood<'a>,
    name: &str,
    network: &str,
    set: impl FnOnce(&mut Settings),
) -> Run<'a> {
    let preset = presets::by_name(name).unwrap();
    let mut settings = preset.defaults;
    settings.network = preset.network(network).unwrap();
    set(&mut settings);
    let table = ShareTable::new(understood, &preset.networks[settings.network], 1_000);
    let ties = preset.ties(&table, &table.corpus.shares, &settings);
    Run {
        table,
        ties,
        preset,
        settings,
        understood,
    }
}

impl Run<'_> {
    /// The names of a tie's accounts, in order of the letters unless the network is directed.
    fn names(&self, tie: &Tie) -> (String, String) {
        let name = |account: u32| self.table.corpus.accounts.name(account).to_owned();
        let pair = (name(tie.accounts.0), name(tie.accounts.1));
        if self.preset.directed {
            pair
        } else {
            ordered(pair)
        }
    }

    fn weights(&self, kept_only: bool) -> BTreeMap<(String, String), f64> {
        self.ties
            .iter()
            .filter(|tie| tie.kept || !kept_only)
            .map(|tie| (self.names(tie), tie.weight))
            .collect()
    }
}

fn ordered((a, b): (String, String)) -> (String, String) {
    if a < b { (a, b) } else { (b, a) }
}

fn number(cell: &str) -> Option<f64> {
    if cell.is_empty() {
        None
    } else {
        cell.parse().ok()
    }
}

fn close(a: Option<f64>, b: Option<f64>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() < 1e-9 * a.abs().max(1.0),
        (a, b) => a == b,
    }
}

/// Input, output, window, participation, faster window; then the rows of the output.
type Reference = (
    &'static str,
    &'static str,
    i64,
    u32,
    Option<i64>,
    [usize; 3],
);

const COORTWEET: &[Reference] = &[
    (
        "russian_coord_tweets",
        "ref_russian_tw10_mp1",
        10,
        1,
        Some(3),
        [1_098, 1_525, 1_092],
    ),
    (
        "russian_coord_tweets",
        "ref_russian_tw10_mp2",
        10,
        2,
        Some(3),
        [447, 525, 442],
    ),
    (
        "russian_coord_tweets",
        "ref_russian_tw60_mp5",
        60,
        5,
        Some(20),
        [1_235, 772, 1_193],
    ),
    (
        "german_url_input",
        "ref_german_url_tw30_mp1",
        30,
        1,
        Some(10),
        [6_371, 1_318, 2_166],
    ),
    (
        "german_url_input",
        "ref_german_url",
        30,
        2,
        None,
        [5_658, 506, 1_453],
    ),
    (
        "german_domain_input",
        "ref_german_domain",
        30,
        2,
        None,
        [5_968, 692, 1_659],
    ),
    (
        "german_hashtag_input",
        "ref_german_hashtag",
        30,
        2,
        None,
        [3_703, 314, 506],
    ),
    (
        "german_phash_input",
        "ref_german_phash",
        30,
        2,
        None,
        [2_131, 214, 337],
    ),
    (
        "german_fburl_input",
        "ref_german_fburl",
        60,
        2,
        None,
        [6_288, 503, 1_645],
    ),
];

#[test]
fn coortweet_is_reproduced_to_the_last_row() {
    let Some(dir) = reference().map(|dir| dir.join("coortweet")) else {
        return;
    };
    for &(input, output, window, least, fast, counts) in COORTWEET {
        let posts = posts(&dir.join(format!("{input}.csv")), SHARES);
        let understood = understand(&posts, &TextPlan::default());
        let run = run(&understood, "cooRTweet", "shares", |set| {
            set.window_s = Some(window);
            set.min_participation = Some(least);
            set.fast_window_s = fast;
        });
        let file = |kind: &str| dir.join(format!("{output}.{kind}.csv"));

        // detect_groups. Of two shares in one second neither is the older, so those are unordered.
        let content = |post: u32| {
            run.understood
                .view(post as usize)
                .post()
                .post_id()
                .to_owned()
        };
        let account = |account: u32| run.table.corpus.accounts.name(account).to_owned();
        let pairs = presets::pairs_of_shares(&run.table, &run.table.corpus.shares, &run.settings);
        let row = |object: String, mut a: (String, String), mut b: (String, String), lag: i64| {
            if lag == 0 && b < a {
                std::mem::swap(&mut a, &mut b);
            }
            (object, a, b, lag)
        };
        let mut ours: Vec<_> = pairs
            .iter()
            .map(|pair| {
                row(
                    run.table
                        .corpus
                        .objects
                        .key
                        .get(pair.first.object as usize)
                        .to_owned(),
                    (content(pair.first.post), account(pair.first.account)),
                    (content(pair.second.post), account(pair.second.account)),
                    pair.lag() / 1_000,
                )
            })
            .collect();
        let mut theirs: Vec<_> = rows(&file("groups"))
            .into_iter()
            .map(|cells| {
                row(
                    cells["object_id"].clone(),
                    (cells["content_id"].clone(), cells["account_id"].clone()),
                    (cells["content_id_y"].clone(), cells["account_id_y"].clone()),
                    cells["time_delta"].parse().unwrap(),
                )
            })
            .collect();
        ours.sort();
        theirs.sort();
        assert_eq!(ours.len(), counts[0], "{output}: pairs of shares");
        assert!(ours == theirs, "{output}: pairs of shares differ");

        // generate_coordinated_network.
        let ties: BTreeMap<(String, String), &Tie> =
            run.ties.iter().map(|tie| (run.names(tie), tie)).collect();
        let nodes: BTreeSet<&String> = ties.keys().flat_map(|pair| [&pair.0, &pair.1]).collect();
        assert_eq!(
            (nodes.len(), ties.len()),
            (counts[1], counts[2]),
            "{output}"
        );
        let edges = rows(&file("edges"));
        assert_eq!(edges.len(), ties.len());
        for edge in edges {
            let tie = ties[&ordered((edge["from"].clone(), edge["to"].clone()))];
            let mut objects: Vec<&str> = tie
                .objects
                .iter()
                .map(|&object| run.table.corpus.objects.key.get(object as usize))
                .collect();
            objects.sort_unstable();
            let mut want: Vec<&str> = edge["object_ids"].split(',').collect();
            want.sort_unstable();
            assert!(
                close(Some(tie.weight), number(&edge["weight"]))
                    && close(tie.mean_lag_s, number(&edge["avg_time_delta"]))
                    && (edge["weight_threshold"] == "1") == tie.kept
                    && objects == want,
                "{output}: {edge:?} {tie:?}"
            );
        }
        if fast.is_none() {
            continue;
        }

        // flag_speed_share.
        let edges = rows(&file("edges_fast"));
        assert_eq!(edges.len(), ties.len());
        for edge in edges {
            let tie = ties[&ordered((edge["from"].clone(), edge["to"].clone()))];
            assert!(
                close(
                    tie.fast.map(|fast| fast.weight),
                    number(&edge["weight_fast"])
                ) && close(
                    tie.fast.map(|fast| fast.mean_lag_s),
                    number(&edge["avg_time_delta_fast"])
                ) && tie.fast.map(|fast| f64::from(u8::from(fast.kept)))
                    == number(&edge["weight_threshold_fast"])
                    && (edge["weight_threshold_full"] == "1") == tie.kept,
                "{output}: {edge:?} {tie:?}"
            );
        }

        // account_stats and group_stats, without the columns that are wrong.
        let mut contents: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut objects: BTreeSet<String> = BTreeSet::new();
        for pair in &pairs {
            objects.insert(
                run.table
                    .corpus
                    .objects
                    .key
                    .get(pair.first.object as usize)
                    .to_owned(),
            );
            for share in [pair.first, pair.second] {
                contents
                    .entry(account(share.account))
                    .or_default()
                    .insert(content(share.post));
            }
        }
        let shares: BTreeMap<String, usize> = contents
            .into_iter()
            .map(|(account, contents)| (account, contents.len()))
            .collect();
        let want: BTreeMap<String, usize> = rows(&file("account_stats"))
            .into_iter()
            .map(|row| {
                (
                    row["account_id"].clone(),
                    row["unique_shares_count"].parse().unwrap(),
                )
            })
            .collect();
        assert!(shares == want, "{output}: unique shares of accounts");
        let want: BTreeSet<String> = rows(&file("group_stats"))
            .into_iter()
            .map(|row| row["object_id"].clone())
            .collect();
        assert!(objects == want, "{output}: objects");
    }
}

#[test]
fn the_toolkit_is_reproduced_with_directed_weights() {
    let Some(dir) = reference() else {
        return;
    };
    let unit = ["repost_id", "user_id", "message_id", "timestamp"];
    for (input, columns, network, window, output, counts) in [
        (
            "coortweet/russian_coord_tweets.csv",
            SHARES,
            "co_retweet",
            10,
            "russian_w10",
            [2_200, 16],
        ),
        (
            "coortweet/russian_coord_tweets.csv",
            SHARES,
            "co_retweet",
            60,
            "russian_w60",
            [12_470, 58],
        ),
        (
            "coortweet/german_url_input.csv",
            SHARES,
            "co_link",
            30,
            "german_url_w30",
            [4_384, 52],
        ),
        (
            "qut-toolkit/coretweet_test_input.csv",
            unit,
            "co_retweet",
            1,
            "coretweet_test_w1",
            [3, 1],
        ),
        (
            "qut-toolkit/coretweet_test_input.csv",
            unit,
            "co_retweet",
            60,
            "coretweet_test_w60",
            [8, 2],
        ),
    ] {
        let posts = posts(&dir.join(input), columns);
        let understood = understand(&posts, &TextPlan::default());
        let run = run(&understood, "qut", network, |set| {
            set.window_s = Some(window);
            set.min_weight = 1;
            set.self_ties = true;
        });
        let ours = run.weights(true);
        let theirs: BTreeMap<(String, String), f64> = rows(
            &dir.join("qut-toolkit")
                .join(output)
                .join(format!("{network}_network.csv")),
        )
        .into_iter()
        .map(|row| {
            (
                (row["user_1"].clone(), row["user_2"].clone()),
                number(&row["weight"]).unwrap(),
            )
        })
        .collect();
        let loops = ours.keys().filter(|pair| pair.0 == pair.1).count();
        assert_eq!([ours.len(), loops], counts, "{output}");
        assert!(ours == theirs, "{output}");
    }
}

#[test]
fn coornet_is_reproduced_in_both_languages() {
    let Some(dir) = reference().map(|dir| dir.join("pycoornet")) else {
        return;
    };
    let posts = posts(&dir.join("ct_sample_hashed.csv"), SHARES);
    let understood = understand(&posts, &TextPlan::default());
    for (network, interval, output, count) in [
        ("coord_shares", 60, "coornet_R_iv60_p0.9", 76),
        ("coord_shares", 600, "coornet_R_iv600_p0.9", 1_226),
        ("pycoornet_coord_shares", 60, "coord_shares_iv60_p90", 66),
        (
            "pycoornet_coord_shares",
            600,
            "coord_shares_iv600_p90",
            1_441,
        ),
        ("pycoornet_differential", 60, "differential_iv60_p90", 219),
        (
            "pycoornet_differential",
            600,
            "differential_iv600_p90",
            2_323,
        ),
    ] {
        let run = run(&understood, "coornet", network, |set| {
            set.window_s = Some(interval);
        });
        let ours = run.weights(true);
        let of = |row: &BTreeMap<String, String>, names: [&str; 2]| {
            names
                .iter()
                .find_map(|name| row.get(*name))
                .unwrap()
                .clone()
        };
        let theirs: BTreeMap<(String, String), f64> =
            rows(&dir.join(format!("{output}.edges.csv")))
                .iter()
                .map(|row| {
                    let pair = (of(row, ["from", "a"]), of(row, ["to", "b"]));
                    (ordered(pair), number(&row["weight"]).unwrap())
                })
                .collect();
        assert_eq!(ours.len(), count, "{output}");
        assert!(ours == theirs, "{output}");
        if network == "coord_shares" {
            let mut degree: BTreeMap<&String, (u32, f64)> = BTreeMap::new();
            for (pair, weight) in &ours {
                for account in [&pair.0, &pair.1] {
                    let sums = degree.entry(account).or_default();
                    *sums = (sums.0 + 1, sums.1 + weight);
                }
            }
            let entities = rows(&dir.join(format!("{output}.entities.csv")));
            assert_eq!(entities.len(), degree.len());
            for entity in entities {
                let (degree, strength) = degree[&entity["name"]];
                assert_eq!(number(&entity["degree"]), Some(f64::from(degree)));
                assert_eq!(number(&entity["strength"]), Some(strength));
            }
        }
    }
    let table = ShareTable::new(
        &understood,
        &presets::by_name("coornet").unwrap().networks[0],
        1_000,
    );
    assert_eq!(presets::interval_s(&table.corpus.shares), Some(65_912));
    // Shared within so many seconds is another question, and has another answer.
    for (window, count) in [(60, 24), (600, 88)] {
        let run = run(&understood, "cooRTweet", "shares", |set| {
            set.window_s = Some(window);
            set.min_participation = Some(1);
        });
        assert_eq!(run.ties.len(), count);
    }
}
