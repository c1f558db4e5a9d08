use std::sync::Mutex;

use futures_executor::block_on;
use rookery_domain::ExportId;

use super::*;
use crate::fixture::{Workshop, bell_rung, email, reader, unsealed, user};
use crate::mocks::GlassSealer;
use crate::ports::{
    Datum, MockArchivist, MockExportStore, MockPersonalRecords, PersonalRecord, RecordPage, RecordPosition,
};

/// Writes down what it is told, one line each, and makes as many bytes of a record as its first cell counts.
#[derive(Default)]
struct Notebook {
    lines: Arc<Mutex<Vec<String>>>,
    made: Vec<u8>,
}

impl Notebook {
    fn note(&self, line: String) {
        self.lines.lock().unwrap().push(line);
    }
}

impl Archive for Notebook {
    fn open(&mut self, leaf: Leaf) -> Result<(), PortError> {
        self.note(format!("open {leaf:?}"));
        Ok(())
    }

    fn begin(&mut self, section: Section) -> Result<(), PortError> {
        self.note(format!("begin {}", section.as_str()));
        Ok(())
    }

    fn add(&mut self, records: &[PersonalRecord]) -> Result<(), PortError> {
        self.note(format!("add {}", records.len()));
        for record in records {
            if let Some(Datum::Count(bytes)) = record.first() {
                self.made
                    .resize(self.made.len() + usize::try_from(*bytes).unwrap(), b'x');
            }
        }
        Ok(())
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), PortError> {
        self.note(format!("write {}", bytes.len()));
        Ok(())
    }

    fn close(&mut self) -> Result<(), PortError> {
        self.note("close".to_owned());
        Ok(())
    }

    fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.made)
    }

    fn finish(self: Box<Self>) -> Result<Vec<u8>, PortError> {
        Ok(b"end".to_vec())
    }
}

struct Ports {
    exports: MockExportStore,
    records: MockPersonalRecords,
    archivist: MockArchivist,
    lines: Arc<Mutex<Vec<String>>>,
}

fn id(workshop: &Workshop) -> ExportId {
    ExportId::new(workshop.now(), &[7; 10])
}

fn ports(workshop: &Workshop, attempts: u32) -> Ports {
    let lines = Arc::new(Mutex::new(Vec::new()));
    let (claimed, now) = (id(workshop), workshop.now());
    let mut exports = MockExportStore::new();
    exports
        .expect_claim()
        .times(1)
        .withf(move |claim| claim.now == now && claim.lease_until == now + LEASE)
        .returning(move |_| {
            Ok(Some(ClaimedExport {
                id: claimed,
                user: user(),
                attempts,
            }))
        });
    let mut archivist = MockArchivist::new();
    let told = Arc::clone(&lines);
    archivist.expect_begin().returning(move |_| {
        Ok(Box::new(Notebook {
            lines: Arc::clone(&told),
            made: Vec::new(),
        }))
    });
    Ports {
        exports,
        records: MockPersonalRecords::new(),
        archivist,
        lines,
    }
}

fn subject() -> ExportSubject {
    ExportSubject {
        email: email(),
        name: Some("Ada Lovelace".to_owned()),
        reader: reader(),
    }
}

fn service(workshop: &Workshop, ports: Ports, rings: usize) -> ExportMakingService {
    ExportMakingService {
        exports: Arc::new(ports.exports),
        records: Arc::new(ports.records),
        archivist: Arc::new(ports.archivist),
        sealer: Arc::new(GlassSealer),
        post_room: workshop.post_room.clone(),
        bell: bell_rung(rings),
        mint: workshop.mint.clone(),
    }
}

fn page_of(bytes: i64) -> RecordPage {
    RecordPage {
        records: vec![vec![Datum::Count(bytes)]],
        next: None,
    }
}

#[test]
fn nobody_waits_and_nothing_is_made() {
    let workshop = Workshop::open();
    let mut exports = MockExportStore::new();
    exports.expect_claim().return_once(|_| Ok(None));
    let ports = Ports {
        exports,
        records: MockPersonalRecords::new(),
        archivist: MockArchivist::new(),
        lines: Arc::default(),
    };
    assert_eq!(
        block_on(service(&workshop, ports, 0).make_due()).unwrap(),
        ExportRound::Idle
    );
}

