//! Every operation of the document that takes an id, and where it takes it.

use serde_json::{Map, Value, json};

use crate::rookery::test_app::TestApp;

/// What an id names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Tenant,
    Person,
    Session,
    Device,
    Invitation,
    Export,
}

/// What the ids of the document name. One in a path is known by the word before it; one in a query or a body by its own name.
const IDS: &[(&str, Kind)] = &[
    ("tenants/{tenantId}", Kind::Tenant),
    ("users/{userId}", Kind::Person),
    ("sessions/{id}", Kind::Session),
    ("trusted-devices/{id}", Kind::Device),
    ("invitations/{invitationId}", Kind::Invitation),
    ("export/{id}", Kind::Export),
    ("tenants/{id}", Kind::Tenant),
    ("users/{id}", Kind::Person),
    ("tenantId", Kind::Tenant),
    ("userId", Kind::Person),
];

/// Parts of paths that are no ids, with the reason.
const NO_IDS: &[(&str, &str)] = &[
    ("docs/{file}", "a file of the documentation, for everybody"),
    (
        "pictures/{hash}",
        "the digest of what it shows; whoever knows it has seen the picture",
    ),
];

/// Operations below this are an operator's: whoever is none gets no further, whatever they ask about.
const FOR_OPERATORS: &str = "/api/admin/";

/// What a body takes where the examples of the document will not do: the operation, the field, the value.
const BODIES: &[(&str, &str, &str)] = &[
    ("changePolicy", "/passwordRequireNumbers", "true"),
    (
        "invite",
        "/invitations",
        r#"[{"email": "another-guest@example.com", "roles": ["viewer"]}]"#,
    ),
];

/// Where an operation takes an id.
#[derive(Clone, Debug)]
pub(super) struct Slot {
    pub(super) kind: Kind,
    place: Place,
}

#[derive(Clone, Debug)]
enum Place {
    /// The part of the path between these braces.
    Path(String),
    Query(String),
    /// The JSON pointer.
    Body(String),
}

/// An operation that takes ids.
#[derive(Clone, Debug)]
pub(super) struct Operation {
    pub(super) id: String,
    pub(super) method: String,
    path: String,
    body: Option<Value>,
    pub(super) slots: Vec<Slot>,
}

/// All of them. Fails on an id nobody has told the suite about.
pub(super) fn operations(app: &TestApp) -> Vec<Operation> {
    let document = app.browser().get("/api/openapi.json").expect(200).json();
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let operation = Operation::read(&document, path, method, operation);
            if !operation.slots.is_empty() {
                operations.push(operation);
            }
        }
    }
    operations
}

impl Operation {
    fn read(document: &Value, path: &str, method: &str, operation: &Value) -> Self {
        let id = operation["operationId"].as_str().unwrap().to_owned();
        let mut slots = Vec::new();
        let segments: Vec<&str> = path.split('/').collect();
        for pair in segments.windows(2).filter(|pair| pair[1].starts_with('{')) {
            let name = pair.join("/");
            if NO_IDS.iter().all(|(known, _)| *known != name) {
                let place = Place::Path(pair[1].to_owned());
                slots.push(Slot {
                    kind: kind_of(&id, &name),
                    place,
                });
            }
        }
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let name = parameter["name"].as_str().unwrap();
            if parameter["in"] == "query" && is_id(name, &parameter["schema"]) {
                slots.push(Slot {
                    kind: kind_of(&id, name),
                    place: Place::Query(name.to_owned()),
                });
            }
        }
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        let body = (!schema.is_null()).then(|| body_of(document, &id, schema, "", &mut slots));
        Self {
            id,
            method: method.to_uppercase(),
            path: path.to_owned(),
            body,
            slots,
        }
    }

    /// Whether tenants have no business with it at all.
    pub(super) fn is_for_operators(&self) -> bool {
        self.path.starts_with(FOR_OPERATORS)
    }

    /// The path with its query, and the body, with these ids in its places. Those of the path are escaped.
    pub(super) fn filled(&self, ids: &[String]) -> (String, Option<Value>) {
        let (mut path, mut body) = (self.path.clone(), self.body.clone());
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (slot, id) in self.slots.iter().zip(ids) {
            match &slot.place {
                Place::Path(name) => path = path.replacen(name, &escaped(id), 1),
                Place::Query(name) => drop(query.append_pair(name, id)),
                Place::Body(pointer) => {
                    let place = body.as_mut().and_then(|body| body.pointer_mut(pointer)).unwrap();
                    *place = if place.is_array() { json!([id]) } else { json!(id) };
                }
            }
        }
        let query = query.finish();
        if query.is_empty() {
            (path, body)
        } else {
            (format!("{path}?{query}"), body)
        }
    }
}

fn escaped(id: &str) -> String {
    url::form_urlencoded::byte_serialize(id.as_bytes())
        .collect::<String>()
        .replace('+', "%20")
}

fn kind_of(operation: &str, name: &str) -> Kind {
    let known = IDS.iter().find(|(known, _)| *known == name);
    let (_, kind) = known.unwrap_or_else(|| {
        panic!(
            "{operation} takes an id, {name}, that this suite cannot fill: name its kind in IDS of isolation/document.rs and have \
             House::found of isolation/house.rs give each tenant one; if it is no id, say why in NO_IDS"
        )
    });
    *kind
}

/// By its name, or by its format.
fn is_id(name: &str, schema: &Value) -> bool {
    let named = name == "id" || name == "ids" || ["Id", "Ids", "_id", "_ids"].iter().any(|end| name.ends_with(end));
    named || schema["format"] == "uuid" || schema["items"]["format"] == "uuid"
}

/// A body that makes sense: every field it needs and every id it may have, as the examples have them.
fn body_of(document: &Value, operation: &str, schema: &Value, at: &str, slots: &mut Vec<Slot>) -> Value {
    let schema = resolved(document, schema);
    let required: Vec<&str> = schema["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let mut body = Map::new();
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        let property = resolved(document, property);
        let pointer = format!("{at}/{name}");
        let given = BODIES
            .iter()
            .find(|(of, field, _)| *of == operation && *field == pointer);
        if is_id(name, property) {
            let value = if property["type"] == "array" {
                json!([])
            } else {
                json!("")
            };
            body.insert(name.clone(), value);
            slots.push(Slot {
                kind: kind_of(operation, name),
                place: Place::Body(pointer),
            });
        } else if let Some((_, _, value)) = given {
            body.insert(name.clone(), serde_json::from_str(value).unwrap());
        } else if property["properties"].is_object() {
            let inner = body_of(document, operation, property, &pointer, slots);
            body.insert(name.clone(), inner);
        } else if required.contains(&name.as_str()) {
            let example = &property["example"];
            assert!(
                !example.is_null(),
                "{operation}: {pointer} has no example: say in BODIES what it takes"
            );
            body.insert(name.clone(), example.clone());
        }
    }
    Value::Object(body)
}

fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str() {
        Some(reference) => document.pointer(reference.trim_start_matches('#')).unwrap(),
        None => schema,
    }
}
