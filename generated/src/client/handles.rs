//! The handles, one for each kind of resource. Both clients and [`Api`] have them.

use super::api::Api;
use super::api::operation::Operation;
use super::api::operations;
#[cfg(feature = "async")]
use super::asynchronous::Client;
#[cfg(feature = "blocking")]
use super::blocking;
use super::call::Call;
#[cfg(any(feature = "async", feature = "blocking"))]
use super::ensure::{Ensure, Identity};
use super::requests::{
    AuditLogSubscriptionPatch, BigSegmentStorePatch, DeliveryConfigurationPatch, FlagImportPatch,
    IntegrationConfigurationPatch, NewAuditLogSubscription, NewBigSegmentStore,
    NewDeliveryConfiguration, NewFlagImport, NewIntegrationConfiguration,
};
use super::responses::{
    AuditLogSubscription, BigSegmentStore, DeliveryConfiguration, DeliveryConfigurationValidation,
    FlagImport, IntegrationConfiguration, List,
};

/// Implements the methods that return handles.
macro_rules! handles {
    ($(#[$feature:meta])? $caller:ty) => {
        $(#[$feature])?
        impl $caller {
            /// Returns the handle for integration configurations (beta).
            pub fn integration_configurations(&self) -> IntegrationConfigurations<'_, Self> {
                IntegrationConfigurations { client: self }
            }

            /// Returns the handle for audit log subscriptions.
            pub fn audit_log_subscriptions(&self) -> AuditLogSubscriptions<'_, Self> {
                AuditLogSubscriptions { client: self }
            }

            /// Returns the handle for delivery configurations (beta).
            pub fn delivery_configurations(&self) -> DeliveryConfigurations<'_, Self> {
                DeliveryConfigurations { client: self }
            }

            /// Returns the handle for big segment stores, also called persistent stores (beta).
            pub fn big_segment_stores(&self) -> BigSegmentStores<'_, Self> {
                BigSegmentStores { client: self }
            }

            /// Returns the handle for flag import configurations (beta).
            pub fn flag_imports(&self) -> FlagImports<'_, Self> {
                FlagImports { client: self }
            }
        }
    };
}

handles!(Api);
handles!(
    #[cfg(feature = "async")]
    Client
);
handles!(
    #[cfg(feature = "blocking")]
    blocking::Client
);

/// Operations on integration configurations. This API is in beta.
///
/// `client.integration_configurations()` of a `Client`, a `blocking::Client` or an [`Api`] returns it.
///
/// ```no_run
/// # #[cfg(feature = "async")]
/// # async fn example(client: launchdarkly_integrations::client::Client)
/// #     -> Result<(), Box<dyn std::error::Error>> {
/// use launchdarkly_integrations::client::{
///     IntegrationConfigurationPatch, NewIntegrationConfiguration,
/// };
/// use launchdarkly_integrations::integrations::datadog;
///
/// let configurations = client.integration_configurations();
///
/// let values = datadog::ConfigValues::builder().api_key("0123456789abcdef").build();
/// let new = NewIntegrationConfiguration::new("Production Datadog", values);
/// let created = configurations.create(&new).send().await?;
///
/// for configuration in configurations.list(datadog::KEY).send().await? {
///     println!("{}", configuration.id);
/// }
/// let off = IntegrationConfigurationPatch::new().on(false);
/// configurations.update(&created.id, &off).send().await?;
/// configurations.delete(&created.id).send().await?;
/// # Ok(())
/// # }
/// # #[cfg(feature = "async")]
/// # let _ = example;
/// ```
#[derive(Debug)]
#[must_use]
pub struct IntegrationConfigurations<'c, C> {
    client: &'c C,
}

