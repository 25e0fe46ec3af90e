//! [`NewResource`]: a new resource of any kind, and its project and environment.

use serde_json::Value;

use super::Declaration;
use crate::client::requests::draft::Draft;
use crate::client::requests::form_variables::FormVariables;
use crate::client::requests::{
    NewAuditLogSubscription, NewBigSegmentStore, NewDeliveryConfiguration, NewFlagImport,
    NewIntegrationConfiguration,
};
use crate::{AnyConfigValues, Endpoint, SecretJson, WrongEndpoint};

/// A new resource of any kind, and its project and environment. [`Declaration::resolve`] returns it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum NewResource {
    /// For `integration_configurations()`.
    IntegrationConfiguration(NewIntegrationConfiguration),
    /// For `audit_log_subscriptions()`.
    AuditLogSubscription(NewAuditLogSubscription),
    /// For `delivery_configurations().environment(project, environment)`.
    DeliveryConfiguration {
        /// The project's key.
        project: String,
        /// The environment's key.
        environment: String,
        /// The delivery configuration.
        new: NewDeliveryConfiguration,
    },
    /// For `big_segment_stores().environment(project, environment)`.
    BigSegmentStore {
        /// The project's key.
        project: String,
        /// The environment's key.
        environment: String,
        /// The big segment store.
        new: NewBigSegmentStore,
    },
    /// For `flag_imports().project(project)`.
    FlagImport {
        /// The project's key.
        project: String,
        /// The flag import.
        new: NewFlagImport,
    },
}

impl NewResource {
    pub(super) fn new(
        declaration: &Declaration,
        values: AnyConfigValues,
        unchecked: Vec<(String, SecretJson)>,
    ) -> Result<Self, WrongEndpoint> {
        let Declaration {
            endpoint,
            name,
            on,
            tags,
            statements,
            additional_form_variables,
            project,
            environment,
            ..
        } = declaration.clone();
        let mut form_variables = FormVariables::checked(values, endpoint)?;
        for (key, json) in unchecked {
            form_variables.set(key, json);
        }
        let draft = Draft {
            name,
            form_variables,
            on,
            tags,
            statements,
            additional_form_variables,
        };
        // A declaration has those that its endpoint requires.
        let project = project.unwrap_or_default();
        let environment = environment.unwrap_or_default();
        Ok(match endpoint {
            Endpoint::IntegrationConfiguration => {
                Self::IntegrationConfiguration(NewIntegrationConfiguration(draft))
            }
            Endpoint::AuditLogSubscription => {
                Self::AuditLogSubscription(NewAuditLogSubscription(draft))
            }
            Endpoint::DeliveryConfiguration => Self::DeliveryConfiguration {
                project,
                environment,
                new: NewDeliveryConfiguration(draft),
            },
            Endpoint::BigSegmentStore => Self::BigSegmentStore {
                project,
                environment,
                new: NewBigSegmentStore(draft),
            },
            Endpoint::FlagImport => Self::FlagImport {
                project,
                new: NewFlagImport(draft),
            },
        })
    }

    /// The body of the request, with every secret replaced by `[redacted]`.
    ///
    /// # Errors
    ///
    /// Returns an error if a value can't be written as JSON.
    pub fn redacted(&self) -> Result<Value, serde_json::Error> {
        match self {
            Self::IntegrationConfiguration(new) => new.redacted(),
            Self::AuditLogSubscription(new) => new.redacted(),
            Self::DeliveryConfiguration { new, .. } => new.redacted(),
            Self::BigSegmentStore { new, .. } => new.redacted(),
            Self::FlagImport { new, .. } => new.redacted(),
        }
    }
}
