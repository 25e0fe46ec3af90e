//! The differences between the endpoints.

use serde_json::Value;

use super::response::ErrorResponse;
use crate::Endpoint;

/// A property that a request can set.
pub(super) struct Property {
    pub(super) name: &'static str,
    shape: Shape,
    /// A create must set it, and a patch can't remove it.
    required: bool,
    /// The value when omitted.
    pub(super) default: PropertyDefault,
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
pub(super) enum PropertyDefault {
    None,
    Boolean(bool),
    EmptyArray,
    GeneratedName,
}

const fn property(name: &'static str, shape: Shape) -> Property {
    Property {
        name,
        shape,
        required: false,
        default: PropertyDefault::None,
    }
}

impl Property {
    const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    const fn or(mut self, default: PropertyDefault) -> Self {
        self.default = default;
        self
    }

    /// Checks the value, or that it may be missing.
    pub(super) fn check(&self, value: Option<&Value>) -> Result<(), ErrorResponse> {
        let fits = value.map_or(!self.required, |value| self.shape.takes(value));
        if fits {
            return Ok(());
        }
        let problem = if value.is_none() {
            "missing"
        } else {
            "invalid"
        };
        let message = format!("Invalid request body: {} is {problem}", self.name);
        Err(ErrorResponse::invalid(message))
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
const OPTIONAL_NAME: Property = property("name", Shape::String).or(PropertyDefault::GeneratedName);
const CONFIG: Property = property("config", Shape::Object).required();
const TAGS: Property = property("tags", Shape::Strings).or(PropertyDefault::EmptyArray);
/// The default is documented for delivery configurations only.
const ON: Property = property("on", Shape::Boolean).or(PropertyDefault::Boolean(false));

const INTEGRATION_CONFIGURATION: &[Property] = &[
    NAME,
    property("configValues", Shape::Object).required(),
    property("enabled", Shape::Boolean).or(PropertyDefault::Boolean(true)),
    TAGS,
    property("capabilityConfig", Shape::CapabilityConfig),
];
const AUDIT_LOG_SUBSCRIPTION: &[Property] = &[
    NAME,
    CONFIG,
    ON,
    TAGS,
    property("statements", Shape::Statements).or(PropertyDefault::EmptyArray),
    property("url", Shape::String),
    property("apiKey", Shape::String),
];

impl Endpoint {
    /// The properties that a create or a patch can set.
    pub(super) fn properties(self) -> &'static [Property] {
        match self {
            Self::IntegrationConfiguration => INTEGRATION_CONFIGURATION,
            Self::AuditLogSubscription => AUDIT_LOG_SUBSCRIPTION,
            Self::DeliveryConfiguration | Self::BigSegmentStore => {
                &[OPTIONAL_NAME, CONFIG, ON, TAGS]
            }
            Self::FlagImport => &[OPTIONAL_NAME, CONFIG, TAGS],
        }
    }

    /// The property with the values of form variables.
    pub(super) fn values(self) -> &'static str {
        match self {
            Self::IntegrationConfiguration => "configValues",
            _ => "config",
        }
    }

    /// Whether items of lists include the values.
    pub(super) fn lists_values(self) -> bool {
        matches!(
            self,
            Self::IntegrationConfiguration | Self::AuditLogSubscription
        )
    }

    /// The first segments of its paths.
    pub(super) fn root(self) -> &'static [&'static str] {
        match self {
            Self::IntegrationConfiguration => &["integration-configurations"],
            Self::AuditLogSubscription => &["integrations"],
            Self::DeliveryConfiguration => &["integration-capabilities", "featureStore"],
            Self::BigSegmentStore => &["integration-capabilities", "big-segment-store"],
            Self::FlagImport => &["integration-capabilities", "flag-import"],
        }
    }

    /// Whether its ids are UUIDs. Other ids are 24 hexadecimal digits.
    pub(super) fn has_uuids(self) -> bool {
        matches!(self, Self::IntegrationConfiguration | Self::FlagImport)
    }
}
