use super::*;

pub(super) const MASTODON: &str = r#"{"id":"109","uri":"https://m.example/users/a/statuses/109","created_at":"2023-01-01T10:00:00.123Z","account":{"id":"1","acct":"a@m.example","uri":"https://m.example/users/a"},"content":"","language":"en","in_reply_to_id":null,"reblog":{"id":"55","uri":"https://n.example/55","content":"<p>Read <a href=\"https://a.example/\">this</a> <a href=\"https://m.example/tags/vote\" class=\"mention hashtag\">\u0023vote</a></p>","account":{"id":"2","uri":"https://n.example/users/b"},"tags":[{"name":"vote"}]},"tags":[],"mentions":[],"media_attachments":[],"card":null}"#;

pub(super) const CAPTURED: &str = r#"{"nav_index":"1:2","item_id":"1050118621198921728","timestamp_collected":1700000000000,"source_platform":"twitter.com","source_platform_url":"","source_url":"","user_agent":"","data":{"rest_id":"1050118621198921728","core":{"user_results":{"result":{"rest_id":"11","legacy":{},"core":{"screen_name":"a"}}}},"legacy":{"id_str":"1050118621198921728","user_id_str":"11","created_at":"Wed Oct 10 20:19:24 +0000 2018","full_text":"RT @b: cut…","lang":"en","retweeted_status_result":{"result":{"rest_id":"55","legacy":{"full_text":"cut no more","user_id_str":"22"}}},"entities":{"hashtags":[{"text":"vote"}],"urls":[{"url":"https://t.co/1","expanded_url":"https://a.example/"}],"user_mentions":[{"screen_name":"b"}]}}}}"#;

#[test]
fn captured_posts_of_x_are_read_however_they_are_wrapped() {
    let mut wrapped: serde_json::Value = serde_json::from_str(CAPTURED).unwrap();
    let data = wrapped["data"].take();
    wrapped["data"] =
        serde_json::json!({"__typename": "TweetWithVisibilityResults", "tweet": data});
    let read = read(&format!("{CAPTURED}\n{wrapped}\n"));
    assert_eq!(read.outcome.format, "zeeschuimer-twitter");
    assert_eq!(read.posts.len(), 2);
    for post in &read.posts {
        assert_eq!(
            (post.account_id.as_str(), post.account_name.as_str()),
            ("11", "a")
        );
        assert_eq!(post.time, utc("2018-10-10T20:19:24.211Z"));
        assert_eq!(
            (post.text.as_str(), post.repost_of.as_str()),
            ("cut no more", "55")
        );
        assert_eq!(
            (post.repost_of_account.as_str(), post.is_repost),
            ("22", Some(true))
        );
        assert_eq!(
            (
                post.urls[0].as_str(),
                post.hashtags[0].as_str(),
                post.mentions[0].as_str()
            ),
            ("https://a.example/", "vote", "b")
        );
    }
    assert_eq!(read.outcome.clock.resolution_ms, 1);
}

#[test]
fn captured_videos_and_posts_of_other_platforms_are_read() {
    let around = r#"{"nav_index":"1","item_id":"7","timestamp_collected":1,"source_platform":"PLATFORM","data":DATA}"#;
    let of =
        |platform: &str, data: &str| around.replace("PLATFORM", platform).replace("DATA", data);
    let video = of(
        "tiktok.com",
        r#"{"id":"7","desc":"look \u0023a","createTime":1700000000,"author":{"id":"77","uniqueId":"u"},"textExtra":[{"hashtagName":"a"},{"hashtagName":""}]}"#,
    );
    let read_video = read(&video);
    assert_eq!(read_video.outcome.format, "zeeschuimer-tiktok");
    let post = &read_video.posts[0];
    assert_eq!(
        (
            post.account_id.as_str(),
            post.account_name.as_str(),
            post.time
        ),
        ("77", "u", 1_700_000_000_000)
    );
    assert_eq!(
        (&post.hashtags[..], post.platform.as_str()),
        (&["a".to_owned()][..], "tiktok")
    );
    let other = of(
        "truthsocial.com",
        r#"{"id":"7","account":{"id":"5","acct":"x"},"created_at":"2023-01-01T10:00:00Z","text":"t"}"#,
    );
    let read_other = read(&other);
    assert_eq!(read_other.outcome.format, "zeeschuimer");
    assert_eq!(
        (
            read_other.posts[0].account_id.as_str(),
            read_other.posts[0].text.as_str()
        ),
        ("5", "t")
    );
}

#[test]
fn statuses_of_mastodon_are_read_without_their_html() {
    let read = read(&format!("[{MASTODON}]"));
    assert_eq!(read.outcome.format, "mastodon");
    let post = &read.posts[0];
    assert_eq!(post.account_id, "https://m.example/users/a");
    assert_eq!(
        (post.is_repost, post.repost_of.as_str()),
        (Some(true), "https://n.example/55")
    );
    assert_eq!(post.text, "Read this \u{23}vote");
    assert_eq!(
        (&post.urls[..], &post.hashtags[..]),
        (
            &["https://a.example/".to_owned()][..],
            &["vote".to_owned()][..]
        )
    );
    assert_eq!(read.outcome.clock.resolution_ms, 1);
}