impl<'c, C> IntegrationConfigurations<'c, C> {
    /// Creates an integration configuration.
    pub fn create<'a>(
        &self,
        new: &'a NewIntegrationConfiguration,
    ) -> Call<'a, IntegrationConfiguration, C>
    where
        'c: 'a,
    {
        use operations::integration_configurations::CREATE;
        let operation = Operation::new(&CREATE, &[new.integration_key()]).with_payload(new);
        Call::new(self.client, operation)
    }

    /// Creates an integration configuration unless one with the same integration and name exists, see
    /// [`Ensure`].
    #[cfg(any(feature = "async", feature = "blocking"))]
    pub fn ensure<'a>(
        &self,
        new: &'a NewIntegrationConfiguration,
    ) -> Ensure<'a, IntegrationConfiguration, C>
    where
        'c: 'a,
    {
        let identity = Identity {
            integration_key: new.integration_key(),
            name: Some(new.name()),
            project_key: None,
            environment_key: None,
        };
        Ensure::new(
            self.list(identity.integration_key),
            self.create(new),
            identity,
        )
    }

    /// Lists the integration configurations of an integration. The list is complete: LaunchDarkly
    /// doesn't paginate it.
    pub fn list(
        &self,
        integration_key: impl AsRef<str>,
    ) -> Call<'c, List<IntegrationConfiguration>, C> {
        use operations::integration_configurations::LIST;
        Call::new(
            self.client,
            Operation::new(&LIST, &[integration_key.as_ref()]),
        )
    }

    /// Gets an integration configuration by its id.
    pub fn get(&self, id: impl AsRef<str>) -> Call<'c, IntegrationConfiguration, C> {
        use operations::integration_configurations::GET;
        Call::new(self.client, Operation::new(&GET, &[id.as_ref()]))
    }

    /// Replaces properties of an integration configuration.
    pub fn update<'a>(
        &self,
        id: impl AsRef<str>,
        patch: &'a IntegrationConfigurationPatch,
    ) -> Call<'a, IntegrationConfiguration, C>
    where
        'c: 'a,
    {
        use operations::integration_configurations::UPDATE;
        let operation = Operation::new(&UPDATE, &[id.as_ref()]).with_payload(&patch.0);
        Call::new(self.client, operation)
    }

    /// Deletes an integration configuration.
    pub fn delete(&self, id: impl AsRef<str>) -> Call<'c, (), C> {
        use operations::integration_configurations::DELETE;
        let operation = Operation::without_response(&DELETE, &[id.as_ref()]);
        Call::new(self.client, operation)
    }
}

/// Operations on audit log subscriptions.
///
/// `client.audit_log_subscriptions()` of a `Client`, a `blocking::Client` or an [`Api`] returns it.
///
/// ```no_run
/// # #[cfg(feature = "async")]
/// # async fn example(client: launchdarkly_integrations::client::Client)
/// #     -> Result<(), Box<dyn std::error::Error>> {
/// use launchdarkly_integrations::client::{AuditLogSubscriptionPatch, NewAuditLogSubscription};
/// use launchdarkly_integrations::integrations::datadog;
///
/// let subscriptions = client.audit_log_subscriptions();
///
/// let values = datadog::ConfigValues::builder().api_key("0123456789abcdef").build();
/// let new = NewAuditLogSubscription::new("Production Datadog", values);
/// let created = subscriptions.create(&new).send().await?;
///
/// for subscription in subscriptions.list(datadog::KEY).send().await? {
///     println!("{}", subscription.id);
/// }
/// let off = AuditLogSubscriptionPatch::new().on(false);
/// subscriptions.update(datadog::KEY, &created.id, &off).send().await?;
/// subscriptions.delete(datadog::KEY, &created.id).send().await?;
/// # Ok(())
/// # }
/// # #[cfg(feature = "async")]
/// # let _ = example;
/// ```
#[derive(Debug)]
#[must_use]
pub struct AuditLogSubscriptions<'c, C> {
    client: &'c C,
}