#[test]
fn a_copy_holds_every_section_as_page_as_document_and_as_table_and_the_picture() {
    let workshop = Workshop::open();
    let mut ports = ports(&workshop, 1);
    let lines = Arc::clone(&ports.lines);
    ports.records.expect_subject().returning(|_| Ok(Some(subject())));
    ports.records.expect_read().returning(|_, _, _, _| Ok(page_of(1)));
    ports.records.expect_picture().returning(|_| Ok(Some(vec![1, 2, 3])));
    ports.exports.expect_keep().returning(|_| Ok(true));
    ports.exports.expect_settle().returning(|_, _, _| Ok(true));
    assert_eq!(
        block_on(service(&workshop, ports, 1).make_due()).unwrap(),
        ExportRound::Made
    );
    let mut expected = Vec::new();
    let told = |section: &Section| [format!("begin {}", section.as_str()), "add 1".to_owned()];
    for leaf in ["open Page", "open Data"] {
        expected.push(leaf.to_owned());
        expected.extend(Section::ALL.iter().flat_map(told));
        expected.push("close".to_owned());
    }
    for section in Section::ALL {
        expected.push(format!("open Table({section:?})"));
        expected.extend(told(section));
        expected.push("close".to_owned());
    }
    expected.extend(["open Picture", "write 3", "close"].map(str::to_owned));
    assert_eq!(*lines.lock().unwrap(), expected);
}

#[test]
fn pages_are_read_one_behind_the_other_to_the_last() {
    let workshop = Workshop::open();
    let mut ports = ports(&workshop, 1);
    let at = workshop.now();
    let place = RecordPosition {
        at,
        id: user().as_uuid(),
    };
    let lines = Arc::clone(&ports.lines);
    ports.records.expect_subject().returning(|_| Ok(Some(subject())));
    ports.records.expect_picture().returning(|_| Ok(None));
    ports
        .records
        .expect_read()
        .returning(move |whose, section, behind, limit| {
            assert_eq!((*whose, limit), (user(), PAGE));
            let next = (section == Section::Activity && behind.is_none()).then_some(place);
            assert!(behind.is_none() || behind == Some(place));
            Ok(RecordPage { next, ..page_of(1) })
        });
    ports.exports.expect_keep().returning(|_| Ok(true));
    ports.exports.expect_settle().returning(|_, _, _| Ok(true));
    block_on(service(&workshop, ports, 1).make_due()).unwrap();
    let lines = lines.lock().unwrap();
    let pages = lines.iter().filter(|line| *line == "add 1").count();
    // Page, document and table: each tells the activity in two pages and every other section in one.
    assert_eq!(pages, 3 * (Section::ALL.len() + 1));
}

#[test]
fn what_was_made_is_kept_in_parts_of_bounded_size_each_sealed_for_its_place() {
    let workshop = Workshop::open();
    let mut ports = ports(&workshop, 1);
    let export = id(&workshop);
    let now = workshop.now();
    ports.records.expect_subject().returning(|_| Ok(Some(subject())));
    ports.records.expect_picture().returning(|_| Ok(None));
    // Each of the three files tells the profile with a part and a byte.
    let large = i64::try_from(EXPORT_PART + 1).unwrap();
    ports
        .records
        .expect_read()
        .returning(move |_, section, _, _| Ok(page_of(if section == Section::Profile { large } else { 0 })));
    let sizes = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&sizes);
    ports.exports.expect_keep().returning(move |part| {
        assert_eq!((part.hold.export, part.hold.user), (export, user()));
        assert_eq!((part.at, part.lease_until), (now, now + LEASE));
        let plain = GlassSealer.open(&part.sealed, &place_of(export, part.number)).unwrap();
        let mut sizes = seen.lock().unwrap();
        assert_eq!(usize::try_from(part.number).unwrap(), sizes.len());
        sizes.push(plain.len());
        Ok(true)
    });
    let total = u64::try_from(3 * (EXPORT_PART + 1) + 3).unwrap();
    ports
        .exports
        .expect_settle()
        .times(1)
        .withf(move |hold, settlement, at| {
            let ExportSettlement::Ready {
                size,
                parts,
                expires,
                mail,
                event,
            } = settlement
            else {
                return false;
            };
            let Letter::ExportReady {
                link, expires: told, ..
            } = unsealed(mail)
            else {
                return false;
            };
            hold.export == export
                && (*size, *parts) == (total, 4)
                && *expires == now + Export::LIFE
                && told == *expires
                && link == "https://app.example.com/settings/privacy"
                && mail.to.owner() == Some((user(), email()))
                && event.action == AuditAction::ExportMade
                && event.outcome == AuditOutcome::Success
                && event.user == Some(user())
                && event.target == Some(format!("export:{export}"))
                && *at == now
        })
        .returning(|_, _, _| Ok(true));
    assert_eq!(
        block_on(service(&workshop, ports, 1).make_due()).unwrap(),
        ExportRound::Made
    );
    assert_eq!(*sizes.lock().unwrap(), [EXPORT_PART, EXPORT_PART, EXPORT_PART, 6]);
}

