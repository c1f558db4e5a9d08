//! In whose name the pages speak.

use rookery_domain::Colour;
use url::Url;

use crate::asset::Picture;

/// The product whose pages these are.
#[derive(Clone, Debug)]
pub struct Brand {
    /// What it is called.
    pub name: String,
    /// The colour of links and buttons in the light theme.
    pub primary: Colour,
    /// The same in the dark theme.
    pub primary_dark: Colour,
    /// Its sign; the first letter of its name if there is none.
    pub logo: Option<Logo>,
    /// Where people go on to who were on their way to nowhere else: the dashboard.
    pub home: Option<Url>,
    /// Where they find help: a page, or `mailto:` and an address.
    pub support: Option<Url>,
    /// What they agree to.
    pub terms: Option<Url>,
    /// What becomes of their data.
    pub privacy: Option<Url>,
}

/// The sign of a product.
#[derive(Clone, Debug)]
pub enum Logo {
    /// Served by us.
    Picture(Picture),
    /// Served from elsewhere, over https.
    Elsewhere(Url),
}
