//! [`IntegrationValues`]: a trait for values that have an integration and endpoints.

use std::fmt::Debug;

use serde::ser::Serialize;

use crate::{Endpoint, FormValues, Integration, IntegrationKey};

/// The values of an integration, or of one of its capabilities that has its own endpoint.
///
/// Every `ConfigValues` and every `FeatureStoreConfig` implements it. The structs of other capabilities
/// don't, because the client has no endpoint for them.
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

    /// The endpoints that accept these values.
    const ENDPOINTS: &'static [Endpoint];

    /// The handles of these endpoints, for messages of the compiler.
    #[doc(hidden)]
    type Handles;

    /// The integration's facts.
    const INTEGRATION: &'static Integration = Self::KEY.integration();
}
