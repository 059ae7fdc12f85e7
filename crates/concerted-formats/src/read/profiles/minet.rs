//! The tweets of minet and of gazouilloire, which share the columns of twitwi.

use super::super::fields::Field;
use super::Profile;

pub(super) const PROFILE: Profile = Profile {
    name: "minet-twitter",
    says: "the tweets of minet",
    marks: &["id", "timestamp_utc", "user_screen_name", "collected_via"],
    columns: &[
        (Field::PostId, &["id"]),
        (Field::AccountId, &["user_id"]),
        (Field::AccountName, &["user_screen_name"]),
        (Field::Time, &["timestamp_utc"]),
        (Field::Text, &["text"]),
        (Field::Lang, &["lang"]),
        (Field::RepostOf, &["retweeted_id"]),
        (
            Field::RepostOfAccount,
            &["retweeted_user_id", "retweeted_user"],
        ),
        (Field::QuoteOf, &["quoted_id"]),
        (Field::ReplyTo, &["to_tweetid"]),
        (Field::ReplyToAccount, &["to_userid", "to_username"]),
        (Field::Urls, &["links"]),
        (Field::Hashtags, &["hashtags"]),
        (Field::Mentions, &["mentioned_ids", "mentioned_names"]),
    ],
    zone: Some("UTC"),
    platform: "twitter",
    ..Profile::BASE
};
