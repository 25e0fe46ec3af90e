//! The list of generated integrations, as JSON for other programs.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::model::{Endpoint, Field, FieldDefault, Integration};
use crate::snapshot::{self, Pin};

/// The output of `cargo xtask list --format json`. Keys may be added; none is ever renamed.
#[derive(Debug, Serialize)]
pub struct Catalog<'a> {
    upstream: Upstream<'a>,
    integrations: Vec<IntegrationFacts<'a>>,
}

impl<'a> Catalog<'a> {
    /// The catalogue of integrations, in the order given.
    #[must_use]
    pub fn new(pin: Option<&'a Pin>, integrations: &[&'a Integration]) -> Self {
        Self {
            upstream: Upstream {
                repository: pin.map(|pin| pin.repository.as_str()),
                revision: pin.map(|pin| pin.revision.as_str()),
                committed: pin.map(|pin| pin.committed.as_str()),
            },
            integrations: integrations
                .iter()
                .map(|integration| IntegrationFacts::new(integration))
                .collect(),
        }
    }

    /// As indented JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        snapshot::canonical(self)
    }
}

#[derive(Debug, Serialize)]
struct Upstream<'a> {
    repository: Option<&'a str>,
    revision: Option<&'a str>,
    committed: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct IntegrationFacts<'a> {
    key: &'a str,
    module: &'a str,
    name: &'a str,
    version: &'a str,
    requires_oauth: bool,
    allow_integration_configurations: Option<bool>,
    capabilities: &'a [String],
    other_capabilities: &'a [String],
    /// Whether the endpoint for integration configurations accepts its values.
    creatable: bool,
    /// All endpoints that accept values of the integration or of its capabilities.
    endpoints: Vec<&'static str>,
    fields: Vec<FieldFacts<'a>>,
    /// The key is the block's path: `featureStore.formVariables`.
    capability_fields: BTreeMap<String, Vec<FieldFacts<'a>>>,
    /// The part that no public manifest has.
    #[serde(skip_serializing_if = "Option::is_none")]
    supplement: Option<SupplementFacts<'a>>,
}

#[derive(Debug, Serialize)]
struct SupplementFacts<'a> {
    /// Whether the whole integration comes from the supplement.
    whole: bool,
    capabilities: &'a [String],
    reason: &'a str,
    evidence: &'a str,
}

impl<'a> IntegrationFacts<'a> {
    fn new(integration: &'a Integration) -> Self {
        Self {
            key: &integration.key,
            module: &integration.module,
            name: &integration.name,
            version: &integration.version,
            requires_oauth: integration.requires_oauth,
            allow_integration_configurations: integration.allow_integration_configurations,
            capabilities: &integration.capabilities,
            other_capabilities: &integration.other_capabilities,
            creatable: integration.integration_configurations().is_accepted(),
            endpoints: integration
                .endpoints()
                .into_iter()
                .map(Endpoint::as_str)
                .collect(),
            fields: integration
                .config
                .fields
                .iter()
                .map(FieldFacts::new)
                .collect(),
            capability_fields: integration
                .capability_configs
                .iter()
                .map(|block| {
                    (
                        block.path(),
                        block.config.fields.iter().map(FieldFacts::new).collect(),
                    )
                })
                .collect(),
            supplement: integration
                .supplement
                .as_ref()
                .map(|supplement| SupplementFacts {
                    whole: supplement.whole_integration,
                    capabilities: &supplement.capabilities,
                    reason: &supplement.reason,
                    evidence: &supplement.evidence,
                }),
        }
    }
}

#[derive(Debug, Serialize)]
struct FieldFacts<'a> {
    key: &'a str,
    field: &'a str,
    label: &'a str,
    #[serde(rename = "type")]
    kind: &'a str,
    rust_type: String,
    optional: bool,
    secret: bool,
    hidden: bool,
    default: Option<Value>,
    allowed_values: Vec<&'a str>,
    /// Whether the field comes from the supplement; left out when false.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    supplement: bool,
}

impl<'a> FieldFacts<'a> {
    fn new(field: &'a Field) -> Self {
        Self {
            key: &field.key,
            field: &field.ident,
            label: &field.label,
            kind: field.kind.as_str(),
            rust_type: field.rust_type(),
            optional: field.optional(),
            secret: field.secret,
            hidden: field.hidden,
            default: field.default().map(FieldDefault::to_json),
            allowed_values: field.listed_values().collect(),
            supplement: field.supplement,
        }
    }
}
