//! [`Endpoint`]: the endpoints that accept values.
//!
//! Functions are `#[inline]`, so that only programs that call them compile them.

use std::error::Error;
use std::fmt;
use std::str::FromStr;

use serde::de::{Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};

use crate::wording::{excerpt, nearest, one_of};
use crate::{Integration, IntegrationKey, Problem, ProblemKind};

/// An endpoint of LaunchDarkly's API that accepts the values of an integration.
///
/// [`as_str`](Self::as_str) returns its name, which is also its form in JSON. `Display` is for people.
///
/// ```
/// use launchdarkly_integrations::{Endpoint, integrations::datadog};
///
/// let endpoint: Endpoint = "audit-log-subscription".parse()?;
/// assert!(datadog::INTEGRATION.endpoints.contains(&endpoint));
/// assert_eq!(endpoint.to_string(), "audit log subscription");
/// assert_eq!(endpoint.handle(), "audit_log_subscriptions()");
/// # Ok::<(), launchdarkly_integrations::UnknownEndpoint>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Endpoint {
    /// `/api/v2/integration-configurations`: accepts the form variables of an integration, except if it has
    /// the capability `bigSegmentStore` or `flagImport`, or if its manifest excludes integration
    /// configurations.
    IntegrationConfiguration,
    /// `/api/v2/integrations`: accepts the form variables of integrations with the capability
    /// `auditLogEventsHook`.
    AuditLogSubscription,
    /// `/api/v2/integration-capabilities/featureStore`: accepts the form variables of the capability
    /// `featureStore`.
    DeliveryConfiguration,
    /// `/api/v2/integration-capabilities/big-segment-store`: accepts the form variables of integrations with
    /// the capability `bigSegmentStore`. LaunchDarkly also calls them persistent stores.
    BigSegmentStore,
    /// `/api/v2/integration-capabilities/flag-import`: accepts the form variables of integrations with the
    /// capability `flagImport`.
    FlagImport,
}

impl Endpoint {
    /// All endpoints.
    pub const ALL: &'static [Self] = &[
        Self::IntegrationConfiguration,
        Self::AuditLogSubscription,
        Self::DeliveryConfiguration,
        Self::BigSegmentStore,
        Self::FlagImport,
    ];

    /// Returns its name, such as `audit-log-subscription`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::IntegrationConfiguration => "integration-configuration",
            Self::AuditLogSubscription => "audit-log-subscription",
            Self::DeliveryConfiguration => "delivery-configuration",
            Self::BigSegmentStore => "big-segment-store",
            Self::FlagImport => "flag-import",
        }
    }

    /// Returns the client's method for it, such as `audit_log_subscriptions()`.
    #[must_use]
    pub const fn handle(self) -> &'static str {
        match self {
            Self::IntegrationConfiguration => "integration_configurations()",
            Self::AuditLogSubscription => "audit_log_subscriptions()",
            Self::DeliveryConfiguration => "delivery_configurations()",
            Self::BigSegmentStore => "big_segment_stores()",
            Self::FlagImport => "flag_imports()",
        }
    }

    /// The name for people with its article: `an integration configuration`.
    pub(crate) const fn with_article(self) -> &'static str {
        match self {
            Self::IntegrationConfiguration => "an integration configuration",
            Self::AuditLogSubscription => "an audit log subscription",
            Self::DeliveryConfiguration => "a delivery configuration",
            Self::BigSegmentStore => "a big segment store",
            Self::FlagImport => "a flag import",
        }
    }

    #[inline]
    fn names() -> Vec<&'static str> {
        Self::ALL.iter().map(|endpoint| endpoint.as_str()).collect()
    }
}

/// The name for people: `audit log subscription`.
impl fmt::Display for Endpoint {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = self.with_article();
        f.pad(words.split_once(' ').map_or(words, |(_, words)| words))
    }
}

impl FromStr for Endpoint {
    type Err = UnknownEndpoint;

    #[inline]
    fn from_str(text: &str) -> Result<Self, UnknownEndpoint> {
        let mut all = Self::ALL.iter().copied();
        all.find(|endpoint| endpoint.as_str() == text)
            .ok_or_else(|| UnknownEndpoint {
                excerpt: excerpt(text),
                suggestion: nearest(text, Self::names()),
            })
    }
}

impl Serialize for Endpoint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Endpoint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(NameVisitor)
    }
}

struct NameVisitor;

impl Visitor<'_> for NameVisitor {
    type Value = Endpoint;

    #[inline]
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of an endpoint")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Endpoint, E> {
        text.parse().map_err(E::custom)
    }
}

