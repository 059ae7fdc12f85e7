//! Who is meant? Mentions of one party, brought together.

use super::lexicon::{ENGLISH, Lexicon};

/// A party that the article names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Party {
    pub(crate) name: String,
    /// The words before or beside the name: `foreign minister`.
    pub(crate) roles: Vec<String>,
    /// How else it is called in the article.
    pub(crate) aliases: Vec<String>,
    pub(crate) person: bool,
}

/// The parties of an article, in the order in which they appear, and who spoke last.
#[derive(Debug, Default)]
pub(crate) struct Parties {
    all: Vec<Party>,
    last_person: Option<usize>,
    last: Option<usize>,
}

/// A noun phrase taken apart: the name in it and the role beside the name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Phrase {
    name: String,
    role: String,
}

impl Parties {
    pub(crate) fn get(&self, place: usize) -> &Party {
        &self.all[place]
    }

    /// Learns the full names that stand anywhere in the text, so that a later surname finds its owner.
    pub(crate) fn introduce(&mut self, phrase: &str) {
        let taken = take_apart(phrase);
        if taken.name.split(' ').count() >= 2 && !taken.role.is_empty() {
            self.find_or_add(&taken);
        }
    }

    /// Learns a name and the role that stands beside it between commas.
    pub(crate) fn introduce_as(&mut self, name: &str, role: &str) {
        let mut taken = take_apart(name);
        let from = role
            .split_once(' ')
            .filter(|(first, _)| ENGLISH.determiners.contains(&first.to_lowercase()));
        taken.role = from.map_or(role, |(_, rest)| rest).to_lowercase();
        // `a spokesman for the ministry`: the role is what stands before the preposition.
        for preposition in [" for ", " of "] {
            if let Some((head, _)) = taken.role.split_once(preposition) {
                taken.role = head.to_owned();
            }
        }
        if !taken.name.is_empty() {
            self.find_or_add(&taken);
        }
    }

    /// The party that a noun phrase means. `None` for a phrase that names nobody.
    pub(crate) fn resolve(&mut self, phrase: &str) -> Option<usize> {
        let low = phrase.to_lowercase();
        let place = if ENGLISH.he_or_she.contains(&low) {
            self.last_person?
        } else if ENGLISH.they_or_it.contains(&low) {
            self.last?
        } else {
            let taken = take_apart(phrase);
            if taken.name.is_empty() && taken.role.is_empty() {
                return None;
            }
            self.find_or_add(&taken)
        };
        self.last = Some(place);
        if self.all[place].person {
            self.last_person = Some(place);
        }
        Some(place)
    }

    /// Remembers that something was spoken of which no person is, so that `it` can mean it.
    pub(crate) fn mention(&mut self, phrase: &str) {
        let taken = take_apart(phrase);
        if !phrase.is_empty() && !has_title(&taken.role) {
            self.last = Some(self.find_or_add(&taken));
        }
    }

    fn find_or_add(&mut self, phrase: &Phrase) -> usize {
        if let Some(place) = self.find(phrase) {
            let party = &mut self.all[place];
            let new_role = !phrase.role.is_empty() && !party.roles.contains(&phrase.role);
            if new_role && !phrase.name.is_empty() {
                party.roles.push(phrase.role.clone());
            }
            let called = if phrase.name.is_empty() {
                &phrase.role
            } else {
                &phrase.name
            };
            if *called != party.name && !party.aliases.contains(called) {
                party.aliases.push(called.clone());
            }
            return place;
        }
        let named = !phrase.name.is_empty();
        let role_is_a_title = has_title(&phrase.role);
        self.all.push(Party {
            name: if named {
                phrase.name.clone()
            } else {
                phrase.role.clone()
            },
            roles: if named && !phrase.role.is_empty() {
                vec![phrase.role.clone()]
            } else {
                Vec::new()
            },
            aliases: Vec::new(),
            person: role_is_a_title,
        });
        self.all.len() - 1
    }

    fn find(&self, phrase: &Phrase) -> Option<usize> {
        let newest_first = || self.all.iter().enumerate().rev();
        if !phrase.name.is_empty() {
            let name = phrase.name.as_str();
            return newest_first()
                .find(|(_, party)| {
                    party.name == name
                        || (!name.contains(' ')
                            && party.name.split(' ').next_back() == Some(name)
                            && party.name.contains(' '))
                })
                .map(|(place, _)| place);
        }
        let role = phrase.role.as_str();
        let same = newest_first().find(|(_, party)| {
            party.name == role || party.aliases.iter().any(|alias| alias == role)
        });
        if let Some((place, _)) = same {
            return Some(place);
        }
        // `the chancellor`, `the spokesman`, `the top diplomat`: somebody introduced with that role. One who is
        // kept nameless is nobody who was named before.
        if ENGLISH.is_anonymous(role) && !ENGLISH.again.contains_key(role) {
            return None;
        }
        let others = ENGLISH.again.get(role);
        newest_first()
            .find(|(_, party)| {
                party.roles.iter().any(|its| {
                    its.split(' ').next_back() == Some(role)
                        || its == role
                        || others.is_some_and(|others| {
                            others.iter().any(|other| its.contains(other.as_str()))
                        })
                }) || (!role.contains(' ')
                    && !party.person
                    && party.name.to_lowercase().split(' ').next_back() == Some(role))
            })
            .map(|(place, _)| place)
    }
}

