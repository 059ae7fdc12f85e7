//! The names under which accounts are shown: `account-7f3a9c`, a keyed hash of the account id.
//!
//! A plain hash of an account id is no pseudonym: whoever has a list of accounts hashes them all and
//! looks the names up. So the hash is HMAC-SHA-256 (RFC 2104) with a secret key that stands in a
//! file of its own, `pseudonym.key`; without it a shown name leads nowhere. The same key gives the
//! same names, so a case that is scanned again keeps them.

use super::cell::RawHash;
use super::error::CaseError;
use sha2::{Digest, Sha256};
use std::path::Path;

const SHORTEST: usize = 6;

/// Twelve digits tell ten million accounts apart, but for one pair in six streams.
const LONG: usize = 12;

/// The secret behind the pseudonyms of a case.
#[derive(Clone, PartialEq, Eq)]
pub struct PseudonymKey([u8; 32]);

impl std::fmt::Debug for PseudonymKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PseudonymKey(secret)")
    }
}

impl PseudonymKey {
    /// A new key from the random numbers of the system. It does not come from the seed of the scan,
    /// which is published.
    pub fn generate() -> Result<Self, CaseError> {
        let mut key = [0; 32];
        getrandom::fill(&mut key).map_err(|error| CaseError::NoRandom(error.to_string()))?;
        Ok(Self(key))
    }

    /// A key with these bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Reads a key from its file.
    pub fn read(path: &Path) -> Result<Self, CaseError> {
        let text = std::fs::read_to_string(path).map_err(CaseError::io(path))?;
        RawHash::from_hex(text.trim())
            .map(|hash| Self(hash.0))
            .ok_or_else(|| CaseError::BadKey(path.to_owned()))
    }

    /// Writes the key to a file that nobody else may read.
    pub fn write(&self, path: &Path) -> Result<(), CaseError> {
        use std::io::Write;
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options
            .open(path)
            .and_then(|mut file| writeln!(file, "{}", RawHash(self.0)))
            .map_err(CaseError::io(path))
    }

    /// The pseudonym of an account whose companions are not known yet: twelve digits of the hash, of
    /// which a case under the same key shows the first few.
    pub fn name_of(&self, account: &str) -> String {
        let hash = RawHash(self.hash(account)).to_string();
        format!("account-{}", &hash[..LONG])
    }

    fn hash(&self, account: &str) -> [u8; 32] {
        hmac(&self.0, account.as_bytes())
    }
}

/// The pseudonyms of a set of accounts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pseudonyms {
    /// (account, pseudonym), sorted by account.
    pairs: Vec<(String, String)>,
}

impl Pseudonyms {
    /// Names these accounts. A name has six digits of the hash, or as many more as it takes to be
    /// unlike every other name; neither order nor repetition of the accounts matters.
    pub fn new<'a>(key: &PseudonymKey, accounts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut accounts: Vec<&str> = accounts.into_iter().collect();
        accounts.sort_unstable();
        accounts.dedup();
        let mut hashed: Vec<(String, &str)> = accounts
            .into_iter()
            .map(|account| (RawHash(key.hash(account)).to_string(), account))
            .collect();
        hashed.sort_unstable();
        let common =
            |a: &str, b: &str| a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
        let mut pairs: Vec<(String, String)> = (0..hashed.len())
            .map(|at| {
                let (hash, account) = &hashed[at];
                let neighbours = [at.checked_sub(1), Some(at + 1)];
                let shared = neighbours
                    .into_iter()
                    .flatten()
                    .filter_map(|other| hashed.get(other))
                    .map(|other| common(hash, &other.0))
                    .max();
                let digits = shared.map_or(SHORTEST, |shared| SHORTEST.max(shared + 1));
                let shown = &hash[..digits.min(hash.len())];
                ((*account).to_owned(), format!("account-{shown}"))
            })
            .collect();
        pairs.sort_unstable();
        Self { pairs }
    }

    /// The pseudonym of an account.
    pub fn of(&self, account: &str) -> Option<&str> {
        self.pairs
            .binary_search_by(|pair| pair.0.as_str().cmp(account))
            .ok()
            .map(|at| self.pairs[at].1.as_str())
    }

    /// The account behind a pseudonym. Revealing is an act that the caller logs.
    pub fn account(&self, pseudonym: &str) -> Option<&str> {
        self.pairs
            .iter()
            .find(|pair| pair.1 == pseudonym)
            .map(|pair| pair.0.as_str())
    }

    /// (account, pseudonym) pairs in the order of accounts.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &str)> {
        self.pairs
            .iter()
            .map(|pair| (pair.0.as_str(), pair.1.as_str()))
    }
}

/// HMAC-SHA-256 (RFC 2104) with a key of at most one block, 64 bytes.
pub fn hmac(key: &[u8], message: &[u8]) -> [u8; 32] {
    debug_assert!(key.len() <= 64);
    let pad = |byte: u8| {
        let mut block = [byte; 64];
        block.iter_mut().zip(key).for_each(|(pad, key)| *pad ^= key);
        block
    };
    let inner = Sha256::new()
        .chain_update(pad(0x36))
        .chain_update(message)
        .finalize();
    Sha256::new()
        .chain_update(pad(0x5c))
        .chain_update(inner)
        .finalize()
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hmac_agrees_with_rfc_4231() {
        assert_eq!(
            RawHash(hmac(&[0x0b; 20], b"Hi There")).to_string(),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        );
        assert_eq!(
            RawHash(hmac(b"Jefe", b"what do ya want for nothing?")).to_string(),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    #[test]
    fn every_account_has_its_own_name_whatever_the_order() {
        let key = PseudonymKey::from_bytes([7; 32]);
        let accounts: Vec<String> = (0..20_000).map(|i| format!("a{i}")).collect();
        let forward = Pseudonyms::new(&key, accounts.iter().map(String::as_str));
        let backward = Pseudonyms::new(&key, accounts.iter().rev().map(String::as_str));
        assert_eq!(forward, backward);
        let mut names: Vec<&str> = forward.iter().map(|pair| pair.1).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), accounts.len());
        let longer = names
            .iter()
            .filter(|name| name.len() > "account-".len() + 6)
            .count();
        // Of 20,000 accounts about 24 share six digits (20,000^2 / 16^6).
        assert!((2..100).contains(&longer), "{longer} names are longer");
        let name = forward.of("a17").unwrap();
        assert_eq!(forward.account(name), Some("a17"));
        assert_ne!(
            Pseudonyms::new(&PseudonymKey::from_bytes([8; 32]), ["a17"]).of("a17"),
            Some(name)
        );
    }
}
