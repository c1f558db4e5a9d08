//! In whose name the service speaks.

use std::fs;

use rookery_domain::Colour;
use rookery_pages::{Logo, Picture};
use url::Url;

use super::parse::{Demand, path};
use super::reader::{Noted, Reader};

/// Longer names do not fit into a subject line.
const LONGEST: usize = 80;
/// A sign that is larger would make the pages slow.
const LARGEST_LOGO: usize = 100 * 1024;

/// The product in whose name mails and pages speak.
#[derive(Clone, Debug)]
pub struct Brand {
    /// What it is called.
    pub name: BrandName,
    /// Where people find help: an address or a page. Said in every mail if there is such a place.
    pub support: Option<String>,
    /// The colour of links and buttons, on light grounds.
    pub primary: Colour,
    /// The same on dark grounds.
    pub primary_dark: Colour,
    /// Its sign.
    pub logo: Option<Logo>,
    /// Where people go on to from the account pages: the dashboard.
    pub home: Option<Url>,
    /// What people agree to.
    pub terms: Option<Url>,
    /// What becomes of people's data.
    pub privacy: Option<Url>,
}

/// The name of the product: 1 to 80 characters on one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrandName(String);

impl Brand {
    pub(super) fn read(reader: &mut Reader) -> Result<Self, Noted> {
        let name = reader.value("brand.name", |text| line(text).map(BrandName));
        let support = reader.optional("brand.support", line);
        let primary = reader.value("brand.primary_color", light_color);
        let primary_dark = match primary {
            Ok(primary) => dark_color(reader, primary),
            Err(noted) => Err(noted),
        };
        let logo = reader.optional("brand.logo", logo);
        let home = reader.optional("brand.home", page);
        let terms = reader.optional("brand.terms", page);
        let privacy = reader.optional("brand.privacy", page);
        Ok(Self {
            name: name?,
            support: support?,
            primary: primary?,
            primary_dark: primary_dark?,
            logo: logo?,
            home: home?,
            terms: terms?,
            privacy: privacy?,
        })
    }

    /// Where people find help, as a link: a page, or an address to write to. What is neither is said and leads nowhere.
    #[must_use]
    pub fn support_link(&self) -> Option<Url> {
        let support = self.support.as_deref()?;
        page(support).ok().or_else(|| {
            let is_address = rookery_domain::EmailAddress::parse(support).is_ok();
            is_address.then(|| Url::parse(&format!("mailto:{support}")).ok())?
        })
    }
}

impl BrandName {
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for BrandName {
    fn default() -> Self {
        Self("Rookery".to_owned())
    }
}

fn line(text: &str) -> Result<String, Demand> {
    if text.is_empty() || text.chars().count() > LONGEST || text.chars().any(char::is_control) {
        return Err(format!("be 1 to {LONGEST} characters on one line"));
    }
    Ok(text.to_owned())
}

fn color(text: &str) -> Result<Colour, Demand> {
    text.parse()
        .map_err(|_| "be a colour of # and six hexadecimal digits such as #0369a1".to_owned())
}

fn light_color(text: &str) -> Result<Colour, Demand> {
    let color = color(text)?;
    if color.is_legible_in_light() {
        return Ok(color);
    }
    Err(format!(
        "be dark enough to be read on white and to be written on in white, with a contrast of at least 4.5 to 1: \
         it has {:.1} on white and {:.1} on a grey field",
        color.contrast(Colour::WHITE),
        color.contrast(Colour::LIGHT_GROUND)
    ))
}

fn dark_color(reader: &mut Reader, primary: Colour) -> Result<Colour, Noted> {
    let given = reader.optional("brand.primary_color_dark", |text| {
        let color = color(text)?;
        if color.is_legible_in_dark() {
            return Ok(color);
        }
        Err(format!(
            "be light enough to be read on dark grounds and to be written on in dark, with a contrast of at least 4.5 to 1: \
             it has {:.1} on the ground and {:.1} under text",
            color.contrast(Colour::DARK_GROUND),
            color.contrast(Colour::INK)
        ))
    })?;
    Ok(given.unwrap_or_else(|| {
        let shade = primary.for_dark();
        reader.derive("brand.primary_color_dark", &shade);
        shade
    }))
}

fn logo(text: &str) -> Result<Logo, Demand> {
    if text.contains("://") {
        let url = Url::parse(text).ok().filter(|url| url.scheme() == "https");
        return url
            .map(Logo::Elsewhere)
            .ok_or_else(|| "be a file, or an https URL".to_owned());
    }
    let bytes = fs::read(path(text)?).map_err(|error| format!("be a file that can be read ({error})"))?;
    if bytes.len() > LARGEST_LOGO {
        return Err(format!("be a file of at most {} KiB", LARGEST_LOGO / 1024));
    }
    Picture::of(bytes)
        .map(Logo::Picture)
        .map_err(|_| "be an SVG, PNG, JPEG or WebP picture".to_owned())
}

fn page(text: &str) -> Result<Url, Demand> {
    Url::parse(text)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
        .ok_or_else(|| "be the URL of a page such as https://app.example.com".to_owned())
}
