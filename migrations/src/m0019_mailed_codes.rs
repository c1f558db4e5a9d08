//! The code beside a mailed link: what is kept of it, under a key that is not here, and how often a wrong one was tried. NULL
//! where the mail holds none, as in those from before this.

use crate::sql_migration::{Sql, SqlMigration};

pub(crate) const MIGRATION: SqlMigration = SqlMigration {
    name: "m0019_mailed_codes",
    up: Sql::Both(
        "ALTER TABLE rookery_tokens ADD COLUMN code_digest {bytes};
        ALTER TABLE rookery_tokens ADD COLUMN code_attempts integer NOT NULL DEFAULT 0;",
    ),
    down: Sql::Both(
        "ALTER TABLE rookery_tokens DROP COLUMN code_attempts;
        ALTER TABLE rookery_tokens DROP COLUMN code_digest;",
    ),
};
