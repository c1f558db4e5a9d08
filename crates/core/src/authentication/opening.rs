//! The session a sign-in opens, whichever step opens it.

use rookery_domain::{
    AuditAction, AuditOutcome, AuthMethod, Caller, DeviceToken, PasswordHash, SessionLifetime, SessionToken, Timestamp,
};

use super::LoggedIn;
use super::notice::NewDeviceNotice;
use crate::deletion::Kept;
use crate::ports::{Credential, DeviceUse, Keeping, KnownDevice, NewDevice, NewSession, PortError, SignIn};
use crate::{AuditEvent, Mint, PostRoom};

/// What every opening needs.
#[derive(Clone, Copy)]
pub(super) struct Opener<'a> {
    pub(super) mint: &'a Mint,
    pub(super) post_room: &'a PostRoom,
    pub(super) lifetime: SessionLifetime,
    pub(super) remembered_lifetime: SessionLifetime,
}

/// Who has proved how who they are, and from where.
pub(super) struct Opening<'a> {
    pub(super) credential: &'a Credential,
    /// The version the password was checked against.
    pub(super) credential_version: i32,
    pub(super) methods: Vec<AuthMethod>,
    pub(super) rehash: Option<PasswordHash>,
    pub(super) remembered: bool,
    /// The session this browser holds.
    pub(super) held: Option<&'a SessionToken>,
    /// The token this browser shows, and what is known of it.
    pub(super) shown: Option<&'a DeviceToken>,
    pub(super) device: Option<&'a KnownDevice>,
    pub(super) caller: &'a Caller,
    pub(super) at: Timestamp,
}

/// What to commit, and what to answer once it is committed.
pub(super) struct Opened {
    pub(super) sign_in: SignIn,
    pub(super) logged_in: LoggedIn,
}

impl Opener<'_> {
    pub(super) fn open(self, opening: Opening<'_>) -> Result<Opened, PortError> {
        let Opening {
            credential,
            remembered,
            caller,
            at,
            ..
        } = opening;
        let token = self.mint.session_token();
        let (device, device_token) = self.device(opening.shown, opening.device, at);
        // The first sign-in is from an unknown device of necessity, and nobody else's.
        let (mail, undo) = if opening.device.is_none() && credential.last_sign_in.is_some() {
            let notice = NewDeviceNotice::write(self.mint, self.post_room, credential, caller, at)?;
            (Some(notice.mail), Some(notice.undo))
        } else {
            (None, None)
        };
        let id = self.mint.session_id(at);
        let tenant = credential.tenants.first().map(|(tenant, _)| *tenant);
        let lifetime = self.lifetime(credential, remembered);
        let sign_in = SignIn {
            session: NewSession {
                id,
                digest: token.digest(),
                user: credential.user,
                tenant,
                remembered,
                methods: opening.methods,
                lifetime,
                caller: caller.clone(),
            },
            credential_version: opening.credential_version,
            rehash: opening.rehash,
            replaces: opening.held.map(SessionToken::digest),
            device,
            mail,
            undo,
            keeping: self.keeping(credential, caller, at)?,
            event: AuditEvent {
                user: Some(credential.user),
                tenant,
                session: Some(id),
                ..self.mint.event(at, AuditAction::LogIn, AuditOutcome::Success, caller)
            },
            at,
        };
        let logged_in = LoggedIn {
            user: credential.user,
            email: credential.email.clone(),
            name: credential.name.clone(),
            token,
            expires: at + lifetime.absolute,
            remembered,
            device: device_token,
            kept: sign_in.keeping.is_some(),
        };
        Ok(Opened { sign_in, logged_in })
    }

    /// Whoever signs in keeps the account, whose deletion is called off, and is told so.
    fn keeping(self, credential: &Credential, caller: &Caller, at: Timestamp) -> Result<Option<Keeping>, PortError> {
        let Some(deletion) = &credential.deletion else {
            return Ok(None);
        };
        Kept {
            mint: self.mint,
            post_room: self.post_room,
            caller,
            at,
        }
        .decide(
            deletion,
            credential.user,
            credential.addressee(),
            credential.name.clone(),
        )
        .map(Some)
    }

    fn lifetime(self, credential: &Credential, remembered: bool) -> SessionLifetime {
        let lifetime = if remembered {
            self.remembered_lifetime
        } else {
            self.lifetime
        };
        lifetime.capped_by(credential.strictest_policy().as_ref())
    }

    /// A known browser keeps its token; another one is given a token of its own, whatever it showed.
    fn device(
        self,
        shown: Option<&DeviceToken>,
        known: Option<&KnownDevice>,
        at: Timestamp,
    ) -> (DeviceUse, DeviceToken) {
        if let (Some(known), Some(token)) = (known, shown) {
            return (DeviceUse::Known(known.id), token.clone());
        }
        let token = self.mint.device_token();
        let device = NewDevice {
            id: self.mint.device_id(at),
            digest: token.digest(),
            replaces: shown.map(DeviceToken::digest),
        };
        (DeviceUse::New(device), token)
    }
}
