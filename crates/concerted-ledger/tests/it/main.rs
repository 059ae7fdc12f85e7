//! The ledger as a user of the crate meets it.

#[cfg(test)]
mod articles;
#[cfg(test)]
mod crash;
#[cfg(test)]
mod rules;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod schema;
#[cfg(test)]
mod timeline;
