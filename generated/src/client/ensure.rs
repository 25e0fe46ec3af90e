//! [`Ensure`]: creates a resource unless it exists.

use std::fmt;
use std::time::Duration;

use super::api::Api;
use super::api::operation::{Operation, OperationRequest};
use super::call::{Call, CallOptions};
use super::config::ClientConfig;
use super::effect::Effect;
use super::error::{Error, ErrorKind};
use super::invalid_request::InvalidRequest;
use super::responses::{
    AuditLogSubscription, BigSegmentStore, DeliveryConfiguration, FlagImport,
    IntegrationConfiguration, List,
};
use super::retry::RetryPolicy;

/// The result of [`Ensure`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Ensured<R> {
    /// A resource with this name existed. It was neither compared with the new one nor changed.
    Found(R),
    /// The resource was created.
    Created(R),
    /// The create failed with an unknown effect or a conflict, and the resource was found afterwards:
    /// created by this call, or by another one at the same time.
    FoundAfterUnknown(R),
}

impl<R> Ensured<R> {
    /// Returns the resource.
    pub fn into_inner(self) -> R {
        match self {
            Self::Found(resource) | Self::Created(resource) | Self::FoundAfterUnknown(resource) => {
                resource
            }
        }
    }

    /// Whether this call certainly created the resource.
    #[must_use]
    pub fn is_created(&self) -> bool {
        matches!(self, Self::Created(_))
    }

    /// Returns a reference to the resource.
    pub fn get(&self) -> &R {
        match self {
            Self::Found(resource) | Self::Created(resource) | Self::FoundAfterUnknown(resource) => {
                resource
            }
        }
    }
}

/// Creates a resource unless one with the same integration and name exists, in the same project and
/// environment if it belongs to one. A name is required.
///
/// 1. Lists the existing resources. If one matches, returns it.
/// 2. Otherwise creates the resource, at most once: whatever the retry policy says, a create that may
///    have taken effect is never repeated.
/// 3. If the effect of the create is unknown, or LaunchDarkly responds with a conflict, lists up to
///    four more times with growing waits, because lists may be out of date.
///
/// Existing resources are never compared, changed or deleted. LaunchDarkly has no unique key that
/// would make this atomic: two processes that do this at the same time may create two resources.
#[must_use = "it does nothing until it is sent: call `.send()`"]
pub struct Ensure<'a, R, C> {
    pub(super) client: &'a C,
    pub(super) list: Operation<'a, List<R>>,
    pub(super) create: Operation<'a, R>,
    identity: Identity<'a>,
    options: CallOptions,
}

impl<'a, R, C> Ensure<'a, R, C> {
    pub(super) fn new(
        list: Call<'a, List<R>, C>,
        create: Call<'a, R, C>,
        identity: Identity<'a>,
    ) -> Self {
        Self {
            client: create.client,
            list: list.operation,
            create: create.operation,
            identity,
            options: CallOptions::default(),
        }
    }

    /// Sets the time-out of each attempt of each request. Defaults to the client's.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.options.timeout = Some(timeout);
        self
    }

    /// Sets when each request is retried. Defaults to the client's policy. Its backoff is also the first
    /// wait before a list after the create.
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

/// The properties that identify an existing resource.
#[derive(Debug)]
pub(crate) struct Identity<'a> {
    pub(super) integration_key: &'a str,
    pub(super) name: Option<&'a str>,
    pub(super) project_key: Option<String>,
    pub(super) environment_key: Option<String>,
}

