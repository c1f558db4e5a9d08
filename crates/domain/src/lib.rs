//! The words of Rookery.
//!
//! Every value here is parsed once, at the door, and is proof from then on: a function that takes an
//! [`EmailAddress`] never checks it again. Nothing in this crate waits, reads a clock, draws a random number or
//! touches a file; time and chance are arguments.
//!
//! | module | idea |
//! |---|---|
//! | [`id`] | typed UUIDv7 names of things |
//! | [`email`] | an e-mail address, and when two spellings are one mailbox |
//! | [`name`] | what people and companies are called |
//! | [`password`] | a plain password, the rules it must meet, the hash it becomes |
//! | [`token`] | secrets that travel in cookies and mail links, and the digests that are kept |
//! | [`mailed_code`] | the short code beside a mailed link |
//! | [`preferences`] | theme, language, time zone, notifications |
//! | [`picture`] | a person's picture, and the name its content gives it |
//! | [`initials`] | the letters that stand in for one |
//! | [`profile`] | what a person sees and changes of their account |
//! | [`second_factor`] | what is shown beside the password |
//! | [`session`] | how long somebody stays signed in |
//! | [`colour`] | colours, and whether text on them can be read |
//! | [`device`] | what somebody signs in with, in words they recognise |
//! | [`tenant`] | the organisations people belong to |
//! | [`invitation`] | how somebody is asked to join one, and what became of it |
//! | [`link`] | what a mail program would make a link of |
//! | [`staff`] | the people who run the service |
//! | [`audit`] | what happened, told without secrets |
//! | [`webhook`] | account events for other systems: where they go, what they are called, how they are signed |
//! | [`violation`] | what is wrong with a field, for the person who filled it in |

pub mod audit;
pub mod colour;
pub mod device;
pub mod email;
pub mod id;
pub mod initials;
pub mod invitation;
pub mod link;
pub mod mailed_code;
pub mod name;
pub mod password;
pub mod picture;
pub mod preferences;
pub mod profile;
pub mod second_factor;
pub mod session;
pub mod staff;
pub mod tenant;
pub mod token;
pub mod violation;
pub mod webhook;

pub use audit::{Actor, AuditAction, AuditOutcome, Caller};
pub use colour::{Colour, InvalidColour};
pub use device::{Device, DeviceKind};
pub use email::{EmailAddress, InvalidEmail};
pub use id::{
    ChallengeId, DeviceId, EventId, FactorId, InvitationId, MailId, RecoveryCodeId, SessionId, TenantId, TokenId,
    UndoId, UserId, WebhookId, WorkerId,
};
pub use initials::Initials;
pub use invitation::{InvalidNote, InvitationNote, InvitationState};
pub use link::could_become_a_link;
pub use mailed_code::{InvalidMailedCode, MailedCode};
pub use name::{CompanyName, DisplayName, FamilyName, GivenName, InvalidName, Reason, SearchText, TenantName};
pub use password::{Password, PasswordAttempt, PasswordFault, PasswordHash, PasswordPolicy, PasswordRules};
pub use picture::{MAX_PICTURE_UPLOAD, PICTURE_SIDE, Picture, PictureFault, PictureHash};
pub use preferences::{Language, Preferences, Theme, TimeZone};
pub use profile::{PendingEmail, Profile, ProfileUpdate, Restriction};
pub use second_factor::{
    Factor, FactorState, InvalidRecoveryCode, InvalidTotpCode, RecoveryCode, TotpCode, TotpSecret, TotpStep,
};
pub use secrecy::{ExposeSecret, SecretString};
pub use session::{AuthMethod, Session, SessionLifetime};
pub use staff::{StaffRole, UnknownStaffRole};
pub use tenant::{Membership, NoRole, PolicyUpdate, Role, Roles, TenantPolicy, TenantSummary, UnknownRole};
pub use token::{ChallengeToken, DeviceToken, OneTimeToken, SessionToken, TokenDigest, TokenPurpose};
pub use violation::{Violation, Violations};
pub use webhook::{InvalidWebhookUrl, UrlRules, WebhookEvent, WebhookSecret, WebhookUrl};

/// A moment, in UTC. The whole system keeps microseconds: PostgreSQL stores no more.
pub type Timestamp = chrono::DateTime<chrono::Utc>;
