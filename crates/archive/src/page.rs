//! `index.html`: everything, for people.

use std::fmt::Write;
use std::sync::Arc;

use rookery_core::Section;
use rookery_core::ports::{Cover, Datum, PersonalRecord};
use rookery_domain::{AuditAction, AuditOutcome, Device};
use rookery_words::{Argument, Words};

use crate::zip_archivist::Writing;

/// Light or dark as the reader's device is set, readable on paper, and nothing that would have to be fetched.
const STYLE: &str = ":root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;max-width:70rem;padding:1.5rem}\
h1{font-size:1.75rem;line-height:1.2}h2{font-size:1.25rem;margin-top:2.5rem}.scroll{overflow-x:auto}\
table{border-collapse:collapse;min-width:100%}th,td{border-bottom:1px solid #8888;padding:.35rem .75rem .35rem 0;text-align:start;\
vertical-align:top;overflow-wrap:anywhere}th{white-space:nowrap}img{border-radius:50%;height:8rem;width:8rem}\
nav ul{columns:16rem;padding-inline-start:1.25rem}";

/// A page without a script: a heading and a table for each section, in the person's language and zone.
pub(crate) struct Page {
    words: Arc<Words>,
    cover: Cover,
    product: String,
    section: Option<Section>,
    has_records: bool,
}

impl Page {
    pub(crate) const fn new(words: Arc<Words>, cover: Cover, product: String) -> Self {
        Self {
            words,
            cover,
            product,
            section: None,
            has_records: false,
        }
    }

    fn say(&self, key: &str, arguments: &[(&str, Argument<'_>)]) -> String {
        escaped(&self.words.say(self.cover.subject.reader.language, key, arguments))
    }

    fn heading(&self, section: Section) -> String {
        self.say(&format!("export.section.{}", snake(section.as_str())), &[])
    }

    /// The end of the section before.
    fn rest(&self) -> String {
        match self.section {
            None => String::new(),
            Some(_) if self.has_records => "</tbody></table></div></section>\n".to_owned(),
            Some(_) => format!("<p>{}</p></section>\n", self.say("export.nothing", &[])),
        }
    }

    /// The head of its table.
    fn columns(&self, section: Section) -> String {
        let mut head = String::from("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-labelledby=\"");
        let _ = write!(head, "{}\"><table><thead><tr>", section.as_str());
        for column in section.columns() {
            let name = self.say(&format!("export.column.{}", snake(column.name)), &[]);
            let _ = write!(head, "<th scope=\"col\">{name}</th>");
        }
        head.push_str("</tr></thead><tbody>\n");
        head
    }

    fn cell(&self, name: &str, datum: &Datum, record: &PersonalRecord) -> String {
        let reader = self.cover.subject.reader;
        match datum {
            Datum::Nothing => "\u{2013}".to_owned(),
            Datum::Text(text) if name == "action" => self.what(text, record),
            Datum::Text(text) if name == "userAgent" => {
                escaped(&self.words.device(reader.language, Device::calling_itself(text)))
            }
            Datum::Text(text) if name == "picture" && text.starts_with('/') => {
                format!(
                    "<img src=\"picture.jpg\" alt=\"{}\">",
                    self.say("export.column.picture", &[])
                )
            }
            Datum::Text(text) => escaped(text),
            Datum::Id(id) => id.to_string(),
            Datum::Moment(at) => escaped(&self.words.moment(reader.language, *at, reader.time_zone)),
            Datum::Flag(true) => self.say("export.yes", &[]),
            Datum::Flag(false) => self.say("export.no", &[]),
            Datum::Count(count) => count.to_string(),
            Datum::Texts(texts) => escaped(&texts.join(", ")),
        }
    }

    /// What happened, in words; the word itself where this release does not know it.
    fn what(&self, word: &str, record: &PersonalRecord) -> String {
        let outcome = record.iter().find_map(|datum| match datum {
            Datum::Text(text) => AuditOutcome::from_word(text),
            _ => None,
        });
        match (AuditAction::from_word(word), outcome) {
            (Some(action), Some(outcome)) => {
                let language = self.cover.subject.reader.language;
                escaped(&self.words.translated(language, action.sentence(outcome)))
            }
            _ => escaped(word),
        }
    }
}

impl Writing for Page {
    fn begin(&mut self) -> String {
        let subject = &self.cover.subject;
        let reader = subject.reader;
        let email = subject.email.as_str();
        let title = self.say("export.title", &[("product", self.product.as_str().into())]);
        let made = self.words.moment(reader.language, self.cover.made, reader.time_zone);
        let of = [
            ("name", subject.name.as_deref().unwrap_or(email).into()),
            ("email", email.into()),
            ("at", made.as_str().into()),
        ];
        let mut text = format!(
            "<!doctype html>\n<html lang=\"{}\" dir=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; \
             img-src 'self' file:\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"referrer\" content=\"no-referrer\">\n<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n\
             <body>\n<header>\n<h1>{title}</h1>\n<p>{}</p>\n<p>{}</p>\n</header>\n<nav aria-label=\"{}\"><ul>\n",
            reader.language,
            self.words.direction(reader.language).as_str(),
            self.say("export.of", &of),
            self.say("export.files", &[]),
            self.say("export.contents", &[]),
        );
        for section in Section::ALL {
            let _ = writeln!(
                text,
                "<li><a href=\"#{0}-section\">{1}</a></li>",
                section.as_str(),
                self.heading(*section)
            );
        }
        text.push_str("</ul></nav>\n<main>\n");
        text
    }

    fn section(&mut self, section: Section) -> String {
        let rest = self.rest();
        self.section = Some(section);
        self.has_records = false;
        format!(
            "{rest}<section id=\"{0}-section\" aria-labelledby=\"{0}\">\n<h2 id=\"{0}\">{1}</h2>\n",
            section.as_str(),
            self.heading(section)
        )
    }

    fn records(&mut self, records: &[PersonalRecord]) -> String {
        let Some(section) = self.section else {
            return String::new();
        };
        let mut text = String::new();
        for record in records {
            if !self.has_records {
                text.push_str(&self.columns(section));
                self.has_records = true;
            }
            text.push_str("<tr>");
            for (column, datum) in section.columns().iter().zip(record) {
                let _ = write!(text, "<td>{}</td>", self.cell(column.name, datum, record));
            }
            text.push_str("</tr>\n");
        }
        text
    }

    fn end(&mut self) -> String {
        format!("{}</main>\n</body>\n</html>\n", self.rest())
    }
}

/// Text that ends no element and no attribute.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}

/// `createdAt` as the words' tables spell it: `created_at`.
fn snake(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 4);
    for c in name.chars() {
        if c.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(c.to_ascii_lowercase());
    }
    snake
}
