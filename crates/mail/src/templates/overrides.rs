//! An operator's own templates.

use std::fs;
use std::path::{Path, PathBuf};

use rookery_core::LetterKind;

use super::TemplateError;
use super::built_in::TEMPLATES;

/// Every name that means something: the templates there are, and three for each kind of letter.
fn known() -> Vec<String> {
    let built_in = TEMPLATES.iter().map(|(name, _)| (*name).to_owned());
    let of_kinds = LetterKind::ALL
        .iter()
        .flat_map(|kind| ["subject.txt", "txt", "html"].map(|ending| format!("{}.{ending}", kind.as_str())));
    let mut known: Vec<String> = built_in.chain(of_kinds).collect();
    known.sort();
    known.dedup();
    known
}

/// The templates of a directory, each under the name of the one it replaces.
pub(super) fn read(directory: &Path) -> Result<Vec<(String, String)>, TemplateError> {
    let unreadable = |path: &Path| {
        let path = path.to_owned();
        move |source| TemplateError::Unreadable { path, source }
    };
    let known = known();
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
        if !known.contains(&name) {
            return Err(TemplateError::Unknown { path, known });
        }
        let source = fs::read_to_string(&path).map_err(unreadable(&path))?;
        templates.push((name, source));
    }
    Ok(templates)
}
