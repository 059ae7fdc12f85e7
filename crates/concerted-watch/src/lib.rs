//! The live watch.
