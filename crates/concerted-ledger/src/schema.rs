//! The JSON Schema of a line of the ledger, made from the types.

use crate::record::Record;

/// The schema of one record, as pretty-printed JSON with a line end.
pub fn record_schema() -> String {
    let mut schema = schemars::schema_for!(Record);
    schema.insert("title".into(), "Record of a ledger".into());
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}