impl<'c, C> AuditLogSubscriptions<'c, C> {
    /// Creates an audit log subscription.
    pub fn create<'a>(&self, new: &'a NewAuditLogSubscription) -> Call<'a, AuditLogSubscription, C>
    where
        'c: 'a,
    {
        use operations::audit_log_subscriptions::CREATE;
        let operation = Operation::new(&CREATE, &[new.integration_key()]).with_payload(new);
        Call::new(self.client, operation)
    }

    /// Creates an audit log subscription unless one with the same integration and name exists, see
    /// [`Ensure`].
    #[cfg(any(feature = "async", feature = "blocking"))]
    pub fn ensure<'a>(
        &self,
        new: &'a NewAuditLogSubscription,
    ) -> Ensure<'a, AuditLogSubscription, C>
    where
        'c: 'a,
    {
        let identity = Identity {
            integration_key: new.integration_key(),
            name: Some(new.name()),
            project_key: None,
            environment_key: None,
        };
        Ensure::new(
            self.list(identity.integration_key),
            self.create(new),
            identity,
        )
    }

    /// Lists the audit log subscriptions of an integration. The list is complete: LaunchDarkly
    /// doesn't paginate it.
    pub fn list(
        &self,
        integration_key: impl AsRef<str>,
    ) -> Call<'c, List<AuditLogSubscription>, C> {
        use operations::audit_log_subscriptions::LIST;
        Call::new(
            self.client,
            Operation::new(&LIST, &[integration_key.as_ref()]),
        )
    }

    /// Gets an audit log subscription by its integration key and id.
    pub fn get(
        &self,
        integration_key: impl AsRef<str>,
        id: impl AsRef<str>,
    ) -> Call<'c, AuditLogSubscription, C> {
        use operations::audit_log_subscriptions::GET;
        let operation = Operation::new(&GET, &[integration_key.as_ref(), id.as_ref()]);
        Call::new(self.client, operation)
    }

    /// Replaces properties of an audit log subscription.
    pub fn update<'a>(
        &self,
        integration_key: impl AsRef<str>,
        id: impl AsRef<str>,
        patch: &'a AuditLogSubscriptionPatch,
    ) -> Call<'a, AuditLogSubscription, C>
    where
        'c: 'a,
    {
        use operations::audit_log_subscriptions::UPDATE;
        let key = integration_key.as_ref();
        let operation = Operation::new(&UPDATE, &[key, id.as_ref()]);
        Call::new(self.client, operation.with_payload_for(key, &patch.0))
    }

    /// Deletes an audit log subscription.
    pub fn delete(&self, integration_key: impl AsRef<str>, id: impl AsRef<str>) -> Call<'c, (), C> {
        use operations::audit_log_subscriptions::DELETE;
        let parameters = [integration_key.as_ref(), id.as_ref()];
        let operation = Operation::without_response(&DELETE, &parameters);
        Call::new(self.client, operation)
    }
}

/// Operations on delivery configurations. This API is in beta.
///
/// `client.delivery_configurations()` of a `Client`, a `blocking::Client` or an [`Api`] returns it.
/// [`environment`](Self::environment) selects the environment for the other operations.
///
/// ```no_run
/// # #[cfg(feature = "async")] {
/// use launchdarkly_integrations::client::{Client, Error, NewDeliveryConfiguration};
/// use launchdarkly_integrations::integrations::fastly::FeatureStoreConfig;
///
/// async fn create(client: &Client, values: FeatureStoreConfig) -> Result<(), Error> {
///     let delivery_configurations = client.delivery_configurations();
///     let new = NewDeliveryConfiguration::new(values).name("Production Fastly");
///     let environment = delivery_configurations.environment("my-project", "production");
///     environment.create(&new).send().await?;
///
///     for delivery in delivery_configurations.list().send().await? {
///         println!("{} {:?}", delivery.id, delivery.name);
///     }
///     Ok(())
/// }
/// # let _ = create;
/// # }
/// ```
#[derive(Debug)]
#[must_use]
pub struct DeliveryConfigurations<'c, C> {
    client: &'c C,
}

impl<'c, C> DeliveryConfigurations<'c, C> {
    /// Lists the delivery configurations of all environments that the access token can see. The list is
    /// complete: LaunchDarkly doesn't paginate it.
    pub fn list(&self) -> Call<'c, List<DeliveryConfiguration>, C> {
        use operations::delivery_configurations::LIST;
        Call::new(self.client, Operation::new(&LIST, &[]))
    }

    /// Selects an environment: the first argument is the project key, the second the environment key.
    ///
    /// If the keys are swapped, calls fail with a 404, whose message shows both with their names.
    pub fn environment(
        &self,
        project_key: impl Into<String>,
        environment_key: impl Into<String>,
    ) -> EnvironmentDeliveryConfigurations<'c, C> {
        EnvironmentDeliveryConfigurations {
            client: self.client,
            project_key: project_key.into(),
            environment_key: environment_key.into(),
        }
    }
}

