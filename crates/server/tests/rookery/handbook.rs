//! What is written for people about the whole: the settings there are, the paths a dashboard passes on, links that lead
//! somewhere.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use rookery_server::configuration::{Fallback, SETTINGS};
use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .unwrap()
}

fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn the_handbook_has_every_setting_with_its_key_and_its_default() {
    let handbook = read("docs/operations.md");
    let rows: Vec<Vec<&str>> = handbook
        .lines()
        .filter(|line| line.starts_with("| `ROOKERY_") || line.starts_with("| `DATABASE_URL`"))
        .map(|line| line.split('|').map(str::trim).collect())
        .collect();
    for setting in SETTINGS {
        let named = format!("`{}`", setting.variable);
        // A row of the table of secrets names a variable, too, and no key.
        let row = rows
            .iter()
            .find(|row| row[1] == named && row[2] == format!("`{}`", setting.key))
            .unwrap_or_else(|| panic!("{} ({}) is not in the table", setting.variable, setting.key));
        match setting.fallback {
            Fallback::Text("") | Fallback::Unset => {
                assert!(row[3].starts_with("none"), "{}: {}", setting.variable, row[3]);
            }
            Fallback::Text(text) => assert_eq!(row[3], format!("`{text}`"), "{}", setting.variable),
            Fallback::Derived(_) => assert!(!row[3].is_empty() && row[3] != "none", "{}", setting.variable),
        }
    }
    let settings = rows.iter().filter(|row| row[2].starts_with('`')).count();
    assert_eq!(settings, SETTINGS.len(), "and nothing else is in it");
}

#[test]
fn the_readme_names_no_setting_that_is_not_there() {
    let known: BTreeSet<&str> = SETTINGS.iter().map(|setting| setting.variable).collect();
    for line in read("README.md").lines().filter(|line| line.starts_with("| `")) {
        let names = line.split('|').nth(1).unwrap_or_default().split('`');
        for name in names.filter(|name| name.starts_with("ROOKERY_")) {
            assert!(known.contains(name), "{name}");
        }
    }
}

/// The paths the README has a Next.js dashboard pass on, with what stands for anything taken apart.
fn passed_on() -> Vec<String> {
    let readme = read("README.md");
    let sources = readme
        .lines()
        .filter_map(|line| line.trim().strip_prefix("{ source: '")?.split('\'').next())
        .flat_map(|source| match source.split_once("/:page(") {
            Some((before, choice)) => choice
                .trim_end_matches(')')
                .split('|')
                .map(|page| format!("{before}/{page}"))
                .collect(),
            None => vec![source.to_owned()],
        })
        .collect::<Vec<_>>();
    assert!(sources.len() > 10, "the README has its rewrites: {sources:?}");
    sources
}

fn is_passed_on(path: &str, sources: &[String]) -> bool {
    sources.iter().any(|source| match source.strip_suffix("/:path*") {
        Some(stem) => path == stem || path.starts_with(&format!("{stem}/")),
        None => path == source,
    })
}

#[test]
fn a_dashboard_that_passes_on_what_the_readme_says_reaches_every_page_and_every_route_for_people() {
    let sources = passed_on();
    for (page, _) in rookery_pages::pages().into_iter().filter(|(page, _)| *page != "/") {
        assert!(is_passed_on(page, &sources), "{page}");
    }
    let document: Value = serde_json::from_str(&rookery_api::openapi_json()).unwrap();
    let for_others = ["/api/admin/", "/api/docs", "/api/health", "/api/openapi.json"];
    for route in document["paths"].as_object().unwrap().keys() {
        let is_for_others = for_others.iter().any(|other| route.starts_with(other));
        assert!(is_for_others || is_passed_on(route, &sources), "{route}");
    }
}

#[test]
fn every_page_is_in_the_page_about_pages() {
    let told = read("docs/pages.md");
    // What lies below a member is told beside the list of them.
    let pages = rookery_pages::pages()
        .into_iter()
        .filter(|(page, kind)| *kind != rookery_pages::Kind::Way && !page.contains("{userId}"));
    for (page, _) in pages {
        assert!(
            told.contains(&format!("`{}`", page.replace("{tenantId}", "{id}"))),
            "{page}"
        );
    }
}

fn documents() -> Vec<PathBuf> {
    let mut found = vec![root().join("README.md")];
    for folder in ["docs", "docs/decisions"] {
        let entries = fs::read_dir(root().join(folder)).unwrap();
        let paths = entries.map(|entry| entry.unwrap().path());
        found.extend(paths.filter(|path| path.extension().is_some_and(|extension| extension == "md")));
    }
    assert!(found.len() > 30, "{found:?}");
    found
}

/// What stands in the round brackets of links and pictures.
fn links(text: &str) -> impl Iterator<Item = &str> {
    text.split("](").skip(1).filter_map(|rest| rest.split(')').next())
}

/// The name a heading has in a link: as GitHub makes it.
fn anchor(heading: &str) -> String {
    let kept = heading.trim_start_matches('#').trim().to_lowercase();
    kept.chars()
        .filter(|letter| letter.is_alphanumeric() || " -_".contains(*letter))
        .map(|letter| if letter == ' ' { '-' } else { letter })
        .collect()
}

#[test]
fn every_link_of_the_documents_leads_somewhere() {
    for document in documents() {
        let text = read(&document);
        for link in links(&text).filter(|link| !link.contains("://")) {
            let (path, wanted) = link
                .split_once('#')
                .map_or((link, None), |(path, name)| (path, Some(name)));
            let target = if path.is_empty() {
                document.clone()
            } else {
                document.parent().unwrap().join(path)
            };
            assert!(target.exists(), "{} leads to {link}", document.display());
            if let Some(wanted) = wanted {
                let headings = read(&target);
                let mut anchors = headings.lines().filter(|line| line.starts_with('#')).map(anchor);
                assert!(
                    anchors.any(|anchor| anchor == wanted),
                    "{} leads to {link}",
                    document.display()
                );
            }
        }
    }
}
