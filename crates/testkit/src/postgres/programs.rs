//! PostgreSQL's own programs: where they are and how they are run.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// The folder with `initdb`, `pg_ctl` and `psql`: the newest version below `/usr/lib/postgresql`, where Debian keeps
/// them out of PATH, or else the one in PATH.
pub(super) fn folder() -> Option<PathBuf> {
    let version = |path: &PathBuf| {
        path.parent()?
            .file_name()?
            .to_str()?
            .split('.')
            .next()?
            .parse::<u32>()
            .ok()
    };
    let debian = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path().join("bin"))
        .filter(|folder| has_server(folder))
        .max_by_key(version);
    debian.or_else(|| {
        let path = std::env::var_os("PATH")?;
        std::env::split_paths(&path).find(|folder| has_server(folder))
    })
}

fn has_server(folder: &Path) -> bool {
    ["initdb", "pg_ctl", "postgres"]
        .iter()
        .all(|program| folder.join(program).is_file())
}

/// A command run by somebody PostgreSQL agrees to run as: it refuses to run as root, who hands it to its own user.
pub(super) fn as_postgres(program: &str) -> Command {
    let root = Command::new("id")
        .arg("-u")
        .output()
        .is_ok_and(|output| output.stdout.trim_ascii() == b"0");
    let mut command = if root {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--", program]);
        command
    } else {
        Command::new(program)
    };
    // Whoever calls may stand in a folder that PostgreSQL's user must not see.
    command.current_dir("/");
    command
}

/// Runs each statement on its own, in order, as the superuser.
pub(super) fn psql(url: &str, statements: &[&str]) -> Result<(), String> {
    let program = folder().map(|folder| folder.join("psql")).filter(|psql| psql.is_file());
    let mut command = Command::new(program.unwrap_or_else(|| PathBuf::from("psql")));
    command.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", url]);
    for statement in statements {
        command.args(["-c", statement]);
    }
    let output = command
        .env("PGCONNECT_TIMEOUT", "10")
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("psql does not run ({error}): scripts/test installs PostgreSQL"))?;
    if output.status.success() {
        Ok(())
    } else {
        Err(format!("psql: {}", String::from_utf8_lossy(&output.stderr).trim()))
    }
}
