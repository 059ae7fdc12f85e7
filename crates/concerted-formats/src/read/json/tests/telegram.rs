use super::*;

pub(super) const CHAT: &str = r#"{"name":"News","type":"public_channel","id":42,"messages":[
 {"id":1,"type":"service","date":"2022-02-24T05:00:00","date_unixtime":"1645671600","actor":"News","action":"create_channel","text":""},
 {"id":2,"type":"message","date":"2022-02-24T06:00:00","date_unixtime":"1645675200","from":"News","from_id":"channel42","text":"Plain words"},
 {"id":3,"type":"message","date":"2022-02-24T06:01:00","date_unixtime":"1645675260","from":"Anna","from_id":"user7","forwarded_from":"Other News","reply_to_message_id":2,
  "text":["See ",{"type":"text_link","text":"here","href":"https://a.example/x"}," and ",{"type":"link","text":"https://b.example"}," ",{"type":"hashtag","text":"ŇVote"},{"type":"hashtag","text":"\u0023vote"}," ",{"type":"mention","text":"@friend"}],
  "text_entities":[{"type":"plain","text":"See "},{"type":"text_link","text":"here","href":"https://a.example/x"},{"type":"plain","text":" and "},{"type":"link","text":"https://b.example"},{"type":"hashtag","text":"\u0023vote"},{"type":"mention","text":"@friend"}]},
 {"id":4,"type":"message","date":"2022-02-24T06:02:00","date_unixtime":"1645675320","from":null,"from_id":"user9","forwarded_from":null,"photo":"(File not included.)","text":""},
 {"id":5,"type":"message","date":"2022-02-24T06:02:00","date_unixtime":"1645675321","text":"by nobody"}
]}"#;

#[test]
fn a_chat_is_read() {
    let pretty: serde_json::Value = serde_json::from_str(CHAT).unwrap();
    // Objects of this library sort their keys, and a chat is then read with its name behind its id.
    for text in [
        CHAT.to_owned(),
        CHAT.replace('\n', ""),
        serde_json::to_string_pretty(&pretty).unwrap(),
    ] {
        let read = read(&text);
        assert_eq!(read.outcome.format, "telegram");
        assert_eq!((read.posts.len(), read.rows), (3, 5));
        let ids: Vec<_> = read
            .posts
            .iter()
            .map(|post| post.post_id.as_str())
            .collect();
        assert_eq!(ids, ["42:2", "42:3", "42:4"]);
        let forward = &read.posts[1];
        assert_eq!(forward.account_id, "user7");
        assert_eq!(forward.time, 1_645_675_260_000);
        assert_eq!(
            (forward.is_repost, forward.repost_of_account.as_str()),
            (Some(true), "Other News")
        );
        assert_eq!(
            (forward.repost_of.as_str(), forward.reply_to.as_str()),
            ("", "42:2")
        );
        assert!(
            forward.text.starts_with("See here and https://b.example "),
            "{}",
            forward.text
        );
        assert_eq!(forward.urls, ["https://a.example/x", "https://b.example"]);
        assert_eq!(
            (&forward.hashtags[..], &forward.mentions[..]),
            (&["vote".to_owned()][..], &["friend".to_owned()][..])
        );
        // An account that is gone leaves its forwards behind, and no name.
        assert_eq!(read.posts[2].is_repost, Some(true));
        assert_eq!(read.posts[0].is_repost, Some(false));
        assert_eq!(
            read.kinds(),
            [
                (None, ProblemKind::RepostWithoutId, false),
                (Some(5), ProblemKind::NoAccount, true)
            ]
        );
        assert!(
            read.outcome
                .notes
                .iter()
                .any(|note| note.starts_with("1 service message"))
        );
    }
}

#[test]
fn all_chats_of_an_account_are_read_and_their_numbers_kept_apart() {
    let other = CHAT.replace("\"id\":42", "\"id\":43");
    let text = format!(
        r#"{{"about":"","personal_information":{{"user_id":1}},"chats":{{"about":"","list":[{CHAT},{other}]}},"left_chats":{{"about":"","list":[]}}}}"#
    );
    let read = read(&text);
    assert_eq!(read.outcome.format, "telegram");
    let ids: Vec<_> = read
        .posts
        .iter()
        .map(|post| post.post_id.as_str())
        .collect();
    assert_eq!(ids, ["42:2", "42:3", "42:4", "43:2", "43:3", "43:4"]);
    assert_eq!(read.posts[5].source.row, 9);
    assert!(read.outcome.notes.contains(&"2 chats".to_owned()));
}

#[test]
fn an_old_export_has_local_times_only() {
    let start = CHAT.find("{\"id\":2").unwrap();
    let message = CHAT[start..].lines().next().unwrap().trim_end_matches(',');
    let old = message.replace(r#""date_unixtime":"1645675200","#, "");
    let text = format!(r#"{{"name":"News","type":"public_channel","id":42,"messages":[{old}]}}"#);
    assert_eq!(read(&text).kinds(), [(Some(1), ProblemKind::NoZone, true)]);
    let options = ReadOptions {
        time_zone: Some("Europe/Kyiv".into()),
        ..ReadOptions::default()
    };
    let read = try_read(&text, &options, 1 << 20).unwrap();
    assert_eq!(read.posts[0].time, utc("2022-02-24T04:00:00Z"));
}