crate::macros::json_schema!(
    Endpoint,
    inline: false,
    crate::values::string::listed_schema(&Self::names())
);

/// The error for a string that is not the name of an [`Endpoint`].
///
/// Shows at most 100 characters of the string.
#[derive(Clone, PartialEq, Eq)]
pub struct UnknownEndpoint {
    excerpt: String,
    suggestion: Option<&'static str>,
}

impl fmt::Display for UnknownEndpoint {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { excerpt, .. } = self;
        write!(f, "unknown endpoint {excerpt}; expected ")?;
        f.write_str(&one_of(&Endpoint::names()))?;
        if let Some(suggestion) = self.suggestion {
            write!(f, "; did you mean {suggestion}?")?;
        }
        Ok(())
    }
}

crate::wording::debug_as_display!(UnknownEndpoint);

impl Error for UnknownEndpoint {}

/// The error for values of an integration that the chosen endpoint doesn't accept.
#[derive(Clone, PartialEq, Eq)]
pub struct WrongEndpoint {
    key: IntegrationKey,
    endpoint: Endpoint,
    endpoints: &'static [Endpoint],
    problem: Box<Problem>,
}

impl WrongEndpoint {
    #[inline]
    pub(crate) fn new(
        key: IntegrationKey,
        endpoint: Endpoint,
        endpoints: &'static [Endpoint],
    ) -> Self {
        let names: Vec<&str> = endpoints.iter().map(|endpoint| endpoint.as_str()).collect();
        let expected = match names.as_slice() {
            [] => "none, because no endpoint accepts its values".to_owned(),
            names => one_of(names),
        };
        let problem = Problem::new(ProblemKind::WrongEndpoint, "", expected)
            .found(format!("{:?}", endpoint.as_str()));
        Self {
            key,
            endpoint,
            endpoints,
            problem: Box::new(problem),
        }
    }

    /// Returns this error as a [`Problem`], for a list with others.
    #[must_use]
    #[inline]
    pub fn problem(&self) -> &Problem {
        &self.problem
    }

    /// Returns the integration's key.
    #[must_use]
    #[inline]
    pub fn key(&self) -> IntegrationKey {
        self.key
    }

    /// Returns the integration's facts.
    #[must_use]
    #[inline]
    pub fn integration(&self) -> &'static Integration {
        self.key.integration()
    }

    /// Returns the endpoint that doesn't accept the values.
    #[must_use]
    #[inline]
    pub fn endpoint(&self) -> Endpoint {
        self.endpoint
    }

    /// Returns the endpoints that accept the values.
    #[must_use]
    #[inline]
    pub fn endpoints(&self) -> &'static [Endpoint] {
        self.endpoints
    }
}

impl fmt::Display for WrongEndpoint {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { key, endpoint, .. } = self;
        let endpoint = endpoint.with_article();
        write!(f, "{key}: its values can't be sent as {endpoint}")?;
        if self.endpoints.is_empty() {
            return f.write_str("; no endpoint accepts them");
        }
        for (position, other) in self.endpoints.iter().enumerate() {
            let words = if position == 0 {
                "; send them as"
            } else {
                ", or as"
            };
            let (what, handle) = (other.with_article(), other.handle());
            write!(f, "{words} {what}, with `{handle}`")?;
        }
        Ok(())
    }
}

crate::wording::debug_as_display!(WrongEndpoint);

impl Error for WrongEndpoint {}

/// A slice of endpoints, from the names of their variants.
macro_rules! endpoints {
    ($($endpoint:ident),*) => {
        &[$($crate::Endpoint::$endpoint),*]
    };
}

/// The section of a module's page that says where its values are sent: the endpoints of its capabilities,
/// and whether integration configurations are allowed.
#[cfg(any(doc, doctest))]
macro_rules! sent {
    ($module:ident: $first:ident $(, $other:ident)*) => {
        ::std::concat!(
            "\n# Where to send these values\n",
            $crate::endpoint::sent_item!($first),
            $($crate::endpoint::sent_item!($other),)*
            $crate::endpoint::sent_example!($module $first)
        )
    };
}

/// Empty in other builds, because expanding it takes time and only documentation needs it.
#[cfg(not(any(doc, doctest)))]
macro_rules! sent {
    ($($any:tt)*) => {
        ""
    };
}

