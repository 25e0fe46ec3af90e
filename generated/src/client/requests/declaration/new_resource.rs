//! [`NewResource`]: a new resource of any kind, and where it goes.

use serde_json::Value;

use super::Declaration;
use crate::client::{
    NewAuditLogSubscription, NewBigSegmentStore, NewDeliveryConfiguration, NewFlagImport,
    NewIntegrationConfiguration,
};
use crate::{AnyConfigValues, Endpoint, SecretJson, WrongEndpoint};

/// A new resource of any kind, and where it goes: what a [`Declaration`] declares.
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
        /// What to create there.
        new: NewDeliveryConfiguration,
    },
    /// For `big_segment_stores().environment(project, environment)`.
    BigSegmentStore {
        /// The project's key.
        project: String,
        /// The environment's key.
        environment: String,
        /// What to create there.
        new: NewBigSegmentStore,
    },
    /// For `flag_imports().project(project)`.
    FlagImport {
        /// The project's key.
        project: String,
        /// What to create there.
        new: NewFlagImport,
    },
}

/// `new` with the properties that the declaration has.
macro_rules! with_properties {
    ($new:expr, $declaration:ident, $unchecked:ident $(, $on:ident $($statements:ident)?)?) => {{
        let mut new = $new;
        $(
            if let Some(on) = $declaration.on {
                new = new.$on(on);
            }
            $(new = new.$statements($declaration.$statements.clone());)?
        )?
        for (key, json) in $unchecked {
            new = new.with_value(key, json.expose_secret().clone());
        }
        new.tags($declaration.tags.iter().cloned())
    }};
}

/// As [`with_properties`], for what may have a name.
macro_rules! with_name {
    ($new:expr, $declaration:ident) => {{
        let new = $new;
        match &$declaration.name {
            Some(name) => new.name(name),
            None => new,
        }
    }};
}

impl NewResource {
    pub(super) fn new(
        declaration: &Declaration,
        values: AnyConfigValues,
        unchecked: Vec<(String, SecretJson)>,
    ) -> Result<Self, WrongEndpoint> {
        let required = |text: &Option<String>| text.clone().unwrap_or_default();
        let name = || required(&declaration.name);
        let project = required(&declaration.project);
        let environment = required(&declaration.environment);
        Ok(match declaration.endpoint {
            Endpoint::IntegrationConfiguration => {
                let new = NewIntegrationConfiguration::with_any(name(), values)?;
                let new = with_properties!(new, declaration, unchecked, enabled statements);
                Self::IntegrationConfiguration(new)
            }
            Endpoint::AuditLogSubscription => {
                let new = NewAuditLogSubscription::with_any(name(), values)?;
                let new = with_properties!(new, declaration, unchecked, on statements);
                Self::AuditLogSubscription(new)
            }
            Endpoint::DeliveryConfiguration => {
                let new = with_name!(NewDeliveryConfiguration::with_any(values)?, declaration);
                Self::DeliveryConfiguration {
                    project,
                    environment,
                    new: with_properties!(new, declaration, unchecked, on),
                }
            }
            Endpoint::BigSegmentStore => {
                let new = with_name!(NewBigSegmentStore::with_any(values)?, declaration);
                Self::BigSegmentStore {
                    project,
                    environment,
                    new: with_properties!(new, declaration, unchecked, on),
                }
            }
            Endpoint::FlagImport => {
                let new = with_name!(NewFlagImport::with_any(values)?, declaration);
                Self::FlagImport {
                    project,
                    new: with_properties!(new, declaration, unchecked),
                }
            }
        })
    }

    /// The body of the request to show to people, with `[redacted]` for every secret.
    ///
    /// # Errors
    ///
    /// serde_json's, if something can't be written as JSON.
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
