//! The share table of CooRTweet and of tools that feed it: who shared which object, in which post, when.

use super::super::fields::Field;
use super::{Head, Plan, Profile, by_marks};

pub(super) const PROFILE: Profile = Profile {
    name: "cooretweet",
    says: "the share table of CooRTweet",
    marks: &["object_id", "account_id", "content_id"],
    columns: &[
        (Field::ObjectId, &["object_id"]),
        (Field::ObjectKind, &["object_kind", "kind"]),
        (Field::AccountId, &["account_id"]),
        (Field::PostId, &["content_id"]),
        (Field::Time, &["timestamp_share", "timestamp"]),
        (Field::Platform, &["platform"]),
        (Field::Text, &["text"]),
    ],
    plan,
    ..Profile::BASE
};

fn plan(profile: &'static Profile, head: &Head) -> Option<Plan> {
    by_marks(profile, head).filter(|plan| plan.column(Field::Time).is_some())
}
