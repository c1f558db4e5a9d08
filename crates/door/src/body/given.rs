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

/// What a field may hold; each type takes one kind of JSON value and no other.
pub(crate) trait Scalar: Sized {
    fn of_text(_text: &str) -> Given<Self> {
        Given::Mistyped
    }

    fn of_flag(_flag: bool) -> Given<Self> {
        Given::Mistyped
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

    fn visit_u64<E>(self, _: u64) -> Result<Given<T>, E> {
        Ok(Given::Mistyped)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Given<T>, E> {
        Ok(Given::Mistyped)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Given<T>, E> {
        Ok(Given::Mistyped)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Given<T>, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Given::Mistyped)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Given<T>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Given::Mistyped)
    }
}
