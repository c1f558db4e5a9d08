//! A copy, taken apart with other tools than those that made it.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::io::{Cursor, Read};
use std::sync::Arc;

use rookery_archive::ZipArchivist;
use rookery_core::domain::{EmailAddress, Timestamp, UserId};
use rookery_core::ports::{Archivist, Cover, Datum, ExportSubject, Leaf, PersonalRecord};
use rookery_core::{Kind, Reader, Section};
use rookery_words::Words;
use uuid::Uuid;
use zip::ZipArchive;

const HOSTILE: &str = "=1+1</td><script>alert(\"1\")</script>'";

fn made() -> Timestamp {
    Timestamp::from_timestamp(1_761_566_400, 0).unwrap()
}

fn cover(language: &str) -> Cover {
    Cover {
        user: UserId::new(made(), &[1; 10]),
        subject: ExportSubject {
            email: EmailAddress::parse("ada@example.com").unwrap(),
            name: Some("Ada <b>".to_owned()),
            reader: Reader::told(Some(language), Some("Europe/Madrid")),
        },
        made: made(),
    }
}

/// A record with something in every column.
fn record(section: Section, text: &str) -> PersonalRecord {
    let cells = section.columns().iter().map(|column| match (column.kind, column.name) {
        (Kind::Text, "action") => Datum::Text("session.created".to_owned()),
        (Kind::Text, "outcome") => Datum::Text("failure".to_owned()),
        (Kind::Text, _) => Datum::Text(text.to_owned()),
        (Kind::Id, _) => Datum::Id(Uuid::from_u128(7)),
        (Kind::Moment, _) => Datum::Moment(made()),
        (Kind::Flag, _) => Datum::Flag(true),
        (Kind::Count, _) => Datum::Count(42),
        (Kind::Texts, _) => Datum::Texts(vec!["owner".to_owned(), "admin".to_owned()]),
    });
    cells.collect()
}

/// A whole copy with so many records in each section.
fn copy(language: &str, records: usize, text: &str, picture: Option<&[u8]>) -> ZipArchive<Cursor<Vec<u8>>> {
    let archivist = ZipArchivist::new(Arc::new(Words::built_in().unwrap()), "PenguinMails".to_owned());
    let mut archive = archivist.begin(&cover(language)).unwrap();
    let mut bytes = Vec::new();
    let tables = Section::ALL.iter().map(|section| Leaf::Table(*section));
    for leaf in [Leaf::Page, Leaf::Data].into_iter().chain(tables) {
        archive.open(leaf).unwrap();
        for section in leaf.sections() {
            archive.begin(*section).unwrap();
            // Two pages, so that what stands between records is right across them.
            let all: Vec<_> = (0..records).map(|_| record(*section, text)).collect();
            let (first, second) = all.split_at(records / 2);
            for page in [first, second] {
                archive.add(page).unwrap();
                bytes.extend(archive.take());
            }
        }
        archive.close().unwrap();
    }
    if let Some(picture) = picture {
        archive.open(Leaf::Picture).unwrap();
        archive.write(picture).unwrap();
        archive.close().unwrap();
    }
    bytes.extend(archive.finish().unwrap());
    ZipArchive::new(Cursor::new(bytes)).unwrap()
}

