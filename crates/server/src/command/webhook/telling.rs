//! What is said of webhooks, to people and to programs.

use chrono::SecondsFormat;
use rookery_core::ports::{MessageReport, Webhook};
use rookery_core::{SecretTold, Tried};
use rookery_domain::Timestamp;
use serde_json::{Value, json};

use crate::command::Failure;
use crate::command::outcome::{print, print_json};

fn time(at: Timestamp) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

fn words(webhook: &Webhook) -> Vec<&'static str> {
    webhook.events.iter().map(|event| event.as_str()).collect()
}

fn as_value(webhook: &Webhook) -> Value {
    let disabled = webhook
        .disabled
        .map(|(at, reason)| json!({ "at": time(at), "reason": reason.as_str() }));
    json!({
        "id": webhook.id,
        "url": webhook.url.as_str(),
        "tenantId": webhook.tenant,
        "events": words(webhook),
        "createdAt": time(webhook.created),
        "disabled": disabled,
        "failures": webhook.failures,
        "failingSince": webhook.failing_since.map(time),
        "oldSecretSignsUntil": webhook.overlap_until.map(time),
    })
}

fn state(webhook: &Webhook) -> String {
    match (webhook.disabled, webhook.failing_since) {
        (Some((at, reason)), _) => format!("disabled ({}) since {}", reason.as_str(), time(at)),
        (None, Some(since)) => format!("failing since {} ({} times)", time(since), webhook.failures),
        (None, None) => "enabled".to_owned(),
    }
}

fn as_text(webhook: &Webhook) -> String {
    let events = words(webhook);
    format!(
        "id       {}\nurl      {}\ntenant   {}\nevents   {}\ncreated  {}\nstate    {}",
        webhook.id,
        webhook.url,
        webhook
            .tenant
            .map_or_else(|| "everybody".to_owned(), |tenant| tenant.to_string()),
        if events.is_empty() {
            "all".to_owned()
        } else {
            events.join(", ")
        },
        time(webhook.created),
        state(webhook),
    )
}

pub(super) fn tell(webhook: &Webhook, as_json: bool) -> Result<(), Failure> {
    if as_json {
        print_json(&as_value(webhook))
    } else {
        print(&as_text(webhook))
    }
}

pub(super) fn tell_with_secret(told: &SecretTold, as_json: bool) -> Result<(), Failure> {
    let secret = told.secret.expose();
    if as_json {
        let mut value = as_value(&told.webhook);
        value["secret"] = json!(secret);
        return print_json(&value);
    }
    let overlap = told.webhook.overlap_until.map_or_else(String::new, |until| {
        format!("The secret before it signs too until {}. ", time(until))
    });
    print(&format!(
        "{}\nsecret   {secret}\n\n{overlap}Give the secret to the receiver: it is shown this once.",
        as_text(&told.webhook)
    ))
}

pub(super) fn tell_all(webhooks: &[Webhook], as_json: bool) -> Result<(), Failure> {
    if as_json {
        let all: Vec<Value> = webhooks.iter().map(as_value).collect();
        return print_json(&json!({ "webhooks": all }));
    }
    if webhooks.is_empty() {
        return print("no webhooks");
    }
    webhooks
        .iter()
        .try_for_each(|webhook| print(&format!("{}  {}  {}", webhook.id, webhook.url, state(webhook))))
}

/// Fails when the receiver did not take it, having said so.
pub(super) fn tell_test(tried: &Tried, as_json: bool) -> Result<(), Failure> {
    let said = match &tried.answer {
        Ok(status) => format!("the receiver answered {status}"),
        Err(failure) => failure.to_string(),
    };
    if as_json {
        print_json(&json!({
            "taken": tried.was_taken(),
            "webhookId": tried.event,
            "status": tried.answer.ok(),
            "error": tried.answer.err().map(|failure| failure.to_string()),
        }))?;
    }
    match (tried.was_taken(), as_json) {
        (false, _) => Err(Failure::Failed(said)),
        (true, true) => Ok(()),
        (true, false) => print(&format!("taken: {said}")),
    }
}

pub(super) fn tell_messages(messages: &[MessageReport], as_json: bool) -> Result<(), Failure> {
    if as_json {
        let all: Vec<Value> = messages.iter().map(message).collect();
        return print_json(&json!({ "deliveries": all }));
    }
    if messages.is_empty() {
        return print("no messages");
    }
    messages.iter().try_for_each(|message| {
        let detail = match (message.delivered, &message.error) {
            (Some(at), _) => format!("at {}", time(at)),
            (None, Some(error)) => error.clone(),
            (None, None) => "-".to_owned(),
        };
        print(&format!(
            "{}  {}  {:<24}  {:<9}  {:>2} tries  {detail}",
            message.event,
            time(message.occurred),
            message.kind.as_str(),
            message.state.as_str(),
            message.attempts,
        ))
    })
}

fn message(message: &MessageReport) -> Value {
    json!({
        "webhookId": message.event,
        "type": message.kind.as_str(),
        "timestamp": time(message.occurred),
        "userId": message.user,
        "state": message.state.as_str(),
        "attempts": message.attempts,
        "nextAttemptAt": time(message.next_attempt),
        "deliveredAt": message.delivered.map(time),
        "status": message.status,
        "error": message.error,
    })
}
