//! What is the same link, the same text, the same moment?
pub mod tags;
pub mod url;
