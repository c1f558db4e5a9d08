//! A question before something that cannot be taken back: a page with one button, which needs no script.

use minijinja::context;
use rookery_door::Answer;
use rookery_words::Argument;

use super::insider::Insider;
use crate::filled::Filled;

/// What is asked.
pub(super) struct Question<'a> {
    /// The table of its words: `title`, `question` and `yes`.
    pub(super) words: &'static str,
    /// Which tab of the tenant it stands under.
    pub(super) open: &'static str,
    /// Whom it is about, if not the one who is asked.
    pub(super) member: &'a str,
    /// Where `no` leads, below the tenant's own path.
    pub(super) back: &'a str,
}

impl Question<'_> {
    /// The page; the answer is sent to where it was asked.
    pub(super) fn page(&self, insider: &Insider, filled: Filled) -> Answer {
        let names = [
            ("tenant", Argument::from(insider.membership.tenant.name.as_str())),
            ("member", Argument::from(self.member)),
        ];
        let say = |word: &str| insider.visitor.say(&format!("{}.{word}", self.words), &names);
        let facts = context! {
            title => say("title"),
            question => say("question"),
            yes => say("yes"),
            back => insider.path(self.back),
        };
        insider
            .page("settings/tenants/confirmation.html", self.open, facts)
            .filled(filled)
            .answer()
    }
}
