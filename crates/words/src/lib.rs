//! The words of Rookery's pages and mails in every language, and which language somebody reads.
//!
//! A language is a few TOML files: a table a page or mail, a key a text. English is complete by definition; what another
//! language lacks is said in English. Two languages are [built in](Words::built_in); [`Words::add`] takes more, or other
//! words for one of them, and [remarks](Remark) on what they lack.
//!
//! ```
//! use rookery_domain::Language;
//! use rookery_words::Words;
//!
//! let mut words = Words::of(&[("en", "[inbox]\nnew = { one = '{count} letter, {name}', other = '{count} letters, {name}' }")])?;
//! words.add("pl", &[("pl.toml", "[language]\nname = 'Polski'\n[inbox]\nnew = { one = '{count} list, {name}', few = '{count} listy, {name}', other = '{count} listów, {name}' }")])?;
//!
//! let polish: Language = "pl".parse()?;
//! assert_eq!(words.say(polish, "inbox.new", &[("count", 3_u64.into()), ("name", "Ada".into())]), "3 listy, Ada");
//! assert_eq!(words.choose(None, None, Some("de, pl;q=0.8, en;q=0.5")), polish);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Texts hold no markup, so a page escapes what it says, whoever wrote it. Nothing here reads a file or a clock.

mod argument;
mod built_in;
mod catalogue;
mod conventions;
mod negotiation;
mod phrase;
mod plural;
mod remark;
mod sentence;
mod words;

pub use argument::Argument;
pub use catalogue::CatalogueError;
pub use conventions::Direction;
pub use phrase::{Phrase, PhraseFault, Piece};
pub use remark::Remark;
pub use words::{Unsaid, Words};
