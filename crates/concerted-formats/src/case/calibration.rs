//! `calibration.json`: the same search on copies of the same data in which nobody acts together.
//! What it finds there is what chance alone gives on this very corpus.

use super::row::keys;
use serde::{Deserialize, Deserializer};

keys! {
    /// What was found here and on the copies.
    Calibration in "calibration.json" under "" {
        /// Version of the case folder.
        version: u32 ["whole number" ""],
        /// Groups found in the data.
        groups: u64 ["whole number" "groups"],
        /// Accounts in them.
        accounts: u64 ["whole number" "accounts"],
        /// Pairs kept after correction in the data.
        pairs: u64 ["whole number" "pairs"],
        /// What each null model gives.
        controls: Vec<Control> ["list" ""],
        /// What else to know when reading the numbers, in words.
        notes: Vec<String> ["list of texts" ""],
        /// Accounts with at least two shares: among so many a group is sought.
        #[serde(default)]
        active_accounts: u64 ["whole number" "accounts"],
        /// Shares in the stratum (six hours, one behaviour, one platform) of a share: the tenth, the
        /// middle and the ninetieth of a hundred shares, by size. The smaller, the less can be told.
        #[serde(default)]
        shares_per_stratum: Vec<u64> ["list of whole numbers" "shares"],
        /// Best score of a candidate that did not reach its bar; null where there was none.
        #[serde(default)]
        closest_score: Option<f64> ["number" "nats"],
        /// Every caution, and what to do about it.
        #[serde(default)]
        caveats: Vec<Caution> ["list" ""],
    }
}

keys! {
    /// One null model and what was found on its copies.
    Control in "calibration.json" under "controls." {
        /// Name of the null model: `accounts-permuted` (who is shuffled, what and when are kept) or
        /// `times-jittered` (when is moved, who shared what is kept).
        null_model: String ["text" ""],
        /// Its setting: the length of a stratum or the width of the jitter.
        setting: String ["text" ""],
        /// Copies made.
        copies: u64 ["whole number" "copies"],
        /// Shares in all copies together.
        shares: u64 ["whole number" "shares"],
        /// Posts in the stratum of the median post, itself included. Where it is small, part of a real
        /// network survives the shuffle.
        #[serde(deserialize_with = "number")]
        messages_per_stratum_median: f64 ["number" "posts"],
        /// Groups found on each copy.
        groups_found: Vec<u64> ["list of whole numbers" "groups"],
        /// Accounts in them on each copy.
        accounts_found: Vec<u64> ["list of whole numbers" "accounts"],
        /// Incidents that the burst search raised on each copy, before hindsight.
        incidents_found: Vec<u64> ["list of whole numbers" "incidents"],
        /// Upper 95 % limit of groups found in a million shares.
        #[serde(deserialize_with = "number")]
        groups_per_million_upper95: f64 ["number" "groups per 10^6 shares"],
    }
}

keys! {
    /// A caution about the results.
    Caution in "calibration.json" under "caveats." {
        /// Its word, which `concerted explain` knows.
        id: String ["text" ""],
        /// What is the matter, with its figures.
        says: String ["text" ""],
        /// What to do about it.
        advice: String ["text" ""],
    }
}

/// JSON has no "not a number"; it is written as null and read back from it.
fn number<'de, D: Deserializer<'de>>(input: D) -> Result<f64, D::Error> {
    Ok(Option::deserialize(input)?.unwrap_or(f64::NAN))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_number_is_null_and_still_opens() {
        let control = Control {
            groups_per_million_upper95: f64::NAN,
            ..Control::default()
        };
        let text = serde_json::to_string(&control).unwrap();
        assert!(
            text.contains("\"groups_per_million_upper95\":null"),
            "{text}"
        );
        let back: Control = serde_json::from_str(&text).unwrap();
        assert!(back.groups_per_million_upper95.is_nan());
    }
}
