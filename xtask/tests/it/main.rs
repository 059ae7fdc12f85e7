//! Laws of the repository itself: borders between crates, documents that tell the truth, small files.

// The lint that spares tests looks for `cfg(test)`, which says nothing new here.
#[cfg(test)]
mod boundaries;
#[cfg(test)]
mod documents;
#[cfg(test)]
mod files;
