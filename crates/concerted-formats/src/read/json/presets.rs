//! Formats that are told by where each field stands, and the names under which fields stand in
//! records of formats that are not known.
//!
//! Several paths for one field are tried in order, record by record: platforms rename what is inside
//! their records every few months. A path that begins with `/` starts at the record, others at the
//! first of the roots that the record has.

use super::recognise::has;
use serde_json::Value;

/// A format as a table of paths.
#[derive(Debug)]
pub(super) struct Preset {
    pub(super) name: &'static str,
    pub(super) why: &'static str,
    pub(super) fits: fn(&Value) -> bool,
    pub(super) platform: &'static str,
    /// Whether ids hold the time in milliseconds as those of Twitter do.
    pub(super) snowflake: bool,
    /// Whether the text is HTML.
    pub(super) html: bool,
    pub(super) roots: &'static [&'static str],
    /// `None`: fields are found by the names in [`NAMES`].
    pub(super) fields: Option<&'static [(&'static str, &'static [&'static str])]>,
}

const PLAIN: Preset = Preset {
    name: "",
    why: "",
    fits: |_| false,
    platform: "",
    snowflake: false,
    html: false,
    roots: &[],
    fields: None,
};

fn zeeschuimer(record: &Value, platform: &[&str]) -> bool {
    has(record, &["nav_index", "source_platform", "data"])
        && record["source_platform"]
            .as_str()
            .is_some_and(|name| platform.iter().any(|platform| name.contains(platform)))
}

/// Any record with fields by the usual names.
pub(super) const GENERIC: Preset = Preset {
    name: "json",
    why: "its records are JSON of no format that is known; fields were found by their names",
    ..PLAIN
};

