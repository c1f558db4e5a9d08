//! That the document knows an answer: its status, its cookies, its type, its code, and the shape of its body.

use std::sync::LazyLock;

use actix_web::http::Method;
use rookery_api::openapi_json;
use serde_json::Value;

use crate::ask::Answer;

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| serde_json::from_str(&openapi_json()).unwrap());

/// That the document knows this answer. What is not in the document at all may only be not found or not allowed.
pub(crate) fn is_documented(method: &Method, path: &str, answer: &Answer) {
    let method = if method == Method::HEAD {
        "get".to_owned()
    } else {
        method.as_str().to_lowercase()
    };
    let Some((path, operations)) = operations_at(&path.replacen("/api/v1/", "/api/", 1)) else {
        return;
    };
    let operation = &operations[&method];
    if !operation.is_object() {
        return;
    }
    let asked = format!("{method} {path} says {}", answer.status);
    let response = &operation["responses"][answer.status.as_str()];
    assert!(response.is_object(), "{asked}, which the document does not know");
    for told in [
        "set-cookie",
        "clear-site-data",
        "content-disposition",
        "www-authenticate",
        "retry-after",
    ] {
        let is_known = names(&response["headers"]).any(|name| name.eq_ignore_ascii_case(told));
        assert!(
            is_known || answer.header(told).is_none(),
            "{asked} with {told}, which the document does not know"
        );
    }
    if answer.text.is_empty() {
        return;
    }
    let kind = answer.header("content-type").unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default();
    // What is told as bytes is a file, of whatever type it has.
    let is_told = |name: &&str| *name == "application/octet-stream" || name.split(';').next() == Some(kind);
    let content = names(&response["content"]).find(is_told);
    let content = content.unwrap_or_else(|| panic!("{asked} as {kind}, which the document does not know"));
    if kind == "application/json" {
        let (content, body) = (&response["content"][content], answer.json());
        if let Err(why) = fits(&content["schema"], &body) {
            panic!("{asked}, and {why}: {body}");
        }
        let is_refusal = answer.status.is_client_error() || answer.status.is_server_error();
        if let Some(code) = body["code"].as_str().filter(|_| is_refusal) {
            assert!(
                content["examples"][code].is_object(),
                "{asked} with the code {code}, which the document does not know"
            );
        }
    }
}

fn names(object: &Value) -> impl Iterator<Item = &str> {
    object
        .as_object()
        .into_iter()
        .flat_map(|object| object.keys().map(String::as_str))
}

/// The path of the document that leads there: of several, the one with the fewest parameters.
fn operations_at(path: &str) -> Option<(&'static str, &'static Value)> {
    let is_parameter = |part: &str| part.starts_with('{');
    let leads_there = |pattern: &str| {
        let (mut wanted, mut given) = (pattern.split('/'), path.split('/'));
        loop {
            match (wanted.next(), given.next()) {
                (None, None) => return true,
                (Some(wanted), Some(given)) if wanted == given || (is_parameter(wanted) && !given.is_empty()) => {}
                _ => return false,
            }
        }
    };
    let paths = DOCUMENT["paths"].as_object().unwrap();
    let leading = paths.iter().filter(|(pattern, _)| leads_there(pattern));
    leading
        .min_by_key(|(pattern, _)| pattern.split('/').filter(|part| is_parameter(part)).count())
        .map(|(pattern, operations)| (pattern.as_str(), operations))
}

/// Whether a value has the shape that a schema tells, with no key that it does not tell.
fn fits(schema: &Value, value: &Value) -> Result<(), String> {
    let parts = parts(schema);
    if let Some(choices) = parts.iter().find_map(|part| part["oneOf"].as_array()) {
        let fits = choices.iter().any(|choice| fits(choice, value).is_ok());
        return if fits {
            Ok(())
        } else {
            Err(format!("{value} is none of the choices"))
        };
    }
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    for part in &parts {
        let kinds = &part["type"];
        let is_told = kinds == kind
            || kinds
                .as_array()
                .is_some_and(|kinds| kinds.iter().any(|told| told == kind));
        if !kinds.is_null() && !is_told {
            return Err(format!("{value} is no {kinds}"));
        }
    }
    if let Some(elements) = value.as_array() {
        let told = parts.iter().find(|part| !part["items"].is_null());
        return told.map_or(Ok(()), |part| {
            elements.iter().try_for_each(|element| fits(&part["items"], element))
        });
    }
    let Some(object) = value
        .as_object()
        .filter(|_| parts.iter().any(|part| part["properties"].is_object()))
    else {
        return Ok(());
    };
    for name in parts.iter().filter_map(|part| part["required"].as_array()).flatten() {
        if !object.contains_key(name.as_str().unwrap_or_default()) {
            return Err(format!("{name} is missing"));
        }
    }
    for (name, value) in object {
        let told = parts
            .iter()
            .map(|part| &part["properties"][name])
            .find(|told| told.is_object());
        let told = told.ok_or_else(|| format!("{name} is not known"))?;
        fits(told, value).map_err(|why| format!("{name}: {why}"))?;
    }
    Ok(())
}

/// The schemas that a schema is put together from.
fn parts(schema: &Value) -> Vec<&Value> {
    if let Some(reference) = schema["$ref"].as_str() {
        let name = reference.rsplit('/').next().unwrap_or_default();
        return parts(&DOCUMENT["components"]["schemas"][name]);
    }
    match schema["allOf"].as_array() {
        Some(all) => all.iter().flat_map(parts).collect(),
        None => vec![schema],
    }
}

#[test]
fn a_body_that_is_not_as_told_is_noticed() {
    use serde_json::json;
    let account = json!({ "$ref": "#/components/schemas/Account" });
    let fitting = json!({ "success": true, "user": { "id": "1", "email": "ada@example.com", "name": null } });
    assert_eq!(fits(&account, &fitting), Ok(()));
    for (pointer, value) in [
        ("/success", json!("yes")),
        ("/user", json!({})),
        ("/user/name", json!(7)),
    ] {
        let mut other = fitting.clone();
        *other.pointer_mut(pointer).unwrap() = value;
        assert!(fits(&account, &other).is_err(), "{other}");
    }
    let mut more = fitting;
    more["token"] = json!("secret");
    assert_eq!(fits(&account, &more), Err("token is not known".to_owned()));
    assert_eq!(
        operations_at("/api/auth/sessions/revoke-others").unwrap().0,
        "/api/auth/sessions/revoke-others"
    );
    assert_eq!(
        operations_at("/api/auth/sessions/7").unwrap().0,
        "/api/auth/sessions/{id}"
    );
    assert!(operations_at("/api/auth/sessions/7/8").is_none());
}
