use super::*;

/// A page as twarc2 writes it: a post with a link, a repost whose text is cut, a quote, an answer.
pub(super) const PAGE: &str = r#"{"data":[
 {"id":"1050118621198921728","author_id":"6253282","created_at":"2018-10-10T20:19:24.000Z","text":"Read this https://t.co/1 #vote @friend","lang":"en",
  "entities":{"urls":[{"url":"https://t.co/1","expanded_url":"https://sho.rt/1","unwound_url":"https://news.example/a","title":"The title"},
                      {"url":"https://t.co/2","expanded_url":"https://twitter.com/a/status/1050118621198921728/photo/1","media_key":"3_1"}],
              "hashtags":[{"start":1,"end":2,"tag":"vote"}],"mentions":[{"username":"friend","id":"7"}]},
  "attachments":{"media_keys":["3_1"]}},
 {"id":"1050118700000000000","author_id":"9","created_at":"2018-10-10T20:19:42.000Z","text":"RT @twitterdev: Read this and then cast your vo…",
  "referenced_tweets":[{"type":"retweeted","id":"1050118000000000000"}],
  "entities":{"urls":[],"hashtags":[]}},
 {"id":"3","author_id":"9","created_at":"2018-10-10T20:21:00.000Z","text":"No. https://t.co/3",
  "referenced_tweets":[{"type":"quoted","id":"44"},{"type":"replied_to","id":"55"}],"in_reply_to_user_id":"8",
  "entities":{"urls":[{"url":"https://t.co/3","expanded_url":"https://x.com/b/status/44"},{"url":"https://t.co/4","expanded_url":"https://b.example/"}]}}
 ],
 "includes":{"users":[{"id":"6253282","username":"twitterapi"},{"id":"9","username":"nine"}],
  "tweets":[{"id":"1050118000000000000","author_id":"2244994945","text":"Read this and then cast your vote on Sunday","entities":{"hashtags":[{"tag":"sunday"}],"urls":[{"expanded_url":"https://c.example/"}]}}]},
 "errors":[{"title":"Not Found Error"}],
 "meta":{"newest_id":"3","result_count":3},"__twarc":{"version":"2.14"}}"#;

/// A repost as the first interface gives it.
pub(super) const OLD: &str = r#"{"created_at":"Wed Oct 10 20:19:24 +0000 2018","id":1050118621198921728,"id_str":"1050118621198921728","text":"RT @b: Long text…","user":{"id":1,"id_str":"11","screen_name":"a"},"in_reply_to_status_id_str":null,"retweeted_status":{"id":5,"id_str":"55","user":{"id_str":"22","screen_name":"b"},"text":"Long text in sh…","extended_tweet":{"full_text":"Long text in short","entities":{"urls":[{"url":"https://t.co/9","expanded_url":"https://d.example/","unwound":{"url":"https://d.example/real","title":"T"}}],"hashtags":[{"text":"tag"}],"user_mentions":[{"screen_name":"c","id_str":"33"}]}},"extended_entities":{"media":[{"id_str":"77"}]}},"lang":"en"}"#;