/// Formats that are known.
pub(super) const KNOWN: &[Preset] = &[
    Preset {
        name: "zeeschuimer-twitter",
        why: "its records were captured by Zeeschuimer on X (`nav_index`, `source_platform`, `data`)",
        fits: |record| zeeschuimer(record, &["twitter.com", "x.com"]),
        platform: "twitter",
        snowflake: true,
        roots: &["data.tweet", "data"],
        fields: Some(&[
            ("post_id", &["rest_id", "legacy.id_str", "/item_id"]),
            (
                "account_id",
                &["legacy.user_id_str", "core.user_results.result.rest_id"],
            ),
            (
                "account_name",
                &[
                    "core.user_results.result.core.screen_name",
                    "core.user_results.result.legacy.screen_name",
                ],
            ),
            ("time", &["legacy.created_at"]),
            (
                "text",
                &[
                    "legacy.retweeted_status_result.result.note_tweet.note_tweet_results.result.text",
                    "legacy.retweeted_status_result.result.tweet.legacy.full_text",
                    "legacy.retweeted_status_result.result.legacy.full_text",
                    "note_tweet.note_tweet_results.result.text",
                    "legacy.full_text",
                ],
            ),
            ("lang", &["legacy.lang"]),
            (
                "repost_of",
                &[
                    "legacy.retweeted_status_result.result.rest_id",
                    "legacy.retweeted_status_result.result.tweet.rest_id",
                    "legacy.retweeted_status_result.result.legacy.id_str",
                    "legacy.retweeted_status_id_str",
                ],
            ),
            (
                "repost_of_account",
                &[
                    "legacy.retweeted_status_result.result.legacy.user_id_str",
                    "legacy.retweeted_status_result.result.tweet.legacy.user_id_str",
                ],
            ),
            (
                "quote_of",
                &[
                    "legacy.quoted_status_id_str",
                    "quoted_status_result.result.rest_id",
                    "quoted_status_result.result.tweet.rest_id",
                ],
            ),
            ("reply_to", &["legacy.in_reply_to_status_id_str"]),
            (
                "reply_to_account",
                &[
                    "legacy.in_reply_to_user_id_str",
                    "legacy.in_reply_to_screen_name",
                ],
            ),
            ("urls", &["legacy.entities.urls.expanded_url"]),
            (
                "hashtags",
                &["legacy.entities.hashtags.text", "legacy.entities.hashtags"],
            ),
            ("mentions", &["legacy.entities.user_mentions.screen_name"]),
            ("media_hash", &["legacy.entities.media.id_str"]),
        ]),
        ..PLAIN
    },
    Preset {
        name: "zeeschuimer-tiktok",
        why: "its records were captured by Zeeschuimer on TikTok (`nav_index`, `source_platform`, `data`)",
        fits: |record| zeeschuimer(record, &["tiktok.com"]),
        platform: "tiktok",
        roots: &["data"],
        fields: Some(&[
            ("post_id", &["id", "/item_id"]),
            (
                "account_id",
                &["author.id", "authorId", "author.uniqueId", "author"],
            ),
            (
                "account_name",
                &["author.uniqueId", "author.unique_id", "author"],
            ),
            ("time", &["createTime", "create_time"]),
            ("text", &["desc"]),
            ("lang", &["textLanguage"]),
            ("hashtags", &["textExtra.hashtagName", "challenges.title"]),
            ("mentions", &["textExtra.userUniqueId"]),
        ]),
        ..PLAIN
    },
    Preset {
        name: "zeeschuimer",
        why: "its records were captured by Zeeschuimer (`nav_index`, `source_platform`, `data`); fields of this platform were found by their names",
        fits: |record| zeeschuimer(record, &[""]),
        roots: &["data"],
        ..PLAIN
    },
    Preset {
        name: "snscrape",
        why: "its records name snscrape as their maker (`_type`)",
        fits: |record| {
            record["_type"]
                .as_str()
                .is_some_and(|name| name.starts_with("snscrape."))
        },
        platform: "twitter",
        snowflake: true,
        fields: Some(&[
            ("post_id", &["id_str", "id"]),
            ("account_id", &["user.id_str", "user.id", "user.username"]),
            ("account_name", &["user.username"]),
            ("time", &["date"]),
            (
                "text",
                &[
                    "retweetedTweet.rawContent",
                    "rawContent",
                    "content",
                    "renderedContent",
                ],
            ),
            ("lang", &["lang"]),
            ("repost_of", &["retweetedTweet.id_str", "retweetedTweet.id"]),
            (
                "repost_of_account",
                &["retweetedTweet.user.id", "retweetedTweet.user.username"],
            ),
            ("quote_of", &["quotedTweet.id"]),
            ("reply_to", &["inReplyToTweetId"]),
            (
                "reply_to_account",
                &["inReplyToUser.id", "inReplyToUser.username"],
            ),
            ("urls", &["links.url", "outlinks"]),
            ("hashtags", &["hashtags"]),
            ("mentions", &["mentionedUsers.username"]),
        ]),
        ..PLAIN
    },
    Preset {
        name: "mastodon",
        why: "its records are statuses of Mastodon or a kin of it (`account`, `content`, `reblog`)",
        fits: |record| {
            has(record, &["account", "content", "created_at"]) && record["account"].is_object()
        },
        platform: "mastodon",
        html: true,
        fields: Some(&[
            ("post_id", &["uri", "id"]),
            (
                "account_id",
                &["account.uri", "account.url", "account.id", "account.acct"],
            ),
            ("account_name", &["account.acct", "account.username"]),
            ("time", &["created_at"]),
            ("text", &["reblog.content", "content"]),
            ("lang", &["language"]),
            ("repost_of", &["reblog.uri", "reblog.id"]),
            (
                "repost_of_account",
                &[
                    "reblog.account.uri",
                    "reblog.account.url",
                    "reblog.account.id",
                ],
            ),
            ("quote_of", &["quote.quoted_status.uri", "quote_id"]),
            ("reply_to", &["in_reply_to_id"]),
            ("reply_to_account", &["in_reply_to_account_id"]),
            ("hashtags", &["reblog.tags.name", "tags.name"]),
            ("mentions", &["mentions.acct"]),
            ("media_hash", &["media_attachments.blurhash"]),
            ("link_title", &["card.title"]),
        ]),
        ..PLAIN
    },
    Preset {
        name: "reddit",
        why: "its records are posts or comments of Reddit (`subreddit`, `created_utc`, `author`)",
        fits: |record| has(record, &["subreddit", "created_utc", "author"]),
        platform: "reddit",
        fields: Some(&[
            ("post_id", &["name", "id"]),
            ("account_id", &["author_fullname", "author"]),
            ("account_name", &["author"]),
            ("time", &["created_utc"]),
            ("heading", &["title"]),
            ("text", &["body", "selftext"]),
            ("repost_of", &["crosspost_parent"]),
            ("reply_to", &["parent_id"]),
            ("urls", &["url_overridden_by_dest", "url"]),
        ]),
        ..PLAIN
    },
    Preset {
        name: "tiktok-api",
        why: "its records are videos of the research interface of TikTok (`video_description`, `create_time`)",
        fits: |record| has(record, &["video_description", "create_time"]),
        platform: "tiktok",
        fields: Some(&[
            ("post_id", &["id", "video_id"]),
            ("account_id", &["username"]),
            ("account_name", &["username"]),
            ("time", &["create_time"]),
            ("text", &["video_description"]),
            ("hashtags", &["hashtag_names"]),
        ]),
        ..PLAIN
    },
    Preset {
        name: "telethon",
        why: "its records are messages as Telethon dumps them (`peer_id`, `date`, `message`)",
        fits: |record| has(record, &["peer_id", "date", "message"]),
        platform: "telegram",
        fields: Some(&[
            ("post_id", &["id"]),
            (
                "chat",
                &[
                    "peer_id.channel_id",
                    "peer_id.chat_id",
                    "peer_id.user_id",
                    "peer_id",
                ],
            ),
            (
                "account_id",
                &[
                    "from_id.user_id",
                    "from_id.channel_id",
                    "from_id",
                    "peer_id.channel_id",
                    "peer_id.user_id",
                ],
            ),
            ("account_name", &["post_author"]),
            ("time", &["date"]),
            ("text", &["message"]),
            ("repost_of", &["fwd_from.channel_post"]),
            ("repost_chat", &["fwd_from.from_id.channel_id"]),
            (
                "repost_of_account",
                &[
                    "fwd_from.from_id.channel_id",
                    "fwd_from.from_id.user_id",
                    "fwd_from.from_name",
                ],
            ),
            ("reply_to", &["reply_to.reply_to_msg_id"]),
            ("urls", &["entities.url", "media.webpage.url"]),
            ("link_title", &["media.webpage.title"]),
            ("media_hash", &["media.photo.id", "media.document.id"]),
        ]),
        ..PLAIN
    },
];