/// Operations on the delivery configurations of one environment.
///
/// `client.delivery_configurations().environment(project_key, environment_key)` returns it.
///
/// ```no_run
/// # #[cfg(feature = "async")] {
/// use launchdarkly_integrations::client::{Client, DeliveryConfigurationPatch, Error};
/// use launchdarkly_integrations::integrations::fastly::KEY;
///
/// async fn rename(client: &Client, id: &str) -> Result<(), Error> {
///     let stores = client.delivery_configurations().environment("my-project", "production");
///     let store = stores.get(KEY, id).send().await?;
///     println!("old name: {:?}", store.name);
///
///     let patch = DeliveryConfigurationPatch::new().name("New name");
///     stores.update(KEY, id, &patch).send().await?;
///     Ok(())
/// }
/// # let _ = rename;
/// # }
/// ```
#[derive(Debug)]
#[must_use]
pub struct EnvironmentDeliveryConfigurations<'c, C> {
    client: &'c C,
    project_key: String,
    environment_key: String,
}

impl<'c, C> EnvironmentDeliveryConfigurations<'c, C> {
    /// Creates a delivery configuration.
    pub fn create<'a>(
        &self,
        new: &'a NewDeliveryConfiguration,
    ) -> Call<'a, DeliveryConfiguration, C>
    where
        'c: 'a,
    {
        use operations::delivery_configurations::CREATE;
        let operation = Operation::new(&CREATE, &self.path([new.integration_key()]));
        Call::new(self.client, operation.with_payload(new))
    }

    /// Creates a delivery configuration unless one with the same integration and name exists here, see
    /// [`Ensure`].
    #[cfg(any(feature = "async", feature = "blocking"))]
    pub fn ensure<'a>(
        &self,
        new: &'a NewDeliveryConfiguration,
    ) -> Ensure<'a, DeliveryConfiguration, C>
    where
        'c: 'a,
    {
        let identity = Identity {
            integration_key: new.integration_key(),
            name: new.name_ref(),
            project_key: Some(self.project_key.clone()),
            environment_key: Some(self.environment_key.clone()),
        };
        Ensure::new(self.list(), self.create(new), identity)
    }

    /// Lists the delivery configurations of the environment. The list is complete: LaunchDarkly doesn't
    /// paginate it.
    pub fn list(&self) -> Call<'c, List<DeliveryConfiguration>, C> {
        use operations::delivery_configurations::LIST_OF_ENVIRONMENT;
        Call::new(
            self.client,
            Operation::new(&LIST_OF_ENVIRONMENT, &self.path([])),
        )
    }

    /// Gets a delivery configuration by its integration key and id.
    pub fn get(
        &self,
        integration_key: impl AsRef<str>,
        id: impl AsRef<str>,
    ) -> Call<'c, DeliveryConfiguration, C> {
        use operations::delivery_configurations::GET;
        let path = self.path([integration_key.as_ref(), id.as_ref()]);
        Call::new(self.client, Operation::new(&GET, &path))
    }

    /// Replaces properties of a delivery configuration.
    pub fn update<'a>(
        &self,
        integration_key: impl AsRef<str>,
        id: impl AsRef<str>,
        patch: &'a DeliveryConfigurationPatch,
    ) -> Call<'a, DeliveryConfiguration, C>
    where
        'c: 'a,
    {
        use operations::delivery_configurations::UPDATE;
        let key = integration_key.as_ref();
        let operation = Operation::new(&UPDATE, &self.path([key, id.as_ref()]));
        Call::new(self.client, operation.with_payload_for(key, &patch.0))
    }

    /// Deletes a delivery configuration.
    pub fn delete(&self, integration_key: impl AsRef<str>, id: impl AsRef<str>) -> Call<'c, (), C> {
        use operations::delivery_configurations::DELETE;
        let path = self.path([integration_key.as_ref(), id.as_ref()]);
        Call::new(self.client, Operation::without_response(&DELETE, &path))
    }

    /// Makes LaunchDarkly send a test request with a saved delivery configuration. The response contains
    /// the status that LaunchDarkly got. The result is not documented for integrations whose manifest has
    /// no validation request.
    pub fn validate(
        &self,
        integration_key: impl AsRef<str>,
        id: impl AsRef<str>,
    ) -> Call<'c, DeliveryConfigurationValidation, C> {
        use operations::delivery_configurations::VALIDATE;
        let path = self.path([integration_key.as_ref(), id.as_ref()]);
        Call::new(self.client, Operation::new(&VALIDATE, &path))
    }

    fn path<'a, const N: usize>(&'a self, rest: [&'a str; N]) -> Vec<&'a str> {
        environment_path(&self.project_key, &self.environment_key, rest)
    }
}

