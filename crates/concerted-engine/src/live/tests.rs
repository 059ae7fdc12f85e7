//! What the watch promises about any stream.

use super::*;
use crate::rng::Rng;

fn post(time: Millis, account: &str, object: &str) -> Post {
    Post {
        post_id: format!("{account}:{object}:{time}"),
        account_id: account.into(),
        platform: "here".into(),
        time,
        objects: vec![("link".into(), object.into())],
        ..Post::default()
    }
}

/// Strangers, and five accounts that share twelve things together.
fn stream(count: u32, seed: u64) -> Vec<Post> {
    let mut rng = Rng::stream(seed, 0);
    let mut posts: Vec<Post> = (0..count)
        .map(|_| {
            post(
                i64::try_from(rng.below(200_000_000)).unwrap(),
                &format!("s{}", rng.below(900)),
                &format!("o{}", rng.below(300)),
            )
        })
        .collect();
    for action in 0..12_i64 {
        for member in 0..5 {
            posts.push(post(
                (5_000 + action * 15_000 + member * 7) * 1_000,
                &format!("m{member}"),
                &format!("joint{action}"),
            ));
        }
    }
    posts.sort_by(crate::normalize::order::compare_posts);
    posts
}

fn plan() -> LivePlan {
    LivePlan {
        memory: 64 << 20,
        ..LivePlan::default()
    }
}

fn alerts(live: &mut Live, posts: &[Post]) -> Vec<String> {
    let mut told = Vec::new();
    for post in posts {
        live.arrive(post.clone());
        live.release(&mut |event| told.push(format!("{event:?}")));
    }
    told
}

fn all_alerts(plan: &LivePlan, posts: &[Post]) -> Vec<String> {
    let mut live = Live::new(plan);
    let mut told = alerts(&mut live, posts);
    live.drain(&mut |event| told.push(format!("{event:?}")));
    assert_eq!(live.status().counts.late, 0);
    told
}

#[test]
fn a_planted_group_is_told_with_its_posts_at_its_second_or_third_act() {
    let posts = stream(4_000, 3);
    let mut live = Live::new(&plan());
    let mut told = Vec::new();
    for post in posts {
        live.arrive(post);
    }
    live.drain(&mut |event| {
        if let Event::Alert(alert) = event {
            told.push(*alert);
        }
    });
    let first = &told[0];
    assert!(
        first.time <= 5_000_000 + 2 * 15_000_000 + 60_000,
        "{first:?}"
    );
    assert!(
        first
            .accounts
            .iter()
            .all(|account| account.id.starts_with('m'))
    );
    assert_eq!((first.incident, first.update, first.why), (1, 1, Why::New));
    // The slow scale may be the first to reach its bar; the finer grade follows.
    assert!(
        told.iter()
            .any(|alert| alert.incident == 1 && alert.grade == "synchronised")
    );
    assert!(first.ln_e >= first.ln_bar && first.acts.len() >= 2);
    for act in &first.acts {
        assert!(act.new && act.object.starts_with("joint"));
        for post in &act.posts {
            assert_eq!(
                post.post.as_deref(),
                Some(&*format!(
                    "{}:{}:{}",
                    post.account.id, act.object, post.time
                ))
            );
        }
    }
    let status = live.status();
    assert_eq!(status.incidents, 1);
    assert_eq!(status.counts.posts, 4_060);
    assert!(status.chance_shares > 3_000, "{status:?}");
    assert_eq!(status.chance_incidents, 0);
}

#[test]
fn arrival_within_the_lateness_changes_nothing() {
    let posts = stream(3_000, 5);
    let plan = plan();
    let ordered = all_alerts(&plan, &posts);
    assert!(ordered.len() > 3);
    for seed in 0..5 {
        let mut rng = Rng::stream(seed, 9);
        let mut shuffled: Vec<(Millis, Post)> = posts
            .iter()
            .map(|post| {
                let delay = i64::try_from(rng.below(60_000)).unwrap();
                (post.time + delay, post.clone())
            })
            .collect();
        shuffled.sort_by_key(|(arrival, _)| *arrival);
        let shuffled: Vec<Post> = shuffled.into_iter().map(|(_, post)| post).collect();
        assert!(all_alerts(&plan, &shuffled) == ordered, "seed {seed}");
    }
}