#[test]
fn a_page_is_read_with_what_came_beside_it() {
    let text = line(PAGE) + "\n" + &line(r#"{"meta":{"result_count":0}}"#) + "\n";
    let read = read(&text);
    assert_eq!(read.outcome.format, "twarc2");
    assert_eq!((read.posts.len(), read.rows), (3, 3));
    assert!(read.problems.is_empty(), "{:?}", read.problems);
    let post = &read.posts[0];
    assert_eq!(post.account_id, "6253282");
    assert_eq!(post.account_name, "twitterapi");
    assert_eq!(post.time, utc("2018-10-10T20:19:24.211Z"));
    assert_eq!(post.urls, ["https://news.example/a"]);
    assert_eq!(post.link_title, "The title");
    assert_eq!(
        (&post.hashtags[..], &post.mentions[..]),
        (&["vote".to_owned()][..], &["friend".to_owned()][..])
    );
    assert_eq!(post.media, ["3_1"]);
    assert_eq!((post.lang.as_str(), post.is_repost), ("en", Some(false)));

    let repost = &read.posts[1];
    assert_eq!(
        repost.text,
        "RT @twitterdev: Read this and then cast your vote on Sunday"
    );
    assert_eq!(repost.repost_of, "1050118000000000000");
    assert_eq!(repost.repost_of_account, "2244994945");
    assert_eq!(
        (repost.urls[0].as_str(), repost.hashtags[0].as_str()),
        ("https://c.example/", "sunday")
    );
    assert_eq!(repost.is_repost, Some(true));

    let quote = &read.posts[2];
    assert_eq!(
        (quote.quote_of.as_str(), quote.reply_to.as_str()),
        ("44", "55")
    );
    assert_eq!(quote.reply_to_account, "8");
    assert_eq!(quote.urls, ["https://b.example/"]);
    assert_eq!(quote.time, utc("2018-10-10T20:21:00Z"));
    assert_eq!(read.outcome.clock.resolution_ms, 1_000);
    assert!(
        read.outcome.notes[0].contains("2 of 3"),
        "{:?}",
        read.outcome.notes
    );
    assert!(read.outcome.notes[1].contains("Not Found Error"));
}

#[test]
fn a_flattened_tweet_holds_its_original() {
    let tweet = r#"{"id":"1050118621198921728","author_id":"9","author":{"id":"9","username":"nine"},"created_at":"2018-10-10T20:19:24.000Z","text":"RT @b: cut…","referenced_tweets":[{"type":"retweeted","id":"4","author_id":"5","text":"cut no more"}],"note_tweet":null}"#;
    let read = read(tweet);
    assert_eq!(read.outcome.format, "twarc2");
    let post = &read.posts[0];
    assert_eq!(post.text, "RT @b: cut no more");
    assert_eq!(
        (post.repost_of.as_str(), post.repost_of_account.as_str()),
        ("4", "5")
    );
    assert_eq!(post.account_name, "nine");
    assert_eq!(
        read.outcome.clock,
        Clock {
            resolution_ms: 1,
            source: "snowflake id".into()
        }
    );
}

#[test]
fn a_page_laid_out_for_people_and_a_long_text_are_read() {
    let pretty: serde_json::Value = serde_json::from_str(PAGE).unwrap();
    assert_eq!(
        read(&serde_json::to_string_pretty(&pretty).unwrap())
            .posts
            .len(),
        3
    );
    let long = r#"{"id":"7","author_id":"9","created_at":"2023-10-10T20:19:24.000Z","text":"Cut…","note_tweet":{"text":"Cut no more"}}"#;
    assert_eq!(read(long).posts[0].text, "Cut no more");
}

#[test]
fn tweets_of_the_first_interface_are_read() {
    let read = read(OLD);
    assert_eq!(read.outcome.format, "twitter-v1");
    let post = &read.posts[0];
    assert_eq!(
        (post.post_id.as_str(), post.account_id.as_str()),
        ("1050118621198921728", "11")
    );
    assert_eq!(post.text, "RT @b: Long text in short");
    assert_eq!(
        (post.repost_of.as_str(), post.repost_of_account.as_str()),
        ("55", "22")
    );
    assert_eq!(
        (post.urls[0].as_str(), post.link_title.as_str()),
        ("https://d.example/real", "T")
    );
    assert_eq!(
        (
            post.hashtags[0].as_str(),
            post.mentions[0].as_str(),
            post.media[0].as_str()
        ),
        ("tag", "c", "77")
    );
}

#[test]
fn a_tweet_without_account_or_time_is_refused() {
    let good = r#"{"id":"7","author_id":"9","created_at":"2023-10-10T20:19:24.000Z","text":"a"}"#;
    let read = read(&format!(
        "{good}\n{}\n{}\n",
        good.replace(r#""author_id":"9""#, r#""author_id":null"#),
        good.replace("2023-10-10T20:19:24.000Z", "lately"),
    ));
    assert_eq!(
        read.kinds(),
        [
            (Some(2), ProblemKind::NoAccount, true),
            (Some(3), ProblemKind::BadTime, true)
        ]
    );
    assert_eq!((read.posts.len(), read.rows), (1, 3));
}