fn file(copy: &mut ZipArchive<Cursor<Vec<u8>>>, name: &str) -> String {
    let mut text = String::new();
    copy.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

#[test]
fn a_copy_holds_a_page_a_document_a_table_for_each_section_and_the_picture() {
    let mut copy = copy("en", 2, "text", Some(b"\xff\xd8picture"));
    let mut names: Vec<String> = copy.file_names().map(|name| name.unwrap().into_owned()).collect();
    names.sort();
    let mut expected: Vec<String> = Section::ALL
        .iter()
        .map(|section| format!("{}.csv", section.as_str()))
        .collect();
    expected.extend(["index.html", "data.json", "picture.jpg"].map(str::to_owned));
    expected.sort();
    assert_eq!(names, expected);
    let mut picture = Vec::new();
    copy.by_name("picture.jpg").unwrap().read_to_end(&mut picture).unwrap();
    assert_eq!(picture, b"\xff\xd8picture");
}

#[test]
fn the_document_is_one_object_with_every_section_and_names_its_format() {
    for records in [0, 1, 5] {
        let document: serde_json::Value =
            serde_json::from_str(&file(&mut copy("en", records, HOSTILE, None), "data.json")).unwrap();
        assert_eq!(document["format"], "rookery-export/1");
        assert_eq!(document["madeAt"], "2025-10-27T12:00:00.000Z");
        assert_eq!(document["userId"], cover("en").user.to_string());
        assert_eq!(document.as_object().unwrap().len(), 3 + Section::ALL.len());
        for section in Section::ALL {
            let told = &document[section.as_str()];
            let one = if section.is_single() {
                assert_eq!(told.is_null(), records == 0, "{section:?}");
                told
            } else {
                assert_eq!(told.as_array().unwrap().len(), records, "{section:?}");
                &told[0]
            };
            for column in section.columns().iter().filter(|_| records > 0) {
                let value = &one[column.name];
                let is_as_kept = match column.kind {
                    Kind::Text if *section == Section::Mails && column.name == "subject" => value.is_null(),
                    Kind::Text => value.is_string(),
                    Kind::Id => *value == "00000000-0000-0000-0000-000000000007",
                    Kind::Moment => *value == "2025-10-27T12:00:00.000Z",
                    Kind::Flag => *value == true,
                    Kind::Count => *value == 42,
                    Kind::Texts => *value == serde_json::json!(["owner", "admin"]),
                };
                assert!(is_as_kept, "{section:?} {}: {value}", column.name);
            }
        }
    }
}

// Proves: A78, ASVS 1.2.10
#[test]
fn a_table_has_its_columns_and_nothing_in_it_is_computed() {
    let mut copy = copy("en", 3, HOSTILE, None);
    for section in Section::ALL {
        let table = file(&mut copy, &format!("{}.csv", section.as_str()));
        let names: Vec<String> = section
            .columns()
            .iter()
            .map(|column| format!("\"{}\"", column.name))
            .collect();
        assert!(table.starts_with(&format!("{}\r\n", names.join(","))), "{table}");
        assert_eq!(table.matches("\r\n").count(), 4);
        assert!(!table.contains("\"=1+1"), "{table}");
    }
    assert!(file(&mut copy, "mails.csv").contains("\"'=1+1</td>"));
}

#[test]
fn the_page_runs_nothing_asks_nobody_and_shows_text_as_text() {
    let page = file(&mut copy("en", 2, HOSTILE, None), "index.html");
    assert!(
        page.starts_with("<!doctype html>\n<html lang=\"en\" dir=\"ltr\">"),
        "{page}"
    );
    assert!(!page.contains("<script") && !page.contains("http://") && !page.contains("https://"));
    assert!(page.contains("&lt;script&gt;") && page.contains("Ada &lt;b&gt;"));
    assert!(page.contains("A sign-in was refused"), "what happened is said in words");
    assert_eq!(page.matches("<section ").count(), Section::ALL.len());
    assert_eq!(page.matches("<section ").count(), page.matches("</section>").count());
    assert_eq!(page.matches("<table>").count(), page.matches("</table>").count());
}

#[test]
fn the_page_speaks_the_person_s_language_and_says_when_nothing_is_kept() {
    let page = file(&mut copy("es", 0, "", None), "index.html");
    assert!(page.contains("<html lang=\"es\""));
    assert!(page.contains("27 de octubre de 2025"), "{page}");
    assert_eq!(page.matches("<table>").count(), 0);
    let words = Words::built_in().unwrap();
    let nothing = words.say("es".parse().unwrap(), "export.nothing", &[]);
    assert_eq!(page.matches(&nothing).count(), Section::ALL.len());
}

#[test]
fn every_section_and_every_column_has_words_in_every_language() {
    for language in ["en", "es"] {
        let page = file(&mut copy(language, 1, "text", None), "index.html");
        assert!(!page.contains("export."), "a key instead of words: {page}");
    }
}

#[test]
fn a_mail_is_told_with_its_subject_in_the_person_s_language() {
    let columns = Section::Mails.columns();
    let mut mail = record(Section::Mails, "x");
    for (column, datum) in columns.iter().zip(&mut mail) {
        match column.name {
            "kind" => *datum = Datum::Text("welcome".to_owned()),
            "subject" => *datum = Datum::Nothing,
            _ => {}
        }
    }
    let archivist = ZipArchivist::new(Arc::new(Words::built_in().unwrap()), "PenguinMails".to_owned());
    let mut archive = archivist.begin(&cover("en")).unwrap();
    archive.open(Leaf::Table(Section::Mails)).unwrap();
    archive.begin(Section::Mails).unwrap();
    archive.add(&[mail, record(Section::Mails, "of_no_kind")]).unwrap();
    archive.close().unwrap();
    let mut copy = ZipArchive::new(Cursor::new(archive.finish().unwrap())).unwrap();
    let table = file(&mut copy, "mails.csv");
    assert!(table.contains("\"welcome\",\"Welcome to PenguinMails\""), "{table}");
    assert!(table.contains("\"of_no_kind\",\"\""), "{table}");
}

#[test]
fn what_was_taken_away_is_not_kept() {
    let archivist = ZipArchivist::new(Arc::new(Words::built_in().unwrap()), "P".to_owned());
    let mut archive = archivist.begin(&cover("en")).unwrap();
    archive.open(Leaf::Data).unwrap();
    archive.begin(Section::Activity).unwrap();
    let mut most = 0;
    // Text that does not pack, so that something comes out.
    for number in 0..2000_u128 {
        let mut record = record(Section::Activity, "");
        record[0] = Datum::Id(Uuid::from_u128(
            number.wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835),
        ));
        archive.add(&[record]).unwrap();
        most = most.max(archive.take().len());
    }
    assert!(most > 0 && most < 256 * 1024, "{most}");
}
