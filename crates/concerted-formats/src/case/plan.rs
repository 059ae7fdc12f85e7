//! `case.toml`: what was read, how it was understood, what was looked for, with which parameters,
//! seed and versions. With the inputs it names, it is enough to run the scan again.

use super::row::keys;
use crate::read::InputSummary;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;

keys! {
    /// The plan of a scan.
    Plan in "case.toml" under "" {
        /// Always `concerted case`.
        format: String ["text" ""],
        /// When the scan was made, RFC 3339. It is the only time stamp of the case and stands on
        /// the second line; the digest of the whole leaves this line out.
        made_at: String ["time" ""],
        /// Version of the case folder.
        version: u32 ["whole number" ""],
        /// Version of the program.
        concerted: String ["text" ""],
        /// The seed of every random choice.
        #[serde(with = "seed")]
        seed: u64 ["whole number" ""],
        /// The command that made it, with the name of the case folder left out.
        #[serde(default)]
        command: String ["text" ""],
        /// Posts that count.
        posts: u64 ["whole number" ""],
        /// Smallest step of the clocks of the inputs, in milliseconds; no time scale below it is
        /// looked at.
        clock_resolution_ms: i64 ["whole number" "ms"],
        /// Versions of what results rest on beside the program (tables of domains, ...).
        #[serde(default)]
        versions: BTreeMap<String, String> ["table of texts" ""],
        /// Parameters of the scan by name.
        #[serde(default)]
        parameters: BTreeMap<String, toml::Value> ["table" ""],
        /// The detectors that looked.
        #[serde(default)]
        detectors: Vec<DetectorPlan> ["list of tables" ""],
        /// The inputs, in the order of reading.
        #[serde(default)]
        inputs: Vec<InputPlan> ["list of tables" ""],
    }
}

keys! {
    /// A detector and its parameters.
    DetectorPlan in "case.toml" under "detectors." {
        /// Name of the detector.
        id: String ["text" ""],
        /// Its parameters by name.
        #[serde(default)]
        parameters: BTreeMap<String, toml::Value> ["table" ""],
    }
}

keys! {
    /// An input, how it was understood, and what became of its rows.
    InputPlan in "case.toml" under "inputs." {
        /// The name as given; `source_file` in the tables.
        name: String ["text" ""],
        /// SHA-256 of its bytes as they stand on disk.
        sha256: String ["text" ""],
        /// Its size as it stands on disk.
        bytes: u64 ["whole number" "bytes"],
        /// The format it was read as.
        format: String ["text" ""],
        /// Why it was taken for that format.
        why: String ["text" ""],
        /// Records seen.
        rows: u64 ["whole number" ""],
        /// Records left out; each is in `problems.csv`.
        refused: u64 ["whole number" ""],
        /// Notes on records that count although something is doubtful.
        doubted: u64 ["whole number" ""],
        /// Posts taken from it.
        posts: u64 ["whole number" ""],
        /// (field, column) pairs that were used.
        mapping: Vec<(String, String)> ["list of pairs" ""],
        /// Columns that no field takes.
        unmapped: Vec<String> ["list of texts" ""],
        /// Smallest step of its clock, in milliseconds.
        clock_resolution_ms: i64 ["whole number" "ms"],
        /// Where its times come from.
        clock_source: String ["text" ""],
        /// What else the analyst should know.
        notes: Vec<String> ["list of texts" ""],
    }
}

impl Plan {
    /// A plan made at this moment with this seed, otherwise empty.
    pub fn new(made_at: impl Into<String>, concerted: impl Into<String>, seed: u64) -> Self {
        Self {
            format: super::FORMAT.into(),
            version: super::VERSION,
            made_at: made_at.into(),
            concerted: concerted.into(),
            seed,
            ..Self::default()
        }
    }
}

impl From<&InputSummary> for InputPlan {
    fn from(input: &InputSummary) -> Self {
        Self {
            name: input.name.clone(),
            sha256: input.sha256.clone(),
            bytes: input.bytes,
            format: input.format.clone(),
            why: input.why.clone(),
            rows: input.rows,
            refused: input.refused,
            doubted: input.doubted,
            posts: input.posts,
            mapping: input.mapping.clone(),
            unmapped: input.unmapped.clone(),
            clock_resolution_ms: input.clock.resolution_ms,
            clock_source: input.clock.source.clone(),
            notes: input.notes.clone(),
        }
    }
}

/// TOML numbers end at 2^63 - 1; a greater seed is written as text.
mod seed {
    use super::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Number(u64),
        Text(String),
    }

    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "serde hands fields over by reference"
    )]
    pub(super) fn serialize<S: Serializer>(seed: &u64, out: S) -> Result<S::Ok, S::Error> {
        match i64::try_from(*seed) {
            Ok(number) => number.serialize(out),
            Err(_) => seed.to_string().serialize(out),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(input: D) -> Result<u64, D::Error> {
        match Written::deserialize(input)? {
            Written::Number(seed) => Ok(seed),
            Written::Text(text) => text.parse().map_err(serde::de::Error::custom),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_seed_comes_back() {
        for seed in [0, 7, u64::MAX] {
            let plan = Plan::new("2021-09-27T08:00:00Z", "0.1.0", seed);
            let text = toml::to_string(&plan).unwrap();
            assert_eq!(toml::from_str::<Plan>(&text).unwrap(), plan, "{text}");
        }
    }
}
