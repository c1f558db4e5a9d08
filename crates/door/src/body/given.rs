//! One field of a body, as it was given: nothing that can be sent makes it fail.

use std::fmt;
use std::marker::PhantomData;

use rookery_domain::SecretString;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// What a body says about a field.
#[derive(Clone, Copy, Default)]
pub(crate) enum Given<T> {
    /// Nothing.
    #[default]
    Absent,
    /// `null`.
    Null,
    /// Something of another type.
    Mistyped,
    /// A value of the right type.
    Value(T),
}

/// Most elements of a list that are looked at.
const MOST_ELEMENTS: usize = 64;

/// Several texts, as a list holds them. What is no text makes the list mistyped.
#[derive(Clone, Debug, Default)]
pub(crate) struct Texts(pub(crate) Vec<String>);

/// What a field may hold; each type takes one kind of JSON value and no other.
pub(crate) trait Scalar: Sized {
    fn of_text(_text: &str) -> Given<Self> {
        Given::Mistyped
    }

    fn of_flag(_flag: bool) -> Given<Self> {
        Given::Mistyped
    }

    fn of_number(_number: u64) -> Given<Self> {
        Given::Mistyped
    }

    fn of_list(_list: Vec<Given<String>>) -> Given<Self> {
        Given::Mistyped
    }
}

impl Scalar for Texts {
    fn of_list(list: Vec<Given<String>>) -> Given<Self> {
        let texts = list.into_iter().map(|given| match given {
            Given::Value(text) => Some(text),
            Given::Absent | Given::Null | Given::Mistyped => None,
        });
        texts
            .collect::<Option<Vec<String>>>()
            .map_or(Given::Mistyped, |texts| Given::Value(Self(texts)))
    }
}

impl Scalar for String {
    fn of_text(text: &str) -> Given<Self> {
        Given::Value(text.to_owned())
    }
}

impl Scalar for SecretString {
    fn of_text(text: &str) -> Given<Self> {
        Given::Value(text.into())
    }
}

/// A whole number, none below zero.
impl Scalar for u64 {
    fn of_number(number: u64) -> Given<Self> {
        Given::Value(number)
    }
}

impl Scalar for bool {
    fn of_flag(flag: bool) -> Given<Self> {
        Given::Value(flag)
    }
}

impl<'de, T: Scalar> Deserialize<'de> for Given<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue(PhantomData))
    }
}

struct AnyValue<T>(PhantomData<T>);

impl<'de, T: Scalar> Visitor<'de> for AnyValue<T> {
    type Value = Given<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_str<E>(self, text: &str) -> Result<Given<T>, E> {
        Ok(T::of_text(text))
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Given<T>, E> {
        Ok(T::of_flag(flag))
    }

    fn visit_unit<E>(self) -> Result<Given<T>, E> {
        Ok(Given::Null)
    }

    fn visit_u64<E>(self, number: u64) -> Result<Given<T>, E> {
        Ok(T::of_number(number))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Given<T>, E> {
        Ok(Given::Mistyped)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Given<T>, E> {
        Ok(Given::Mistyped)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Given<T>, A::Error> {
        let mut given = Vec::new();
        while let Some(element) = list.next_element::<Given<String>>()? {
            // Longer than any list that means something; the rest is passed over.
            if given.len() < MOST_ELEMENTS {
                given.push(element);
            }
        }
        Ok(T::of_list(given))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Given<T>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Given::Mistyped)
    }
}
