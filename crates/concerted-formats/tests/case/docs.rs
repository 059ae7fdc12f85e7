//! The page on the case folder is the one that the tables make, and every column is explained.

use concerted_formats::case::docs::{case_md, columns, explain};
use std::path::Path;

#[test]
fn the_page_on_the_case_folder_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/formats/case.md");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, case_md()).unwrap();
    }
    let page = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        page == case_md(),
        "docs/formats/case.md differs from what the tables say; run UPDATE=1 cargo test -p concerted-formats --test case"
    );
}

#[test]
fn every_column_says_what_it_holds() {
    for column in columns() {
        let (file, name) = (column.file, column.name);
        assert!(!column.type_word.is_empty(), "{file} {name}");
        let description = column.description();
        assert!(description.ends_with('.'), "{file} {name}: {description}");
        assert!(!description.contains("  "), "{file} {name}: {description}");
    }
    let files: Vec<&str> = explain("q_value")
        .iter()
        .map(|column| column.file)
        .collect();
    assert_eq!(files, ["divisions.csv", "pairs.parquet"]);
    assert!(explain("account_id").len() >= 4);
    assert_eq!(explain("bot_score"), Vec::new().iter().collect::<Vec<_>>());
}