#[test]
fn other_known_records_are_read() {
    for (text, format, expected) in [
        (
            r#"{"_type":"snscrape.modules.twitter.Tweet","url":"https://twitter.com/a/status/9","date":"2021-08-21T23:50:36+00:00","rawContent":"hi","id":9,"user":{"_type":"snscrape.modules.twitter.User","username":"a","id":11},"links":[{"url":"https://a.example/"}],"hashtags":["x"],"retweetedTweet":null,"inReplyToTweetId":8,"lang":"en"}"#,
            "snscrape",
            ("9", "11", "hi", "8"),
        ),
        (
            r#"{"id":"abc","name":"t3_abc","author":"a","author_fullname":"t2_1","subreddit":"s","created_utc":1629589836,"title":"Head","selftext":"Body","url":"https://a.example/","parent_id":null,"_meta":{}}"#,
            "reddit",
            ("t3_abc", "t2_1", "Head\nBody", ""),
        ),
        (
            r#"{"id":7,"username":"u","create_time":1629589836,"video_description":"d","hashtag_names":["x"],"region_code":"US","voice_to_text":"words"}"#,
            "tiktok-api",
            ("7", "u", "d", ""),
        ),
        (
            r#"{"_":"Message","id":5,"peer_id":{"_":"PeerChannel","channel_id":42},"from_id":{"_":"PeerUser","user_id":7},"date":"2021-08-21T23:50:36+00:00","message":"m","reply_to":{"reply_to_msg_id":4}}"#,
            "telethon",
            ("42:5", "7", "m", "42:4"),
        ),
    ] {
        let read = read(text);
        assert_eq!(read.outcome.format, format);
        let post = &read.posts[0];
        let found = (
            post.post_id.as_str(),
            post.account_id.as_str(),
            post.text.as_str(),
            post.reply_to.as_str(),
        );
        assert_eq!(found, expected);
        assert_eq!(post.time, 1_629_589_836_000);
    }
}

#[test]
fn fields_of_unknown_records_are_found_by_their_names() {
    let record = |n: u32| {
        format!(
            r#"{{"meta":{{"n":{n}}},"Id":{n},"author":{{"id":"a{n}","handle":"h"}},"createdAt":"1/{n}/2021 10:00 UTC","content":"c","entities":{{"urls":[{{"url":"https://t.co","expanded_url":"https://a.example"}}]}},"tags":"\u0023x, y","likes":3}}"#
        )
    };
    let text: String = (1..=20).map(|n| record(n) + "\n").collect();
    let read = read(&text);
    assert_eq!(read.outcome.format, "json");
    // The order of day and month shows from the thirteenth on, and holds for the first.
    assert_eq!(read.posts.len(), 20, "{:?}", read.problems);
    let post = &read.posts[1];
    assert_eq!(
        (
            post.post_id.as_str(),
            post.account_id.as_str(),
            post.account_name.as_str()
        ),
        ("2", "a2", "h")
    );
    assert_eq!(post.time, utc("2021-01-02T10:00:00Z"));
    assert_eq!(
        (&post.urls[..], &post.hashtags[..]),
        (
            &["https://a.example".to_owned()][..],
            &["x".to_owned(), "y".to_owned()][..]
        )
    );
    assert_eq!(post.is_repost, None);
    assert_eq!(read.outcome.clock.resolution_ms, 60_000);
    assert!(
        read.outcome
            .mapping
            .contains(&("time".into(), "createdAt".into()))
    );
    assert_eq!(
        read.outcome.unmapped,
        ["entities.urls.url", "likes", "meta.n"]
    );
}

#[test]
fn the_analyst_can_say_where_fields_stand() {
    let text = r#"{"x":{"who":"a"},"when":"2021-08-21 23:50:36","what":"N/A","parts":["https://a.example"],"source":"r1"}"#;
    let refused = read(text);
    assert_eq!(refused.posts.len(), 0);
    assert_eq!(refused.problems[0].kind, ProblemKind::NoTime);
    assert!(
        refused.problems[0].detail.contains("x.who"),
        "{:?}",
        refused.problems
    );
    let map = [
        ("account_id", "x.who"),
        ("time", "when"),
        ("text", "what"),
        ("urls", "parts"),
        ("repost_of", "source"),
    ];
    let options = ReadOptions {
        map: map
            .map(|(field, path)| (field.to_owned(), path.to_owned()))
            .to_vec(),
        time_zone: Some("UTC".into()),
        missing: vec!["N/A".into()],
        ..ReadOptions::default()
    };
    let read = try_read(text, &options, 1 << 20).unwrap();
    let post = &read.posts[0];
    assert_eq!(
        (post.account_id.as_str(), post.text.as_str(), post.time),
        ("a", "", 1_629_589_836_000)
    );
    assert_eq!(
        (
            post.urls[0].as_str(),
            post.repost_of.as_str(),
            post.is_repost
        ),
        ("https://a.example", "r1", Some(true))
    );
}

#[test]
fn a_ready_made_share_table_in_json_is_read() {
    let read =
        read(r#"{"object_id":"o","account_id":"a","content_id":"c","timestamp_share":1629589836}"#);
    assert_eq!(read.posts[0].objects, [(String::new(), "o".to_owned())]);
    assert_eq!(read.posts[0].post_id, "c");
}

#[test]
fn numbers_as_ids_stay_whole() {
    let read = read(
        r#"{"id":18446744073709551615,"user_id":1050118621198921728,"timestamp":1629589836.5,"text":"a"}"#,
    );
    let post = &read.posts[0];
    assert_eq!(
        (post.post_id.as_str(), post.account_id.as_str()),
        ("18446744073709551615", "1050118621198921728")
    );
    assert_eq!(post.time, 1_629_589_836_500);
}