/// A resource that can be found in a list.
pub(crate) trait ListItem {
    fn id(&self) -> &str;
    fn matches(&self, identity: &Identity<'_>) -> bool;
}

/// Implements [`ListItem`]. `$place` are the properties that are compared as well, because the list contains
/// resources of several projects or environments.
macro_rules! listed {
    ($name:ident $(, $place:ident)*) => {
        impl ListItem for $name {
            fn id(&self) -> &str {
                &self.id
            }

            fn matches(&self, identity: &Identity<'_>) -> bool {
                // The list of one integration may omit the key.
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

/// How many times the list is requested after the create.
const MAX_RECHECKS: u32 = 4;

/// What the client does next.
pub(crate) enum Step<R> {
    List,
    Create,
    Wait(Duration),
    Done(Box<Result<Ensured<R>, Error>>),
}

/// Decides the steps. The clients carry them out.
pub(crate) struct Steps<'a, R> {
    api: &'a Api,
    list: &'a Operation<'a, List<R>>,
    create: &'a OperationRequest<'a>,
    identity: &'a Identity<'a>,
    /// The options of the list.
    options: CallOptions,
    /// The error of the create, after that failed.
    create_error: Option<Error>,
    rechecks: u32,
}

impl<'a, R: ListItem> Steps<'a, R> {
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
            create_error: None,
            rechecks: 0,
        }
    }

    /// The first step.
    pub(crate) fn first(&self) -> Step<R> {
        if self.identity.name.is_none() {
            let reason = InvalidRequest::Unnamed;
            return done(Err(Error::invalid(self.api, self.create, reason)));
        }
        Step::List
    }

    pub(crate) fn list_options(&self) -> CallOptions {
        self.options.clone()
    }

    /// The options of the create, which is never repeated after it may have taken effect.
    pub(crate) fn create_options(&self) -> CallOptions {
        let mut options = self.options.clone();
        options.retry = options.retry.map(|policy| policy.retry_ambiguous(false));
        options
    }

    pub(crate) fn listed(&mut self, listed: Result<List<R>, Error>) -> Step<R> {
        let list = match listed {
            Ok(list) => list,
            Err(error) => {
                return match self.create_error.take() {
                    None => done(Err(error)),
                    // The create's error is more informative than that of the list.
                    Some(create_error) => self.recheck(create_error),
                };
            }
        };
        // An item without an id can't be returned, but it exists.
        let is_unparsed = list.unparsed.iter().any(|(path, item)| {
            let name = item["name"].as_str();
            path.starts_with("items[") && (name.is_none() || name == self.identity.name)
        });
        if is_unparsed {
            return done(Err(self.error(ErrorKind::MalformedResponse, Vec::new())));
        }
        let mut matches: Vec<R> = list
            .into_iter()
            .filter(|resource| resource.matches(self.identity))
            .collect();
        if matches.len() > 1 {
            let ids = matches.iter().map(|resource| resource.id().to_owned());
            return done(Err(self.error(ErrorKind::MultipleMatches, ids.collect())));
        }
        match (matches.pop(), self.create_error.take()) {
            (Some(resource), None) => done(Ok(Ensured::Found(resource))),
            (Some(resource), Some(_)) => done(Ok(Ensured::FoundAfterUnknown(resource))),
            (None, None) => Step::Create,
            (None, Some(create_error)) => self.recheck(create_error),
        }
    }

    pub(crate) fn created(&mut self, created: Result<R, Error>) -> Step<R> {
        match created {
            Ok(resource) => done(Ok(Ensured::Created(resource))),
            Err(error) if error.effect() != Effect::None || error.kind() == ErrorKind::Conflict => {
                self.recheck(error)
            }
            Err(error) => done(Err(error)),
        }
    }

    fn recheck(&mut self, create_error: Error) -> Step<R> {
        if self.rechecks == MAX_RECHECKS {
            return done(Err(create_error));
        }
        let policy = self.options.retry.as_ref();
        let wait = policy.map(|policy| policy.doubled_backoff(self.rechecks));
        self.rechecks += 1;
        self.create_error = Some(create_error);
        Step::Wait(wait.unwrap_or_default())
    }

    fn error(&self, kind: ErrorKind, ids: Vec<String>) -> Error {
        let request = match kind {
            // The list succeeded.
            ErrorKind::MultipleMatches => self.create,
            _ => &self.list.request,
        };
        let error = Error::from_list(self.api, request, kind, ids);
        match &self.create_error {
            Some(create_error) => error.after(1, create_error.effect()),
            None => error,
        }
    }
}

fn done<R>(result: Result<Ensured<R>, Error>) -> Step<R> {
    Step::Done(Box::new(result))
}
