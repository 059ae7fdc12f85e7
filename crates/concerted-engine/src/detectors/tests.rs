//! The laws that every detector is held to.
