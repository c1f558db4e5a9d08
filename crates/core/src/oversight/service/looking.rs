//! What staff see.

use rookery_domain::{AuditAction, AuditOutcome, Reason, TenantId, UserId};
use serde_json::json;

use super::super::{AccountPage, FoundPage, Overseer, OversightError, OversightService, Record, TenantPage, Whom};
use super::because;
use crate::ports::{AccountFile, EventFilter, Look, OversightFilter, RecordedEvent, Seen, TenantFile, Wanted};
use crate::{ActivityPage, Limit, StaffAct, Subject};

impl OversightService {
    pub(super) async fn find_accounts(
        &self,
        by: &Overseer,
        filter: OversightFilter<UserId>,
        why: Option<Reason>,
    ) -> Result<AccountPage, OversightError> {
        let searched = || searching(AuditAction::StaffSearchedUsers, &filter, why.as_ref());
        let look = self.look(by, StaffAct::Find, searched).await?;
        let found = self.oversight.find(&look, &one_more(&filter)).await?;
        let found = found.ok_or(OversightError::NotStaff)?;
        Ok(page(found, filter.limit, |account| account.user))
    }

    pub(super) async fn open_account(
        &self,
        by: &Overseer,
        whom: &Whom,
        why: Option<Reason>,
    ) -> Result<AccountFile, OversightError> {
        let user = self.meant(whom).await?;
        let looked = || Record {
            action: AuditAction::StaffLookedAtUser,
            target: user.map(|user| format!("user:{user}")),
            detail: because(why.as_ref()),
        };
        let look = self.look(by, StaffAct::Show, looked).await?;
        let seen = match user {
            Some(user) => {
                let told = by.told(&self.mint, AuditAction::LookedAt, user, look.record.at);
                self.oversight.open(&look, &user, &told).await?
            }
            None => Seen::NotThere,
        };
        match seen {
            Seen::There(mut file) => {
                let mailbox = Subject::mailbox(&file.account.email);
                file.locked_until = self.throttle.locked_until(Limit::LogInAddress, &mailbox).await?;
                Ok(file)
            }
            Seen::NotThere => {
                self.refused(by, looked(), "not_there").await?;
                Err(OversightError::NoSuchAccount)
            }
            Seen::Outdated => Err(OversightError::NotStaff),
        }
    }

    pub(super) async fn search_tenants(
        &self,
        by: &Overseer,
        filter: OversightFilter<TenantId>,
        why: Option<Reason>,
    ) -> Result<TenantPage, OversightError> {
        let searched = || searching(AuditAction::StaffSearchedTenants, &filter, why.as_ref());
        let look = self.look(by, StaffAct::Find, searched).await?;
        let found = self.oversight.find_tenants(&look, &one_more(&filter)).await?;
        let found = found.ok_or(OversightError::NotStaff)?;
        Ok(page(found, filter.limit, |tenant| tenant.id))
    }

    pub(super) async fn open_tenant(
        &self,
        by: &Overseer,
        tenant: &TenantId,
        why: Option<Reason>,
    ) -> Result<TenantFile, OversightError> {
        let looked = || Record {
            action: AuditAction::StaffLookedAtTenant,
            target: Some(format!("tenant:{tenant}")),
            detail: because(why.as_ref()),
        };
        let look = self.look(by, StaffAct::Show, looked).await?;
        match self.oversight.open_tenant(&look, tenant).await? {
            Seen::There(file) => Ok(file),
            Seen::NotThere => {
                self.refused(by, looked(), "not_there").await?;
                Err(OversightError::NoSuchTenant)
            }
            Seen::Outdated => Err(OversightError::NotStaff),
        }
    }

    pub(super) async fn read_log(
        &self,
        by: &Overseer,
        filter: EventFilter,
        why: Option<Reason>,
    ) -> Result<ActivityPage, OversightError> {
        let read = || Record {
            action: AuditAction::StaffReadLog,
            target: None,
            detail: because(why.as_ref()),
        };
        let look = self.look(by, StaffAct::ReadLog, read).await?;
        let wanted = filter.limit;
        // One more than is shown tells whether there is a next page.
        let filter = EventFilter {
            limit: wanted.saturating_add(1),
            ..filter
        };
        let events = self.oversight.log(&look, &filter).await?;
        let page = page(events.ok_or(OversightError::NotStaff)?, wanted, RecordedEvent::position);
        Ok(ActivityPage {
            events: page.found,
            next: page.next,
        })
    }

    async fn look(
        &self,
        by: &Overseer,
        act: StaffAct,
        record: impl Fn() -> Record + Send + Sync,
    ) -> Result<Look, OversightError> {
        self.allow(by, act, Limit::StaffLooksUser, record()).await?;
        Ok(Look {
            by: by.standing(),
            record: by.record(&self.mint, record(), AuditOutcome::Success, self.mint.now()),
        })
    }
}

/// What was searched for is kept with the event: whom staff look for tells as much as whom they look at.
fn searching<Id: ToString>(action: AuditAction, filter: &OversightFilter<Id>, why: Option<&Reason>) -> Record {
    let wanted = filter.wanted.as_ref().map(|wanted| match wanted {
        Wanted::Id(id) => id.to_string(),
        Wanted::Beginning(text) => text.to_string(),
    });
    let mut detail = because(why);
    detail.extend(wanted.map(|wanted| ("query", json!(wanted))));
    Record {
        action,
        target: None,
        detail,
    }
}

/// One more than is shown tells whether there is a next page.
fn one_more<Id: Clone>(filter: &OversightFilter<Id>) -> OversightFilter<Id> {
    OversightFilter {
        limit: filter.limit.saturating_add(1),
        ..filter.clone()
    }
}

fn page<T, Id>(mut found: Vec<T>, wanted: u32, place: impl Fn(&T) -> Id) -> FoundPage<T, Id> {
    let wanted = usize::try_from(wanted).unwrap_or(usize::MAX);
    let more = found.len() > wanted;
    found.truncate(wanted);
    let next = found.last().filter(|_| more).map(place);
    FoundPage { found, next }
}
