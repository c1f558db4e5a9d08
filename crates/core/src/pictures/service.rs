//! Showing a picture, decided.

use std::sync::Arc;

use async_trait::async_trait;
use rookery_domain::{
    AuditAction, AuditOutcome, Caller, MAX_PICTURE_UPLOAD, Picture, PictureFault, PictureHash, Profile,
};

use super::{PictureError, Pictures};
use crate::ports::{PictureChange, PictureMaker, PictureMakerError, PictureStore, PortError, SignedIn};
use crate::{AuditEvent, Limit, Mint, Subject, Throttle};

/// [`Pictures`] on top of the ports.
pub struct PictureService {
    /// Where pictures are kept.
    pub pictures: Arc<dyn PictureStore>,
    /// Makes them.
    pub maker: Arc<dyn PictureMaker>,
    /// Counts uploads.
    pub throttle: Throttle,
    /// Makes events.
    pub mint: Mint,
}

#[async_trait]
impl Pictures for PictureService {
    async fn show(&self, signed_in: &SignedIn, upload: Vec<u8>, caller: &Caller) -> Result<Profile, PictureError> {
        let sender = Subject::User(signed_in.session.user);
        self.throttle.take(Limit::PictureUser, &sender).await?;
        match self.made(upload).await {
            Ok(picture) => self.replace(signed_in, Some(picture), caller).await,
            Err(PictureMakerError::Busy) => {
                // Nobody has looked at it, and it will be sent again.
                self.throttle.give_back(Limit::PictureUser, &sender).await?;
                Err(PictureError::Busy)
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn remove(&self, signed_in: &SignedIn, caller: &Caller) -> Result<Profile, PictureError> {
        self.replace(signed_in, None, caller).await
    }

    async fn find(&self, hash: &PictureHash) -> Result<Option<Picture>, PortError> {
        self.pictures.find(hash).await
    }
}

impl PictureService {
    async fn made(&self, upload: Vec<u8>) -> Result<Picture, PictureMakerError> {
        match upload.len() {
            0 => Err(PictureFault::Missing.into()),
            1..=MAX_PICTURE_UPLOAD => self.maker.make(upload).await,
            _ => Err(PictureFault::TooLarge.into()),
        }
    }

    async fn replace(
        &self,
        signed_in: &SignedIn,
        picture: Option<Picture>,
        caller: &Caller,
    ) -> Result<Profile, PictureError> {
        let at = self.mint.now();
        let session = &signed_in.session;
        let tenant = session.tenant.as_ref().map(|tenant| tenant.id);
        let event = AuditEvent {
            user: Some(session.user),
            tenant,
            session: Some(session.id),
            ..self
                .mint
                .event(at, AuditAction::ProfileUpdate, AuditOutcome::Success, caller)
        };
        let change = PictureChange {
            user: session.user,
            tenant,
            picture,
            event,
            at,
        };
        self.pictures.replace(&change).await?.ok_or(PictureError::NotFound)
    }
}

#[cfg(test)]
mod tests;
