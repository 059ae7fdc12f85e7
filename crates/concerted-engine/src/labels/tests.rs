//! Each label on a group made to match it, and on one made not to.

use super::*;
use crate::evidence::dossiers;
use crate::groups::score::Scorer;
use crate::normalize::near_duplicates::TextPlan;
use crate::normalize::understand;
use crate::pipeline::Plan;
use crate::post::{Post, Posts};
use crate::traces::Traces;

const SECOND: i64 = 1_000;

/// What member `member` shares in joint act `act`, and how. Strangers have numbers of their own.
type Shape = fn(post: &mut Post, act: usize, member: usize);

/// Looks like what? Five accounts share ten things within `gap` seconds of each other, twelve hours
/// apart, among strangers who link to all sorts of places.
fn looks_like(
    shape: impl Fn(&mut Post, usize, usize),
    gap: i64,
    declared: &[&str],
) -> Vec<&'static str> {
    let mut posts = Posts::default();
    let mut number = 0;
    let mut push = |account: String, time: i64, fill: &dyn Fn(&mut Post)| {
        number += 1;
        let mut post = Post {
            post_id: number.to_string(),
            account_id: account,
            time: time * SECOND,
            platform: "twitter".into(),
            is_repost: Some(false),
            ..Post::default()
        };
        fill(&mut post);
        posts.push(&post);
    };
    // Strangers do the same kind of thing, each with things of their own, so that the group is not
    // all there is of its kind.
    for stranger in 0..400usize {
        for turn in 0..3 {
            let time = 1_000 + i64::try_from(stranger * 997 + turn * 31_000).unwrap();
            push(format!("stranger{stranger}"), time, &|post| {
                let site = (stranger * 7 + turn * 13) % 90;
                post.urls
                    .push(format!("https://site{site}.example/{stranger}-{turn}"));
                shape(post, 1_000 + 3 * stranger + turn, 1_000 + stranger);
            });
        }
    }
    for act in 0..10 {
        for member in 0..5 {
            let time = 20_000
                + 43_000 * i64::try_from(act).unwrap()
                + gap * i64::try_from(member).unwrap();
            push(format!("member{member}"), time, &|post| {
                shape(post, act, member);
            });
        }
    }
    let plan = Plan::for_resolution(SECOND);
    let understood = understand(&posts, &TextPlan::default());
    let corpus = understood.corpus(&plan.detectors, plan.resolution);
    let found = crate::groups::find(&corpus, &corpus.shares, &plan.groups);
    let group = found
        .groups
        .iter()
        .find(|group| {
            group
                .accounts()
                .iter()
                .any(|&account| corpus.accounts.name(account) == "member0")
        })
        .expect("the planted group is found");
    assert!(group.members.len() >= 5, "{group:?}");
    let traces = Traces::build(&corpus, &corpus.shares, &plan.groups.scales_s);
    let listed: Vec<bool> = corpus
        .accounts
        .iter()
        .map(|account| declared.contains(&account))
        .collect();
    let dossiers = dossiers(
        std::slice::from_ref(group),
        &corpus,
        &understood,
        &mut Scorer::new(&traces),
        &listed,
    );
    dossiers[0]
        .readings
        .iter()
        .map(|reading| reading.label)
        .collect()
}

/// Words unlike those of any other act.
fn words(act: usize) -> String {
    (0..14)
        .map(|word| format!("wort{}", (act * 1_000 + word * 37) * 7_919 % 999_983))
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn pages_and_readers_of_one_outlet() {
    // Strangers read other papers, so that few accounts use the outlet.
    let outlet = |act: usize, member: usize| match member {
        0..5 => format!("https://blatt.example/{act}"),
        _ => format!("https://andere{member}.example/{act}"),
    };
    let pages = looks_like(
        |post, act, member| post.urls.push(outlet(act, member)),
        7,
        &[],
    );
    assert_eq!(pages[0], "single-outlet-pages", "{pages:?}");
    assert!(
        !pages.contains(&"single-outlet-readers") && !pages.contains(&"many-outlets"),
        "{pages:?}"
    );
    let readers = looks_like(
        |post, act, member| {
            post.urls.push(outlet(act, member));
            post.urls
                .push(format!("https://eigenes{member}.example/{act}"));
        },
        7,
        &[],
    );
    assert_eq!(readers[0], "single-outlet-readers", "{readers:?}");
}

#[test]
fn links_to_many_outlets() {
    let many = looks_like(
        |post, act, _| post.urls.push(format!("https://outlet{act}.example/x")),
        7,
        &[],
    );
    assert!(many.contains(&"many-outlets"), "{many:?}");
    assert!(!many.contains(&"single-outlet-pages"), "{many:?}");
}

#[test]
fn graphics_and_schedulers_and_pages() {
    let graphics = looks_like(
        |post, act, _| {
            post.media.push(format!("hash{act}"));
            post.platform = "facebook".into();
        },
        0,
        &[],
    );
    assert_eq!(graphics[0], "shared-graphics", "{graphics:?}");
    assert!(
        graphics.contains(&"scheduler") && graphics.contains(&"page-network"),
        "{graphics:?}"
    );
    let apart = looks_like(|post, act, _| post.media.push(format!("hash{act}")), 7, &[]);
    assert!(
        !apart.contains(&"scheduler") && !apart.contains(&"page-network"),
        "{apart:?}"
    );
}

#[test]
fn the_audience_of_one_account() {
    let repost: Shape = |post, act, _| {
        post.is_repost = Some(true);
        post.repost_of = format!("star{act}");
        post.repost_of_account = "star".into();
    };
    assert!(looks_like(repost, 9, &[]).contains(&"audience"));
    let many: Shape = |post, act, _| {
        post.is_repost = Some(true);
        post.repost_of = format!("star{act}");
        post.repost_of_account = format!("star{act}");
    };
    assert!(!looks_like(many, 9, &[]).contains(&"audience"));
}

#[test]
fn syndicated_headlines() {
    let wire: Shape = |post, act, member| {
        post.text = words(act);
        post.link_title = words(act);
        post.urls
            .push(format!("https://paper{member}.example/{act}"));
    };
    assert!(looks_like(wire, 9, &[]).contains(&"syndication"));
    let own: Shape = |post, act, member| {
        post.text = words(act);
        post.link_title = words(act + 500);
        post.urls
            .push(format!("https://paper{member}.example/{act}"));
    };
    assert!(!looks_like(own, 9, &[]).contains(&"syndication"));
}

#[test]
fn hours_apart() {
    let text: Shape = |post, act, _| post.text = words(act);
    let slow = looks_like(text, 2_400, &[]);
    assert!(slow.contains(&"slow-same-items"), "{slow:?}");
    let quick = looks_like(text, 9, &[]);
    assert!(!quick.contains(&"slow-same-items"), "{quick:?}");
}

#[test]
fn a_register_of_open_bodies() {
    let text: Shape = |post, act, _| post.text = words(act);
    let listed = looks_like(text, 9, &["member0", "member1", "member2", "member3"]);
    assert!(listed.contains(&"declared"), "{listed:?}");
    let few = looks_like(text, 9, &["member0", "member1", "member2"]);
    assert!(
        few.is_empty(),
        "three of five are not enough, and nothing else fits: {few:?}"
    );
}

#[test]
fn every_label_is_explained() {
    for (place, label) in LABELS.iter().enumerate() {
        assert!(
            !label.rule.is_empty() && !label.reading.is_empty(),
            "{}",
            label.id
        );
        assert!(
            LABELS[..place].iter().all(|other| other.id != label.id),
            "{} stands twice",
            label.id
        );
    }
}
