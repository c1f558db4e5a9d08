//! An operator's own templates.

use std::fs;
use std::path::{Path, PathBuf};

use super::TemplateError;
use super::built_in::TEMPLATES;

/// The templates of a directory, each under the name of the one it replaces.
pub(super) fn read(directory: &Path) -> Result<Vec<(&'static str, String)>, TemplateError> {
    let unreadable = |path: &Path| {
        let path = path.to_owned();
        move |source| TemplateError::Unreadable { path, source }
    };
    let mut templates = Vec::new();
    for entry in fs::read_dir(directory).map_err(unreadable(directory))? {
        let path: PathBuf = entry.map_err(unreadable(directory))?.path();
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        if name.starts_with('.') || path.is_dir() {
            continue;
        }
        let Some(&(known, _)) = TEMPLATES.iter().find(|(known, _)| *known == name) else {
            return Err(TemplateError::Unknown {
                path,
                known: TEMPLATES.iter().map(|(known, _)| *known).collect(),
            });
        };
        templates.push((known, fs::read_to_string(&path).map_err(unreadable(&path))?));
    }
    Ok(templates)
}
