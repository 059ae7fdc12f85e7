use super::*;

const POST: &str = r#"{"did":"did:plc:a","time_us":1725911162329308,"kind":"commit","commit":{"rev":"x","operation":"create","collection":"app.bsky.feed.post","rkey":"3l3","cid":"bafy1","record":{
 "$type":"app.bsky.feed.post","createdAt":"2024-09-09T19:46:02.102Z","langs":["de","en"],"text":"Lest das #wahl",
 "tags":["extra"],
 "facets":[{"features":[{"$type":"app.bsky.richtext.facet#link","uri":"https://a.example/1"}],"index":{"byteStart":0,"byteEnd":4}},
           {"features":[{"$type":"app.bsky.richtext.facet#tag","tag":"wahl"}]},{"features":[{"$type":"app.bsky.richtext.facet#mention","did":"did:plc:m"}]}],
 "embed":{"$type":"app.bsky.embed.recordWithMedia","record":{"record":{"cid":"c","uri":"at://did:plc:q/app.bsky.feed.post/9"}},
          "media":{"$type":"app.bsky.embed.external","external":{"uri":"https://b.example/2","title":"Titel","description":""}}},
 "reply":{"parent":{"cid":"c","uri":"at://did:plc:p/app.bsky.feed.post/8"},"root":{"cid":"c","uri":"at://did:plc:r/app.bsky.feed.post/7"}}}}}"#;

const REPOST: &str = r#"{"did":"did:plc:b","time_us":1725911163000000,"kind":"commit","commit":{"operation":"create","collection":"app.bsky.feed.repost","rkey":"1","record":{"createdAt":"2024-09-09T19:46:03Z","subject":{"cid":"c","uri":"at://did:plc:a/app.bsky.feed.post/3l3"}}}}"#;

#[test]
fn posts_and_reposts_are_read() {
    let read = read(&format!("{}\n{REPOST}\n", line(POST)));
    assert_eq!(read.outcome.format, "jetstream");
    let post = &read.posts[0];
    assert_eq!(post.post_id, "at://did:plc:a/app.bsky.feed.post/3l3");
    assert_eq!(
        (post.account_id.as_str(), post.time),
        ("did:plc:a", 1_725_911_162_329)
    );
    assert_eq!(post.urls, ["https://a.example/1", "https://b.example/2"]);
    assert_eq!(post.hashtags, ["wahl", "extra"]);
    assert_eq!(post.mentions, ["did:plc:m"]);
    assert_eq!(post.link_title, "Titel");
    assert_eq!(post.quote_of, "at://did:plc:q/app.bsky.feed.post/9");
    assert_eq!(post.reply_to, "at://did:plc:p/app.bsky.feed.post/8");
    assert_eq!(
        (post.reply_to_account.as_str(), post.lang.as_str()),
        ("did:plc:p", "de")
    );
    let repost = &read.posts[1];
    assert_eq!(
        (repost.is_repost, &repost.repost_of),
        (Some(true), &post.post_id)
    );
    assert_eq!(repost.repost_of_account, "did:plc:a");
    assert_eq!(
        read.outcome.clock,
        Clock {
            resolution_ms: 1,
            source: "time_us".into()
        }
    );
    assert!(read.problems.is_empty());
}

#[test]
fn the_flattened_frames_of_the_second_version_are_read() {
    let mut frame: serde_json::Value = serde_json::from_str(REPOST).unwrap();
    let mut flat = frame["commit"].take();
    for (key, value) in [
        ("did", "did:plc:b"),
        ("time", "2024-09-09T19:46:03.123456Z"),
        ("rev", "x"),
    ] {
        flat[key] = value.into();
    }
    flat["seq"] = 7.into();
    let account = r#"{"seq":8,"did":"did:plc:b","time":"2024-09-09T19:46:04.1Z","active":true,"status":null}"#;
    let read = read(&format!("{flat}\n{account}\n"));
    assert_eq!(read.outcome.format, "jetstream");
    assert_eq!(read.posts.len(), 1);
    assert_eq!(read.posts[0].time, utc("2024-09-09T19:46:03.123Z"));
    assert_eq!(
        read.posts[0].repost_of,
        "at://did:plc:a/app.bsky.feed.post/3l3"
    );
    assert_eq!(read.outcome.notes.len(), 1);
}

#[test]
fn pictures_and_what_is_no_post() {
    let pictures = FRAME.replace(
        r#""text":"hello""#,
        r#""text":"","embed":{"images":[{"alt":"","image":{"ref":{"$link":"bafy2"}}}],"video":{"ref":{"$link":"bafy3"}},"record":{"uri":"at://d/app.bsky.graph.list/1"}}"#,
    );
    let like = REPOST.replace("feed.repost", "feed.like");
    let follow = REPOST.replace("feed.repost", "graph.follow").replace(
        r#"{"cid":"c","uri":"at://did:plc:a/app.bsky.feed.post/3l3"}"#,
        r#""did:plc:z""#,
    );
    let delete = r#"{"did":"did:plc:a","time_us":1725911163000001,"kind":"commit","commit":{"operation":"delete","collection":"app.bsky.feed.post","rkey":"3l3"}}"#;
    let identity = r#"{"did":"did:plc:a","time_us":1725911163000002,"kind":"identity","identity":{"handle":"a.example"}}"#;
    let read = read(
        &[&pictures, &like, &follow, delete, identity]
            .map(|l| format!("{l}\n"))
            .concat(),
    );
    assert_eq!((read.posts.len(), read.rows), (1, 5));
    assert_eq!(read.posts[0].media, ["bafy2", "bafy3"]);
    assert_eq!(read.posts[0].quote_of, "");
    let notes = read.outcome.notes.join("; ");
    assert!(
        notes.starts_with("1 likes") && notes.contains("1 deletions") && notes.contains("2 other"),
        "{notes}"
    );
    assert!(read.problems.is_empty());
}

#[test]
fn a_claimed_time_far_from_the_witnessed_one_is_doubted() {
    let past = FRAME.replace("2024-09-09T19:46:02.102Z", "2019-01-01T00:00:00Z");
    let future = FRAME.replace("2024-09-09T19:46:02.102Z", "2030-01-01T00:00:00Z");
    let read = read(&format!("{past}\n{future}\n{FRAME}\n"));
    assert_eq!(
        read.kinds(),
        [
            (Some(1), ProblemKind::BadTime, false),
            (Some(2), ProblemKind::ClockAhead, false)
        ]
    );
    assert!(read.posts.iter().all(|post| post.time == 1_725_911_162_329));
}
