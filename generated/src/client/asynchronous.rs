//! The client for async code, on reqwest.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::sync::Arc;

use tracing::Instrument as _;

use super::api::Api;
use super::api::operation::Operation;
use super::async_transport::Transport;
use super::call::{Attempts, Call, CallOptions, Finished, Next};
use super::config::{BuildClient, ClientBuilder, ClientConfig};
use super::ensure::{Ensure, Ensured, ListItem, Step, Steps};
use super::error::Error;
use super::reqwest_transport::ReqwestTransport;
use super::setup_error::SetupError;
use crate::SecretString;

/// A client for async code, on reqwest and tokio. Clones share connections.
///
/// ```no_run
/// use launchdarkly_integrations::client::{Client, NewAuditLogSubscription};
/// use launchdarkly_integrations::integrations::datadog;
///
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let client = Client::from_env()?;
/// let subscriptions = client.audit_log_subscriptions();
///
/// let values = datadog::ConfigValues::builder().api_key("0123456789abcdef").build();
/// let new = NewAuditLogSubscription::new("Production Datadog", values);
/// let created = subscriptions.create(&new).send().await?;
///
/// for subscription in subscriptions.list(datadog::KEY).send().await? {
///     println!("{}", subscription.id);
/// }
/// subscriptions.delete(datadog::KEY, &created.id).send().await?;
/// # Ok(())
/// # }
/// # let _ = run;
/// ```
///
/// Dropping the future of a call cancels it, see [Cancellation](super#cancellation).
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

    async fn perform<R>(
        &self,
        operation: &Operation<'_, R>,
        options: CallOptions,
    ) -> Result<R, Error> {
        let mut attempts = Attempts::new(&self.config, &operation.request, options);
        let span = attempts.span();
        let finished = self.run(&mut attempts).instrument(span.clone()).await?;
        (operation.parse)(finished.body())
            .map_err(|malformed| span.in_scope(|| attempts.malformed(finished, malformed)))
    }

    async fn run(&self, attempts: &mut Attempts<'_>) -> Result<Finished, Error> {
        loop {
            let (request, limits) = attempts.begin()?;
            let sent = self.transport.send(request, limits).await;
            match attempts.end(sent) {
                Next::Done(result) => return *result,
                Next::Wait(time) => tokio::time::sleep(time).await,
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
            None => Arc::new(ReqwestTransport::new()?),
        };
        Ok(Self {
            config: Arc::new(config),
            transport,
        })
    }
}

impl ClientBuilder<Client> {
    /// Sets the transport: a [`ReqwestTransport`] with your own settings, another HTTP library, or a
    /// mock in tests. Defaults to [`ReqwestTransport::new`].
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
    pub async fn send(self) -> Result<R, Error> {
        self.client.perform(&self.operation, self.options).await
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
    pub async fn send(self) -> Result<Ensured<R>, Error> {
        let client = self.client;
        let mut steps = Steps::new(&self, &client.config);
        let mut step = steps.first();
        loop {
            step = match step {
                Step::List => {
                    let listed = client.perform(&self.list, steps.list_options()).await;
                    steps.listed(listed)
                }
                Step::Create => {
                    let created = client.perform(&self.create, steps.create_options()).await;
                    steps.created(created)
                }
                Step::Wait(time) => {
                    tokio::time::sleep(time).await;
                    Step::List
                }
                Step::Done(result) => return *result,
            };
        }
    }
}

/// A call can be awaited directly, without [`send`](Call::send).
impl<'a, R: Send + 'a> IntoFuture for Call<'a, R, Client> {
    type Output = Result<R, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

/// It can be awaited directly, without [`send`](Ensure::send).
#[allow(private_bounds, reason = "only the handles create an `Ensure`")]
impl<'a, R: ListItem + Send + 'a> IntoFuture for Ensure<'a, R, Client> {
    type Output = Result<Ensured<R>, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}
