//! The history that CrowdTangle exported of pages and groups on Facebook, until August 2024.
//!
//! `Post Created` ends in the zone as letters (EST, EDT). `URL` is the post itself; what it puts
//! before people is `Final Link`, or `Link` where nothing was shortened.

use super::super::fields::Field;
use super::Profile;

pub(super) const PROFILE: Profile = Profile {
    name: "crowdtangle",
    says: "CrowdTangle",
    marks: &["Facebook Id", "Post Created", "Total Interactions"],
    columns: &[
        (Field::PostId, &["Facebook Post Id", "Post Id", "URL"]),
        (Field::AccountId, &["Facebook Id"]),
        (
            Field::AccountName,
            &["User Name", "Page Name", "Group Name"],
        ),
        (Field::Time, &["Post Created"]),
        (Field::Text, &["Message", "Description"]),
        (Field::Urls, &["Final Link", "Link"]),
        (Field::LinkTitle, &["Link Text"]),
    ],
    platform: "facebook",
    ..Profile::BASE
};
