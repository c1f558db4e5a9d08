//! Who of the staff is asking.

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use futures_util::future::LocalBoxFuture;
use rookery_core::{AdmissionError, Overseer, Oversight};
use rookery_domain::SessionId;

use crate::credentials::Identified;
use crate::gate::CallerInfo;
use crate::problem::Problem;
use crate::rate_limit::Counter;

/// Somebody of the staff, let in. For everybody else with a session there is nothing here: they get what they get where nothing
/// is, before their path or their body is looked at.
pub struct StaffOnly {
    /// Who looks and acts.
    pub overseer: Overseer,
    /// In which session.
    pub session: SessionId,
}

impl FromRequest for StaffOnly {
    type Error = actix_web::Error;
    type Future = LocalBoxFuture<'static, Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let identified = Identified::from_request(request, payload);
        let caller = CallerInfo::from_request(request, payload);
        let oversight = Data::<dyn Oversight>::from_request(request, payload);
        let request = request.clone();
        Box::pin(async move {
            let Identified(signed_in) = identified.await?;
            let CallerInfo(caller) = caller.await?;
            let admitted = oversight.await?.admit(&signed_in, &caller).await;
            if matches!(admitted, Err(AdmissionError::NotStaff)) {
                // Where nothing is, nothing is said of limits.
                Counter::say_nothing(&request);
            }
            Ok(Self {
                overseer: admitted.map_err(Problem::from)?,
                session: signed_in.session.id,
            })
        })
    }
}
