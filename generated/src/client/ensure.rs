//! [`Ensure`]: creates something unless it exists already.

use std::fmt;
use std::time::Duration;

use super::api::Api;
use super::api::operation::{Operation, OperationRequest};
use super::call::CallOptions;
use super::config::ClientConfig;
use super::effect::Effect;
use super::error::{Error, ErrorKind, InvalidRequest};
use super::responses::{
    AuditLogSubscription, BigSegmentStore, DeliveryConfiguration, FlagImport,
    IntegrationConfiguration, List,
};
use super::retry::RetryPolicy;

/// What [`Ensure`] found or did.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Ensured<R> {
    /// One of this name existed already. It wasn't compared with what was asked for, nor changed.
    Found(R),
    /// There was none, and one was created.
    Created(R),
    /// There was none, the effect of creating one was unknown, and then there was one: created by
    /// this call, or by another at the same time.
    FoundAfterUnknown(R),
}

impl<R> Ensured<R> {
    /// What exists now.
    pub fn into_inner(self) -> R {
        match self {
            Self::Found(one) | Self::Created(one) | Self::FoundAfterUnknown(one) => one,
        }
    }

    /// Whether this call created it, for certain.
    #[must_use]
    pub fn is_created(&self) -> bool {
        matches!(self, Self::Created(_))
    }

    /// What exists now.
    pub fn get(&self) -> &R {
        match self {
            Self::Found(one) | Self::Created(one) | Self::FoundAfterUnknown(one) => one,
        }
    }
}

/// Creates something unless one of the same integration and name exists already, and in the same
/// project and environment where it belongs to one. What has no name can't be ensured.
///
/// It looks, creates at most once, and where the effect of that is unknown, or LaunchDarkly
/// responds with a conflict, looks again four times with growing waits, since reads may lag. A
/// create that may have been carried out is never repeated, whatever the retry policy says.
///
/// Nothing that exists is compared, changed or deleted. LaunchDarkly has no key that would make
/// this atomic: two processes that do it at the same time may create two.
#[must_use = "nothing happens until it is sent"]
pub struct Ensure<'a, R, C> {
    pub(super) client: &'a C,
    pub(super) list: Operation<'a, List<R>>,
    pub(super) create: Operation<'a, R>,
    pub(super) identity: Identity<'a>,
    pub(super) options: CallOptions,
}

impl<R, C> Ensure<'_, R, C> {
    /// Sets the time-out of each attempt of each request, in place of the client's.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.options.timeout = Some(timeout);
        self
    }

    /// Sets when each request is retried, in place of the client's policy. Its backoff is also the
    /// first wait before looking again.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.options.retry = Some(policy);
        self
    }
}

impl<R, C> fmt::Debug for Ensure<'_, R, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ensure")
            .field("operation", &self.create.request.metadata.name)
            .field("identity", &self.identity)
            .finish_non_exhaustive()
    }
}

/// By what an existing resource is known: LaunchDarkly has no key for this.
#[derive(Debug)]
pub(crate) struct Identity<'a> {
    pub(super) integration_key: &'a str,
    pub(super) name: Option<&'a str>,
    pub(super) project_key: Option<String>,
    pub(super) environment_key: Option<String>,
}

/// What can be found in a list.
pub(crate) trait Listed {
    fn id(&self) -> &str;
    fn is(&self, identity: &Identity<'_>) -> bool;
}

/// A resource with a place, or without where its list is of one integration.
macro_rules! listed {
    ($name:ident $(, $place:ident)*) => {
        impl Listed for $name {
            fn id(&self) -> &str {
                &self.id
            }

            fn is(&self, identity: &Identity<'_>) -> bool {
                // A list by integration may leave the key out.
                let key = self.integration_key.as_deref();
                key.is_none_or(|key| key == identity.integration_key)
                    && self.name.as_deref() == identity.name
                    $(&& self.$place == identity.$place)*
            }
        }
    };
}

listed!(IntegrationConfiguration);
listed!(AuditLogSubscription);
listed!(DeliveryConfiguration, project_key, environment_key);
listed!(BigSegmentStore, project_key, environment_key);
listed!(FlagImport, project_key);

/// How often it looks again.
const LOOKS: u32 = 4;

/// What to do next. Both clients do it, and nothing else.
pub(crate) enum Step<R> {
    List,
    Create,
    Wait(Duration),
    Done(Box<Result<Ensured<R>, Error>>),
}

/// The steps, without a network.
pub(crate) struct Steps<'a, R> {
    api: &'a Api,
    list: &'a Operation<'a, List<R>>,
    create: &'a OperationRequest<'a>,
    identity: &'a Identity<'a>,
    /// For the requests that look.
    options: CallOptions,
    /// The error of the create, once that was sent.
    unknown: Option<Error>,
    looks: u32,
}

