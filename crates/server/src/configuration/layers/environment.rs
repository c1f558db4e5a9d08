//! Environment variables.

use std::ffi::OsString;

use config::{Map, Value};

use super::guess::did_you_mean;
use super::{ENVIRONMENT, FILE_VARIABLE, PREFIX, text_from};
use crate::configuration::problems::{Problem, Problems};
use crate::configuration::settings::by_variable;

/// Variables that start so belong to the tests of this project, and the server passes over them.
const TEST_PREFIX: &str = "ROOKERY_TEST_";

/// What the environment says; what is unknown is noted. An empty variable is as good as none.
pub(super) fn read(variables: &[(OsString, OsString)], problems: &mut Problems) -> Map<String, Value> {
    let mut values = Map::new();
    let mut unknown = Vec::new();
    for (name, value) in variables {
        let Some(name) = name.to_str() else { continue };
        match by_variable(name) {
            Some(setting) => match value.to_str() {
                Some("") => {}
                Some(text) => drop(values.insert(setting.key.to_owned(), text_from(ENVIRONMENT, text))),
                None => problems.note(Problem::general(format!("{name} is not UTF-8"))),
            },
            None if name.starts_with(PREFIX) && !name.starts_with(TEST_PREFIX) && name != FILE_VARIABLE => {
                unknown.push(name);
            }
            None => {}
        }
    }
    unknown.sort_unstable();
    for name in unknown {
        let guess = did_you_mean(name, |setting| setting.variable);
        problems.note(Problem::general(format!("unknown environment variable {name}{guess}")));
    }
    values
}
