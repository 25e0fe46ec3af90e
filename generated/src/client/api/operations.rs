//! The metadata of all operations. Paths, statuses and beta come from LaunchDarkly's OpenAPI
//! document, v23.

use http::{Method, StatusCode};

use super::operation::Metadata;
use crate::client::retry::Idempotency;

/// Defines the metadata of operations.
macro_rules! operations {
    ($($name:ident: $text:literal, $method:ident $template:literal => $success:ident, beta: $beta:literal;)*) => {
        $(
            pub(crate) static $name: Metadata = Metadata {
                name: $text,
                method: Method::$method,
                template: concat!("/api/v2", $template),
                success: StatusCode::$success,
                beta: $beta,
                idempotency: operations!(@idempotency $method),
            };
        )*
    };
    (@idempotency GET) => { Idempotency::Safe };
    (@idempotency DELETE) => { Idempotency::Idempotent };
    (@idempotency $other:ident) => { Idempotency::Unsafe };
}

pub(crate) mod integration_configurations {
    use super::*;

    operations! {
        LIST: "list integration configurations",
            GET "/integration-configurations/keys/{integrationKey}" => OK, beta: true;
        CREATE: "create an integration configuration",
            POST "/integration-configurations/keys/{integrationKey}" => CREATED, beta: true;
        GET: "get an integration configuration",
            GET "/integration-configurations/{integrationConfigurationId}" => OK, beta: true;
        UPDATE: "update an integration configuration",
            PATCH "/integration-configurations/{integrationConfigurationId}" => OK, beta: true;
        DELETE: "delete an integration configuration",
            DELETE "/integration-configurations/{integrationConfigurationId}" => NO_CONTENT, beta: true;
    }
}

pub(crate) mod audit_log_subscriptions {
    use super::*;

    operations! {
        LIST: "list audit log subscriptions",
            GET "/integrations/{integrationKey}" => OK, beta: false;
        CREATE: "create an audit log subscription",
            POST "/integrations/{integrationKey}" => CREATED, beta: false;
        GET: "get an audit log subscription",
            GET "/integrations/{integrationKey}/{id}" => OK, beta: false;
        UPDATE: "update an audit log subscription",
            PATCH "/integrations/{integrationKey}/{id}" => OK, beta: false;
        DELETE: "delete an audit log subscription",
            DELETE "/integrations/{integrationKey}/{id}" => NO_CONTENT, beta: false;
    }
}

pub(crate) mod delivery_configurations {
    use super::*;

    operations! {
        LIST: "list delivery configurations",
            GET "/integration-capabilities/featureStore" => OK, beta: true;
        LIST_OF_ENVIRONMENT: "list an environment's delivery configurations",
            GET "/integration-capabilities/featureStore/{projectKey}/{environmentKey}" => OK, beta: true;
        CREATE: "create a delivery configuration",
            POST "/integration-capabilities/featureStore/{projectKey}/{environmentKey}/{integrationKey}"
                => CREATED, beta: true;
        GET: "get a delivery configuration",
            GET "/integration-capabilities/featureStore/{projectKey}/{environmentKey}/{integrationKey}/{id}"
                => OK, beta: true;
        UPDATE: "update a delivery configuration",
            PATCH "/integration-capabilities/featureStore/{projectKey}/{environmentKey}/{integrationKey}/{id}"
                => OK, beta: true;
        DELETE: "delete a delivery configuration",
            DELETE "/integration-capabilities/featureStore/{projectKey}/{environmentKey}/{integrationKey}/{id}"
                => NO_CONTENT, beta: true;
        VALIDATE: "validate a delivery configuration",
            POST "/integration-capabilities/featureStore/{projectKey}/{environmentKey}/{integrationKey}/{id}/validate"
                => OK, beta: true;
    }
}

pub(crate) mod big_segment_stores {
    use super::*;

    operations! {
        LIST: "list big segment stores",
            GET "/integration-capabilities/big-segment-store" => OK, beta: true;
        CREATE: "create a big segment store",
            POST "/integration-capabilities/big-segment-store/{projectKey}/{environmentKey}/{integrationKey}"
                => CREATED, beta: true;
        GET: "get a big segment store",
            GET "/integration-capabilities/big-segment-store/{projectKey}/{environmentKey}/{integrationKey}/{integrationId}"
                => OK, beta: true;
        UPDATE: "update a big segment store",
            PATCH "/integration-capabilities/big-segment-store/{projectKey}/{environmentKey}/{integrationKey}/{integrationId}"
                => OK, beta: true;
        DELETE: "delete a big segment store",
            DELETE "/integration-capabilities/big-segment-store/{projectKey}/{environmentKey}/{integrationKey}/{integrationId}"
                => NO_CONTENT, beta: true;
    }
}

pub(crate) mod flag_imports {
    use super::*;

    operations! {
        LIST: "list flag import configurations",
            GET "/integration-capabilities/flag-import" => OK, beta: true;
        CREATE: "create a flag import configuration",
            POST "/integration-capabilities/flag-import/{projectKey}/{integrationKey}" => OK, beta: true;
        GET: "get a flag import configuration",
            GET "/integration-capabilities/flag-import/{projectKey}/{integrationKey}/{integrationId}"
                => OK, beta: true;
        UPDATE: "update a flag import configuration",
            PATCH "/integration-capabilities/flag-import/{projectKey}/{integrationKey}/{integrationId}"
                => OK, beta: true;
        DELETE: "delete a flag import configuration",
            DELETE "/integration-capabilities/flag-import/{projectKey}/{integrationKey}/{integrationId}"
                => NO_CONTENT, beta: true;
        TRIGGER: "trigger a flag import",
            POST "/integration-capabilities/flag-import/{projectKey}/{integrationKey}/{integrationId}/trigger"
                => CREATED, beta: true;
    }
}
