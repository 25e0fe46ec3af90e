//! The document as upstream writes it, as far as the generator reads it.
//!
//! [`Serialize`] writes the pinned snapshot: the same shape as upstream's, in one canonical order
//! of properties, without prose. [`JsonSchema`] describes it, so that a test can hold it against
//! the schema that upstream publishes.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;

use crate::types::{self, Row};

/// The facts of one integration.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Manifest {
    /// The name that people know the integration by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The version of the integration, as semver.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Whether the integration authenticates by OAuth.
    #[serde(rename = "requiresOAuth", skip_serializing_if = "Option::is_none")]
    pub requires_oauth: Option<bool>,
    /// Whether LaunchDarkly lets one integration have many configurations.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allow_integration_configurations: Option<bool>,
    /// What the integration can do that manifests don't configure.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub other_capabilities: Vec<String>,
    /// What the integration can do, in upstream's order.
    #[serde(serialize_with = "as_map", skip_serializing_if = "Vec::is_empty")]
    #[schemars(
        default,
        with = "BTreeMap<String, BTreeMap<String, Vec<FormVariable>>>"
    )]
    pub capabilities: Vec<Capability>,
    /// What a configuration of the integration takes, in upstream's order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub form_variables: Vec<FormVariable>,
}

/// A capability, as far as it takes form values.
#[derive(Clone, Debug, PartialEq)]
pub struct Capability {
    /// Upstream's name for it, such as `featureStore`.
    pub name: String,
    /// Its blocks of form variables, in upstream's order.
    pub blocks: Vec<Block>,
}

/// A list of form variables inside a capability.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// The property that holds it, such as `formVariables` or `approvalFormVariables`.
    pub name: String,
    /// Its variables, in upstream's order.
    pub variables: Vec<FormVariable>,
}

/// One value that a person or a program supplies.
#[derive(Clone, Debug, PartialEq, serde::Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FormVariable {
    /// Its place in upstream's list, from 0: where a diagnostic about it points.
    #[serde(skip)]
    pub position: usize,
    /// The key of the value in `configValues`.
    pub key: String,
    /// The label of its form field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What kind of value it takes.
    #[serde(rename = "type")]
    pub kind: VariableType,
    /// Upstream's explanation: prose, which the snapshot leaves out.
    #[serde(skip_serializing)]
    pub description: Option<String>,
    /// The text that an empty form field shows: prose, which the snapshot leaves out.
    #[serde(skip_serializing)]
    pub placeholder: Option<String>,
    /// Whether it may be left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_optional: Option<bool>,
    /// Whether LaunchDarkly masks it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_secret: Option<bool>,
    /// Whether the form hides it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_hidden: Option<bool>,
    /// The value that stands for an omitted one, whatever its type: the model checks it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DefaultValue>")]
    pub default_value: Option<Value>,
    /// What an `enum` can be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed_values: Option<Vec<String>>,
    /// What a `multiselect` can hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub multiselect_options: Option<Vec<MultiselectOption>>,
    /// What a `multiselect` holds at first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub multiselect_default_options: Option<Vec<String>>,
    /// Where the values of a `dynamicEnum` come from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dynamic_options: Option<Value>,
    /// On which other variables the form shows or hides it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub depends_on: Option<Value>,
    /// Whether the form locks it once it is saved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disable_after_saving: Option<bool>,
    /// Whether the form hides it while it is empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hide_empty: Option<bool>,
}

/// One choice of a `multiselect`.
#[derive(Clone, Debug, PartialEq, serde::Serialize, JsonSchema)]
pub struct MultiselectOption {
    /// What the form shows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// What is sent.
    pub value: String,
}

/// The types that upstream's schema gives `defaultValue`.
#[derive(JsonSchema)]
#[serde(untagged)]
#[expect(
    dead_code,
    reason = "only its schema is of use: the manifest keeps whatever value stands there"
)]
enum DefaultValue {
    Boolean(bool),
    String(String),
}

/// The type of a form variable: a row of the table of types, or a name that has none.
#[derive(Clone)]
pub struct VariableType(Kind);

#[derive(Clone)]
enum Kind {
    Known(&'static Row),
    Unknown(String),
}

impl VariableType {
    /// The type of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Self {
        Self(match Row::find(name) {
            Some(row) => Kind::Known(row),
            None => Kind::Unknown(name.to_owned()),
        })
    }

    /// The name that manifests use.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Kind::Known(row) => row.name,
            Kind::Unknown(name) => name,
        }
    }

    /// Whether the table has a row for it.
    pub(crate) const fn is_known(&self) -> bool {
        matches!(self.0, Kind::Known(_))
    }

    /// What the type means.
    pub(crate) fn row(&self) -> &'static Row {
        match self.0 {
            Kind::Known(row) => row,
            Kind::Unknown(_) => &types::UNKNOWN,
        }
    }
}

impl fmt::Debug for VariableType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("VariableType").field(&self.as_str()).finish()
    }
}

impl PartialEq for VariableType {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Serialize for VariableType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl JsonSchema for VariableType {
    fn schema_name() -> Cow<'static, str> {
        "VariableType".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let names = types::ROWS.each_ref().map(|row| row.name);
        json_schema!({ "type": "string", "enum": names })
    }
}

fn as_map<S: Serializer>(capabilities: &[Capability], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(
        capabilities
            .iter()
            .map(|capability| (&capability.name, Blocks(&capability.blocks))),
    )
}

struct Blocks<'a>(&'a [Block]);

impl Serialize for Blocks<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for block in self.0 {
            map.serialize_entry(&block.name, &block.variables)?;
        }
        map.end()
    }
}
