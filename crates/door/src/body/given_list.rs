//! A list of objects, as it was given: nothing that can be sent makes it fail but an object with a key twice.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// What a body says about a field that holds a list of objects.
#[derive(Default)]
pub(crate) enum GivenList<T> {
    /// Nothing, or `null`.
    #[default]
    Absent,
    /// Something that is no list.
    Mistyped,
    /// A list; what is no object in it is `None`.
    Value(Vec<Option<T>>),
}

/// Most elements of a list that are looked at: more than any list that means something has.
const MOST_ELEMENTS: usize = 64;

impl<'de, T: Deserialize<'de>> Deserialize<'de> for GivenList<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyList(PhantomData))
    }
}

struct AnyList<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for AnyList<T> {
    type Value = GivenList<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_str<E>(self, _: &str) -> Result<GivenList<T>, E> {
        Ok(GivenList::Mistyped)
    }

    fn visit_bool<E>(self, _: bool) -> Result<GivenList<T>, E> {
        Ok(GivenList::Mistyped)
    }

    fn visit_unit<E>(self) -> Result<GivenList<T>, E> {
        Ok(GivenList::Absent)
    }

    fn visit_u64<E>(self, _: u64) -> Result<GivenList<T>, E> {
        Ok(GivenList::Mistyped)
    }

    fn visit_i64<E>(self, _: i64) -> Result<GivenList<T>, E> {
        Ok(GivenList::Mistyped)
    }

    fn visit_f64<E>(self, _: f64) -> Result<GivenList<T>, E> {
        Ok(GivenList::Mistyped)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<GivenList<T>, A::Error> {
        let mut given = Vec::new();
        while let Some(Element(element)) = list.next_element::<Element<T>>()? {
            if given.len() < MOST_ELEMENTS {
                given.push(element);
            }
        }
        Ok(GivenList::Value(given))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<GivenList<T>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(GivenList::Mistyped)
    }
}

/// An element of the list, if it is an object.
struct Element<T>(Option<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Element<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyElement(PhantomData))
    }
}

struct AnyElement<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for AnyElement<T> {
    type Value = Element<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_str<E>(self, _: &str) -> Result<Element<T>, E> {
        Ok(Element(None))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Element<T>, E> {
        Ok(Element(None))
    }

    fn visit_unit<E>(self) -> Result<Element<T>, E> {
        Ok(Element(None))
    }

    fn visit_u64<E>(self, _: u64) -> Result<Element<T>, E> {
        Ok(Element(None))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Element<T>, E> {
        Ok(Element(None))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Element<T>, E> {
        Ok(Element(None))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Element<T>, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Element(None))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Element<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(|object| Element(Some(object)))
    }
}
