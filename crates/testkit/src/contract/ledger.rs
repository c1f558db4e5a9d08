//! What is written down, counted: how a promise says "and nothing else".

use std::collections::BTreeMap;

use async_trait::async_trait;

/// How many rows of which kind there are.
///
/// | kind | what is counted |
/// |---|---|
/// | `users`, `users verified` | people, and those with a verified address |
/// | `credentials`, `preferences`, `staff`, `tenants`, `members`, `sessions`, `devices`, `pictures` | rows of each |
/// | `tokens PURPOSE live`, `… used`, `… void` | tokens by purpose and state, in the words rows use |
/// | `undos live`, `… used`, `… void` | ways back by state |
/// | `factors pending`, `… live`, `… removed` | authenticator apps by state |
/// | `recovery codes good`, `… used`, `… replaced` | recovery codes by state |
/// | `invitations STATE` | invitations by what is stored to have become of them |
/// | `challenges` | sign-ins that wait for a second factor |
/// | `mails KIND queued`, `… sent`, `… discarded`, `… abandoned` | mails by kind and state |
/// | `events ACTION OUTCOME` | entries of the audit log |
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger(BTreeMap<String, i64>);

impl Ledger {
    /// What has changed since an earlier count, sorted by kind, as `sessions -2` or `events user.created success +1`.
    #[must_use]
    pub fn since(&self, earlier: &Self) -> Vec<String> {
        let kinds: std::collections::BTreeSet<&String> = self.0.keys().chain(earlier.0.keys()).collect();
        kinds
            .into_iter()
            .filter_map(|kind| match self.count(kind) - earlier.count(kind) {
                0 => None,
                difference => Some(format!("{kind} {difference:+}")),
            })
            .collect()
    }

    /// How many there are of a kind.
    #[must_use]
    pub fn count(&self, kind: &str) -> i64 {
        self.0.get(kind).copied().unwrap_or(0)
    }
}

impl FromIterator<(String, i64)> for Ledger {
    fn from_iter<I: IntoIterator<Item = (String, i64)>>(counts: I) -> Self {
        Self(counts.into_iter().collect())
    }
}

/// Looks at what the stores have written, past the ports, and changes what no port changes.
#[async_trait]
pub trait Witness: Send + Sync {
    /// Counts everything, of everybody.
    async fn ledger(&self) -> Ledger;

    /// Gives a person another address, as a flow of another port will one day.
    async fn move_to(&self, user: &rookery_core::domain::UserId, email: &str);

    /// Gives a person another picture, as another program does.
    async fn show(&self, user: &rookery_core::domain::UserId, picture: &str);

    /// Ends an account, as another program does.
    async fn end(&self, user: &rookery_core::domain::UserId, at: &rookery_core::domain::Timestamp);

    /// The addresses that tenants know of a person.
    async fn member_addresses(&self, user: &rookery_core::domain::UserId) -> Vec<String>;

    /// Makes somebody a member of a tenant, or a member again, as an invitation does in more steps.
    async fn join(
        &self,
        tenant: &rookery_core::domain::TenantId,
        user: &rookery_core::domain::UserId,
        roles: &[rookery_core::domain::Role],
        at: &rookery_core::domain::Timestamp,
    );

    /// Trusts a device to sign in without the second factor until then.
    async fn trust(&self, device: &rookery_core::domain::DeviceId, until: &rookery_core::domain::Timestamp);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_names_what_came_and_what_went() {
        let earlier: Ledger = [("sessions".to_owned(), 3), ("users".to_owned(), 1)]
            .into_iter()
            .collect();
        let later: Ledger = [
            ("sessions".to_owned(), 1),
            ("tenants".to_owned(), 1),
            ("users".to_owned(), 1),
        ]
        .into_iter()
        .collect();
        assert_eq!(later.since(&earlier), ["sessions -2", "tenants +1"]);
        assert!(later.since(&later).is_empty());
    }
}
