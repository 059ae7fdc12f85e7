//! The export of Brandwatch, with lines about the query above its header.

use super::super::fields::Field;
use super::Profile;

pub(super) const PROFILE: Profile = Profile {
    name: "brandwatch",
    says: "Brandwatch",
    marks: &["Query Id", "Date", "Author", "Page Type"],
    columns: &[
        (Field::PostId, &["Mention Id", "Resource Id", "Url"]),
        (Field::AccountId, &["Author"]),
        (Field::AccountName, &["Full Name"]),
        (Field::Time, &["Date"]),
        (Field::Text, &["Full Text", "Snippet"]),
        (Field::Lang, &["Language"]),
        (Field::Platform, &["Page Type"]),
        (
            Field::RepostOf,
            &["X Repost of Id", "Twitter Retweet of Id"],
        ),
        (
            Field::RepostOfAccount,
            &["X Repost of", "Twitter Retweet of"],
        ),
        (Field::ReplyToAccount, &["X Reply to", "Twitter Reply to"]),
        (Field::Urls, &["Expanded URLs"]),
        (Field::Hashtags, &["Hashtags"]),
        (Field::Mentions, &["Mentioned Authors"]),
    ],
    ..Profile::BASE
};
