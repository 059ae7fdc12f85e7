//! The CSV of the Meta Content Library. Its times are ISO 8601 with zone.

use super::super::fields::Field;
use super::Profile;

pub(super) const PROFILE: Profile = Profile {
    name: "meta-content-library",
    says: "the Meta Content Library",
    marks: &["id", "post_owner.id", "creation_time"],
    columns: &[
        (Field::PostId, &["id"]),
        (Field::AccountId, &["post_owner.id"]),
        (
            Field::AccountName,
            &["post_owner.username", "post_owner.name"],
        ),
        (Field::Time, &["creation_time"]),
        (Field::Text, &["text"]),
        (Field::Lang, &["lang"]),
        (Field::RepostOf, &["shared_post_id"]),
        (Field::Urls, &["link_attachment.link"]),
        (Field::LinkTitle, &["link_attachment.name"]),
        (Field::Hashtags, &["hashtags"]),
        (Field::Platform, &["platform"]),
    ],
    ..Profile::BASE
};
