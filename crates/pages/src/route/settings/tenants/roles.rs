//! Roles in words, and which of them somebody may give.

use minijinja::{Value, context};
use rookery_core::{Act, authorize_invitation, authorize_upon};
use rookery_domain::Role;

use crate::visitor::Visitor;

/// These roles as people read them, the mightiest first.
pub(super) fn told(visitor: &Visitor, roles: &[Role]) -> String {
    let theirs = Role::ALL.into_iter().filter(|role| roles.contains(role));
    let words: Vec<String> = theirs.map(|role| word(visitor, role)).collect();
    words.join(", ")
}

/// The roles that somebody with `mine` may give, each with what it is for, ticked where the member has it.
pub(super) fn choices(visitor: &Visitor, mine: &[Role], theirs: &[Role]) -> Vec<Value> {
    offered(visitor, theirs, |role| {
        authorize_upon(mine, Act::AssignRoles, &[role]).is_ok()
    })
}

/// The roles that somebody with `mine` may invite people to.
pub(super) fn invitable(visitor: &Visitor, mine: &[Role]) -> Vec<Value> {
    offered(visitor, &[Role::Member], |role| {
        authorize_invitation(mine, &[role]).is_ok()
    })
}

fn offered(visitor: &Visitor, ticked: &[Role], may: impl Fn(Role) -> bool) -> Vec<Value> {
    let offered = Role::ALL.into_iter().filter(|role| may(*role));
    offered
        .map(|role| {
            context! {
                value => role.as_str(),
                text => word(visitor, role),
                hint => visitor.say(&format!("role.{role}_hint"), &[]),
                checked => ticked.contains(&role),
            }
        })
        .collect()
}

fn word(visitor: &Visitor, role: Role) -> String {
    visitor.say(&format!("role.{role}"), &[])
}

#[cfg(test)]
mod tests {
    use rookery_words::Words;

    use super::*;

    #[test]
    fn every_role_has_words_for_people() {
        let words = Words::built_in().unwrap();
        for role in Role::ALL {
            assert!(
                words.has(&format!("role.{role}")) && words.has(&format!("role.{role}_hint")),
                "{role}"
            );
        }
    }
}