/// An example that sends the values to the first of these endpoints.
#[cfg(any(doc, doctest))]
macro_rules! sent_example {
    ($module:ident AuditLogSubscription) => {
        $crate::endpoint::sent_example!(
            $module, "ConfigValues", "NewAuditLogSubscription", "new(\"My name\", values)",
            "let subscriptions = client.audit_log_subscriptions();\n    \
             let created = subscriptions.create(&new).send().await?;"
        )
    };
    ($module:ident BigSegmentStore) => {
        $crate::endpoint::sent_example!(
            $module, "ConfigValues", "NewBigSegmentStore", "new(values)",
            "let stores = client.big_segment_stores().environment(\"my-project\", \"production\");\n    \
             let created = stores.create(&new).send().await?;"
        )
    };
    ($module:ident DeliveryConfiguration) => {
        $crate::endpoint::sent_example!(
            $module, "FeatureStoreConfig", "NewDeliveryConfiguration", "new(values)",
            "let stores = client.delivery_configurations().environment(\"my-project\", \"production\");\n    \
             let created = stores.create(&new).send().await?;"
        )
    };
    ($module:ident FlagImport) => {
        $crate::endpoint::sent_example!(
            $module, "ConfigValues", "NewFlagImport", "new(values)",
            "let imports = client.flag_imports().project(\"my-project\");\n    \
             let created = imports.create(&new).send().await?;"
        )
    };
    ($module:ident Refused) => {
        ""
    };
    ($module:ident $allowed_or_unsaid:ident) => {
        $crate::endpoint::sent_example!(
            $module, "ConfigValues", "NewIntegrationConfiguration", "new(\"My name\", values)",
            "let configurations = client.integration_configurations();\n    \
             let created = configurations.create(&new).send().await?;"
        )
    };
    ($module:ident, $values:literal, $new:literal, $arguments:literal, $create:literal) => {
        ::std::concat!(
            "\n```\n# #[cfg(feature = \"async\")] #[allow(dead_code)] mod example {\n\
             use launchdarkly_integrations::client::{Client, Error, ",
            $new,
            "};\nuse launchdarkly_integrations::integrations::",
            ::std::stringify!($module),
            "::",
            $values,
            ";\n\nasync fn send(client: &Client, values: ",
            $values,
            ") -> Result<String, Error> {\n    let new = ",
            $new,
            "::",
            $arguments,
            ";\n    ",
            $create,
            "\n    Ok(created.id)\n}\n# }\n```\n"
        )
    };
}

#[cfg(any(doc, doctest))]
macro_rules! sent_item {
    (AuditLogSubscription) => {
        "\n- `ConfigValues`: as [audit log subscriptions](crate::Endpoint::AuditLogSubscription), \
         with `client.audit_log_subscriptions()`."
    };
    (BigSegmentStore) => {
        "\n- `ConfigValues`: as [big segment stores](crate::Endpoint::BigSegmentStore), with \
         `client.big_segment_stores()`."
    };
    (DeliveryConfiguration) => {
        "\n- `FeatureStoreConfig`: as [delivery \
         configurations](crate::Endpoint::DeliveryConfiguration), with `client.delivery_configurations()`."
    };
    (FlagImport) => {
        "\n- `ConfigValues`: as [flag imports](crate::Endpoint::FlagImport), with `client.flag_imports()`."
    };
    (Allowed) => {
        "\n- `ConfigValues`: as [integration \
         configurations](crate::Endpoint::IntegrationConfiguration), with \
         `client.integration_configurations()`. The manifest allows this."
    };
    (Unsaid) => {
        "\n- `ConfigValues`: as [integration \
         configurations](crate::Endpoint::IntegrationConfiguration), with \
         `client.integration_configurations()`. This is unconfirmed: the manifest doesn't say whether \
         LaunchDarkly accepts them."
    };
    (Refused) => {
        "\n- Not as integration configurations: the manifest excludes them."
    };
    (Excluded) => {
        "\n- Not as integration configurations: LaunchDarkly's documentation excludes them."
    };
}

pub(crate) use {endpoints, sent};
#[cfg(any(doc, doctest))]
pub(crate) use {sent_example, sent_item};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_parsed_and_a_typo_gets_a_suggestion() {
        for endpoint in Endpoint::ALL {
            assert_eq!(endpoint.as_str().parse(), Ok(*endpoint));
            let json = serde_json::to_string(endpoint).unwrap();
            assert_eq!(serde_json::from_str::<Endpoint>(&json).unwrap(), *endpoint);
            assert_eq!(endpoint.to_string(), endpoint.as_str().replace('-', " "));
            let handle = format!("{}s()", endpoint.as_str().replace('-', "_"));
            assert_eq!(endpoint.handle(), handle);
        }
        let error = "flag-imports".parse::<Endpoint>().unwrap_err();
        assert!(
            error
                .to_string()
                .ends_with("\"flag-import\"; did you mean flag-import?"),
            "{error}"
        );
    }
}
