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
        /// Strata within which was shuffled.
        strata: u64 ["whole number" "strata"],
        /// Median number of shares in a stratum. Where it is small, a real network survives the
        /// shuffle, and the longer stratum is the one to look at.
        #[serde(deserialize_with = "number")]
        shares_per_stratum_median: f64 ["number" "shares"],
        /// Groups found on each copy.
        groups_found: Vec<u64> ["list of whole numbers" "groups"],
        /// Accounts in them on each copy.
        accounts_found: Vec<u64> ["list of whole numbers" "accounts"],
        /// Pairs kept on each copy.
        pairs_found: Vec<u64> ["list of whole numbers" "pairs"],
        /// Upper 95 % limit of groups found in a million shares.
        #[serde(deserialize_with = "number")]
        groups_per_million_upper95: f64 ["number" "groups per 10^6 shares"],
        /// Quantiles of the p-values of pairs on the copies; where the model holds, the p-value at
        /// a quantile is not below the quantile.
        p_value_quantiles: Vec<Quantile> ["list" ""],
    }
}

keys! {
    /// A quantile of p-values.
    Quantile in "calibration.json" under "controls.p_value_quantiles." {
        /// Share of pairs at or below.
        #[serde(deserialize_with = "number")]
        quantile: f64 ["number" "probability"],
        /// The p-value there.
        #[serde(deserialize_with = "number")]
        p_value: f64 ["number" "probability"],
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
