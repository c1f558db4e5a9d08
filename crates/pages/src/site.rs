//! What every page is made with, once for all of them.

use std::sync::Arc;

use actix_web::http::header::HeaderValue;
use minijinja::{Environment, Value, context};
use rookery_core::ports::{Entropy, KeyedDigest};
use rookery_door::Origin;
use rookery_words::Words;
use thiserror::Error;
use url::Url;

use crate::asset::Asset;
use crate::brand::{Brand, Logo};
use crate::destination::Destinations;
use crate::settings::Pages;
use crate::templates::templates;

const STYLE: &str = include_str!("../assets/app.css");
const SCRIPT: &str = include_str!("../assets/page.js");
const ICON: &str = include_str!("../assets/icon.svg");

/// Why there can be no pages: a mistake of ours in a template, which a test meets first.
#[derive(Debug, Error)]
#[error("the templates of the pages are broken")]
pub struct BrokenTemplates(#[from] minijinja::Error);

/// What pages are made with.
pub(crate) struct Site {
    pub(crate) words: Arc<Words>,
    pub(crate) templates: Environment<'static>,
    pub(crate) digest: Arc<dyn KeyedDigest>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) destinations: Destinations,
    /// The path of the public URL, which stands before every path a browser is told.
    pub(crate) base: String,
    /// Where somebody goes on to who was on the way to nowhere else.
    pub(crate) home: Option<Url>,
    pub(crate) policy: HeaderValue,
    /// What the frame of every page is told, whoever looks at it.
    pub(crate) frame: Value,
    assets: Vec<Asset>,
}

impl Site {
    pub(crate) fn new(pages: &Pages) -> Result<Self, BrokenTemplates> {
        let settings = &pages.settings;
        let public_url = &pages.use_cases.settings.public_url;
        let base = public_url.path().trim_end_matches('/').to_owned();
        let destinations = Destinations::new(public_url.clone(), &settings.redirect_origins);
        let style = Asset::sheet("app", STYLE);
        let script = Asset::new("page", "js", "text/javascript; charset=utf-8", SCRIPT);
        let icon = Asset::new("icon", "svg", "image/svg+xml", ICON);
        let colors = Asset::sheet("brand", colors(&settings.brand));
        let own = settings.stylesheet.clone().map(|sheet| Asset::sheet("own", sheet));
        let logo = match &settings.brand.logo {
            Some(Logo::Picture(picture)) => Some(Asset::picture("logo", picture)),
            Some(Logo::Elsewhere(_)) | None => None,
        };
        let address = |asset: &Asset| format!("{base}{}", asset.path());
        let frame = context! {
            base => &base,
            brand => brand(&settings.brand, logo.as_ref().map(address)),
            assets => context! {
                style => address(&style),
                script => address(&script),
                icon => address(&icon),
                brand => address(&colors),
                own => own.as_ref().map(address),
            },
            languages => languages(&pages.words),
            development => settings.has_mailbox,
        };
        Ok(Self {
            templates: templates(Arc::clone(&pages.words))?,
            words: Arc::clone(&pages.words),
            digest: Arc::clone(&pages.digest),
            entropy: Arc::clone(&pages.use_cases.entropy),
            policy: policy(&destinations, &settings.brand),
            home: settings.brand.home.clone(),
            assets: [style, script, icon, colors]
                .into_iter()
                .chain(own)
                .chain(logo)
                .collect(),
            destinations,
            base,
            frame,
        })
    }

    /// What is served under this path.
    pub(crate) fn asset(&self, path: &str) -> Option<&Asset> {
        self.assets.iter().find(|asset| asset.path() == path)
    }
}

/// What a page may do: show and run what we serve, send its forms to us and be sent on from there to where a `redirect` may
/// lead. Nothing inline, nothing framed.
fn policy(destinations: &Destinations, brand: &Brand) -> HeaderValue {
    let home = brand.home.as_ref().and_then(|url| Origin::of(url).ok());
    let mut onwards: Vec<&str> = destinations.origins().iter().chain(&home).map(Origin::as_str).collect();
    onwards.insert(0, "'self'");
    onwards.dedup();
    let onwards = onwards.join(" ");
    let pictures = match &brand.logo {
        Some(Logo::Elsewhere(url)) => format!(" {}", url.origin().ascii_serialization()),
        Some(Logo::Picture(_)) | None => String::new(),
    };
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:{pictures}; font-src 'none'; \
         connect-src 'self'; form-action {onwards}; base-uri 'none'; frame-ancestors 'none'"
    );
    HeaderValue::try_from(policy).unwrap_or_else(|_| HeaderValue::from_static("default-src 'none'"))
}

fn brand(brand: &Brand, logo: Option<String>) -> Value {
    let logo = logo.or_else(|| match &brand.logo {
        Some(Logo::Elsewhere(url)) => Some(url.to_string()),
        Some(Logo::Picture(_)) | None => None,
    });
    context! {
        name => &brand.name,
        logo,
        home => brand.home.as_ref().map(Url::as_str),
        support => brand.support.as_ref().map(Url::as_str),
        terms => brand.terms.as_ref().map(Url::as_str),
        privacy => brand.privacy.as_ref().map(Url::as_str),
    }
}

/// The one sheet that knows the brand.
fn colors(brand: &Brand) -> String {
    format!(
        ":root {{ --brand-light: {}; --brand-dark: {}; }}\n",
        brand.primary, brand.primary_dark
    )
}

fn languages(words: &Words) -> Vec<Value> {
    words
        .languages()
        .map(|language| context! { tag => language.as_str(), name => words.name(language) })
        .collect()
}