impl<'a, R: Listed> Steps<'a, R> {
    pub(crate) fn new<C>(ensure: &'a Ensure<'_, R, C>, config: &'a ClientConfig) -> Self {
        let retry = ensure.options.retry.as_ref().unwrap_or(&config.retry);
        Self {
            api: &config.api,
            list: &ensure.list,
            create: &ensure.create.request,
            identity: &ensure.identity,
            options: CallOptions {
                timeout: ensure.options.timeout,
                retry: Some(retry.clone()),
            },
            unknown: None,
            looks: 0,
        }
    }

    /// The first step.
    pub(crate) fn first(&self) -> Step<R> {
        if self.identity.name.is_none() {
            let invalid = InvalidRequest::Unnamed;
            return done(Err(Error::invalid(self.api, self.create, invalid)));
        }
        Step::List
    }

    pub(crate) fn list_options(&self) -> CallOptions {
        self.options.clone()
    }

    /// A create that may have been carried out is looked for, and not repeated.
    pub(crate) fn create_options(&self) -> CallOptions {
        let mut options = self.options.clone();
        options.retry = options.retry.map(|policy| policy.retry_ambiguous(false));
        options
    }

    pub(crate) fn listed(&mut self, listed: Result<List<R>, Error>) -> Step<R> {
        let list = match (listed, self.unknown.take()) {
            (Ok(list), None) => list,
            (Ok(list), Some(unknown)) => {
                self.unknown = Some(unknown);
                list
            }
            (Err(error), None) => return done(Err(error)),
            // Looking failed, so nothing is known that the create's error doesn't say.
            (Err(_), Some(unknown)) => return self.look_again(unknown),
        };
        // One without an id can't be returned, and must not be taken for none.
        let is_unparsed = list.unparsed.iter().any(|(path, item)| {
            let name = item["name"].as_str();
            path.starts_with("items[") && (name.is_none() || name == self.identity.name)
        });
        if is_unparsed {
            return done(Err(self.error(ErrorKind::MalformedResponse, Vec::new())));
        }
        let found = list.into_iter().filter(|one| one.is(self.identity));
        let mut found: Vec<R> = found.collect();
        match (found.pop(), found.is_empty(), self.unknown.take()) {
            (Some(one), true, None) => done(Ok(Ensured::Found(one))),
            (Some(one), true, Some(_)) => done(Ok(Ensured::FoundAfterUnknown(one))),
            (Some(one), false, unknown) => {
                self.unknown = unknown;
                let others = found.iter().map(|one| one.id().to_owned());
                let ids = others.chain([one.id().to_owned()]).collect();
                done(Err(self.error(ErrorKind::SeveralExist, ids)))
            }
            (None, _, None) => Step::Create,
            (None, _, Some(unknown)) => self.look_again(unknown),
        }
    }

    pub(crate) fn created(&mut self, created: Result<R, Error>) -> Step<R> {
        match created {
            Ok(one) => done(Ok(Ensured::Created(one))),
            Err(error) if error.effect() != Effect::None || error.kind() == ErrorKind::Conflict => {
                self.look_again(error)
            }
            Err(error) => done(Err(error)),
        }
    }

    fn look_again(&mut self, unknown: Error) -> Step<R> {
        if self.looks == LOOKS {
            return done(Err(unknown));
        }
        let policy = self.options.retry.as_ref();
        let wait = policy.map(|policy| policy.whole_backoff(self.looks));
        self.looks += 1;
        self.unknown = Some(unknown);
        Step::Wait(wait.unwrap_or_default())
    }

    fn error(&self, kind: ErrorKind, ids: Vec<String>) -> Error {
        let error = Error::of_list(self.api, &self.list.request, kind, ids);
        match &self.unknown {
            Some(unknown) => error.after(1, unknown.effect()),
            None => error,
        }
    }
}

fn done<R>(result: Result<Ensured<R>, Error>) -> Step<R> {
    Step::Done(Box::new(result))
}
