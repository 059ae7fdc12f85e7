//! Who acts in concert, is it more than chance, and which posts show it?

pub mod columns;
pub mod groups;
pub mod normalize;
pub mod post;
pub mod share;
pub mod traces;
