//! What is not wrong, and worth knowing.

use super::*;

fn is_noted(configuration: Result<Configuration, Problems>, words: &str) -> bool {
    configuration.unwrap().notes().iter().any(|note| note.contains(words))
}

#[test]
fn a_developer_with_nothing_set_has_nothing_to_note() {
    assert_eq!(with(&[]).unwrap().notes(), [""; 0]);
}

#[test]
fn a_mailbox_page_that_other_machines_reach_is_worth_a_note() {
    let mailbox = "the mailbox page";
    for here in ["127.0.0.1:8080", "[::1]:8080"] {
        assert!(!is_noted(with(&[("ROOKERY_LISTEN", here)]), mailbox), "{here}");
    }
    for elsewhere in ["0.0.0.0:8080", "[::]:8080", "192.0.2.1:8080"] {
        assert!(is_noted(with(&[("ROOKERY_LISTEN", elsewhere)]), mailbox), "{elsewhere}");
    }
    let sent = [
        ("ROOKERY_LISTEN", "0.0.0.0:8080"),
        ("ROOKERY_SMTP_URL", "smtp://127.0.0.1:2525"),
    ];
    assert!(!is_noted(with(&sent), mailbox));
}

#[test]
fn a_database_on_another_machine_that_need_not_be_spoken_to_in_tls_is_worth_a_note() {
    let readable = "need not be encrypted";
    for fine in [
        "postgres://rookery:secret@127.0.0.1/rookery",
        "postgres://rookery:secret@[::1]:5432/rookery",
        "postgres://rookery:secret@localhost:5432/rookery?sslmode=disable",
        "postgres://rookery:secret@%2Fvar%2Frun%2Fpostgresql/rookery",
        "postgres:///rookery?host=/var/run/postgresql",
        "postgres://rookery:secret@db.internal/rookery?sslmode=require",
        "postgresql://rookery:secret@10.0.0.5/rookery?application_name=x&sslmode=verify-full",
        "sqlite://rookery.db?mode=rwc",
    ] {
        assert!(!is_noted(with(&[("DATABASE_URL", fine)]), readable), "{fine}");
    }
    for open in [
        "postgres://rookery:secret@db.internal/rookery",
        "postgres://rookery:secret@10.0.0.5:5432/rookery?sslmode=prefer",
        "postgres://rookery:secret@[2001:db8::5]/rookery?sslmode=disable",
    ] {
        assert!(is_noted(with(&[("DATABASE_URL", open)]), readable), "{open}");
    }
}