#[test]
fn whoever_was_too_slow_writes_nothing_more() {
    let workshop = Workshop::open();
    let mut ports = ports(&workshop, 1);
    ports.records.expect_subject().returning(|_| Ok(Some(subject())));
    ports.records.expect_picture().returning(|_| Ok(None));
    ports.records.expect_read().returning(|_, _, _, _| Ok(page_of(1)));
    ports.exports.expect_keep().times(1).returning(|_| Ok(false));
    ports.exports.expect_settle().never();
    assert_eq!(
        block_on(service(&workshop, ports, 0).make_due()).unwrap(),
        ExportRound::Lost
    );
}

/// What is settled when reading fails in the attempt of this number.
fn settled_after(attempts: u32, subject: Result<Option<ExportSubject>, PortError>) -> (ExportRound, String) {
    let workshop = Workshop::open();
    let mut ports = ports(&workshop, attempts);
    ports.records.expect_subject().return_once(move |_| subject);
    let told = Arc::new(Mutex::new(String::new()));
    let seen = Arc::clone(&told);
    let now = workshop.now();
    ports
        .exports
        .expect_settle()
        .times(1)
        .returning(move |hold, settlement, _| {
            assert_eq!(hold.user, user());
            *seen.lock().unwrap() = match settlement {
                ExportSettlement::Ready { .. } => "ready".to_owned(),
                ExportSettlement::Retry { next_attempt, error } => {
                    assert!(*next_attempt > now);
                    format!("retry: {error}")
                }
                ExportSettlement::Failed { error, event } => {
                    assert_eq!(
                        (event.action, event.outcome),
                        (AuditAction::ExportMade, AuditOutcome::Failure)
                    );
                    format!("failed: {error}")
                }
            };
            Ok(true)
        });
    let round = block_on(service(&workshop, ports, 0).make_due()).unwrap();
    let told = told.lock().unwrap().clone();
    (round, told)
}

fn unavailable() -> Result<Option<ExportSubject>, PortError> {
    Err(PortError::unavailable("records.subject", "gone"))
}

#[test]
fn a_failure_is_tried_again_later_and_in_the_end_given_up() {
    let gone = "records.subject failed: gone";
    assert_eq!(
        settled_after(1, unavailable()),
        (ExportRound::Postponed, format!("retry: {gone}"))
    );
    let (round, told) = settled_after(ATTEMPTS, unavailable());
    assert_eq!((round, told), (ExportRound::Failed, format!("failed: {gone}")));
    let (round, told) = settled_after(1, Ok(None));
    assert_eq!(round, ExportRound::Failed);
    assert_eq!(told, "failed: there is no such person any more");
}

#[test]
fn a_copy_whose_makers_die_is_not_begun_for_ever() {
    let workshop = Workshop::open();
    let mut ports = ports(&workshop, ATTEMPTS + 1);
    ports.records.expect_subject().never();
    ports
        .exports
        .expect_settle()
        .times(1)
        .withf(|_, settlement, _| matches!(settlement, ExportSettlement::Failed { .. }))
        .returning(|_, _, _| Ok(true));
    assert_eq!(
        block_on(service(&workshop, ports, 0).make_due()).unwrap(),
        ExportRound::Failed
    );
}
