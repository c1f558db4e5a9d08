//! What the pages need: the use cases behind them, and how they look and speak.

use std::sync::Arc;

use actix_web::web::Bytes;
use rookery_core::ports::KeyedDigest;
use rookery_door::{Origin, UseCases};
use rookery_words::Words;

use crate::brand::Brand;

/// Everything behind the pages.
#[derive(Clone)]
pub struct Pages {
    /// What the API has behind it, too.
    pub use_cases: UseCases,
    /// Makes the tokens of forms, under the installation's key.
    pub digest: Arc<dyn KeyedDigest>,
    /// What is said in every language.
    pub words: Arc<Words>,
    /// The settings.
    pub settings: PageSettings,
}

/// How the pages look, and where they lead.
#[derive(Clone, Debug)]
pub struct PageSettings {
    /// In whose name they speak.
    pub brand: Brand,
    /// A sheet of the operator's, which has the last word.
    pub stylesheet: Option<Bytes>,
    /// Origins a `redirect` may lead to, besides the pages' own.
    pub redirect_origins: Vec<Origin>,
    /// Whether the pages show the way to the development mailbox.
    pub has_mailbox: bool,
}
