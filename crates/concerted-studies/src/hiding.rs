//! What it costs a campaign to hide: one tactic after the other, more and more of it.

use crate::planted::{self, Outcome};
use crate::table;
use anyhow::Result;
use concerted_sim::{Campaign, Delay, Tactic};
use std::fmt::Write as _;

/// One way to hide.
struct Way {
    name: &'static str,
    /// What it costs the operation, in words.
    price: &'static str,
    /// Steps: what it is called, and the campaign that does so much of it.
    steps: Vec<(String, Campaign)>,
}

/// The curve of one way to hide.
#[derive(Debug)]
pub(crate) struct Curve {
    name: &'static str,
    price: &'static str,
    points: Vec<(String, Outcome)>,
}

/// The campaign that hides nothing: 8 accounts, 16 acts, four of five members within a minute on average.
fn open() -> Campaign {
    Campaign {
        members: 8,
        actions: 16,
        participation: 0.8,
        delay: Delay::Mean(60.0),
        ..Campaign::default()
    }
}

fn ways() -> Vec<Way> {
    let way = |name, price, steps| Way { name, price, steps };
    let step = |word: String, change: &dyn Fn(&mut Campaign)| {
        let mut campaign = open();
        change(&mut campaign);
        (word, campaign)
    };
    vec![
        way(
            "Delay",
            "reach: the wave is spread over hours, and what trends is what comes at once",
            [
                (10.0, "10 s"),
                (60.0, "1 min"),
                (600.0, "10 min"),
                (3_600.0, "1 h"),
                (21_600.0, "6 h"),
                (86_400.0, "24 h"),
            ]
            .into_iter()
            .map(|(seconds, word)| {
                step(format!("mean {word}"), &|campaign| {
                    campaign.delay = Delay::Mean(seconds);
                })
            })
            .collect(),
        ),
        way(
            "Fewer take part",
            "force: accounts that stay away from most acts",
            [0.9, 0.7, 0.5, 0.35, 0.2]
                .into_iter()
                .map(|share| {
                    step(format!("{share} of the members"), &|campaign| {
                        campaign.participation = share;
                    })
                })
                .collect(),
        ),
        way(
            "Rotation",
            "accounts: each is given up and a fresh one bought",
            [0.0, 0.05, 0.1, 0.2, 0.4]
                .into_iter()
                .map(|share| {
                    step(format!("{share} replaced at each act"), &|campaign| {
                        campaign.rotation = share;
                    })
                })
                .collect(),
        ),
        way(
            "Chaff",
            "work: ordinary posts written around the acts",
            [0.0, 1.0, 5.0, 20.0, 50.0]
                .into_iter()
                .map(|posts| {
                    step(format!("{posts} posts a day and account"), &|campaign| {
                        campaign.chaff = posts;
                    })
                })
                .collect(),
        ),
        way(
            "Paraphrase (acts are texts alone)",
            "work: every account words it anew",
            [0.0, 0.1, 0.2, 0.3, 0.5]
                .into_iter()
                .map(|share| {
                    step(format!("{share} of the words dropped"), &|campaign| {
                        campaign.word_drop = share;
                        campaign.tactics = vec![Tactic::SameText];
                    })
                })
                .collect(),
        ),
        way(
            "Camouflage",
            "message: acts are on what is popular anyway, not on what it wants seen",
            [0.0, 0.3, 0.6, 0.8, 1.0]
                .into_iter()
                .map(|share| {
                    step(
                        format!("{share} of the acts on popular objects"),
                        &|campaign| campaign.camouflage = share,
                    )
                })
                .collect(),
        ),
        way(
            "All at once, a little",
            "each of the above",
            [
                (60.0, 0.8, 0.0, 0.0, 0.0),
                (300.0, 0.7, 0.02, 1.0, 0.2),
                (900.0, 0.6, 0.05, 2.0, 0.4),
                (1_800.0, 0.5, 0.1, 5.0, 0.6),
            ]
            .into_iter()
            .map(|(delay, participation, rotation, chaff, camouflage)| {
                let word = format!(
                    "{delay} s, {participation} take part, {rotation} rotated, {chaff} chaff, \
                     {camouflage} camouflaged"
                );
                step(word, &|campaign| {
                    campaign.delay = Delay::Mean(delay);
                    campaign.participation = participation;
                    campaign.rotation = rotation;
                    campaign.chaff = chaff;
                    campaign.camouflage = camouflage;
                })
            })
            .collect(),
        ),
    ]
}

/// Measures every curve.
pub(crate) fn curves(seeds: u64) -> Result<Vec<Curve>> {
    ways()
        .into_iter()
        .map(|way| {
            let points = way
                .steps
                .into_iter()
                .map(|(word, campaign)| Ok((word, planted::found(&campaign, seeds)?)))
                .collect::<Result<_>>()?;
            Ok(Curve {
                name: way.name,
                price: way.price,
                points,
            })
        })
        .collect()
}

/// The page.
pub(crate) fn page(curves: &[Curve], seeds: u64) -> String {
    let mut text = format!(
        "# What it costs a campaign to hide\n\n\
         <!-- made by `cargo run --release -p concerted-studies -- hiding --seeds {seeds}` -->\n\n\
         A method that is published will be read by those it looks for. So here is what each way of hiding \
         brings, and what it costs the one who hides. The campaign has 8 accounts and 16 joint acts over 24 days, \
         of which a member joins four in five, after a minute on average; one thing is changed at a time. The \
         background and the rule of what counts as found are those of [power](power.md); each line is {} \
         campaigns. *Accounts named* counts those that took part at least once.\n",
        4 * seeds
    );
    for curve in curves {
        let _ = write!(text, "\n## {}\n\nPrice: {}.\n\n", curve.name, curve.price);
        let rows: Vec<Vec<String>> = curve
            .points
            .iter()
            .map(|(word, found)| {
                vec![
                    word.clone(),
                    table::share(found.found, found.campaigns),
                    table::share(found.members_named, found.members),
                    bar(found.share()),
                ]
            })
            .collect();
        text.push_str(&table::markdown(
            &["how much", "campaigns found", "accounts named", ""],
            &rows,
        ));
    }
    text
}

/// A share as a bar that a text file can carry.
fn bar(share: f64) -> String {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and 20"
    )]
    let length = (share.clamp(0.0, 1.0) * 20.0).round() as usize;
    format!("`{}{}`", "█".repeat(length), "·".repeat(20 - length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_starts_from_something_and_goes_on_from_there() {
        for way in ways() {
            assert!(way.steps.len() >= 4, "{}", way.name);
            for pair in way.steps.windows(2) {
                assert_ne!(pair[0].1, pair[1].1, "{}", way.name);
            }
        }
        assert_eq!(bar(0.5), format!("`{}{}`", "█".repeat(10), "·".repeat(10)));
    }
}
