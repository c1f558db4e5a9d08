//! Decided values, as the use cases make them: complete and plausible, to be varied by a promise that needs it.

use chrono::Duration;
use rookery_core::domain::{
    AuditAction, AuditOutcome, AuthMethod, Caller, DisplayName, EmailAddress, FamilyName, GivenName, PasswordHash,
    Picture, Preferences, ProfileUpdate, SessionLifetime, TokenDigest, TokenPurpose,
};
use rookery_core::ports::{
    Addressee, DeviceUse, EmailChange, EmailChangeRequest, EmailProof, NewAccount, NewDevice, NewSession, NewToken,
    NewUndo, OutgoingMail, PasswordChange, PasswordReset, PictureChange, ProfileChange, Revoked, SessionRenewal,
    SessionRevocation, SignIn, TokenIssue, UndoKind, Undoing,
};
use rookery_core::{AuditEvent, LetterKind, Reader};

use super::{OpenSession, Person, World};

/// A text that stands for the hash of this password.
pub(super) fn hash(password: &str) -> PasswordHash {
    PasswordHash::from_phc(format!("$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ${password}"))
}

/// A parsed address.
pub(super) fn address(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

impl Person {
    /// As the addressee of a mail.
    #[must_use]
    pub fn addressee(&self) -> Addressee {
        Addressee::Person {
            user: self.user,
            email: self.email.clone(),
            reader: Reader::default(),
        }
    }
}

impl World {
    /// A caller with everything a request can tell.
    #[must_use]
    pub fn caller() -> Caller {
        Caller {
            is_operator: false,
            request_id: Some("0199f2b0-contract".to_owned()),
            address: Some([192, 0, 2, 7].into()),
            user_agent: Some("Mozilla/5.0 (contract) \u{1f985}".to_owned()),
        }
    }

    /// An event about this person.
    #[must_use]
    pub fn event(&self, action: AuditAction, person: Option<&Person>) -> AuditEvent {
        AuditEvent {
            user: person.map(|person| person.user),
            ..self
                .mint
                .event(self.now(), action, AuditOutcome::Success, &Self::caller())
        }
    }

    /// A mail of this kind, sealed, good for a day.
    #[must_use]
    pub fn mail(&self, kind: LetterKind, to: Addressee) -> OutgoingMail {
        let id = self.mint.mail_id(self.now());
        OutgoingMail {
            id,
            kind,
            to,
            sealed: format!("sealed for {id}\0").into_bytes(),
            created: self.now(),
            expires: self.now() + Duration::hours(24),
        }
    }

    fn token(&self, purpose: TokenPurpose, to: &Addressee) -> NewToken {
        NewToken {
            id: self.mint.token_id(self.now()),
            purpose,
            digest: self.mint.one_time_token(purpose).digest(),
            code: None,
            owner: to.owner(),
            created: self.now(),
            expires: self.now() + Duration::hours(1),
        }
    }

    /// The way back from a change that is made now, good for three days, and the digest that finds it.
    #[must_use]
    pub fn new_undo(&self, kind: UndoKind, person: &Person) -> (TokenDigest, NewUndo) {
        let digest = self.mint.one_time_token(TokenPurpose::Undo).digest();
        let undo = NewUndo {
            id: self.mint.undo_id(self.now()),
            user: person.user,
            email: person.email.clone(),
            digest,
            kind,
            created: self.now(),
            expires: self.now() + TokenPurpose::Undo.life(),
        };
        (digest, undo)
    }

    /// A sign-up with names, and without company and preferences.
    #[must_use]
    pub fn new_account(&self, email: &str) -> NewAccount {
        let at = self.now();
        let person = Person {
            user: self.mint.user_id(at),
            email: address(email),
        };
        NewAccount {
            user: person.user,
            email: person.email.clone(),
            name: Some(DisplayName::parse("Ada \u{1f99c} Lovelace").unwrap()),
            given_name: Some(GivenName::parse("Ада").unwrap()),
            family_name: Some(FamilyName::parse("O'Lovelace").unwrap()),
            password_hash: hash("first"),
            preferences: None,
            tenant: None,
            verification: self.token(TokenPurpose::EmailVerification, &person.addressee()),
            mail: self.mail(LetterKind::VerifyEmail, person.addressee()),
            event: self.event(AuditAction::SignUp, Some(&person)),
            at,
        }
    }

    /// A browser nobody has signed in with, which showed this token.
    #[must_use]
    pub fn device(&self, replaces: Option<TokenDigest>) -> NewDevice {
        NewDevice {
            id: self.mint.device_id(self.now()),
            digest: self.mint.device_token().digest(),
            replaces,
        }
    }

    /// A sign-in on version 1 of the credential, for a day, into no tenant.
    #[must_use]
    pub fn sign_in(&self, person: &Person) -> SignIn {
        let at = self.now();
        let id = self.mint.session_id(at);
        SignIn {
            session: NewSession {
                id,
                digest: self.mint.session_token().digest(),
                user: person.user,
                tenant: None,
                remembered: false,
                methods: vec![AuthMethod::Password],
                lifetime: SessionLifetime::DEFAULT,
                caller: Self::caller(),
            },
            credential_version: 1,
            rehash: None,
            replaces: None,
            device: DeviceUse::New(self.device(None)),
            mail: None,
            undo: None,
            event: AuditEvent {
                session: Some(id),
                ..self.event(AuditAction::LogIn, Some(person))
            },
            at,
        }
    }

    /// A change of password from version 1 of the credential, asked for in this session.
    #[must_use]
    pub fn password_change(&self, person: &Person, session: &OpenSession, password: &str) -> PasswordChange {
        PasswordChange {
            user: person.user,
            session: session.id,
            new_digest: self.mint.session_token().digest(),
            credential_version: 1,
            new_hash: hash(password),
            device: None,
            undo: self.new_undo(UndoKind::PasswordChanged, person).1,
            mail: self.mail(LetterKind::PasswordChanged, person.addressee()),
            event: self.event(AuditAction::PasswordChange, Some(person)),
            at: self.now(),
        }
    }

    /// A second proof by password, on the token the session was opened with.
    #[must_use]
    pub fn renewal(&self, person: &Person, session: &OpenSession) -> SessionRenewal {
        SessionRenewal {
            user: person.user,
            session: session.id,
            held: session.digest,
            new_digest: self.mint.session_token().digest(),
            methods: vec![AuthMethod::Password],
            event: self.event(AuditAction::Reauthentication, Some(person)),
            at: self.now(),
        }
    }

    /// An end of other sessions, asked for in this one.
    #[must_use]
    pub fn revocation(&self, person: &Person, by: &OpenSession, revoked: Revoked) -> SessionRevocation {
        let action = match revoked {
            Revoked::One(_) => AuditAction::SessionEnded,
            Revoked::AllOthers => AuditAction::OtherSessionsEnded,
        };
        SessionRevocation {
            user: person.user,
            by: by.id,
            revoked,
            event: self.event(action, Some(person)),
            at: self.now(),
        }
    }

    /// A token by mail, good for an hour.
    #[must_use]
    pub fn issue(&self, purpose: TokenPurpose, to: Addressee) -> TokenIssue {
        let (kind, action) = match purpose {
            TokenPurpose::PasswordReset => (LetterKind::ResetPassword, AuditAction::PasswordResetRequest),
            _ => (LetterKind::VerifyEmail, AuditAction::VerificationRequest),
        };
        let user = to.owner().map(|(user, _)| user);
        TokenIssue {
            token: self.token(purpose, &to),
            event: AuditEvent {
                user,
                ..self.event(action, None)
            },
            mail: self.mail(kind, to),
        }
    }

    /// A proof of the mailbox by this token, with a welcome.
    #[must_use]
    pub fn email_proof(&self, person: &Person, digest: TokenDigest) -> EmailProof {
        EmailProof {
            digest,
            user: person.user,
            mail: Some(self.mail(LetterKind::Welcome, person.addressee())),
            event: self.event(AuditAction::EmailVerified, Some(person)),
            at: self.now(),
        }
    }

    /// A wish for another address, asked for in this session on version 1 of the credential.
    #[must_use]
    pub fn email_change_request(&self, person: &Person, session: &OpenSession, to: &str) -> EmailChangeRequest {
        let to = address(to);
        let token = NewToken {
            expires: self.now() + TokenPurpose::EmailChange.life(),
            ..self.token(TokenPurpose::EmailChange, &person.addressee())
        };
        let new_mailbox = Addressee::Person {
            user: person.user,
            email: to.clone(),
            reader: Reader::default(),
        };
        EmailChangeRequest {
            user: person.user,
            session: session.id,
            to,
            credential_version: 1,
            token,
            confirmation: self.mail(LetterKind::ConfirmNewEmail, new_mailbox),
            notice: self.mail(LetterKind::EmailChangeRequested, person.addressee()),
            event: self.event(AuditAction::EmailChangeRequest, Some(person)),
            at: self.now(),
        }
    }

    /// The confirmation of such a wish.
    #[must_use]
    pub fn email_change(&self, person: &Person, request: &EmailChangeRequest) -> EmailChange {
        EmailChange {
            digest: request.token.digest,
            user: person.user,
            to: request.to.clone(),
            undo: self.new_undo(UndoKind::EmailChanged, person).1,
            notice: self.mail(LetterKind::EmailChanged, person.addressee()),
            welcome: self.mail(LetterKind::NewEmailConfirmed, request.confirmation.to.clone()),
            event: self.event(AuditAction::EmailChanged, Some(person)),
            at: self.now(),
        }
    }

    /// Taking back the change this token was mailed for; `person` is who they were before it.
    #[must_use]
    pub fn undoing(&self, person: &Person, digest: TokenDigest) -> Undoing {
        Undoing {
            digest,
            user: person.user,
            reset: self.token(TokenPurpose::PasswordReset, &person.addressee()),
            mail: self.mail(LetterKind::ChangeUndone, person.addressee()),
            event: self.event(AuditAction::Undone, Some(person)),
            at: self.now(),
        }
    }

    /// A new password by this token.
    #[must_use]
    pub fn password_reset(&self, person: &Person, digest: TokenDigest, password: &str) -> PasswordReset {
        PasswordReset {
            digest,
            user: person.user,
            new_hash: hash(password),
            undo: self.new_undo(UndoKind::PasswordReset, person).1,
            mail: self.mail(LetterKind::PasswordChanged, person.addressee()),
            event: self.event(AuditAction::PasswordReset, Some(person)),
            at: self.now(),
        }
    }

    /// A change of the profile, in no tenant.
    #[must_use]
    pub fn profile_change(&self, person: &Person, update: ProfileUpdate) -> ProfileChange {
        ProfileChange {
            user: person.user,
            tenant: None,
            update,
            defaults: Preferences::default(),
            event: self.event(AuditAction::ProfileUpdate, Some(person)),
            at: self.now(),
        }
    }

    /// Another picture for somebody, or none, in no tenant.
    #[must_use]
    pub fn picture_change(&self, person: &Person, picture: Option<Picture>) -> PictureChange {
        PictureChange {
            user: person.user,
            tenant: None,
            picture,
            event: self.event(AuditAction::ProfileUpdate, Some(person)),
            at: self.now(),
        }
    }
}
