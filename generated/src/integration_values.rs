//! [`IntegrationValues`]: values that know which integration they configure.

use std::fmt::Debug;

use serde::ser::Serialize;

use crate::{FormValues, Integration, IntegrationKey};

/// The values of an integration's configuration.
///
/// Implemented by the `ConfigValues` of every generated module, and not by the structs of
/// capabilities, which are no configuration by themselves.
///
/// ```
/// use launchdarkly_integrations::integrations::datadog;
/// use launchdarkly_integrations::IntegrationValues;
///
/// fn path<T: IntegrationValues>(_: &T) -> String {
///     format!("/api/v2/integration-configurations/keys/{}", T::KEY)
/// }
///
/// let values = datadog::ConfigValues::from_json(serde_json::json!({"apiKey": "0123"}))?;
/// assert_eq!(path(&values), "/api/v2/integration-configurations/keys/datadog");
/// # use launchdarkly_integrations::FormValues;
/// # Ok::<(), launchdarkly_integrations::InvalidValues>(())
/// ```
pub trait IntegrationValues:
    FormValues + Clone + Debug + Serialize + Send + Sync + 'static
{
    /// The integration's key.
    const KEY: IntegrationKey;

    /// What the manifest says about the integration.
    const INTEGRATION: &'static Integration = Self::KEY.integration();
}
