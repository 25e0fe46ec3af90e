//! The handles: one for each kind of resource, whatever sends their calls.

use super::api::Api;
use super::api::operation::Operation;
use super::api::operations;
#[cfg(feature = "async")]
use super::asynchronous::Client;
#[cfg(feature = "blocking")]
use super::blocking;
use super::call::Call;
#[cfg(any(feature = "async", feature = "blocking"))]
use super::call::CallOptions;
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

/// The handles of something that calls are made with.
macro_rules! handles {
    ($(#[$feature:meta])? $caller:ty) => {
        $(#[$feature])?
        impl $caller {
            /// Integration configurations (beta).
            pub fn integration_configurations(&self) -> IntegrationConfigurations<'_, Self> {
                IntegrationConfigurations { client: self }
            }

            /// Audit log subscriptions.
            pub fn audit_log_subscriptions(&self) -> AuditLogSubscriptions<'_, Self> {
                AuditLogSubscriptions { client: self }
            }

            /// Delivery configurations (beta).
            pub fn delivery_configurations(&self) -> DeliveryConfigurations<'_, Self> {
                DeliveryConfigurations { client: self }
            }

            /// Big segment stores, also called persistent stores (beta).
            pub fn big_segment_stores(&self) -> BigSegmentStores<'_, Self> {
                BigSegmentStores { client: self }
            }

            /// Flag import configurations (beta).
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

/// Calls about integration configurations. LaunchDarkly calls this API beta.
#[derive(Debug)]
#[must_use]
pub struct IntegrationConfigurations<'c, C> {
    client: &'c C,
}

impl<'c, C> IntegrationConfigurations<'c, C> {
    /// Creates one.
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

    /// Creates one unless there is one of the same integration and name, see [`Ensure`].
    #[cfg(any(feature = "async", feature = "blocking"))]
    pub fn ensure<'a>(
        &self,
        new: &'a NewIntegrationConfiguration,
    ) -> Ensure<'a, IntegrationConfiguration, C>
    where
        'c: 'a,
    {
        use operations::integration_configurations::{CREATE, LIST};
        Ensure {
            client: self.client,
            list: Operation::new(&LIST, &[new.integration_key()]),
            create: Operation::new(&CREATE, &[new.integration_key()]).with_payload(new),
            identity: Identity {
                integration_key: new.integration_key(),
                name: Some(new.name()),
                project_key: None,
                environment_key: None,
            },
            options: CallOptions::default(),
        }
    }

    /// Lists those of an integration. The list is whole: LaunchDarkly doesn't divide it into pages.
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

    /// Gets one by its id.
    pub fn get(&self, id: impl AsRef<str>) -> Call<'c, IntegrationConfiguration, C> {
        use operations::integration_configurations::GET;
        Call::new(self.client, Operation::new(&GET, &[id.as_ref()]))
    }

    /// Replaces properties of one.
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

    /// Deletes one.
    pub fn delete(&self, id: impl AsRef<str>) -> Call<'c, (), C> {
        use operations::integration_configurations::DELETE;
        let operation = Operation::without_response(&DELETE, &[id.as_ref()]);
        Call::new(self.client, operation)
    }
}

/// Calls about audit log subscriptions.
#[derive(Debug)]
#[must_use]
pub struct AuditLogSubscriptions<'c, C> {
    client: &'c C,
}

impl<'c, C> AuditLogSubscriptions<'c, C> {
    /// Creates one.
    pub fn create<'a>(&self, new: &'a NewAuditLogSubscription) -> Call<'a, AuditLogSubscription, C>
    where
        'c: 'a,
    {
        use operations::audit_log_subscriptions::CREATE;
        let operation = Operation::new(&CREATE, &[new.integration_key()]).with_payload(new);
        Call::new(self.client, operation)
    }

    /// Creates one unless there is one of the same integration and name, see [`Ensure`].
    #[cfg(any(feature = "async", feature = "blocking"))]
    pub fn ensure<'a>(
        &self,
        new: &'a NewAuditLogSubscription,
    ) -> Ensure<'a, AuditLogSubscription, C>
    where
        'c: 'a,
    {
        use operations::audit_log_subscriptions::{CREATE, LIST};
        Ensure {
            client: self.client,
            list: Operation::new(&LIST, &[new.integration_key()]),
            create: Operation::new(&CREATE, &[new.integration_key()]).with_payload(new),
            identity: Identity {
                integration_key: new.integration_key(),
                name: Some(new.name()),
                project_key: None,
                environment_key: None,
            },
            options: CallOptions::default(),
        }
    }

    /// Lists those of an integration. The list is whole: LaunchDarkly doesn't divide it into pages.
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

    /// Gets one by its integration and id.
    pub fn get(
        &self,
        integration_key: impl AsRef<str>,
        id: impl AsRef<str>,
    ) -> Call<'c, AuditLogSubscription, C> {
        use operations::audit_log_subscriptions::GET;
        let operation = Operation::new(&GET, &[integration_key.as_ref(), id.as_ref()]);
        Call::new(self.client, operation)
    }

    /// Replaces properties of one.
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
        Call::new(self.client, operation.with_payload_of(key, &patch.0))
    }

    /// Deletes one.
    pub fn delete(&self, integration_key: impl AsRef<str>, id: impl AsRef<str>) -> Call<'c, (), C> {
        use operations::audit_log_subscriptions::DELETE;
        let parameters = [integration_key.as_ref(), id.as_ref()];
        let operation = Operation::without_response(&DELETE, &parameters);
        Call::new(self.client, operation)
    }
}

