//! The CSV export of 4CAT, of any of its data sources.
//!
//! Its `timestamp` is written in the zone of the server for some sources and in UTC for others, so
//! `unix_timestamp` is the one that is read.

use super::super::fields::Field;
use super::{Head, Plan, Profile, by_marks};

pub(super) const PROFILE: Profile = Profile {
    name: "4cat",
    says: "4CAT",
    marks: &["id", "thread_id", "body", "unix_timestamp"],
    columns: &[
        (Field::PostId, &["id"]),
        (Field::AccountId, &["author_id", "author"]),
        (
            Field::AccountName,
            &[
                "author",
                "author_username",
                "author_fullname",
                "author_name",
            ],
        ),
        (Field::Time, &["unix_timestamp"]),
        (Field::Text, &["body"]),
        (Field::Lang, &["language", "language_guess", "lang"]),
        (Field::IsRepost, &["is_retweet", "is_reblog", "is_repost"]),
        (
            Field::RepostOf,
            &["retweeted_id", "reposted_id", "reblog_id"],
        ),
        (
            Field::RepostOfAccount,
            &[
                "retweeted_user",
                "author_forwarded_from_id",
                "author_forwarded_from_username",
            ],
        ),
        (Field::QuoteOf, &["quote_tweet", "quoted_post", "quoted_id"]),
        (
            Field::ReplyTo,
            &["replied_to_post", "reply_to", "in_reply_to_comment_id"],
        ),
        (
            Field::ReplyToAccount,
            &["replied_author", "in_reply_to_user", "reply_to_user"],
        ),
        (
            Field::Urls,
            &["urls", "links", "link_url", "linked_urls", "urls_in_body"],
        ),
        (Field::Hashtags, &["hashtags"]),
        (Field::Mentions, &["mentions"]),
        (Field::Platform, &["source_platform", "platform"]),
    ],
    plan,
    ..Profile::BASE
};

/// Columns that only one platform has.
const PLATFORMS: [(&str, &str); 8] = [
    ("retweet_count", "twitter"),
    ("quote_tweet", "twitter"),
    ("tiktok_url", "tiktok"),
    ("author_forwarded_from_id", "telegram"),
    ("replies_allowed", "bluesky"),
    ("subreddit", "reddit"),
    ("in_reply_to_comment_id", "vk"),
    ("channel_title", "youtube"),
];

fn plan(profile: &'static Profile, head: &Head) -> Option<Plan> {
    let mut plan = by_marks(profile, head)?;
    if let Some((column, platform)) = PLATFORMS
        .iter()
        .find(|(column, _)| head.find(column).is_some())
        .filter(|_| plan.column(Field::Platform).is_none())
    {
        plan.platform = platform;
        plan.notes.push(format!(
            "the column {column} says that the platform is {platform}"
        ));
    }
    Some(plan)
}
