//! Which divisions of the public does a group play on, and when must we say that we cannot tell?

pub mod camps;
pub mod correspondence;
pub mod gate;
pub mod matrix;