/// Calls about delivery configurations. LaunchDarkly calls this API beta.
#[derive(Debug)]
#[must_use]
pub struct DeliveryConfigurations<'c, C> {
    client: &'c C,
}

impl<'c, C> DeliveryConfigurations<'c, C> {
    /// Lists those of all environments that the access token may see. The list is whole:
    /// LaunchDarkly doesn't divide it into pages.
    pub fn list(&self) -> Call<'c, List<DeliveryConfiguration>, C> {
        use operations::delivery_configurations::LIST;
        Call::new(self.client, Operation::new(&LIST, &[]))
    }

    /// Those of one environment.
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

/// Calls about the delivery configurations of one environment.
#[derive(Debug)]
#[must_use]
pub struct EnvironmentDeliveryConfigurations<'c, C> {
    client: &'c C,
    project_key: String,
    environment_key: String,
}

impl<'c, C> EnvironmentDeliveryConfigurations<'c, C> {
    /// Creates one.
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

    /// Creates one unless there is one of the same integration and name here, see
    /// [`Ensure`].
    #[cfg(any(feature = "async", feature = "blocking"))]
    pub fn ensure<'a>(
        &self,
        new: &'a NewDeliveryConfiguration,
    ) -> Ensure<'a, DeliveryConfiguration, C>
    where
        'c: 'a,
    {
        use operations::delivery_configurations::{CREATE, LIST_OF_ENVIRONMENT};
        let key = new.integration_key();
        Ensure {
            client: self.client,
            list: Operation::new(&LIST_OF_ENVIRONMENT, &self.path([])),
            create: Operation::new(&CREATE, &self.path([key])).with_payload(new),
            identity: Identity {
                integration_key: key,
                name: new.name_ref(),
                project_key: Some(self.project_key.clone()),
                environment_key: Some(self.environment_key.clone()),
            },
            options: CallOptions::default(),
        }
    }

    /// Lists them. The list is whole: LaunchDarkly doesn't divide it into pages.
    pub fn list(&self) -> Call<'c, List<DeliveryConfiguration>, C> {
        use operations::delivery_configurations::LIST_OF_ENVIRONMENT;
        Call::new(
            self.client,
            Operation::new(&LIST_OF_ENVIRONMENT, &self.path([])),
        )
    }

    /// Gets one by its integration and id.
    pub fn get(
        &self,
        integration_key: impl AsRef<str>,
        id: impl AsRef<str>,
    ) -> Call<'c, DeliveryConfiguration, C> {
        use operations::delivery_configurations::GET;
        let path = self.path([integration_key.as_ref(), id.as_ref()]);
        Call::new(self.client, Operation::new(&GET, &path))
    }

    /// Replaces properties of one.
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
        Call::new(self.client, operation.with_payload_of(key, &patch.0))
    }

    /// Deletes one.
    pub fn delete(&self, integration_key: impl AsRef<str>, id: impl AsRef<str>) -> Call<'c, (), C> {
        use operations::delivery_configurations::DELETE;
        let path = self.path([integration_key.as_ref(), id.as_ref()]);
        Call::new(self.client, Operation::without_response(&DELETE, &path))
    }

    /// Makes LaunchDarkly try a saved one with the other side, whose status is in the response. What it says of
    /// integrations whose manifest has no validation request is unknown.
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

/// Calls about big segment stores. LaunchDarkly calls this API beta.
#[derive(Debug)]
#[must_use]
pub struct BigSegmentStores<'c, C> {
    client: &'c C,
}

impl<'c, C> BigSegmentStores<'c, C> {
    /// Lists those of all environments that the access token may see. The list is whole:
    /// LaunchDarkly doesn't divide it into pages.
    pub fn list(&self) -> Call<'c, List<BigSegmentStore>, C> {
        use operations::big_segment_stores::LIST;
        Call::new(self.client, Operation::new(&LIST, &[]))
    }

    /// Those of one environment.
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

/// Calls about the big segment stores of one environment.
#[derive(Debug)]
#[must_use]
pub struct EnvironmentBigSegmentStores<'c, C> {
    client: &'c C,
    project_key: String,
    environment_key: String,
}

