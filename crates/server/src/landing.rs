//! The pages mails lead to, so that a fresh server answers its own links.
//!
//! Opening one changes nothing: a mail scanner that follows a link uses up no token. Only the button does, by a script that
//! calls the same API as everybody else. Whoever has a dashboard that serves these paths switches the pages off.

use actix_web::web;

use crate::configuration::BrandName;
use crate::html::{asset, escaped, fill, method_not_allowed, page};

const PAGE: &str = include_str!("landing/page.html");
const SCRIPT: &str = include_str!("landing/page.js");
const STYLE: &str = include_str!("landing/page.css");

/// The paths, their titles, and what stands there.
const PAGES: &[(&str, &str, &str)] = &[
    ("/", "Your account", include_str!("landing/home.html")),
    (
        "/verify-email",
        "Confirm your email address",
        include_str!("landing/verify-email.html"),
    ),
    (
        "/reset-password",
        "Choose a new password",
        include_str!("landing/reset-password.html"),
    ),
    (
        "/confirm-email",
        "Confirm your new email address",
        include_str!("landing/confirm-email.html"),
    ),
    ("/unlock", "Lift the lock", include_str!("landing/unlock.html")),
    ("/undo", "It was not me", include_str!("landing/undo.html")),
    (
        "/forgot-password",
        "Forgot your password?",
        include_str!("landing/forgot-password.html"),
    ),
];

/// The pages of an installation.
#[derive(Clone, Debug)]
pub(crate) struct LandingPages {
    brand: BrandName,
    min_chars: usize,
}

impl LandingPages {
    /// Pages in the name of this product, for passwords of at least so many characters.
    #[must_use]
    pub(crate) const fn new(brand: BrandName, min_chars: usize) -> Self {
        Self { brand, min_chars }
    }

    /// Mounts the pages and what they are made of. All their links are relative, so they also work below a path.
    pub(crate) fn configure(&self, routes: &mut web::ServiceConfig) {
        for &(path, title, body) in PAGES {
            let html = web::Bytes::from(self.render(title, body));
            let answer = move || {
                let html = html.clone();
                async move { page(html) }
            };
            routes.service(
                web::resource(path)
                    .route(web::get().to(answer.clone()))
                    .route(web::head().to(answer))
                    .default_service(web::to(|| async { method_not_allowed() })),
            );
        }
        let script = || async { asset("text/javascript; charset=utf-8", SCRIPT) };
        let style = || async { asset("text/css; charset=utf-8", STYLE) };
        routes
            .route("/landing/page.js", web::get().to(script))
            .route("/landing/page.css", web::get().to(style));
    }

    fn render(&self, title: &str, body: &str) -> String {
        let brand = escaped(self.brand.as_str());
        let min = self.min_chars.to_string();
        let body = fill(body, &[("brand", &brand), ("min", &min)]);
        fill(PAGE, &[("brand", &brand), ("title", title), ("body", &body)])
    }
}