/// Operations on big segment stores. This API is in beta.
///
/// `client.big_segment_stores()` of a `Client`, a `blocking::Client` or an [`Api`] returns it.
/// [`environment`](Self::environment) selects the environment for the other operations.
///
/// ```no_run
/// # #[cfg(feature = "async")] {
/// use launchdarkly_integrations::client::{Client, Error, NewBigSegmentStore};
/// use launchdarkly_integrations::integrations::redis::ConfigValues;
///
/// async fn create(client: &Client, values: ConfigValues) -> Result<(), Error> {
///     let big_segment_stores = client.big_segment_stores();
///     let new = NewBigSegmentStore::new(values).name("Production Redis");
///     let environment = big_segment_stores.environment("my-project", "production");
///     environment.create(&new).send().await?;
///
///     for store in big_segment_stores.list().send().await? {
///         println!("{} {:?}", store.id, store.name);
///     }
///     Ok(())
/// }
/// # let _ = create;
/// # }
/// ```
#[derive(Debug)]
#[must_use]
pub struct BigSegmentStores<'c, C> {
    client: &'c C,
}

impl<'c, C> BigSegmentStores<'c, C> {
    /// Lists the big segment stores of all environments that the access token can see. The list is
    /// complete: LaunchDarkly doesn't paginate it.
    pub fn list(&self) -> Call<'c, List<BigSegmentStore>, C> {
        use operations::big_segment_stores::LIST;
        Call::new(self.client, Operation::new(&LIST, &[]))
    }

    /// Selects an environment: the first argument is the project key, the second the environment key.
    ///
    /// If the keys are swapped, calls fail with a 404, whose message shows both with their names.
    pub fn environment(
        &self,
        project_key: impl Into<String>,
        environment_key: impl Into<String>,
    ) -> EnvironmentBigSegmentStores<'c, C> {
        EnvironmentBigSegmentStores {
            client: self.client,
            project_key: project_key.into(),
            environment_key: environment_key.into(),
        }
    }
}

/// Operations on the big segment stores of one environment.
///
/// `client.big_segment_stores().environment(project_key, environment_key)` returns it.
///
/// ```no_run
/// # #[cfg(feature = "async")] {
/// use launchdarkly_integrations::client::{BigSegmentStorePatch, Client, Error};
/// use launchdarkly_integrations::integrations::redis::KEY;
///
/// async fn rename(client: &Client, id: &str) -> Result<(), Error> {
///     let stores = client.big_segment_stores().environment("my-project", "production");
///     let store = stores.get(KEY, id).send().await?;
///     println!("old name: {:?}", store.name);
///
///     let patch = BigSegmentStorePatch::new().name("New name");
///     stores.update(KEY, id, &patch).send().await?;
///     Ok(())
/// }
/// # let _ = rename;
/// # }
/// ```
#[derive(Debug)]
#[must_use]
pub struct EnvironmentBigSegmentStores<'c, C> {
    client: &'c C,
    project_key: String,
    environment_key: String,
}

