//! The moment that Twitter wrote into the id of a post.

use concerted_engine::post::Millis;

/// 2010-11-04T01:42:54.657Z, from which Twitter counts.
const EPOCH: u64 = 1_288_834_974_657;
/// 2100-01-01.
const LATEST: u64 = 4_102_444_800_000;

/// When the post of this id was written, in milliseconds since 1970: the upper bits of the id count
/// milliseconds since November 2010. `None` for an id that was not made so.
///
/// ```
/// use concerted_formats::read::time::snowflake_millis;
/// assert_eq!(snowflake_millis("1050118621198921728"), Some(1_539_202_764_211));
/// assert_eq!(snowflake_millis("20"), None);
/// ```
pub fn snowflake_millis(id: &str) -> Option<Millis> {
    if !(15..=20).contains(&id.len()) || !id.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let millis = (id.parse::<u64>().ok()? >> 22) + EPOCH;
    (millis < LATEST)
        .then(|| Millis::try_from(millis).ok())
        .flatten()
}

/// Whether the moment in an id is the one that is stated with this resolution, within a second: the
/// stated time may be cut off or rounded.
pub fn snowflake_agrees(id: Millis, stated: Millis, resolution: i64) -> bool {
    let slack = 1_000;
    let late = id - stated;
    (-slack - resolution / 2..resolution + slack).contains(&late)
}