/// Names of fields in records of no known format, best first; compared without case and punctuation.
pub(super) const NAMES: &[(&str, &[&str])] = &[
    (
        "post_id",
        &[
            "post_id",
            "tweet_id",
            "status_id",
            "message_id",
            "content_id",
            "video_id",
            "comment_id",
            "id_str",
            "uri",
            "id",
            "permalink",
            "post_url",
        ],
    ),
    (
        "account_id",
        &[
            "account_id",
            "author_id",
            "user_id",
            "user_id_str",
            "author.id",
            "user.id_str",
            "user.id",
            "account.id",
            "channel_id",
            "page_id",
            "did",
            "author.did",
            "from_id",
            "owner_id",
            "post_owner.id",
            "extra_author_attributes.id",
            "actor_id",
            "account",
            "user",
            "author",
        ],
    ),
    (
        "account_name",
        &[
            "account_name",
            "screen_name",
            "username",
            "user_name",
            "author_username",
            "author_name",
            "author.username",
            "author.handle",
            "author.name",
            "user.username",
            "user.screen_name",
            "user.name",
            "account.acct",
            "account.username",
            "account.name",
            "handle",
            "post_owner.username",
            "post_owner.name",
            "extra_author_attributes.short_name",
        ],
    ),
    (
        "time",
        &[
            "unix_timestamp",
            "timestamp_utc",
            "created_utc",
            "timestamp_share",
            "timestamp_ms",
            "date_unixtime",
            "created_at",
            "timestamp",
            "time",
            "datetime",
            "created_time",
            "creation_time",
            "create_time",
            "published_at",
            "publish_date",
            "published",
            "post_created",
            "posted_at",
            "created",
            "date",
            "indexed_at",
        ],
    ),
    (
        "text",
        &[
            "full_text",
            "text",
            "message",
            "body",
            "content",
            "caption",
            "raw_content",
            "description",
            "record.text",
            "post_text",
            "selftext",
        ],
    ),
    ("lang", &["lang", "language"]),
    ("platform", &["platform", "source_platform", "network"]),
    (
        "repost_of",
        &[
            "repost_of",
            "repost_id",
            "retweeted_id",
            "retweeted_status_id",
            "retweeted_status_id_str",
            "retweeted_status.id_str",
            "shared_post_id",
            "reblog.id",
            "referenced_tweets.retweeted.id",
            "original_post_id",
        ],
    ),
    (
        "repost_of_account",
        &[
            "repost_of_account",
            "retweeted_user_id",
            "retweeted_user",
            "retweeted_status.user.id_str",
            "reblog.account.id",
        ],
    ),
    (
        "quote_of",
        &[
            "quote_of",
            "quoted_id",
            "quoted_status_id_str",
            "quoted_uri",
        ],
    ),
    (
        "reply_to",
        &[
            "reply_to",
            "reply_id",
            "in_reply_to_id",
            "in_reply_to_status_id_str",
            "in_reply_to_status_id",
            "to_tweetid",
            "parent_id",
            "parent_comment_id",
            "reply_to_message_id",
        ],
    ),
    (
        "reply_to_account",
        &[
            "reply_to_account",
            "in_reply_to_user_id",
            "in_reply_to_user_id_str",
            "in_reply_to_account_id",
            "in_reply_to_screen_name",
            "to_userid",
        ],
    ),
    (
        "urls",
        &[
            "urls",
            "expanded_urls",
            "links",
            "entities.urls.expanded_url",
            "entities.urls",
            "outlinks",
            "link_attachment.link",
            "link",
            "article_url",
            "url",
        ],
    ),
    (
        "hashtags",
        &[
            "hashtags",
            "hashtag_names",
            "entities.hashtags.text",
            "entities.hashtags.tag",
            "entities.hashtags",
            "tags",
        ],
    ),
    (
        "mentions",
        &[
            "mentions",
            "mentioned_users",
            "user_mentions",
            "entities.user_mentions.screen_name",
            "entities.mentions.username",
        ],
    ),
    (
        "media_hash",
        &[
            "media_hash",
            "image_hash",
            "phash",
            "pdq",
            "media_ids",
            "media_keys",
        ],
    ),
    ("is_repost", &["is_repost", "is_retweet", "is_share"]),
    (
        "link_title",
        &[
            "link_title",
            "card.title",
            "link_attachment.title",
            "article_title",
        ],
    ),
    ("object_id", &["object_id"]),
];
