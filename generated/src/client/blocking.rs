//! The client for code without async, on ureq.
//!
//! [`Client`] has the same methods as the async client, and `send` needs no `await`. Requests, responses and
//! errors are the types of the [parent module](super).

use std::fmt;
use std::sync::Arc;
use std::thread;

use super::api::Api;
use super::api::operation::Operation;
pub use super::blocking_transport::Transport;
use super::call::{Attempts, Call, CallOptions, Finished, Next};
use super::config::{BuildClient, ClientBuilder, ClientConfig};
use super::ensure::{Ensure, Ensured, ListItem, Step, Steps};
use super::error::Error;
use super::setup_error::SetupError;
pub use super::ureq_transport::UreqTransport;
use crate::SecretString;
/// The crate `ureq`, whose types [`UreqTransport`] uses.
pub use ureq;

/// A client for code without async, on ureq. Clones share connections.
///
/// ```no_run
/// use launchdarkly_integrations::client::{NewAuditLogSubscription, blocking::Client};
/// use launchdarkly_integrations::integrations::datadog;
///
/// let client = Client::from_env()?;
/// let subscriptions = client.audit_log_subscriptions();
///
/// let values = datadog::ConfigValues::builder().api_key("0123456789abcdef").build();
/// let new = NewAuditLogSubscription::new("Production Datadog", values);
/// let created = subscriptions.create(&new).send()?;
///
/// for subscription in subscriptions.list(datadog::KEY).send()? {
///     println!("{}", subscription.id);
/// }
/// subscriptions.delete(datadog::KEY, &created.id).send()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Client {
    config: Arc<ClientConfig>,
    transport: Arc<dyn Transport>,
}

impl Client {
    /// Returns a builder for a client with this access token: a string or an
    /// [`AccessToken`](super::AccessToken).
    pub fn builder(token: impl Into<SecretString>) -> ClientBuilder<Self> {
        ClientBuilder::new(token.into())
    }

    /// Returns a builder with the access token from the environment variable
    /// `LAUNCHDARKLY_ACCESS_TOKEN`, and the host from `LAUNCHDARKLY_API_HOST` if that is set.
    ///
    /// # Errors
    ///
    /// [`SetupError`] if a variable is missing or invalid.
    pub fn builder_from_env() -> Result<ClientBuilder<Self>, SetupError> {
        ClientBuilder::from_env()
    }

    /// Builds a client with the settings of [`builder_from_env`](Self::builder_from_env).
    ///
    /// # Errors
    ///
    /// [`SetupError`] if a variable is missing or invalid, or if TLS can't be set up.
    pub fn from_env() -> Result<Self, SetupError> {
        Self::builder_from_env()?.build()
    }

    /// Returns the [`Api`] that creates this client's requests, for example to inspect a request before
    /// it is sent.
    pub fn api(&self) -> &Api {
        &self.config.api
    }

    fn perform<R>(&self, operation: &Operation<'_, R>, options: CallOptions) -> Result<R, Error> {
        let mut attempts = Attempts::new(&self.config, &operation.request, options);
        let _entered = attempts.span().entered();
        let finished = self.run(&mut attempts)?;
        (operation.parse)(finished.body())
            .map_err(|malformed| attempts.malformed(finished, malformed))
    }

    fn run(&self, attempts: &mut Attempts<'_>) -> Result<Finished, Error> {
        loop {
            let (request, limits) = attempts.begin()?;
            let sent = self.transport.send(request, limits);
            match attempts.end(sent) {
                Next::Done(result) => return *result,
                Next::Wait(time) => thread::sleep(time),
            }
        }
    }
}

impl BuildClient for Client {
    type Transport = Arc<dyn Transport>;

    #[allow(private_interfaces)]
    fn assemble(
        config: ClientConfig,
        transport: Option<Arc<dyn Transport>>,
    ) -> Result<Self, SetupError> {
        let transport = match transport {
            Some(transport) => transport,
            None => Arc::new(UreqTransport::new()?),
        };
        Ok(Self {
            config: Arc::new(config),
            transport,
        })
    }
}

impl ClientBuilder<Client> {
    /// Sets the transport: a [`UreqTransport`] with your own settings, another HTTP library, or a mock
    /// in tests. Defaults to [`UreqTransport::new`].
    pub fn transport(mut self, transport: impl Transport) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }
}

impl<R> Call<'_, R, Client> {
    /// Sends the call, and retries it if the policy allows.
    ///
    /// # Errors
    ///
    /// [`Error`] says what failed, and whether the call took effect.
    pub fn send(self) -> Result<R, Error> {
        self.client.perform(&self.operation, self.options)
    }
}

#[allow(private_bounds, reason = "only the handles create an `Ensure`")]
impl<R: ListItem> Ensure<'_, R, Client> {
    /// Searches the list, creates the resource if it isn't there, and searches again if it is unknown
    /// whether the create took effect.
    ///
    /// # Errors
    ///
    /// [`Error`] of the request that failed. If the create failed and the resource isn't found
    /// afterwards, this is the error of the create, with its [`effect`](Error::effect).
    /// `ErrorKind::MultipleMatches` lists the ids.
    pub fn send(self) -> Result<Ensured<R>, Error> {
        let client = self.client;
        let mut steps = Steps::new(&self, &client.config);
        let mut step = steps.first();
        loop {
            step = match step {
                Step::List => steps.listed(client.perform(&self.list, steps.list_options())),
                Step::Create => steps.created(client.perform(&self.create, steps.create_options())),
                Step::Wait(time) => {
                    thread::sleep(time);
                    Step::List
                }
                Step::Done(result) => return *result,
            };
        }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}
