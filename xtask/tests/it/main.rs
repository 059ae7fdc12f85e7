//! Laws of the repository itself: what its documents name exists, and what it carries stays small.

mod documents;
mod files;
