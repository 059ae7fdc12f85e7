//! Each format is recognised by its columns and read with its quirks.

use super::*;
