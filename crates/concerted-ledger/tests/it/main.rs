//! The ledger as a user of the crate meets it.

#[cfg(test)]
mod articles;
#[cfg(test)]
mod assess;
#[cfg(test)]
mod crash;
#[cfg(test)]
mod custody;
#[cfg(test)]
mod export;
#[cfg(test)]
mod rules;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod schema;
#[cfg(test)]
mod timeline;
