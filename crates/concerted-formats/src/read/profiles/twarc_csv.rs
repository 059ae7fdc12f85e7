//! The table that twarc makes of answers of the Twitter API, version 2.

use super::super::fields::Field;
use super::Profile;

pub(super) const PROFILE: Profile = Profile {
    name: "twarc-csv",
    says: "the CSV of twarc",
    marks: &["author.username", "created_at", "__twarc.version"],
    columns: &[
        (Field::PostId, &["id"]),
        (Field::AccountId, &["author_id", "author.id"]),
        (Field::AccountName, &["author.username"]),
        (Field::Time, &["created_at"]),
        (Field::Text, &["text"]),
        (Field::Lang, &["lang"]),
        (Field::RepostOf, &["referenced_tweets.retweeted.id"]),
        (Field::RepostOfAccount, &["retweeted_user_id"]),
        (Field::QuoteOf, &["referenced_tweets.quoted.id"]),
        (Field::ReplyTo, &["referenced_tweets.replied_to.id"]),
        (Field::ReplyToAccount, &["in_reply_to_user_id"]),
        (Field::Urls, &["entities.urls"]),
        (Field::Hashtags, &["entities.hashtags"]),
        (Field::Mentions, &["entities.mentions"]),
        (Field::MediaHash, &["attachments.media_keys"]),
    ],
    zone: Some("UTC"),
    platform: "twitter",
    ..Profile::BASE
};