impl<'c, C> EnvironmentBigSegmentStores<'c, C> {
    /// Creates a big segment store.
    pub fn create<'a>(&self, new: &'a NewBigSegmentStore) -> Call<'a, BigSegmentStore, C>
    where
        'c: 'a,
    {
        use operations::big_segment_stores::CREATE;
        let operation = Operation::new(&CREATE, &self.path([new.integration_key()]));
        Call::new(self.client, operation.with_payload(new))
    }

    /// Creates a big segment store unless one with the same integration and name exists here, see
    /// [`Ensure`].
    #[cfg(any(feature = "async", feature = "blocking"))]
    pub fn ensure<'a>(&self, new: &'a NewBigSegmentStore) -> Ensure<'a, BigSegmentStore, C>
    where
        'c: 'a,
    {
        let all = BigSegmentStores {
            client: self.client,
        };
        let identity = Identity {
            integration_key: new.integration_key(),
            name: new.name_ref(),
            project_key: Some(self.project_key.clone()),
            environment_key: Some(self.environment_key.clone()),
        };
        Ensure::new(all.list(), self.create(new), identity)
    }

    /// Gets a big segment store by its integration key and id.
    pub fn get(
        &self,
        integration_key: impl AsRef<str>,
        id: impl AsRef<str>,
    ) -> Call<'c, BigSegmentStore, C> {
        use operations::big_segment_stores::GET;
        let path = self.path([integration_key.as_ref(), id.as_ref()]);
        Call::new(self.client, Operation::new(&GET, &path))
    }

    /// Replaces properties of a big segment store.
    pub fn update<'a>(
        &self,
        integration_key: impl AsRef<str>,
        id: impl AsRef<str>,
        patch: &'a BigSegmentStorePatch,
    ) -> Call<'a, BigSegmentStore, C>
    where
        'c: 'a,
    {
        use operations::big_segment_stores::UPDATE;
        let key = integration_key.as_ref();
        let operation = Operation::new(&UPDATE, &self.path([key, id.as_ref()]));
        Call::new(self.client, operation.with_payload_for(key, &patch.0))
    }

    /// Deletes a big segment store.
    pub fn delete(&self, integration_key: impl AsRef<str>, id: impl AsRef<str>) -> Call<'c, (), C> {
        use operations::big_segment_stores::DELETE;
        let path = self.path([integration_key.as_ref(), id.as_ref()]);
        Call::new(self.client, Operation::without_response(&DELETE, &path))
    }

    fn path<'a, const N: usize>(&'a self, rest: [&'a str; N]) -> Vec<&'a str> {
        environment_path(&self.project_key, &self.environment_key, rest)
    }
}

/// Returns the parameters of a path that begins with a project and an environment.
fn environment_path<'a, const N: usize>(
    project_key: &'a str,
    environment_key: &'a str,
    rest: [&'a str; N],
) -> Vec<&'a str> {
    [project_key, environment_key]
        .into_iter()
        .chain(rest)
        .collect()
}

/// Operations on flag import configurations. This API is in beta.
///
/// `client.flag_imports()` of a `Client`, a `blocking::Client` or an [`Api`] returns it.
/// [`project`](Self::project) selects the project for the other operations.
///
/// ```no_run
/// # #[cfg(feature = "async")] {
/// use launchdarkly_integrations::client::{Client, Error, NewFlagImport};
/// use launchdarkly_integrations::integrations::split::ConfigValues;
///
/// async fn create(client: &Client, values: ConfigValues) -> Result<(), Error> {
///     let flag_imports = client.flag_imports();
///     let new = NewFlagImport::new(values).name("Flags of Split");
///     let project = flag_imports.project("my-project");
///     project.create(&new).send().await?;
///
///     for import in flag_imports.list().send().await? {
///         println!("{} {:?}", import.id, import.name);
///     }
///     Ok(())
/// }
/// # let _ = create;
/// # }
/// ```
#[derive(Debug)]
#[must_use]
pub struct FlagImports<'c, C> {
    client: &'c C,
}

impl<'c, C> FlagImports<'c, C> {
    /// Lists the flag import configurations of all projects that the access token can see. The list is
    /// complete: LaunchDarkly doesn't paginate it.
    pub fn list(&self) -> Call<'c, List<FlagImport>, C> {
        use operations::flag_imports::LIST;
        Call::new(self.client, Operation::new(&LIST, &[]))
    }

    /// Selects a project by its key.
    pub fn project(&self, project_key: impl Into<String>) -> ProjectFlagImports<'c, C> {
        ProjectFlagImports {
            client: self.client,
            project_key: project_key.into(),
        }
    }
}

