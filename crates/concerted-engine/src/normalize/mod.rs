//! What is the same link, the same text, the same moment?
pub mod differences;
pub mod grams;
pub mod minhash;
pub mod near_duplicates;
pub mod text;
pub mod text_index;
