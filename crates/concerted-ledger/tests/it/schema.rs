//! Is the published schema the one of the types?

use std::path::Path;

/// With `UPDATE=1` it writes the file.
#[test]
fn the_published_schema_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/formats/ledger.schema.json");
    let expected = concerted_ledger::schema::record_schema();
    if std::env::var_os("UPDATE").is_some_and(|value| value == "1") {
        std::fs::write(&path, &expected).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == expected,
        "docs/formats/ledger.schema.json is out of date; run this test with UPDATE=1"
    );
    let schema: serde_json::Value = serde_json::from_str(&found).unwrap();
    assert_eq!(schema["oneOf"].as_array().unwrap().len(), 10);
}
