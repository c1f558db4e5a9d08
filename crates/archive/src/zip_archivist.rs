//! The ZIP file itself.

use std::io::Write;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{Datelike, Timelike};
use rookery_core::ports::{Archive, Archivist, Cover, Datum, Leaf, PersonalRecord};
use rookery_core::{PortError, Section};
use rookery_domain::Timestamp;
use rookery_words::Words;
use zip::write::{SimpleFileOptions, StreamWriter, ZipWriter};
use zip::{CompressionMethod, DateTime};

use crate::document::Document;
use crate::page::Page;
use crate::table::Table;

/// [`Archivist`] that makes ZIP files, in these words.
#[derive(Clone, Debug)]
pub struct ZipArchivist {
    words: Arc<Words>,
    product: String,
}

impl ZipArchivist {
    /// In these words, for a service of this name.
    #[must_use]
    pub const fn new(words: Arc<Words>, product: String) -> Self {
        Self { words, product }
    }
}

impl Archivist for ZipArchivist {
    fn begin(&self, cover: &Cover) -> Result<Box<dyn Archive>, PortError> {
        let made = Made::default();
        Ok(Box::new(ZipArchive {
            zip: ZipWriter::new_stream(made.clone()),
            made,
            leaf: None,
            section: None,
            cover: cover.clone(),
            words: Arc::clone(&self.words),
            product: self.product.clone(),
        }))
    }
}

/// What was written and not yet taken away; shared with the writer, which cannot be asked for it.
#[derive(Clone, Debug, Default)]
struct Made(Arc<Mutex<Vec<u8>>>);

impl Made {
    fn bytes(&self) -> MutexGuard<'_, Vec<u8>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Write for Made {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.bytes().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// How an open file is written.
pub(crate) trait Writing: Send {
    /// What stands before everything.
    fn begin(&mut self) -> String {
        String::new()
    }

    /// A section begins.
    fn section(&mut self, section: Section) -> String;

    /// More records of it.
    fn records(&mut self, records: &[PersonalRecord]) -> String;

    /// What stands after everything.
    fn end(&mut self) -> String {
        String::new()
    }
}

struct ZipArchive {
    zip: ZipWriter<StreamWriter<Made>>,
    made: Made,
    leaf: Option<Box<dyn Writing>>,
    section: Option<Section>,
    cover: Cover,
    words: Arc<Words>,
    product: String,
}

impl ZipArchive {
    fn put(&mut self, text: &str) -> Result<(), PortError> {
        self.write(text.as_bytes())
    }

    /// A mail with its subject, as its kind has it today in the person's language. Of a kind that has several, none.
    fn with_subject(&self, record: &PersonalRecord) -> PersonalRecord {
        let at = |name| Section::Mails.columns().iter().position(|column| column.name == name);
        let mut record = record.clone();
        let (Some(kind), Some(subject)) = (at("kind"), at("subject")) else {
            return record;
        };
        if let (Some(Datum::Text(kind)), true) = (record.get(kind).cloned(), subject < record.len()) {
            let key = format!("mail.{kind}.subject");
            let language = self.cover.subject.reader.language;
            let said = self
                .words
                .try_say(language, &key, &[("product", self.product.as_str().into())]);
            record[subject] = said.map_or(Datum::Nothing, Datum::Text);
        }
        record
    }

    fn writing(&mut self) -> Result<&mut Box<dyn Writing>, PortError> {
        self.leaf
            .as_mut()
            .ok_or_else(|| PortError::broken("archive.add", "no file with sections is open"))
    }
}

fn broken(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> PortError {
    PortError::broken("archive.write", error)
}

impl Archive for ZipArchive {
    fn open(&mut self, leaf: Leaf) -> Result<(), PortError> {
        let (name, method) = match leaf {
            Leaf::Page => ("index.html".to_owned(), CompressionMethod::Deflated),
            Leaf::Data => ("data.json".to_owned(), CompressionMethod::Deflated),
            Leaf::Table(section) => (format!("{}.csv", section.as_str()), CompressionMethod::Deflated),
            // A JPEG is packed already.
            Leaf::Picture => ("picture.jpg".to_owned(), CompressionMethod::Stored),
        };
        let options = SimpleFileOptions::default()
            .compression_method(method)
            .last_modified_time(stamp(self.cover.made));
        self.zip.start_file(name, options).map_err(broken)?;
        self.leaf = match leaf {
            Leaf::Page => Some(Box::new(Page::new(
                Arc::clone(&self.words),
                self.cover.clone(),
                self.product.clone(),
            ))),
            Leaf::Data => Some(Box::new(Document::new(self.cover.clone()))),
            Leaf::Table(_) => Some(Box::new(Table)),
            Leaf::Picture => None,
        };
        let text = self.leaf.as_mut().map(|leaf| leaf.begin()).unwrap_or_default();
        self.put(&text)
    }

    fn begin(&mut self, section: Section) -> Result<(), PortError> {
        self.section = Some(section);
        let text = self.writing()?.section(section);
        self.put(&text)
    }

    fn add(&mut self, records: &[PersonalRecord]) -> Result<(), PortError> {
        let text = if self.section == Some(Section::Mails) {
            let told: Vec<PersonalRecord> = records.iter().map(|record| self.with_subject(record)).collect();
            self.writing()?.records(&told)
        } else {
            self.writing()?.records(records)
        };
        self.put(&text)
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), PortError> {
        self.zip.write_all(bytes).map_err(broken)
    }

    fn close(&mut self) -> Result<(), PortError> {
        let text = self.leaf.take().map(|mut leaf| leaf.end()).unwrap_or_default();
        self.put(&text)
    }

    fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut *self.made.bytes())
    }

    fn finish(self: Box<Self>) -> Result<Vec<u8>, PortError> {
        let Self { zip, made, .. } = *self;
        zip.finish().map_err(broken)?;
        let rest = std::mem::take(&mut *made.bytes());
        Ok(rest)
    }
}

/// The time of a file, in UTC, as far as ZIP can say it.
fn stamp(at: Timestamp) -> DateTime {
    let small = |number: u32| u8::try_from(number).unwrap_or_default();
    let year = u16::try_from(at.year()).unwrap_or_default();
    DateTime::from_date_and_time(
        year,
        small(at.month()),
        small(at.day()),
        small(at.hour()),
        small(at.minute()),
        small(at.second()),
    )
    .unwrap_or_default()
}
