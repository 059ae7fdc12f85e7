//! The published schema is what the types say.

use crate::repository;

#[test]
fn the_schema_of_alerts_is_current() {
    let path = repository().join("docs/formats/alerts.schema.json");
    let schema = concerted_watch::wire::schema();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &schema).unwrap();
    }
    assert_eq!(
        std::fs::read_to_string(&path).unwrap_or_default(),
        schema,
        "docs/formats/alerts.schema.json is out of date; run this test with UPDATE=1"
    );
}
