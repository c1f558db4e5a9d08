//! Joining without a proved account.

use rookery_domain::{
    AuditAction, AuditOutcome, AuthMethod, DeviceToken, DisplayName, FamilyName, GivenName, PasswordAttempt,
    PasswordHash, Preferences, SessionToken, Timestamp, TokenDigest, Violations,
};

use super::service::{answered, standing, summary};
use super::{AcceptInvitation, Joined, JoiningError, JoiningService, NewcomerDraft, letters};
use crate::passwords::acceptable;
use crate::ports::{
    Addressee, DeviceUse, InvitationEnrolment, InvitationRecord, Inviter, Lane, NewDevice, NewSession, Newcomer,
    OutgoingMail, PortError, SignIn,
};
use crate::{AuditEvent, Letter, LoggedIn, Reader};

impl JoiningService {
    /// `None` when something has changed since it was looked up. The password is hashed once, however often it is decided.
    pub(super) async fn enrol(
        &self,
        accept: &AcceptInvitation,
        digest: TokenDigest,
        record: &InvitationRecord,
        hashed: &mut Option<PasswordHash>,
    ) -> Result<Option<Joined>, JoiningError> {
        let Some(inviter) = &record.inviter else {
            return Ok(None);
        };
        let password_hash = match hashed.take() {
            Some(hash) => hash,
            None => self.hash(&accept.newcomer, record).await?,
        };
        *hashed = Some(password_hash.clone());
        let at = self.mint.now();
        let newcomer = self.newcomer(&accept.newcomer, record, password_hash, at);
        let (sign_in, logged_in) = self.first_session(accept, &newcomer, record, at);
        let enrolment = InvitationEnrolment {
            invitation: record.id,
            digest,
            tenant: record.tenant,
            inviter: standing(inviter),
            roles: record.roles.clone(),
            mails: self.mails(&newcomer, record, inviter, at)?,
            events: self.events(accept, &newcomer, record, at),
            newcomer,
            sign_in,
            at,
        };
        let outcome = self.invitations.enrol(&enrolment).await?;
        Ok(answered(outcome)?.then(|| Joined::Newcomer(summary(record), logged_in)))
    }

    async fn hash(&self, draft: &NewcomerDraft, record: &InvitationRecord) -> Result<PasswordHash, JoiningError> {
        let chosen: &PasswordAttempt = draft
            .password
            .as_ref()
            .ok_or_else(|| JoiningError::Invalid(Violations::of("password", "Password is required")))?;
        let names = [
            draft.name.as_ref().map(DisplayName::as_str),
            draft.given_name.as_ref().map(GivenName::as_str),
            draft.family_name.as_ref().map(FamilyName::as_str),
        ];
        let policies = record.policy.as_slice();
        let password = acceptable(&self.policy, policies, chosen, &record.email, names, "password")
            .map_err(JoiningError::Invalid)?;
        Ok(self.hasher.hash(password.as_attempt(), Lane::Known).await?)
    }

    fn newcomer(
        &self,
        draft: &NewcomerDraft,
        record: &InvitationRecord,
        password_hash: PasswordHash,
        at: Timestamp,
    ) -> Newcomer {
        let holder = record.holder.as_ref();
        Newcomer {
            user: holder.map_or_else(|| self.mint.user_id(at), |holder| holder.user),
            reclaims: holder.is_some(),
            email: record.email.clone(),
            name: draft.name.clone(),
            given_name: draft.given_name.clone(),
            family_name: draft.family_name.clone(),
            password_hash,
            preferences: Preferences::chosen(draft.language, draft.timezone),
        }
    }

    fn mails(
        &self,
        newcomer: &Newcomer,
        record: &InvitationRecord,
        inviter: &Inviter,
        at: Timestamp,
    ) -> Result<Vec<OutgoingMail>, PortError> {
        let welcome = Letter::Welcome {
            name: newcomer.name.as_ref().map(ToString::to_string),
            home: self.post_room.links().home(),
        };
        let to = Addressee::Person {
            user: newcomer.user,
            email: newcomer.email.clone(),
            reader: newcomer.preferences.as_ref().map(Reader::from).unwrap_or_default(),
        };
        Ok(vec![
            self.post_room.write(&welcome, to, at)?,
            letters::to_inviter(&self.post_room, record, inviter, at)?,
        ])
    }

    /// What is new for whoever follows the events of the account: that it is there, or has another password; that its address is
    /// verified; and that it belongs to the tenant.
    fn events(
        &self,
        accept: &AcceptInvitation,
        newcomer: &Newcomer,
        record: &InvitationRecord,
        at: Timestamp,
    ) -> Vec<AuditEvent> {
        let made = if newcomer.reclaims {
            AuditAction::PasswordReset
        } else {
            AuditAction::SignUp
        };
        let of_the_account = [made, AuditAction::EmailVerified].map(|action| AuditEvent {
            user: Some(newcomer.user),
            ..self.mint.event(at, action, AuditOutcome::Success, &accept.caller)
        });
        let accepted = AuditEvent {
            user: Some(newcomer.user),
            ..self.accepted(record, &accept.caller, at)
        };
        of_the_account.into_iter().chain([accepted]).collect()
    }

    fn first_session(
        &self,
        accept: &AcceptInvitation,
        newcomer: &Newcomer,
        record: &InvitationRecord,
        at: Timestamp,
    ) -> (SignIn, LoggedIn) {
        let token = self.mint.session_token();
        let device_token = self.mint.device_token();
        let lifetime = self.lifetime.capped_by(record.policy.as_ref());
        let id = self.mint.session_id(at);
        let sign_in = SignIn {
            session: NewSession {
                id,
                digest: token.digest(),
                user: newcomer.user,
                tenant: Some(record.tenant),
                remembered: false,
                methods: vec![AuthMethod::Password],
                lifetime,
                caller: accept.caller.clone(),
            },
            // The password that is set makes the next one.
            credential_version: record.holder.as_ref().map_or(0, |holder| holder.credential_version) + 1,
            rehash: None,
            replaces: accept.held.as_ref().map(SessionToken::digest),
            device: DeviceUse::New(NewDevice {
                id: self.mint.device_id(at),
                digest: device_token.digest(),
                replaces: accept.device.as_ref().map(DeviceToken::digest),
            }),
            mail: None,
            undo: None,
            event: AuditEvent {
                user: Some(newcomer.user),
                tenant: Some(record.tenant),
                session: Some(id),
                ..self
                    .mint
                    .event(at, AuditAction::LogIn, AuditOutcome::Success, &accept.caller)
            },
            at,
        };
        let logged_in = LoggedIn {
            user: newcomer.user,
            email: newcomer.email.clone(),
            name: newcomer.name.as_ref().map(ToString::to_string),
            token,
            expires: at + lifetime.absolute,
            remembered: false,
            device: device_token,
        };
        (sign_in, logged_in)
    }
}
