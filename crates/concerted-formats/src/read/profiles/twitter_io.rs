//! The archive of disclosed information operations that Twitter published from 2018 to 2021.
//!
//! Its clock shows whole minutes of UTC; the id of a post holds the milliseconds. Accounts with few
//! followers carry hashes in place of ids, which serve as well as ids within the archive.

use super::super::fields::Field;
use super::Profile;

pub(super) const PROFILE: Profile = Profile {
    name: "twitter-io",
    says: "the Twitter archive of information operations",
    marks: &["tweetid", "userid", "tweet_client_name"],
    columns: &[
        (Field::PostId, &["tweetid"]),
        (Field::AccountId, &["userid"]),
        (Field::AccountName, &["user_screen_name"]),
        (Field::Time, &["tweet_time"]),
        (Field::Text, &["tweet_text"]),
        (Field::Lang, &["tweet_language"]),
        (Field::IsRepost, &["is_retweet"]),
        (Field::RepostOf, &["retweet_tweetid"]),
        (Field::RepostOfAccount, &["retweet_userid"]),
        (Field::QuoteOf, &["quoted_tweet_tweetid"]),
        (Field::ReplyTo, &["in_reply_to_tweetid"]),
        (Field::ReplyToAccount, &["in_reply_to_userid"]),
        (Field::Urls, &["urls"]),
        (Field::Hashtags, &["hashtags"]),
        (Field::Mentions, &["user_mentions"]),
    ],
    zone: Some("UTC"),
    platform: "twitter",
    time_from_id: true,
    notes: &["its clock is UTC by its documentation"],
    ..Profile::BASE
};
