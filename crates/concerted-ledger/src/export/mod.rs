//! The ledger in the forms that others read: STIX 2.1, schema.org, a table.
//!
//! Each export holds what was recorded and nothing else; ids follow from content, so that a second export
//! makes no second object.

mod csv_table;
mod schema_org;
mod stix;

pub use csv_table::csv;
pub use schema_org::schema_org;
pub use stix::{Profile, stix};
