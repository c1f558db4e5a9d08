//! How a page tells what somebody signed in with.

use minijinja::{Value, context};
use rookery_domain::{Device, DeviceKind};

use crate::visitor::Visitor;

/// A device in the visitor's language, by what its client calls itself.
pub(crate) fn told(visitor: &Visitor, user_agent: Option<&str>) -> Value {
    let device = user_agent.map(Device::calling_itself).unwrap_or_default();
    let words = visitor.site.words.device(visitor.language, device);
    context! { words, icon => icon(device.kind) }
}

const fn icon(kind: DeviceKind) -> &'static str {
    match kind {
        DeviceKind::Computer => "screen",
        DeviceKind::Phone | DeviceKind::Tablet => "phone",
        DeviceKind::Program | DeviceKind::Unknown => "globe",
    }
}
