//! How the error of a use case tells what a port refused it: each in the same words.

/// The error says `Throttled` and `Port` where the throttle does.
macro_rules! may_be_throttled {
    ($error:ty) => {
        impl From<$crate::ThrottleError> for $error {
            fn from(error: $crate::ThrottleError) -> Self {
                match error {
                    $crate::ThrottleError::Refused(refusal) => Self::Throttled(refusal),
                    $crate::ThrottleError::Port(error) => Self::Port(error),
                }
            }
        }
    };
}

/// The error says `Busy` and `Port` where the password hasher does.
macro_rules! may_be_busy {
    ($error:ty) => {
        impl From<$crate::ports::HasherError> for $error {
            fn from(error: $crate::ports::HasherError) -> Self {
                match error {
                    $crate::ports::HasherError::Busy => Self::Busy,
                    $crate::ports::HasherError::Port(error) => Self::Port(error),
                }
            }
        }
    };
}

pub(crate) use {may_be_busy, may_be_throttled};
