//! The table of posts before the German election of 2021 that comes with CooRTweet: one row for each
//! object of a post, ids in place of links, hashtags and images.

use super::super::fields::Field;
use super::Profile;
use concerted_engine::post::Post;

pub(super) const PROFILE: Profile = Profile {
    name: "german-wide",
    says: "the wide table of the German election of 2021",
    marks: &[
        "account_id",
        "post_id",
        "url_id",
        "hashtag_id",
        "domain_id",
        "phash_id",
        "timestamp",
    ],
    columns: &[
        (Field::AccountId, &["account_id"]),
        (Field::PostId, &["post_id"]),
        (Field::LinkId, &["url_id"]),
        (Field::HashtagId, &["hashtag_id"]),
        (Field::DomainId, &["domain_id"]),
        (Field::MediaId, &["phash_id"]),
        (Field::Time, &["timestamp"]),
    ],
    zone: Some("UTC"),
    finish: Some(platform),
    notes: &["its clock is UTC by its documentation"],
    ..Profile::BASE
};

fn platform(post: &mut Post) {
    let platform = match post.account_id.get(..3) {
        Some("fb_") => "facebook",
        Some("tw_") => "twitter",
        _ => return,
    };
    post.platform.push_str(platform);
}