/// Operations on the flag import configurations of one project.
///
/// `client.flag_imports().project(project_key)` returns it.
///
/// ```no_run
/// # #[cfg(feature = "async")] {
/// use launchdarkly_integrations::client::{Client, Error, FlagImportPatch};
/// use launchdarkly_integrations::integrations::split::KEY;
///
/// async fn rename(client: &Client, id: &str) -> Result<(), Error> {
///     let imports = client.flag_imports().project("my-project");
///     let import = imports.get(KEY, id).send().await?;
///     println!("old name: {:?}", import.name);
///
///     let patch = FlagImportPatch::new().name("New name");
///     imports.update(KEY, id, &patch).send().await?;
///     imports.trigger(KEY, id).send().await?; // imports the flags now
///     Ok(())
/// }
/// # let _ = rename;
/// # }
/// ```
#[derive(Debug)]
#[must_use]
pub struct ProjectFlagImports<'c, C> {
    client: &'c C,
    project_key: String,
}

impl<'c, C> ProjectFlagImports<'c, C> {
    /// Creates a flag import configuration. LaunchDarkly doesn't check its credentials yet.
    pub fn create<'a>(&self, new: &'a NewFlagImport) -> Call<'a, FlagImport, C>
    where
        'c: 'a,
    {
        use operations::flag_imports::CREATE;
        let operation = Operation::new(&CREATE, &[&self.project_key, new.integration_key()]);
        Call::new(self.client, operation.with_payload(new))
    }

    /// Creates a flag import configuration unless one with the same integration and name exists here, see
    /// [`Ensure`].
    #[cfg(any(feature = "async", feature = "blocking"))]
    pub fn ensure<'a>(&self, new: &'a NewFlagImport) -> Ensure<'a, FlagImport, C>
    where
        'c: 'a,
    {
        let all = FlagImports {
            client: self.client,
        };
        let identity = Identity {
            integration_key: new.integration_key(),
            name: new.name_ref(),
            project_key: Some(self.project_key.clone()),
            environment_key: None,
        };
        Ensure::new(all.list(), self.create(new), identity)
    }

    /// Gets a flag import configuration by its integration key and id. LaunchDarkly responds to an id that is
    /// not a UUID with 400, not with 404.
    pub fn get(
        &self,
        integration_key: impl AsRef<str>,
        id: impl AsRef<str>,
    ) -> Call<'c, FlagImport, C> {
        use operations::flag_imports::GET;
        let path = [&self.project_key, integration_key.as_ref(), id.as_ref()];
        Call::new(self.client, Operation::new(&GET, &path))
    }

    /// Replaces properties of a flag import configuration.
    pub fn update<'a>(
        &self,
        integration_key: impl AsRef<str>,
        id: impl AsRef<str>,
        patch: &'a FlagImportPatch,
    ) -> Call<'a, FlagImport, C>
    where
        'c: 'a,
    {
        use operations::flag_imports::UPDATE;
        let key = integration_key.as_ref();
        let operation = Operation::new(&UPDATE, &[&self.project_key, key, id.as_ref()]);
        Call::new(self.client, operation.with_payload_for(key, &patch.0))
    }

    /// Deletes a flag import configuration.
    pub fn delete(&self, integration_key: impl AsRef<str>, id: impl AsRef<str>) -> Call<'c, (), C> {
        use operations::flag_imports::DELETE;
        let path = [&self.project_key, integration_key.as_ref(), id.as_ref()];
        Call::new(self.client, Operation::without_response(&DELETE, &path))
    }

    /// Starts an import. [`get`](Self::get) returns its progress.
    pub fn trigger(
        &self,
        integration_key: impl AsRef<str>,
        id: impl AsRef<str>,
    ) -> Call<'c, (), C> {
        use operations::flag_imports::TRIGGER;
        let path = [&self.project_key, integration_key.as_ref(), id.as_ref()];
        Call::new(self.client, Operation::without_response(&TRIGGER, &path))
    }
}