/// Whether a role is one that people have.
fn has_title(role: &str) -> bool {
    ENGLISH
        .titles
        .iter()
        .any(|title| super::lexicon::find_word(role, title).is_some())
        || ENGLISH.again.contains_key(role)
}

/// Splits `Foreign Minister Mara Ellison` into role and name; `the top diplomat` is all role.
fn take_apart(phrase: &str) -> Phrase {
    let words: Vec<&str> = phrase
        .split_whitespace()
        .map(|word| word.trim_matches(|letter: char| !letter.is_alphanumeric() && letter != '.'))
        .filter(|word| !word.is_empty())
        .collect();
    let from = words
        .iter()
        .position(|word| !ENGLISH.determiners.contains(&word.to_lowercase()))
        .unwrap_or(words.len());
    let dropped = from > 0;
    let words = &words[from..];
    let capital = |word: &&str| word.starts_with(char::is_uppercase);
    // `the interior minister of Merova`, `one of the officials`: the head stands before the `of`.
    if words.iter().any(|word| ["of", "for"].contains(word))
        && words.first().is_some_and(|word| !capital(word))
    {
        return Phrase {
            name: String::new(),
            role: words.join(" "),
        };
    }
    // `the White House of Merova` is one name.
    if words.contains(&"of")
        && words.first().is_some_and(capital)
        && title_at(&ENGLISH, words).is_none()
    {
        return Phrase {
            name: words.join(" "),
            role: String::new(),
        };
    }
    let tail = words.iter().rev().take_while(|word| capital(word)).count();
    let split = words.len() - tail;
    let (mut role, mut name): (Vec<&str>, Vec<&str>) =
        (words[..split].to_vec(), words[split..].to_vec());
    // `Communications Minister Ruta Hale`: whatever stands up to the title is the role.
    if let Some(title) = name[..name.len().saturating_sub(1)]
        .iter()
        .rposition(|word| ENGLISH.titles.contains(&word.to_lowercase()))
    {
        role.extend(name.drain(..=title));
    }
    // Titles at the head of the capitals belong to the role.
    while let Some(size) = title_at(&ENGLISH, &name) {
        if size >= name.len() && !role.is_empty() {
            break;
        }
        role.extend(name.drain(..size));
        if name.is_empty() {
            break;
        }
    }
    // `the Fenwick Institute` is a name; `The intelligence directorate` is a role with a capital only because
    // it begins the sentence.
    if name.is_empty()
        || (tail < words.len() && !words[words.len() - 1].starts_with(char::is_uppercase))
    {
        let joined = words.join(" ");
        let plain = if dropped || words.len() == 1 {
            joined
        } else {
            lower_first(&joined)
        };
        return Phrase {
            name: String::new(),
            role: plain,
        };
    }
    // `Merova's government` never comes here; `Vey's` alone is Vey.
    let name = name.join(" ");
    let name = name
        .strip_suffix("'s")
        .or_else(|| name.strip_suffix("’s"))
        .unwrap_or(&name)
        .to_owned();
    Phrase {
        name,
        role: role.join(" ").to_lowercase(),
    }
}

fn lower_first(text: &str) -> String {
    // A possessive name keeps its capital: `Tarsia's embassy`.
    let first = text.split(' ').next().unwrap_or_default();
    if first.ends_with("'s") || first.ends_with("’s") {
        return text.to_owned();
    }
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |letter| {
        letter.to_lowercase().chain(letters).collect()
    })
}

/// How many words of a title begin a phrase.
fn title_at(lexicon: &Lexicon, words: &[&str]) -> Option<usize> {
    (1..=3.min(words.len())).rev().find(|size| {
        let head = words[..*size].join(" ").to_lowercase();
        lexicon.titles.contains(&head)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mentions_of_one_party_come_together() {
        let mut parties = Parties::default();
        let ellison = parties.resolve("Foreign Minister Mara Ellison").unwrap();
        let varro = parties.resolve("President Oleg Varro").unwrap();
        assert_ne!(ellison, varro);
        assert_eq!(parties.get(ellison).name, "Mara Ellison");
        assert_eq!(parties.get(ellison).roles, ["foreign minister"]);
        assert_eq!(parties.resolve("Ellison"), Some(ellison));
        assert_eq!(parties.resolve("the top diplomat"), Some(ellison));
        assert_eq!(parties.resolve("she"), Some(ellison));
        assert_eq!(parties.resolve("the president"), Some(varro));
        let institute = parties.resolve("The Fenwick Institute").unwrap();
        assert_eq!(parties.resolve("the institute"), Some(institute));
        assert_eq!(parties.get(institute).name, "Fenwick Institute");
        let embassy = parties.resolve("Tarsia's embassy").unwrap();
        assert_eq!(parties.resolve("the embassy"), Some(embassy));
        let officials = parties.resolve("two officials").unwrap();
        assert_eq!(parties.get(officials).name, "two officials");
    }
}
