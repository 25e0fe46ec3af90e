//! [`Kind`]: what differs between the five kinds of configurations.

use http::StatusCode;
use serde_json::Value;

use super::reply::Refusal;
use crate::{Field, integrations};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    IntegrationConfiguration,
    AuditLogSubscription,
    DeliveryConfiguration,
    BigSegmentStore,
    FlagImport,
}

/// A property that can be set, and the JSON it takes.
pub(super) struct Property {
    pub(super) name: &'static str,
    shape: Shape,
    /// Must be in a create's body, and can't be removed.
    required: bool,
    /// What it is when it isn't set.
    pub(super) when_unset: WhenUnset,
}

#[derive(Clone, Copy)]
enum Shape {
    String,
    Boolean,
    Strings,
    Object,
    Statements,
    CapabilityConfig,
}

#[derive(Clone, Copy)]
pub(super) enum WhenUnset {
    None,
    Boolean(bool),
    EmptyArray,
    /// A name that the server invents.
    Name,
}

const fn property(name: &'static str, shape: Shape) -> Property {
    Property {
        name,
        shape,
        required: false,
        when_unset: WhenUnset::None,
    }
}

impl Property {
    const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    const fn or(mut self, when_unset: WhenUnset) -> Self {
        self.when_unset = when_unset;
        self
    }

    /// Checks a value that was set, or that there is none.
    pub(super) fn check(&self, value: Option<&Value>) -> Result<(), Refusal> {
        let fits = value.map_or(!self.required, |value| self.shape.takes(value));
        let problem = if value.is_none() {
            "missing"
        } else {
            "invalid"
        };
        let refusal =
            || Refusal::invalid(format!("Invalid request body: {} is {problem}", self.name));
        fits.then_some(()).ok_or_else(refusal)
    }
}

impl Shape {
    fn takes(self, value: &Value) -> bool {
        match self {
            Self::String => value.is_string(),
            Self::Boolean => value.is_boolean(),
            Self::Strings => all(value, Value::is_string),
            Self::Object => value.is_object(),
            Self::Statements => all(value, is_statement),
            Self::CapabilityConfig => {
                let statements = value.pointer("/auditLogEventsHook/statements");
                let variables = value.pointer("/approvals/additionalFormVariables");
                value.is_object()
                    && statements.is_none_or(|value| all(value, is_statement))
                    && variables.is_none_or(|value| all(value, Value::is_object))
            }
        }
    }
}

fn all(value: &Value, test: fn(&Value) -> bool) -> bool {
    value.as_array().is_some_and(|items| items.iter().all(test))
}

fn is_statement(value: &Value) -> bool {
    value["effect"] == "allow" || value["effect"] == "deny"
}

const NAME: Property = property("name", Shape::String).required();
const INVENTED_NAME: Property = property("name", Shape::String).or(WhenUnset::Name);
const CONFIG: Property = property("config", Shape::Object).required();
const TAGS: Property = property("tags", Shape::Strings).or(WhenUnset::EmptyArray);
/// Documented for delivery configurations, and unknown for audit log subscriptions.
const ON: Property = property("on", Shape::Boolean).or(WhenUnset::Boolean(false));

const INTEGRATION_CONFIGURATION: &[Property] = &[
    NAME,
    property("configValues", Shape::Object).required(),
    property("enabled", Shape::Boolean).or(WhenUnset::Boolean(true)),
    TAGS,
    property("capabilityConfig", Shape::CapabilityConfig),
];
const AUDIT_LOG_SUBSCRIPTION: &[Property] = &[
    NAME,
    CONFIG,
    ON,
    TAGS,
    property("statements", Shape::Statements).or(WhenUnset::EmptyArray),
    property("url", Shape::String),
    property("apiKey", Shape::String),
];

impl Kind {
    /// Everything that can be set, by a create or a patch.
    pub(super) fn properties(self) -> &'static [Property] {
        match self {
            Self::IntegrationConfiguration => INTEGRATION_CONFIGURATION,
            Self::AuditLogSubscription => AUDIT_LOG_SUBSCRIPTION,
            Self::DeliveryConfiguration | Self::BigSegmentStore => {
                &[INVENTED_NAME, CONFIG, ON, TAGS]
            }
            Self::FlagImport => &[INVENTED_NAME, CONFIG, TAGS],
        }
    }

    /// The property that holds the values.
    pub(super) fn values(self) -> &'static str {
        match self {
            Self::IntegrationConfiguration => "configValues",
            _ => "config",
        }
    }

    /// The manifest's fields that the values are of. None if the key isn't known.
    pub(super) fn fields(self, key: &str) -> &'static [Field] {
        let Some(integration) = integrations::get(key) else {
            return &[];
        };
        if self != Self::DeliveryConfiguration {
            return integration.fields;
        }
        let mut blocks = integration.capability_fields.iter();
        let block = blocks
            .find(|block| block.capability == "featureStore" && block.block == "formVariables");
        block.map_or(&[], |block| block.fields)
    }

    pub(super) fn is_beta(self) -> bool {
        self != Self::AuditLogSubscription
    }

    pub(super) fn created(self) -> StatusCode {
        match self {
            Self::FlagImport => StatusCode::OK,
            _ => StatusCode::CREATED,
        }
    }

    /// Whether lists have the values too.
    pub(super) fn lists_values(self) -> bool {
        matches!(
            self,
            Self::IntegrationConfiguration | Self::AuditLogSubscription
        )
    }

    /// What its paths begin with.
    pub(super) fn root(self) -> &'static [&'static str] {
        match self {
            Self::IntegrationConfiguration => &["integration-configurations"],
            Self::AuditLogSubscription => &["integrations"],
            Self::DeliveryConfiguration => &["integration-capabilities", "featureStore"],
            Self::BigSegmentStore => &["integration-capabilities", "big-segment-store"],
            Self::FlagImport => &["integration-capabilities", "flag-import"],
        }
    }

    /// Whether its ids are UUIDs. The others are 24 hexadecimal digits.
    pub(super) fn has_uuids(self) -> bool {
        matches!(self, Self::IntegrationConfiguration | Self::FlagImport)
    }
}
