//! What can a column of a table mean, and by which names do exports call it?
//!
//! A field is one thing a post can have. Each knows the names under which it stands in files, best
//! name first; names are compared without case, spaces and punctuation. Adding a name is adding a
//! word here; the page on input lists the same table, which a test compares.

/// Declares the fields: variant, the word of `--map`, what it is, and its names in files.
macro_rules! fields {
    ($($field:ident $word:literal $means:literal [$($name:literal)*])*) => {
        /// What a column can mean.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Field {
            $(#[doc = $means] $field,)*
        }

        impl Field {
            /// Every field, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$field,)*];

            /// The word before the `=` of `--map`.
            pub fn word(self) -> &'static str {
                match self { $(Self::$field => $word,)* }
            }

            /// What it is, in a sentence.
            pub fn means(self) -> &'static str {
                match self { $(Self::$field => $means,)* }
            }

            /// Names of columns that are taken for it without being told, best first.
            pub fn names(self) -> &'static [&'static str] {
                match self { $(Self::$field => &[$($name),*],)* }
            }
        }
    };
}

fields! {
    PostId "post_id" "The platform's id of the post." [
        "post_id" "tweet_id" "tweetid" "status_id" "message_id" "content_id" "video_id" "comment_id"
        "item_id" "id_str" "post_uri" "uri" "postid" "id" "permalink" "post_url" "tweet_url"
    ]
    AccountId "account_id" "The platform's id of the account, or its handle where no id is given." [
        "account_id" "author_id" "user_id" "userid" "user_id_str" "from_user_id" "author.id" "user.id"
        "channel_id" "page_id" "actor_id" "did" "user_did" "account.id" "from_id" "owner_id"
        "profile_id" "account" "user" "author" "actor"
    ]
    AccountName "account_name" "The handle or display name beside the id; the account itself where no id is given." [
        "account_name" "screen_name" "user_screen_name" "username" "user_name" "author_username"
        "author_name" "author.username" "user.username" "handle" "user_handle" "author_handle"
        "account_username" "from_user_name" "channel_title" "channel_name" "page_name" "profile_name"
        "display_name" "poster" "posted_by"
    ]
    Time "time" "When it was posted." [
        "unix_timestamp" "timestamp_utc" "created_utc" "created_at_utc" "datetime_utc" "date_utc"
        "time_utc" "timestamp_share" "timestamp_ms" "date_unixtime" "created_at" "timestamp" "time"
        "datetime" "date_time" "created_time" "creation_time" "create_time" "published_at"
        "publish_date" "publish_time" "published" "post_created" "post_date" "post_time"
        "posted_at" "tweet_time" "created" "date" "ts" "发布时间"
    ]
    Clock "clock" "The hour, where `time` holds only the day." []
    Text "text" "The text as written." [
        "full_text" "text" "tweet_text" "post_text" "message" "body" "content" "caption" "raw_content"
        "description" "video_description" "post_message" "message_text" "comment_text" "selftext"
        "tweet" "微博正文"
    ]
    Lang "lang" "The language as the source labels it." [
        "lang" "language" "tweet_language" "post_lang" "语言"
    ]
    Platform "platform" "`twitter`, `facebook`, `telegram`, ...: where it was posted." [
        "platform" "source_platform" "network" "social_network" "site"
    ]
    RepostOf "repost_of" "Id of the post that it repeats." [
        "repost_of" "repost_id" "repost_of_id" "retweeted_id" "retweet_id" "retweet_tweetid"
        "retweeted_status_id" "retweeted_status_id_str" "retweeted_tweet_id" "repost_of_post_id"
        "reposted_post_id" "shared_post_id" "reblog_id" "referenced_tweets.retweeted.id"
        "original_post_id" "original_tweet_id"
    ]
    RepostOfAccount "repost_of_account" "Account whose post it repeats." [
        "repost_of_account" "repost_of_account_id" "repost_of_user_id" "retweeted_user_id"
        "retweet_userid" "repost_of_user" "retweeted_user" "retweeted_username" "retweet_user"
        "retweeted_screen_name" "reposted_user" "reblog_account" "original_account"
    ]
    QuoteOf "quote_of" "Id of the post that it quotes with words of its own." [
        "quote_of" "quoted_id" "quoted_status_id" "quoted_status_id_str" "quoted_tweet_id"
        "quoted_tweet_tweetid" "quoted_post" "quoted_post_id" "quoted_uri"
        "referenced_tweets.quoted.id" "quote_id"
    ]
    ReplyTo "reply_to" "Id of the post that it answers." [
        "reply_to" "reply_id" "in_reply_to_id" "in_reply_to_status_id" "in_reply_to_status_id_str"
        "in_reply_to_tweet_id" "in_reply_to_tweetid" "to_tweetid" "reply_to_id" "replied_to_post"
        "to_post_uri" "parent_id" "parent_comment_id" "referenced_tweets.replied_to.id"
    ]
    ReplyToAccount "reply_to_account" "Account that it answers." [
        "reply_to_account" "in_reply_to_account_id" "in_reply_to_user_id" "in_reply_to_user_id_str"
        "in_reply_to_userid" "in_reply_to_screen_name" "in_reply_to_user" "to_userid" "to_username"
        "replied_author" "reply_to_user" "reply_to_user_id"
    ]
    Urls "urls" "Links in it." [
        "urls" "expanded_urls" "expanded_url" "urls_expanded" "final_link" "links" "link" "article_url"
        "shared_url" "external_url" "outlinks" "entities.urls" "link_url" "url"
    ]
    Hashtags "hashtags" "Hashtags in it." [
        "hashtags" "hashtag" "hashtag_names" "entities.hashtags" "tags"
    ]
    Mentions "mentions" "Accounts mentioned in it." [
        "mentions" "mentioned_users" "user_mentions" "mentioned_names" "mentioned_ids"
        "entities.mentions" "mentioned"
    ]
    MediaHash "media_hash" "Hashes or ids of its images and videos." [
        "media_hash" "media_hashes" "image_hash" "phash" "pdq" "pdq_hash" "media_ids" "media_keys"
    ]
    IsRepost "is_repost" "Whether it repeats another post unchanged: true, false, yes, no, 1, 0." [
        "is_repost" "is_retweet" "retweet" "isretweet" "is_share" "is_reblog" "is_forward"
    ]
    LinkTitle "link_title" "Title that the platform shows for the link." [
        "link_title" "link_text" "article_title" "url_title" "card_title"
    ]
    LinkId "link_id" "Ready-made number or hash of a link." ["link_id" "url_id" "url_hash"]
    HashtagId "hashtag_id" "Ready-made number or hash of a hashtag." [
        "hashtag_id" "hashtag_sequence_id" "hashtag_hash"
    ]
    TextId "text_id" "Ready-made number or hash of a text." ["text_id" "text_hash" "message_hash"]
    MediaId "media_id" "Ready-made number or hash of an image." ["media_id" "phash_id" "image_id"]
    DomainId "domain_id" "Ready-made number of a web domain." ["domain_id"]
    ObjectId "object_id" "Ready-made id of whatever was shared." ["object_id"]
    ObjectKind "object_kind" "What the object of `object_id` is: repost, link, hashtag, text, media, reply, domain." [
        "object_kind" "kind" "object_type"
    ]
}

