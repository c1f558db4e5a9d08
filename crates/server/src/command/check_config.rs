//! `rookery check-config`: what is configured.

use clap::Args;
use serde_json::{Value, json};

use super::Failure;
use super::outcome::{print, print_json};
use crate::configuration::{Configuration, Effective};

/// Show every setting that holds and where it comes from, without secrets
///
/// Exits with 78 and names everything that is wrong when the configuration makes no sense. Connects to nothing and writes
/// nothing.
#[derive(Debug, Args)]
pub(super) struct CheckConfig {
    /// Answer in JSON
    #[arg(long)]
    json: bool,
}

impl CheckConfig {
    pub(super) fn run(self, configuration: &Configuration) -> Result<(), Failure> {
        if self.json {
            let settings: Vec<Value> = configuration.effective.iter().map(as_json).collect();
            return print_json(&json!({ "settings": settings, "notes": configuration.notes() }));
        }
        let width = |of: fn(&Effective) -> usize| configuration.effective.iter().map(of).max().unwrap_or(0);
        let keys = width(|effective| effective.setting.key.len());
        let variables = width(|effective| effective.setting.variable.len());
        for effective in &configuration.effective {
            let value = effective.value.text().unwrap_or("-");
            print(&format!(
                "{:keys$}  {:variables$}  {value}  ({})",
                effective.setting.key,
                effective.setting.variable,
                effective.value.source()
            ))?;
        }
        for note in configuration.notes() {
            print(&format!("note: {note}"))?;
        }
        Ok(())
    }
}

fn as_json(effective: &Effective) -> Value {
    json!({
        "key": effective.setting.key,
        "variable": effective.setting.variable,
        "value": effective.value.text(),
        "source": effective.value.source(),
    })
}
