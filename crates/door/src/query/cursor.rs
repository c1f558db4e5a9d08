//! Where a page begins, as a text that clients pass on and do not read.
//!
//! It is not signed: whoever writes one by hand pages through the same events, to which every page checks the right anew.

use rookery_core::ports::{EventPosition, InvitationPosition, MemberPosition};
use rookery_domain::{EventId, InvitationId, Timestamp, UserId};
use uuid::Uuid;

/// Hexadecimal digits of the microseconds since 1970, and of the id.
const DIGITS: (usize, usize) = (16, 32);

/// The cursor that means "behind this place".
#[must_use]
pub fn cursor_at(place: &EventPosition) -> String {
    write(place.at, place.id.as_uuid())
}

/// The cursor that means "behind this member".
#[must_use]
pub fn cursor_at_member(place: &MemberPosition) -> String {
    write(place.joined, place.user.as_uuid())
}

/// The cursor that means "behind this invitation".
#[must_use]
pub fn cursor_at_invitation(place: &InvitationPosition) -> String {
    write(place.created, place.id.as_uuid())
}

/// The place a cursor means, if it is one that [`cursor_at_invitation`] can have written.
pub(super) fn invitation_place_of(cursor: &str) -> Option<InvitationPosition> {
    let (created, id) = read(cursor)?;
    let id = InvitationId::from_uuid(id);
    Some(InvitationPosition { created, id })
}

/// The place a cursor means, if it is one that [`cursor_at`] can have written.
pub(super) fn place_of(cursor: &str) -> Option<EventPosition> {
    let (at, id) = read(cursor)?;
    let id = EventId::from_uuid(id);
    Some(EventPosition { at, id })
}

/// The place a cursor means, if it is one that [`cursor_at_member`] can have written.
pub(super) fn member_place_of(cursor: &str) -> Option<MemberPosition> {
    let (joined, id) = read(cursor)?;
    let user = UserId::from_uuid(id);
    Some(MemberPosition { joined, user })
}

fn write(at: Timestamp, id: Uuid) -> String {
    format!("{:016x}{}", at.timestamp_micros(), id.simple())
}

fn read(cursor: &str) -> Option<(Timestamp, Uuid)> {
    let (micros, id) = cursor.split_at_checked(DIGITS.0)?;
    let micros = i64::from_str_radix(micros, 16).ok()?;
    let at = Timestamp::from_timestamp_micros(micros).filter(super::activity::is_sensible)?;
    let id = Uuid::try_parse(id).ok()?;
    (write(at, id) == cursor).then_some((at, id))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_cursor_reads_back() {
        let at = Timestamp::from_timestamp_micros(1_761_566_400_123_456).unwrap();
        let place = EventPosition {
            at,
            id: EventId::new(at, &[7; 10]),
        };
        let cursor = cursor_at(&place);
        assert_eq!(cursor.len(), DIGITS.0 + DIGITS.1);
        assert_eq!(place_of(&cursor), Some(place));
    }

    #[test]
    fn what_is_nearly_a_cursor_is_none() {
        let at = Timestamp::from_timestamp(1_761_566_400, 0).unwrap();
        let id = EventId::new(at, &[0xab; 10]);
        let cursor = cursor_at(&EventPosition { at, id });
        for other in [
            String::new(),
            cursor[1..].to_owned(),
            format!("{cursor}0"),
            cursor.to_uppercase(),
            cursor.replacen('0', "+", 1),
            format!("{}{}", &cursor[..16], id.as_uuid()),
            format!("ffffffffffffffff{}", &cursor[16..]),
            format!("7fffffffffffffff{}", &cursor[16..]),
            format!("\u{e4}{}", &cursor[2..]),
        ] {
            assert_eq!(place_of(&other), None, "{other}");
        }
    }

    proptest! {
        #[test]
        fn junk_is_never_a_cursor_and_never_a_panic(text in ".{0,64}") {
            if let Some(place) = place_of(&text) {
                prop_assert_eq!(cursor_at(&place), text);
            }
        }
    }
}