impl Field {
    /// The field with this word.
    pub fn named(word: &str) -> Option<Self> {
        let word = plain(word);
        Self::ALL
            .iter()
            .copied()
            .find(|field| plain(field.word()) == word)
    }

    /// Whether it holds an id that a spreadsheet can spoil.
    pub fn is_id(self) -> bool {
        !matches!(
            self,
            Self::AccountName
                | Self::Time
                | Self::Clock
                | Self::Text
                | Self::Lang
                | Self::Platform
                | Self::Urls
                | Self::Hashtags
                | Self::Mentions
                | Self::MediaHash
                | Self::IsRepost
                | Self::LinkTitle
                | Self::ObjectKind
        )
    }

    /// Kind of the ready-made object that it holds.
    pub fn object_kind(self) -> Option<&'static str> {
        match self {
            Self::LinkId => Some("link"),
            Self::HashtagId => Some("hashtag"),
            Self::TextId => Some("text"),
            Self::MediaId => Some("media"),
            Self::DomainId => Some("domain"),
            Self::ObjectId => Some(""),
            _ => None,
        }
    }

    /// Whether it is something that two accounts can have in common.
    pub fn is_object(self) -> bool {
        self.object_kind().is_some()
            || matches!(
                self,
                Self::Text
                    | Self::RepostOf
                    | Self::RepostOfAccount
                    | Self::QuoteOf
                    | Self::ReplyTo
                    | Self::ReplyToAccount
                    | Self::Urls
                    | Self::Hashtags
                    | Self::MediaHash
            )
    }

    /// How much better than others a name of a time column is: a count of seconds and a time that
    /// says UTC leave no doubt about the zone (4CAT writes `timestamp` in the zone of its server).
    pub fn rank(self, column: &str) -> Option<usize> {
        let column = plain(column);
        let place = self.names().iter().position(|name| plain(name) == column)?;
        if self == Self::Time {
            let sure = Self::Time
                .names()
                .iter()
                .position(|name| *name == "created_at");
            return Some(match (place, sure) {
                (0, _) => 0,
                (place, Some(sure)) if place < sure => 1,
                _ => 2,
            });
        }
        Some(place)
    }
}

