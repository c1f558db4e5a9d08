//! The throw-away databases keep what they promise.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::{
    io::{BufRead, BufReader},
    net::TcpStream,
    path::PathBuf,
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use rookery_testkit::{
    postgres::{PostgresDatabase, PostgresServer},
    sqlite::SqliteFile,
};

fn psql(url: &str, sql: &str) -> Result<String, String> {
    let output = Command::new("psql")
        .args(["-X", "-q", "-t", "-A", "-d", url, "-c", sql])
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    if output.status.success() {
        Ok(text(&output.stdout))
    } else {
        Err(text(&output.stderr))
    }
}

#[test]
fn each_database_is_empty_and_its_roles_are_bound_by_row_level_security() {
    let server = PostgresServer::shared();
    let (one, other) = (server.database(), server.database());
    psql(one.owner_url(), "CREATE TABLE mine ()").unwrap();
    let tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'";
    assert_eq!(psql(other.url(), tables).unwrap(), "0");
    let role = "SELECT rolsuper, rolbypassrls, rolcreaterole, rolname FROM pg_roles WHERE rolname = current_user";
    for (url, name) in [(one.url(), one.name()), (one.owner_url(), &one.owner())] {
        assert_eq!(psql(url, role).unwrap(), format!("f|f|f|{name}"));
    }
    assert_eq!(
        psql(
            one.superuser_url(),
            "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"
        )
        .unwrap(),
        "t"
    );
}

#[test]
fn the_service_s_role_may_connect_to_its_database_and_nothing_else() {
    let server = PostgresServer::shared();
    let (one, other) = (server.database(), server.database());
    psql(one.owner_url(), "CREATE TABLE kept (n int)").unwrap();
    for refused in [
        "SELECT n FROM kept",
        "CREATE TABLE mine ()",
        "CREATE TEMPORARY TABLE mine ()",
        "CREATE SCHEMA mine",
    ] {
        let refusal = psql(one.url(), refused).unwrap_err();
        assert!(refusal.contains("permission denied"), "{refused}: {refusal}");
    }
    let (address, _) = one.url().rsplit_once('/').unwrap();
    let refusal = psql(&format!("{address}/{}", other.name()), "SELECT 1").unwrap_err();
    assert!(refusal.contains("permission denied"), "{refusal}");
}

#[test]
fn a_dropped_database_is_gone_and_its_roles_with_it() {
    let server = PostgresServer::shared();
    let database = server.database();
    let name = database.name().to_owned();
    drop(database);
    let left = format!(
        "SELECT (SELECT count(*) FROM pg_database WHERE datname = '{name}')
              + (SELECT count(*) FROM pg_roles WHERE rolname LIKE '{name}%')"
    );
    assert_eq!(psql(server.superuser_url(), &left).unwrap(), "0");
}

#[test]
fn a_private_server_keeps_what_it_acknowledged_through_a_crash_and_a_stop() {
    let server = PostgresServer::private();
    let database: PostgresDatabase = server.database();
    assert_eq!(psql(database.url(), "SHOW fsync").unwrap(), "on");
    psql(database.owner_url(), "CREATE TABLE kept AS SELECT 1 AS n").unwrap();

    server.kill_immediately();
    psql(database.owner_url(), "SELECT n FROM kept").unwrap_err();
    server.start_again();
    assert_eq!(psql(database.owner_url(), "SELECT n FROM kept").unwrap(), "1");

    server.stop();
    psql(database.owner_url(), "SELECT n FROM kept").unwrap_err();
    server.start_again();
    assert_eq!(psql(database.owner_url(), "SELECT n FROM kept").unwrap(), "1");

    let url = database.url().to_owned();
    drop(database);
    drop(server);
    psql(&url, "SELECT 1").unwrap_err();
}

#[test]
#[should_panic(expected = "shared")]
fn the_shared_server_cannot_be_stopped() {
    PostgresServer::shared().stop();
}

const PLAYED_BY_A_CHILD: &str = "ROOKERY_TESTKIT_CHILD";

/// Not a test of its own: what the process killed below does.
#[test]
fn a_process_that_starts_a_server_and_waits_to_be_killed() {
    if std::env::var_os(PLAYED_BY_A_CHILD).is_some() {
        let server = PostgresServer::private();
        println!("\nserver {}", server.superuser_url());
        thread::sleep(Duration::from_mins(1));
    }
}

#[test]
fn a_server_dies_with_a_process_that_is_killed() {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "--nocapture",
            "a_process_that_starts_a_server_and_waits_to_be_killed",
        ])
        .env(PLAYED_BY_A_CHILD, "1")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let url = lines
        .map(Result::unwrap)
        .find_map(|line| line.strip_prefix("server ").map(str::to_owned))
        .unwrap();
    let address = url
        .trim_start_matches("postgres://postgres@")
        .trim_end_matches("/postgres")
        .to_owned();
    let data = PathBuf::from(psql(&url, "SHOW data_directory").unwrap());
    assert!(TcpStream::connect(&address).is_ok() && data.exists());

    child.kill().unwrap();
    child.wait().unwrap();
    let gone = || TcpStream::connect(&address).is_err() && !data.parent().unwrap().exists();
    let within_ten_seconds = (0..100).any(|_| {
        thread::sleep(Duration::from_millis(100));
        gone()
    });
    assert!(within_ten_seconds, "{address} or {} is still there", data.display());
}

#[test]
fn a_sqlite_file_does_not_exist_before_and_its_folder_not_after() {
    let file = SqliteFile::new();
    assert!(!file.path().exists() && file.folder().is_dir());
    assert_eq!(file.url(), format!("sqlite://{}?mode=rwc", file.path().display()));
    std::fs::write(file.path(), "").unwrap();
    let folder = file.folder().to_owned();
    drop(file);
    assert!(!folder.exists());
}
