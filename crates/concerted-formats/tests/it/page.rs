//! The page on input names everything that the code does.

use concerted_formats::read::{fields::Field, formats, problem::ProblemKind};

#[test]
fn the_page_on_input_names_every_format_field_name_and_problem() {
    let page = std::fs::read_to_string(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../docs/formats/input.md"
    ))
    .expect("the page is part of the project");
    let mut missing: Vec<String> = Vec::new();
    let mut needs = |word: &str| {
        if !page.contains(&format!("`{word}`")) {
            missing.push(word.to_owned());
        }
    };
    for format in formats() {
        needs(format);
    }
    for field in Field::ALL {
        needs(field.word());
        for name in field.names() {
            needs(name);
        }
    }
    for kind in ProblemKind::ALL {
        needs(kind.word());
    }
    assert!(
        missing.is_empty(),
        "docs/formats/input.md does not name {missing:?}"
    );
}
