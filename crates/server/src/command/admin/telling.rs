//! What is said of staff and accounts, to people and to programs.

use std::fmt::Write;

use chrono::SecondsFormat;
use rookery_core::ports::{Account, AccountFile, FoundTenant, RecordedEvent, StaffMember, TenantFile};
use rookery_core::{Intervened, Intervention};
use rookery_domain::{AuditOutcome, Role, Timestamp};
use serde_json::{Value, json};

use crate::command::Failure;
use crate::command::outcome::{print, print_json};

/// Says it in one of two ways.
pub(super) struct Telling {
    pub(super) as_json: bool,
}

impl Telling {
    fn tell(&self, value: &Value, text: &str) -> Result<(), Failure> {
        if self.as_json { print_json(value) } else { print(text) }
    }

    pub(super) fn granted(&self, member: &StaffMember) -> Result<(), Failure> {
        let text = format!(
            "{} is {} now. They get in with a verified address and a second factor.",
            member.email, member.role
        );
        self.tell(&staff(member), &text)
    }

    pub(super) fn revoked(&self, member: &StaffMember) -> Result<(), Failure> {
        let value = json!({ "id": member.user, "email": member.email.as_str(), "role": null });
        let text = format!("{} was {} and is no staff any more", member.email, member.role);
        self.tell(&value, &text)
    }

    pub(super) fn staff(&self, members: &[StaffMember]) -> Result<(), Failure> {
        let lines = members.iter().map(|member| {
            let since = time(member.since);
            format!(
                "{}  {:<8}  {since}  {}",
                member.user,
                member.role.as_str(),
                member.email
            )
        });
        let all: Vec<Value> = members.iter().map(staff).collect();
        self.tell(&json!(all), &listed(lines, "nobody"))
    }

    pub(super) fn accounts(&self, found: &[Account]) -> Result<(), Failure> {
        let lines = found.iter().map(|account| {
            let name = account.name.as_deref().unwrap_or("-");
            let state = if account.disabled.is_some() {
                "suspended"
            } else {
                "open"
            };
            format!("{}  {state:<9}  {}  {name}", account.user, account.email)
        });
        let all: Vec<Value> = found.iter().map(as_value).collect();
        self.tell(&json!(all), &listed(lines, "nobody"))
    }

    pub(super) fn file(&self, file: &AccountFile) -> Result<(), Failure> {
        let mut value = as_value(&file.account);
        value["staffRole"] = json!(file.staff.map(rookery_domain::StaffRole::as_str));
        value["authenticatorSince"] = json!(file.authenticator.map(time));
        value["recoveryCodes"] = json!(file.recovery_codes);
        value["lockedUntil"] = json!(file.locked_until.map(time));
        value["deletion"] = json!(file.deletion.as_ref().map(|deletion| {
            json!({ "requestedAt": time(deletion.requested), "scheduledFor": time(deletion.due) })
        }));
        value["hold"] = json!(
            file.hold
                .as_ref()
                .map(|hold| { json!({ "since": time(hold.since), "reason": hold.reason.as_str() }) })
        );
        let memberships = file.memberships.iter().map(|membership| {
            json!({
                "tenantId": membership.tenant.id,
                "name": membership.tenant.name,
                "roles": words(&membership.tenant.roles),
                "joinedAt": time(membership.joined),
            })
        });
        value["memberships"] = memberships.collect();
        let sessions = file.sessions.iter().map(|session| {
            json!({
                "id": session.id,
                "createdAt": time(session.created),
                "lastActiveAt": time(session.last_seen),
                "expiresAt": time(session.expires),
                "address": session.address,
                "userAgent": session.user_agent,
            })
        });
        value["sessions"] = sessions.collect();
        value["events"] = file.events.iter().map(happened).collect();
        self.tell(&value, &as_text(file))
    }

    pub(super) fn tenants(&self, found: &[FoundTenant]) -> Result<(), Failure> {
        let lines = found
            .iter()
            .map(|tenant| format!("{}  {:>5} members  {}", tenant.id, tenant.members, tenant.name));
        let all: Vec<Value> = found.iter().map(tenant_value).collect();
        self.tell(&json!(all), &listed(lines, "none"))
    }

    pub(super) fn tenant_file(&self, file: &TenantFile) -> Result<(), Failure> {
        let mut value = tenant_value(&file.tenant);
        let members = file.members.iter().map(|member| {
            json!({
                "id": member.user,
                "email": member.email.as_str(),
                "roles": words(&member.roles),
                "joinedAt": time(member.joined),
            })
        });
        value["members"] = members.collect();
        let tenant = &file.tenant;
        let mut text = format!(
            "id       {}\nname     {}\ncreated  {}\nmembers  {}",
            tenant.id,
            tenant.name,
            time(tenant.created),
            tenant.members
        );
        for member in &file.members {
            let roles = words(&member.roles).join(", ");
            // Writing to a text cannot fail.
            let _ = write!(text, "\n  {}  {}  {roles}", member.user, member.email);
        }
        self.tell(&value, &text)
    }

