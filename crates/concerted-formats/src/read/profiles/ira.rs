//! The posts of the Internet Research Agency as released through FiveThirtyEight in 2018.
//!
//! Ids of accounts went through a spreadsheet: `external_author_id` is rounded, so that different
//! accounts share one. The second release repairs it in `alt_external_id`; where that is missing,
//! the handle is what tells accounts apart.

use super::super::fields::Field;
use super::Profile;
use concerted_engine::post::Post;

pub(super) const PROFILE: Profile = Profile {
    name: "fivethirtyeight-ira",
    says: "the FiveThirtyEight release of Internet Research Agency posts",
    marks: &[
        "external_author_id",
        "author",
        "publish_date",
        "account_category",
    ],
    columns: &[
        (Field::PostId, &["tweet_id"]),
        (Field::AccountId, &["alt_external_id", "external_author_id"]),
        (Field::AccountName, &["author"]),
        (Field::Time, &["publish_date"]),
        (Field::Text, &["content"]),
        (Field::Lang, &["language"]),
        (Field::IsRepost, &["retweet"]),
        (Field::Urls, &["tco1_step1"]),
    ],
    zone: Some("UTC"),
    date_order: Some("mdy"),
    platform: "twitter",
    time_from_id: true,
    finish: Some(handle_for_rounded_id),
    notes: &[
        "its clock is UTC by its documentation",
        "where the id of an account was rounded by a spreadsheet, its handle stands for it",
    ],
    ..Profile::BASE
};

/// Six zeros at the end come up once in a million true ids, and every time in rounded ones.
fn handle_for_rounded_id(post: &mut Post) {
    let id = &post.account_id;
    if (id.contains('+') || (id.len() > 15 && id.ends_with("000000")))
        && !post.account_name.is_empty()
    {
        post.account_id.clone_from(&post.account_name);
    }
}
