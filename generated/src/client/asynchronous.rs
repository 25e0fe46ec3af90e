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
use super::config::{ClientBuilder, ClientConfig, Configured};
use super::ensure::{Ensure, Ensured, Listed, Step, Steps};
use super::error::Error;
use super::reqwest_transport::ReqwestTransport;
use super::setup_error::SetupError;
use crate::SecretString;

/// A client for async code, on reqwest and tokio. A clone shares its connections.
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
/// Dropping the future of a call cancels it: a request that wasn't sent yet never is, and one that
/// was sent may take effect all the same.
///
/// Redirects are not followed, since the access token would go elsewhere.
#[derive(Clone)]
pub struct Client {
    config: Arc<ClientConfig>,
    transport: Arc<dyn Transport>,
}

impl Client {
    /// Sets up a client with this access token: a string or an
    /// [`AccessToken`](super::AccessToken).
    pub fn builder(token: impl Into<SecretString>) -> ClientBuilder<Self> {
        ClientBuilder::new(token.into())
    }

    /// Sets up a client with the access token of `LAUNCHDARKLY_ACCESS_TOKEN`, and the host of
    /// `LAUNCHDARKLY_API_HOST` if that is set.
    ///
    /// # Errors
    ///
    /// [`SetupError`] names the variable that is missing or wrong.
    pub fn builder_from_env() -> Result<ClientBuilder<Self>, SetupError> {
        ClientBuilder::from_env()
    }

    /// A client with all defaults, set up by [`builder_from_env`](Self::builder_from_env).
    ///
    /// # Errors
    ///
    /// [`SetupError`] names the variable that is missing or wrong, or says why TLS can't be set
    /// up.
    pub fn from_env() -> Result<Self, SetupError> {
        Self::builder_from_env()?.build()
    }

    /// What makes this client's requests, such as to look at one before it is sent.
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
        match (operation.read)(finished.body()) {
            Ok(read) => Ok(read),
            Err(unreadable) => Err(span.in_scope(|| attempts.unreadable(finished, unreadable))),
        }
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

impl Configured for Client {
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
    /// Sets what sends the requests: a [`ReqwestTransport`] of your own settings,
    /// another HTTP library, or a mock in tests.
    pub fn transport(mut self, transport: impl Transport) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }
}

impl<R> Call<'_, R, Client> {
    /// Sends the call, and retries it where the policy allows.
    ///
    /// # Errors
    ///
    /// [`Error`] says what failed and whether the call took effect.
    pub async fn send(self) -> Result<R, Error> {
        self.client.perform(&self.operation, self.options).await
    }
}

#[allow(private_bounds, reason = "what can be ensured is up to the handles")]
impl<R: Listed> Ensure<'_, R, Client> {
    /// Looks, creates where there is none, and looks again where it isn't known whether that
    /// created one.
    ///
    /// # Errors
    ///
    /// The [`Error`] of the request that failed. That of the create keeps its
    /// [`effect`](Error::effect), after all looks. `ErrorKind::SeveralExist` names the ids.
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

/// A call can be awaited as it is, without [`send`](Call::send).
impl<'a, R: Send + 'a> IntoFuture for Call<'a, R, Client> {
    type Output = Result<R, Error>;
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
