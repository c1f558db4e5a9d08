//! The lower-case e-mail address of each person, by which a person is found.
//!
//! PostgreSQL does not use the index on `lower(email)` where row-level security applies, since `lower` is not leakproof:
//! every login would read all of `users` (366 ms at 100,000 of them). A table keeps the lower-case address beside it,
//! written by a trigger alone, so that it is right whoever writes `users`. SQLite needs only a view, which is read
//! through the index of `users`.

use crate::sql_migration::{Sql, SqlMigration};

pub(crate) const MIGRATION: SqlMigration = SqlMigration {
    name: "m0009_addresses",
    up: Sql::Each {
        postgres: "
            CREATE TABLE rookery_addresses (
                user_id uuid NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
                address text NOT NULL UNIQUE
            );
            INSERT INTO rookery_addresses (user_id, address) SELECT id, lower(email) FROM users;
            CREATE FUNCTION rookery_keep_address() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
            BEGIN
                INSERT INTO rookery_addresses (user_id, address) VALUES (NEW.id, lower(NEW.email))
                ON CONFLICT (user_id) DO UPDATE SET address = excluded.address;
                RETURN NULL;
            END $$;
            CREATE TRIGGER rookery_keep_address AFTER INSERT OR UPDATE OF email ON users
                FOR EACH ROW EXECUTE FUNCTION rookery_keep_address();",
        sqlite: "CREATE VIEW rookery_addresses AS SELECT id AS user_id, lower(email) AS address FROM users;",
    },
    down: Sql::Each {
        postgres: "
            DROP TRIGGER rookery_keep_address ON users;
            DROP FUNCTION rookery_keep_address();
            DROP TABLE rookery_addresses;",
        sqlite: "DROP VIEW rookery_addresses;",
    },
};
