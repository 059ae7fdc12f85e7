//! Who acts in concert, is it more than chance, and which posts show it?

pub mod caveats;
pub mod columns;
pub mod controls;
pub mod detectors;
pub mod divisions;
pub mod evaluate;
pub mod evidence;
pub mod groups;
pub mod labels;
pub mod live;
pub mod normalize;
pub mod pairs;
pub mod pipeline;
pub mod post;
pub mod presets;
mod rng;
pub mod share;
pub mod traces;