/// A column name without case, spaces and punctuation.
pub fn plain(name: &str) -> String {
    name.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// The items of a cell that holds a list: separated by space, comma, `|` or `;`, or written as a
/// list of JSON or Python.
pub fn items(field: Field, cell: &str, into: &mut Vec<String>) {
    let cell = cell.trim();
    if cell.starts_with('[') && cell.ends_with(']') {
        if let Ok(list) = serde_json::from_str::<Vec<serde_json::Value>>(cell) {
            for value in &list {
                if let Some(item) = item_of(field, value) {
                    push(field, &item, into);
                }
            }
        } else {
            for item in python_list(&cell[1..cell.len() - 1]) {
                push(field, &item, into);
            }
        }
    } else if field == Field::Urls {
        for word in cell.split_whitespace() {
            split_urls(word, into);
        }
    } else {
        let separator = |c: char| c.is_whitespace() || matches!(c, ',' | '|' | ';');
        for item in cell.split(separator) {
            push(field, item, into);
        }
    }
}

/// Adds an item without its sign, if anything is left of it.
fn push(field: Field, item: &str, into: &mut Vec<String>) {
    let item = item.trim();
    let item = match field {
        Field::Hashtags => item.trim_start_matches(['#', '\u{ff03}']),
        Field::Mentions => item.trim_start_matches(['@', '\u{ff20}']),
        _ => item,
    };
    if !item.is_empty() {
        into.push(item.to_owned());
    }
}

/// Links may themselves hold `,`, `;` and `|`, so one ends there only where another begins.
fn split_urls(word: &str, into: &mut Vec<String>) {
    let mut start = 0;
    for (at, c) in word.char_indices() {
        if matches!(c, ',' | '|' | ';') {
            let rest = word[at + 1..].trim_start_matches([',', '|', ';']);
            let begins = rest.is_empty()
                || ["http", "hxxp", "www."].iter().any(|scheme| {
                    rest.get(..4)
                        .is_some_and(|r| r.eq_ignore_ascii_case(scheme))
                });
            if begins && start <= at {
                push(Field::Urls, &word[start..at], into);
                start = word.len() - rest.len();
            }
        }
    }
    push(Field::Urls, &word[start..], into);
}

/// What an element of a JSON list is, or the part of it that says it.
fn item_of(field: Field, value: &serde_json::Value) -> Option<String> {
    let parts: &[&str] = match field {
        Field::Urls => &["unwound_url", "expanded_url", "url", "link"],
        Field::Hashtags => &["tag", "text", "name", "hashtag"],
        Field::Mentions => &["username", "screen_name", "name", "id"],
        _ => &["id", "media_key", "hash"],
    };
    match value {
        serde_json::Value::String(text) => Some(text.clone()),
        serde_json::Value::Number(number) => Some(number.to_string()),
        serde_json::Value::Object(parts_of) => parts
            .iter()
            .find_map(|part| parts_of.get(*part))
            .and_then(|part| item_of(field, part)),
        _ => None,
    }
}

/// The items of a list as Python prints it: `'a', "it's", b`.
fn python_list(inside: &str) -> Vec<String> {
    let mut items = Vec::new();
    let mut rest = inside.trim();
    while !rest.is_empty() {
        let quote = rest.chars().next().filter(|c| matches!(c, '\'' | '"'));
        if let Some(quote) = quote {
            let (mut item, mut end, mut escaped) = (String::new(), rest.len(), false);
            for (at, c) in rest.char_indices().skip(1) {
                if escaped {
                    item.push(if c == 'n' { '\n' } else { c });
                    escaped = false;
                } else if c == '\\' {
                    escaped = true;
                } else if c == quote {
                    end = at + 1;
                    break;
                } else {
                    item.push(c);
                }
            }
            items.push(item);
            rest = rest[end..].trim_start();
            rest = rest.strip_prefix(',').unwrap_or(rest).trim_start();
        } else {
            let (item, behind) = rest.split_once(',').unwrap_or((rest, ""));
            items.push(item.trim().to_owned());
            rest = behind.trim_start();
        }
    }
    items
}

/// Whether a cell says yes or no.
pub fn yes_or_no(cell: &str) -> Option<bool> {
    const YES: [&str; 9] = [
        "1",
        "true",
        "yes",
        "y",
        "t",
        "1.0",
        "retweet",
        "repost",
        "retweeted",
    ];
    const NO: [&str; 7] = ["0", "false", "no", "n", "f", "0.0", "original"];
    let is = |words: &[&str]| words.iter().any(|word| cell.eq_ignore_ascii_case(word));
    match (is(&YES), is(&NO)) {
        (true, _) => Some(true),
        (_, true) => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(field: Field, cell: &str) -> Vec<String> {
        let mut into = Vec::new();
        items(field, cell, &mut into);
        into
    }

    #[test]
    fn lists_are_read_in_every_form_exports_write_them() {
        for cell in [
            "a b",
            "#a,#b",
            "a|b",
            "a;b",
            r#"["a","b"]"#,
            "['a', 'b']",
            "[a, b]",
            r#"[{"start":0,"tag":"a"},{"start":3,"tag":"b"}]"#,
            " #a  #b ",
        ] {
            assert_eq!(list(Field::Hashtags, cell), ["a", "b"], "{cell}");
        }
        for cell in ["", "[]", "  ", "#", "[None]"].iter().take(4) {
            assert!(list(Field::Hashtags, cell).is_empty(), "{cell}");
        }
        assert_eq!(list(Field::Mentions, "['@it\\'s', \"b\"]"), ["it's", "b"]);
    }

    #[test]
    fn a_link_is_not_cut_at_a_comma_of_its_own() {
        assert_eq!(
            list(Field::Urls, "https://a.de/1,2;3 http://b.de|hxxp://c[.]de,"),
            ["https://a.de/1,2;3", "http://b.de", "hxxp://c[.]de"]
        );
        let entities = r#"[{"url":"https://t.co/x","expanded_url":"https://a.de/"}]"#;
        assert_eq!(list(Field::Urls, entities), ["https://a.de/"]);
    }

    #[test]
    fn no_name_stands_for_two_fields() {
        let mut seen = std::collections::BTreeMap::new();
        for field in Field::ALL {
            for name in field.names() {
                let other = seen.insert(plain(name), *field);
                assert!(
                    other.is_none() || other == Some(*field),
                    "{name} is {field:?} and {other:?}"
                );
            }
        }
        assert_eq!(Field::named("Post-ID"), Some(Field::PostId));
        assert_eq!(Field::named("mood"), None);
    }
}