    pub(super) fn log(&self, events: &[RecordedEvent]) -> Result<(), Failure> {
        let lines = events.iter().map(|read| {
            let event = &read.event;
            let detail = |key| event.detail.as_ref().and_then(|detail| detail.get(key)?.as_str());
            let who = event.user.map(|user| user.to_string());
            let who = who.or_else(|| detail("operator").map(str::to_owned));
            let mut line = format!(
                "{}  {}  {}  {}",
                time(event.at),
                who.as_deref().unwrap_or("command line"),
                event.action.as_str(),
                event.target.as_deref().unwrap_or("-"),
            );
            if event.outcome == AuditOutcome::Failure {
                let _ = write!(line, "  refused ({})", detail("refused").unwrap_or("-"));
            }
            for said in [detail("query"), detail("reason")].into_iter().flatten() {
                let _ = write!(line, "  {said}");
            }
            line
        });
        let all: Vec<Value> = events.iter().map(happened).collect();
        self.tell(&json!(all), &listed(lines, "nothing"))
    }

    pub(super) fn done(&self, what: Intervention, done: &Intervened) -> Result<(), Failure> {
        let mut value = json!({ "id": done.user, "sessionsEnded": done.sessions });
        if let Some(receipt) = &done.receipt {
            value = json!({ "id": done.user, "receiptId": receipt.id, "erasedAt": time(receipt.erased) });
        }
        let text = match what {
            Intervention::Suspend => format!("suspended; {} sessions have ended", done.sessions),
            Intervention::Restore => "restored".to_owned(),
            Intervention::Hold => "on legal hold".to_owned(),
            Intervention::Release => "released".to_owned(),
            Intervention::Erase => "erased".to_owned(),
            Intervention::EndSessions => format!("{} sessions have ended", done.sessions),
            Intervention::SendPasswordReset | Intervention::SendVerification => {
                "queued; the server sends the mail".to_owned()
            }
        };
        self.tell(&value, &text)
    }
}

fn time(at: Timestamp) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

fn words(roles: &[Role]) -> Vec<&'static str> {
    roles.iter().map(|role| role.as_str()).collect()
}

fn listed(lines: impl Iterator<Item = String>, none: &str) -> String {
    let lines: Vec<String> = lines.collect();
    if lines.is_empty() {
        none.to_owned()
    } else {
        lines.join("\n")
    }
}

fn staff(member: &StaffMember) -> Value {
    json!({
        "id": member.user,
        "email": member.email.as_str(),
        "name": member.name,
        "role": member.role.as_str(),
        "since": time(member.since),
    })
}

fn as_value(account: &Account) -> Value {
    json!({
        "id": account.user,
        "email": account.email.as_str(),
        "name": account.name,
        "emailVerifiedAt": account.email_verified.map(time),
        "suspendedAt": account.disabled.map(time),
        "createdAt": time(account.created),
        "lastLoginAt": account.last_login.map(time),
    })
}

fn tenant_value(tenant: &FoundTenant) -> Value {
    json!({
        "id": tenant.id,
        "name": tenant.name,
        "createdAt": time(tenant.created),
        "memberCount": tenant.members,
    })
}

fn happened(read: &RecordedEvent) -> Value {
    let event = &read.event;
    json!({
        "id": event.id,
        "at": time(event.at),
        "action": event.action.as_str(),
        "what": event.action.sentence(event.outcome),
        "outcome": event.outcome.as_str(),
        "actor": event.actor.as_str(),
        "userId": event.user,
        "target": event.target,
        "sessionId": event.session,
        "address": event.caller.address,
        "userAgent": event.caller.user_agent,
        "requestId": event.caller.request_id,
        "detail": event.detail,
    })
}

fn as_text(file: &AccountFile) -> String {
    let account = &file.account;
    let or = |at: Option<Timestamp>, otherwise: &str| at.map_or_else(|| otherwise.to_owned(), time);
    let mut text = format!(
        "id             {}\nemail          {}\nname           {}\nverified       {}\nsuspended      {}\nlocked until   {}\n\
         staff          {}\nauthenticator  {}\nrecovery codes {}\ncreated        {}\nlast login     {}",
        account.user,
        account.email,
        account.name.as_deref().unwrap_or("-"),
        or(account.email_verified, "no"),
        or(account.disabled, "no"),
        or(file.locked_until, "-"),
        file.staff.map_or("no", rookery_domain::StaffRole::as_str),
        or(file.authenticator, "no"),
        file.recovery_codes,
        time(account.created),
        or(account.last_login, "never"),
    );
    // Writing to a text cannot fail.
    if let Some(deletion) = &file.deletion {
        let (asked, due) = (time(deletion.requested), time(deletion.due));
        let _ = write!(text, "\ndeletion       asked for {asked}, due {due}");
    }
    if let Some(hold) = &file.hold {
        let _ = write!(text, "\nlegal hold     {}  {}", time(hold.since), hold.reason);
    }
    for membership in &file.memberships {
        let roles = words(&membership.tenant.roles).join(", ");
        let _ = write!(
            text,
            "\ntenant         {}  {}  {roles}",
            membership.tenant.id, membership.tenant.name
        );
    }
    for session in &file.sessions {
        let address = session
            .address
            .map_or_else(|| "-".to_owned(), |address| address.to_string());
        let _ = write!(
            text,
            "\nsession        {}  last used {}  {address}",
            session.id,
            time(session.last_seen)
        );
    }
    for read in &file.events {
        let event = &read.event;
        let _ = write!(
            text,
            "\nevent          {}  {}",
            time(event.at),
            event.action.sentence(event.outcome)
        );
    }
    text
}
