//! The languages that come with the service.

macro_rules! languages {
    ($($tag:literal: $($name:literal)+;)+) => {
        [$(($tag, &[$(($name, include_str!(concat!("../locales/", $tag, "/", $name)))),+])),+]
    };
}

/// A file: its name and what stands in it.
type File = (&'static str, &'static str);

/// The files of each language, English first.
pub(crate) const LANGUAGES: &[(&str, &[File])] = &languages![
    "en": "language.toml" "frame.toml" "mail.toml" "pages.toml" "export.toml";
    "es": "language.toml" "frame.toml" "mail.toml" "pages.toml" "export.toml";
];
