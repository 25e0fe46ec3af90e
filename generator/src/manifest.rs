//! The manifest: the properties of an upstream document that the generator reads.
//!
//! [`Serialize`] writes the pinned snapshot: upstream's structure in one canonical order of properties,
//! without prose. A test compares the [`JsonSchema`] with the schema that upstream publishes.

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
    /// Further capabilities, without form variables.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub other_capabilities: Vec<String>,
    /// The capabilities, in upstream's order.
    #[serde(serialize_with = "as_map", skip_serializing_if = "Vec::is_empty")]
    #[schemars(
        default,
        with = "BTreeMap<String, BTreeMap<String, Vec<FormVariable>>>"
    )]
    pub capabilities: Vec<Capability>,
    /// The form variables of the integration itself, in upstream's order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub form_variables: Vec<FormVariable>,
}

/// A capability and its form variables.
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

/// One value of a configuration, as the manifest declares it.
#[derive(Clone, Debug, PartialEq, serde::Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FormVariable {
    /// The index in upstream's list, from 0. Diagnostics use it for their path.
    #[serde(skip)]
    pub position: usize,
    /// The key of the value in `configValues`.
    pub key: String,
    /// The label of its form field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The type of the value.
    #[serde(rename = "type")]
    pub kind: VariableType,
    /// Upstream's description. The snapshot leaves it out, because it is prose.
    #[serde(skip_serializing)]
    pub description: Option<String>,
    /// The text that an empty form field shows. The snapshot leaves it out, because it is prose.
    #[serde(skip_serializing)]
    pub placeholder: Option<String>,
    /// Whether the value may be left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_optional: Option<bool>,
    /// Whether LaunchDarkly masks the value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_secret: Option<bool>,
    /// Whether the form hides it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_hidden: Option<bool>,
    /// The default. It can be any JSON value here; `resolve` checks its type.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DefaultValue>")]
    pub default_value: Option<Value>,
    /// The values of an `enum`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed_values: Option<Vec<String>>,
    /// The options of a `multiselect`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub multiselect_options: Option<Vec<MultiselectOption>>,
    /// The default options of a `multiselect`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub multiselect_default_options: Option<Vec<String>>,
    /// Where the values of a `dynamicEnum` come from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dynamic_options: Option<Value>,
    /// The variables whose values decide whether the form shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub depends_on: Option<Value>,
    /// Whether the form locks it once it is saved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disable_after_saving: Option<bool>,
    /// Whether the form hides it while it is empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hide_empty: Option<bool>,
}

/// One option of a `multiselect`.
#[derive(Clone, Debug, PartialEq, serde::Serialize, JsonSchema)]
pub struct MultiselectOption {
    /// The text that the form shows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// The value that is sent.
    pub value: String,
}

/// The types that upstream's schema gives `defaultValue`.
#[derive(JsonSchema)]
#[serde(untagged)]
#[expect(
    dead_code,
    reason = "only its schema is used: the manifest accepts any value"
)]
enum DefaultValue {
    Boolean(bool),
    String(String),
}

/// The type of a form variable: a row of the table of types, or the name of an unknown type.
#[derive(Clone)]
pub struct VariableType(TypeEntry);

#[derive(Clone)]
enum TypeEntry {
    Known(&'static Row),
    Unknown(String),
}

impl VariableType {
    /// The type with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Self {
        Self(match Row::find(name) {
            Some(row) => TypeEntry::Known(row),
            None => TypeEntry::Unknown(name.to_owned()),
        })
    }

    /// The name in manifests.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match &self.0 {
            TypeEntry::Known(row) => row.name,
            TypeEntry::Unknown(name) => name,
        }
    }

    /// Whether the table has a row for it.
    pub(crate) const fn is_known(&self) -> bool {
        matches!(self.0, TypeEntry::Known(_))
    }

    /// The row of the type, or the row for unknown types.
    pub(crate) fn row(&self) -> &'static Row {
        match self.0 {
            TypeEntry::Known(row) => row,
            TypeEntry::Unknown(_) => &types::UNKNOWN,
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
