//! The table of limits, for people.

use std::fmt::Write;

use chrono::Duration;

use super::{Limit, LimitProfile, Rule};

/// The page of the documentation with every limit of every profile, in Markdown.
#[must_use]
pub fn limits_page() -> String {
    let mut page = String::from(
        "# What is limited\n\n\
         Made by `cargo run -p rookery-core --example limits > docs/limits.md` from the one table in the code; a test compares \
         the two.\n`ROOKERY_RATE_LIMITS` names the column; `off` limits nothing.\n\n\
         | limit | what is counted | `relaxed` | `default` | `strict` |\n|---|---|---|---|---|\n",
    );
    for limit in Limit::ALL {
        let allows = |profile| limit.rule(profile).map_or_else(String::new, words);
        // Writing to a text cannot fail.
        let _ = writeln!(
            page,
            "| `{}` | {} | {} | {} | {} |",
            limit.name(),
            counted(*limit),
            allows(LimitProfile::Relaxed),
            allows(LimitProfile::Default),
            allows(LimitProfile::Strict)
        );
    }
    page.push_str(
        "\nA window begins with the first attempt and ends as long after it as the table says. Attempts are counted before the \
         work they ask\nfor, in the database and so for all nodes together; requests with `reads`, `anonymous` and `picture-reads` \
         are taken in lots of 50,\nwhich a node then serves by itself, so a read costs no write. A right password takes back what was \
         counted.\n\n\
         A browser that somebody has signed in with is known by the cookie `__Host-did` (`did` on http) for a year. Attempts \
         from it count\nagainst it alone, and its passwords are hashed before strangers': nobody else can lock it out. A \
         locked address is locked for the\nother browsers, whether or not it belongs to anybody; its owner gets a mail whose \
         link lifts the lock, and so does a reset.\n\n\
         When the counters cannot be reached, whatever guards a secret is refused with a 503, and reads go on.\n",
    );
    page
}

fn counted(limit: Limit) -> &'static str {
    match limit {
        Limit::LogInNetwork => "failed sign-ins on unknown devices, by network",
        Limit::LogInAddress => "failed sign-ins on unknown devices, by the address they try",
        Limit::LogInDevice => "failed sign-ins on a known device, by device",
        Limit::SignUpNetwork => "sign-ups, by network",
        Limit::MailAddress => "mails strangers ask for, by the address they go to; dropped, and still a 200",
        Limit::MailNetwork => "requests for such mails, by network",
        Limit::CurrentPassword => "wrong current passwords and other wrong proofs of a signed-in person, by person",
        Limit::CurrentPasswordInARow => "the same in a row, by session; the last one ends it",
        Limit::SecondFactorUser => "wrong second factors, by person",
        Limit::ResetTokenNetwork => "mailed tokens shown, by network",
        Limit::TenantsUser => "tenants made, by person",
        Limit::InvitationsUser => "invitations mailed, by person who invites",
        Limit::InvitationsTenant => "invitations mailed, by tenant",
        Limit::InvitationsAddress => "invitations mailed, by the address they go to",
        Limit::StaffLooksUser => "looks of staff at the accounts of others, by who looks",
        Limit::StaffChangesUser => "changes by staff to the accounts of others, by who makes them",
        Limit::MailedCodeAddress => {
            "wrong codes out of mails, by the address they are said to come from; the links still work"
        }
        Limit::PictureUser => "pictures sent, by person",
        Limit::ReadsUser => "requests with a session, by person",
        Limit::AnonymousNetwork => "requests without a live session, by network",
        Limit::PictureReadsNetwork => "pictures looked at, by network",
    }
}

fn words(rule: Rule) -> String {
    let allowed = format!("{} in {}", rule.quota, span(rule.window));
    rule.lock.map_or_else(
        || allowed.clone(),
        |lock| format!("{allowed}, then locked for {}", span(lock)),
    )
}

fn span(duration: Duration) -> String {
    let minutes = duration.num_minutes();
    match minutes {
        1 => "a minute".to_owned(),
        60 => "an hour".to_owned(),
        1440 => "a day".to_owned(),
        minutes if minutes % (24 * 60) == 0 => format!("{} days", minutes / (24 * 60)),
        minutes => format!("{minutes} minutes"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documentation_says_the_same() {
        let committed = include_str!("../../../../docs/limits.md");
        assert_eq!(committed, limits_page(), "make it anew as its second line says");
    }
}