#[test]
fn arrival_changes_nothing_even_when_memory_is_short() {
    let posts = stream(6_000, 5);
    let plan = LivePlan {
        memory: 600_000,
        ..LivePlan::default()
    };
    let ordered = all_alerts(&plan, &posts);
    let mut live = Live::new(&plan);
    let mut together = Vec::new();
    for some in posts.chunks(700) {
        for post in some {
            live.arrive(post.clone());
        }
        live.release(&mut |event| together.push(format!("{event:?}")));
    }
    live.drain(&mut |event| together.push(format!("{event:?}")));
    assert!(live.status().counts.shed > 1_000, "{:?}", live.status());
    assert!(together == ordered);
}

#[test]
fn a_stored_watch_goes_on_as_if_nothing_had_been() {
    let posts = stream(2_000, 7);
    let plan = plan();
    let whole = all_alerts(&plan, &posts);
    for cut in [1, 777, 1_500] {
        let mut live = Live::new(&plan);
        let mut told = alerts(&mut live, &posts[..cut]);
        let stored = serde_json::to_string(&live).unwrap();
        drop(live);
        let mut live: Live = serde_json::from_str(&stored).unwrap();
        live.take_up();
        told.extend(alerts(&mut live, &posts[cut..]));
        live.drain(&mut |event| told.push(format!("{event:?}")));
        assert!(told == whole, "cut after {cut}");
    }
}

#[test]
fn a_post_delivered_twice_counts_once() {
    let posts = stream(2_000, 7);
    let twice: Vec<Post> = posts
        .iter()
        .flat_map(|post| [post.clone(), post.clone()])
        .collect();
    let plan = plan();
    let mut live = Live::new(&plan);
    let told = alerts(&mut live, &twice);
    assert_eq!(live.status().counts.repeated, live.status().counts.posts);
    let mut once = Live::new(&plan);
    assert!(alerts(&mut once, &posts) == told);
}

#[test]
fn a_blitz_is_told_within_its_first_minute() {
    let mut posts = stream(4_000, 11);
    let begin = 150_000_000;
    for action in 0..20_i64 {
        for member in 0..6_i64 {
            let time = begin + action * 30_000 + (member * 1_700 + action * 900) % 10_000;
            posts.push(post(time, &format!("b{member}"), &format!("blitz{action}")));
        }
    }
    posts.sort_by(crate::normalize::order::compare_posts);
    let mut live = Live::new(&plan());
    let mut first = None;
    for post in posts {
        live.arrive(post);
    }
    live.drain(&mut |event| {
        if let Event::Alert(alert) = event
            && alert
                .accounts
                .iter()
                .any(|account| account.id.starts_with('b'))
            && first.is_none()
        {
            first = Some(alert.time - begin);
        }
    });
    assert!(first.unwrap() <= 70_000, "{first:?}");
}

#[test]
fn texts_and_links_of_plain_posts_are_compared() {
    let mut posts = stream(2_000, 1);
    for action in 0..5_i64 {
        for member in 0..4_i64 {
            let time = 20_000_000 + action * 20_000_000 + member * 5_000;
            posts.push(Post {
                post_id: format!("t{action}-{member}"),
                account_id: format!("w{member}"),
                platform: "here".into(),
                time,
                text: format!(
                    "number {action} they will take away our {} vote on the next sunday https://x.example/{action}",
                    ["own", "good", "old", "free"][usize::try_from(member).unwrap()]
                ),
                is_repost: Some(false),
                ..Post::default()
            });
        }
    }
    posts.sort_by(crate::normalize::order::compare_posts);
    let mut live = Live::new(&plan());
    let mut told = Vec::new();
    for post in posts {
        live.arrive(post);
    }
    live.drain(&mut |event| {
        if let Event::Alert(alert) = event {
            told.push(*alert);
        }
    });
    let alert = told
        .iter()
        .find(|alert| alert.accounts[0].id.starts_with('w'))
        .unwrap();
    assert_eq!(alert.looks_like[0].label, "single-outlet");
    let detectors: std::collections::BTreeSet<&str> =
        alert.acts.iter().map(|act| act.detector).collect();
    assert_eq!(detectors.len(), 2, "{detectors:?}");
}
