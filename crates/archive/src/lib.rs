//! Copies of everything that is kept about a person, as one ZIP file.
//!
//! It holds `index.html`, a page for people in their own language that runs nothing and asks nobody for anything; `data.json`,
//! all of it in one document for programs; a table `….csv` for each section, with nothing in it that a spreadsheet would compute;
//! and `picture.jpg`, if there is a picture. All of it is written as a stream, so what is in memory is never more than what was
//! made since it was last taken away.

mod document;
mod page;
mod table;
mod zip_archivist;

pub use zip_archivist::ZipArchivist;

/// The format of `data.json`: a program that reads it looks here first. It grows when something is added that such a program
/// may pass over, and gets another name when something changes that it may not.
pub const FORMAT: &str = "rookery-export/1";