impl<'c, C> EnvironmentBigSegmentStores<'c, C> {
    /// Creates one.
    pub fn create<'a>(&self, new: &'a NewBigSegmentStore) -> Call<'a, BigSegmentStore, C>
    where
        'c: 'a,
    {
        use operations::big_segment_stores::CREATE;
        let operation = Operation::new(&CREATE, &self.path([new.integration_key()]));
        Call::new(self.client, operation.with_payload(new))
    }

    /// Creates one unless there is one of the same integration and name here, see
    /// [`Ensure`].
    #[cfg(any(feature = "async", feature = "blocking"))]
    pub fn ensure<'a>(&self, new: &'a NewBigSegmentStore) -> Ensure<'a, BigSegmentStore, C>
    where
        'c: 'a,
    {
        use operations::big_segment_stores::{CREATE, LIST};
        let key = new.integration_key();
        Ensure {
            client: self.client,
            list: Operation::new(&LIST, &[]),
            create: Operation::new(&CREATE, &self.path([key])).with_payload(new),
            identity: Identity {
                integration_key: key,
                name: new.name_ref(),
                project_key: Some(self.project_key.clone()),
                environment_key: Some(self.environment_key.clone()),
            },
            options: CallOptions::default(),
        }
    }

    /// Gets one by its integration and id.
    pub fn get(
        &self,
        integration_key: impl AsRef<str>,
        id: impl AsRef<str>,
    ) -> Call<'c, BigSegmentStore, C> {
        use operations::big_segment_stores::GET;
        let path = self.path([integration_key.as_ref(), id.as_ref()]);
        Call::new(self.client, Operation::new(&GET, &path))
    }

    /// Replaces properties of one.
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
        Call::new(self.client, operation.with_payload_of(key, &patch.0))
    }

    /// Deletes one.
    pub fn delete(&self, integration_key: impl AsRef<str>, id: impl AsRef<str>) -> Call<'c, (), C> {
        use operations::big_segment_stores::DELETE;
        let path = self.path([integration_key.as_ref(), id.as_ref()]);
        Call::new(self.client, Operation::without_response(&DELETE, &path))
    }

    fn path<'a, const N: usize>(&'a self, rest: [&'a str; N]) -> Vec<&'a str> {
        environment_path(&self.project_key, &self.environment_key, rest)
    }
}

/// The parameters of a path below an environment.
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

/// Calls about flag import configurations. LaunchDarkly calls this API beta.
#[derive(Debug)]
#[must_use]
pub struct FlagImports<'c, C> {
    client: &'c C,
}

impl<'c, C> FlagImports<'c, C> {
    /// Lists those of all projects that the access token may see. The list is whole: LaunchDarkly
    /// doesn't divide it into pages.
    pub fn list(&self) -> Call<'c, List<FlagImport>, C> {
        use operations::flag_imports::LIST;
        Call::new(self.client, Operation::new(&LIST, &[]))
    }

    /// Those of one project.
    pub fn project(&self, project_key: impl Into<String>) -> ProjectFlagImports<'c, C> {
        ProjectFlagImports {
            client: self.client,
            project_key: project_key.into(),
        }
    }
}

/// Calls about the flag import configurations of one project.
#[derive(Debug)]
#[must_use]
pub struct ProjectFlagImports<'c, C> {
    client: &'c C,
    project_key: String,
}

impl<'c, C> ProjectFlagImports<'c, C> {
    /// Creates one. LaunchDarkly doesn't check the credentials yet.
    pub fn create<'a>(&self, new: &'a NewFlagImport) -> Call<'a, FlagImport, C>
    where
        'c: 'a,
    {
        use operations::flag_imports::CREATE;
        let operation = Operation::new(&CREATE, &[&self.project_key, new.integration_key()]);
        Call::new(self.client, operation.with_payload(new))
    }

    /// Creates one unless there is one of the same integration and name here, see
    /// [`Ensure`].
    #[cfg(any(feature = "async", feature = "blocking"))]
    pub fn ensure<'a>(&self, new: &'a NewFlagImport) -> Ensure<'a, FlagImport, C>
    where
        'c: 'a,
    {
        use operations::flag_imports::{CREATE, LIST};
        let key = new.integration_key();
        Ensure {
            client: self.client,
            list: Operation::new(&LIST, &[]),
            create: Operation::new(&CREATE, &[&self.project_key, key]).with_payload(new),
            identity: Identity {
                integration_key: key,
                name: new.name_ref(),
                project_key: Some(self.project_key.clone()),
                environment_key: None,
            },
            options: CallOptions::default(),
        }
    }

    /// Gets one by its integration and id. LaunchDarkly refuses an id that is no UUID as invalid
    /// (400), not as missing.
    pub fn get(
        &self,
        integration_key: impl AsRef<str>,
        id: impl AsRef<str>,
    ) -> Call<'c, FlagImport, C> {
        use operations::flag_imports::GET;
        let path = [&self.project_key, integration_key.as_ref(), id.as_ref()];
        Call::new(self.client, Operation::new(&GET, &path))
    }

    /// Replaces properties of one.
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
        Call::new(self.client, operation.with_payload_of(key, &patch.0))
    }

    /// Deletes one.
    pub fn delete(&self, integration_key: impl AsRef<str>, id: impl AsRef<str>) -> Call<'c, (), C> {
        use operations::flag_imports::DELETE;
        let path = [&self.project_key, integration_key.as_ref(), id.as_ref()];
        Call::new(self.client, Operation::without_response(&DELETE, &path))
    }

    /// Starts an import. Its progress is in the status that [`get`](Self::get) returns.
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
