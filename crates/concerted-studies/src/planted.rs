//! A simulated corpus with campaigns planted in it, scanned with the defaults: which of them were found?

use anyhow::{Result, anyhow};
use concerted_engine::controls::ControlPlan;
use concerted_engine::pipeline::{self, Plan};
use concerted_engine::post::{Post, Posts};
use concerted_sim::{Campaign, SimPost, Stream};
use std::collections::{BTreeMap, BTreeSet};

/// Campaigns planted in one corpus. They are few, so that they do not change what is ordinary there.
const CAMPAIGNS: u32 = 4;

/// What was found of the campaigns planted in some corpora.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// Campaigns planted.
    pub(crate) campaigns: u64,
    /// Of these, named: one group holds at least half of the accounts that joined, and at least half of
    /// that group is theirs.
    pub(crate) found: u64,
    /// Accounts of campaigns that took part at least once.
    pub(crate) members: u64,
    /// Of these, named in any group.
    pub(crate) members_named: u64,
    /// Accounts named that belong to no campaign.
    pub(crate) others_named: u64,
}

impl Outcome {
    /// The share of campaigns found.
    pub(crate) fn share(&self) -> f64 {
        self.found as f64 / self.campaigns.max(1) as f64
    }

    fn add(&mut self, other: Self) {
        self.campaigns += other.campaigns;
        self.found += other.found;
        self.members += other.members;
        self.members_named += other.members_named;
        self.others_named += other.others_named;
    }
}

/// The background of every cell: 20,000 posts of 6,000 accounts in four weeks, in two languages on two
/// platforms.
pub(crate) fn background(seed: u64) -> concerted_sim::Plan {
    concerted_sim::Plan {
        seed,
        posts: 20_000,
        accounts: 6_000,
        days: 28,
        ..concerted_sim::Plan::default()
    }
}

/// Plants campaigns like this one in corpora of these seeds, scans each, and counts.
pub(crate) fn found(campaign: &Campaign, seeds: u64) -> Result<Outcome> {
    let mut found = Outcome::default();
    for seed in 1..=seeds {
        let campaigns = (0..CAMPAIGNS).map(|number| Campaign {
            name: format!("campaign-{number}"),
            first_day: 2,
            days: 24,
            ..campaign.clone()
        });
        let plan = concerted_sim::Plan {
            campaigns: campaigns.collect(),
            ..background(seed)
        };
        found.add(in_corpus(&plan)?);
    }
    Ok(found)
}

fn in_corpus(plan: &concerted_sim::Plan) -> Result<Outcome> {
    let stream = Stream::new(plan).map_err(|error| anyhow!("{error}"))?;
    let mut planted: BTreeMap<u32, BTreeSet<String>> = BTreeMap::new();
    for truth in stream.truth() {
        if truth.joined > 0 {
            planted
                .entry(truth.group)
                .or_default()
                .insert(truth.account_id);
        }
    }
    let posts = read_all(stream);
    let scan = Plan {
        controls: ControlPlan::with_copies(0),
        ..Plan::for_resolution(1_000)
    };
    let findings = pipeline::scan(&posts, &scan, &|_| ());
    let groups: Vec<BTreeSet<&str>> = findings
        .dossiers
        .iter()
        .map(|dossier| {
            let members = dossier.group.members.iter();
            members
                .map(|member| findings.corpus.accounts.name(member.account))
                .collect()
        })
        .collect();
    let named: BTreeSet<&str> = groups.iter().flatten().copied().collect();
    let everyone: BTreeSet<&str> = planted.values().flatten().map(String::as_str).collect();
    let mut found = Outcome {
        others_named: named.difference(&everyone).count() as u64,
        ..Outcome::default()
    };
    for members in planted.values() {
        let members: BTreeSet<&str> = members.iter().map(String::as_str).collect();
        found.campaigns += 1;
        found.members += members.len() as u64;
        found.members_named += members.intersection(&named).count() as u64;
        found.found += u64::from(groups.iter().any(|group| {
            let common = group.intersection(&members).count();
            2 * common >= members.len() && 2 * common >= group.len()
        }));
    }
    Ok(found)
}

/// A simulated post as a reader would hand it over.
fn as_read(post: SimPost) -> Post {
    Post {
        is_repost: Some(!post.repost_of.is_empty()),
        post_id: post.post_id,
        account_id: post.account_id,
        account_name: post.account_name,
        time: post.time_ms / 1_000 * 1_000,
        platform: post.platform,
        text: post.text,
        lang: post.lang.to_owned(),
        repost_of: post.repost_of,
        repost_of_account: post.repost_of_account,
        reply_to: post.reply_to,
        reply_to_account: post.reply_to_account,
        urls: post.urls,
        hashtags: post.hashtags,
        media: post.media,
        link_title: post.link_title,
        ..Post::default()
    }
}

/// All posts of a plan, as a reader would hand them over.
pub(crate) fn posts(plan: &concerted_sim::Plan) -> Result<Posts> {
    let stream = Stream::new(plan).map_err(|error| anyhow!("{error}"))?;
    Ok(read_all(stream))
}

fn read_all(stream: Stream) -> Posts {
    let mut posts = Posts::default();
    for post in stream {
        posts.push(&as_read(post));
    }
    posts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loud_campaign_is_found_and_none_is_found_where_nobody_acts() {
        let loud = found(&Campaign::default(), 1).unwrap();
        assert_eq!((loud.campaigns, loud.found), (4, 4), "{loud:?}");
        let silent = Campaign {
            actions: 1,
            ..Campaign::default()
        };
        let silent = found(&silent, 1).unwrap();
        assert_eq!(silent.found, 0, "one joint act is no pattern: {silent:?}");
    }
}
