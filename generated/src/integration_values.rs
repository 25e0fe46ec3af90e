//! [`IntegrationValues`]: values that know which integration they configure, and where they are sent.

use std::fmt::Debug;

use serde::ser::Serialize;

use crate::{Endpoint, FormValues, Integration, IntegrationKey};

/// The values of an integration, or of a capability of it that has an endpoint.
///
/// Implemented by the `ConfigValues` of every generated module and by the structs of the capability
/// `featureStore`. The structs of other capabilities are never sent by themselves.
///
/// ```
/// use launchdarkly_integrations::integrations::datadog;
/// use launchdarkly_integrations::IntegrationValues;
///
/// fn title<T: IntegrationValues>(_: &T) -> String {
///     format!("{} ({})", T::INTEGRATION.name, T::KEY)
/// }
///
/// let values = datadog::ConfigValues::from_json(serde_json::json!({"apiKey": "0123"}))?;
/// assert_eq!(title(&values), "Datadog Events (datadog)");
/// # Ok::<(), launchdarkly_integrations::InvalidValues>(())
/// ```
pub trait IntegrationValues:
    FormValues + Clone + Debug + Serialize + Send + Sync + 'static
{
    /// The integration's key.
    const KEY: IntegrationKey;

    /// The endpoints that take these values.
    const ENDPOINTS: &'static [Endpoint];

    /// The integration's facts.
    const INTEGRATION: &'static Integration = Self::KEY.integration();
}
