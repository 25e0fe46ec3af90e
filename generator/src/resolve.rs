//! Manifest to model: what type each field gets, what every name is, and what stands against it.

use std::collections::{HashMap, HashSet};

use crate::diagnostic::{Diagnostic, JsonPath, bounded, nearest};
use crate::limits;
use crate::lint;
use crate::manifest::{FormVariable, Manifest, VariableType};
use crate::merge::{self, Block, Merged, Variable};
use crate::model::{
    CapabilityConfig, Default, Enum, Field, Integration, Presence, State, Struct, ValueType,
    Variant,
};
use crate::naming;
use crate::overrides::{Corrections, TOP_LEVEL};

/// What a manifest and the corrections for it generate, and what stands against it.
///
/// The integration is whole only if none of the diagnostics is an error.
#[must_use]
pub fn integration(
    key: &str,
    manifest: &Manifest,
    corrections: &mut Corrections<'_>,
) -> (Integration, Vec<Diagnostic>) {
    let merged = merge::merge(manifest, corrections);
    resolved(key, &merged, corrections)
}

/// The same for an integration that has no manifest; `None` if no supplement is for one.
#[must_use]
pub fn supplement(
    key: &str,
    corrections: &mut Corrections<'_>,
) -> Option<(Integration, Vec<Diagnostic>)> {
    let merged = merge::whole(corrections)?;
    Some(resolved(key, &merged, corrections))
}

fn resolved(
    key: &str,
    merged: &Merged<'_>,
    corrections: &mut Corrections<'_>,
) -> (Integration, Vec<Diagnostic>) {
    let mut builder = Builder {
        key,
        corrections,
        types: Scope::new(),
        diagnostics: Vec::new(),
    };
    let integration = builder.integration(merged);
    let mut diagnostics = builder.diagnostics;
    if let Some(supplement) = corrections.supplement() {
        diagnostics.extend(supplement.warnings.iter().cloned());
        let path = &supplement.path;
        let problems = diagnostics.iter_mut();
        corrections.locate(problems.filter(|problem| problem.path.starts_with(path)));
    }
    (integration, diagnostics)
}

/// An error for every pair of integrations that would share a module.
#[must_use]
pub fn module_collisions<'a>(
    integrations: impl IntoIterator<Item = (&'a Integration, &'a str)>,
) -> Vec<Diagnostic> {
    let mut modules: HashMap<&str, &Integration> = HashMap::new();
    let mut found = Vec::new();
    for (integration, origin) in integrations {
        // What has no name has its own error.
        if let Some(other) = modules.insert(&integration.module, integration)
            && !integration.module.is_empty()
        {
            found.push(
                collision(
                    JsonPath::root(),
                    "module",
                    &integration.module,
                    &other.key,
                    &integration.key,
                )
                .origin(origin)
                .integrations([other.key.as_str(), integration.key.as_str()]),
            );
        }
    }
    found
}

/// The names already taken in one scope, each with the wire key that took it.
struct Scope(HashMap<String, String>);

impl Scope {
    fn new() -> Self {
        Self(HashMap::new())
    }

    /// Takes a name, or tells who has it.
    fn take(&mut self, name: &str, wire_key: &str) -> Result<(), String> {
        match self.0.insert(name.to_owned(), wire_key.to_owned()) {
            Some(other) => Err(other),
            None => Ok(()),
        }
    }
}

fn collision(path: JsonPath, scope: &str, name: &str, first: &str, second: &str) -> Diagnostic {
    let message = if first == second {
        format!("{:?} is defined twice", bounded(first))
    } else {
        format!(
            "{:?} and {:?} both get the {scope} name `{}`",
            bounded(first),
            bounded(second),
            bounded(name)
        )
    };
    Diagnostic::error("name-collision", path, message).help(
        "if upstream means both, add a `[[rename]]` for one of them to manifests/overrides.toml",
    )
}

struct Builder<'a, 'c> {
    key: &'a str,
    corrections: &'a mut Corrections<'c>,
    types: Scope,
    diagnostics: Vec<Diagnostic>,
}

/// A block while it is built: what overrides call it, and what its names begin with.
struct BlockContext<'a> {
    /// `formVariables` or `capability.block`.
    name: &'a str,
    prefix: &'a str,
}

impl Builder<'_, '_> {
    fn integration(&mut self, merged: &Merged<'_>) -> Integration {
        let capability_configs = merged
            .blocks
            .iter()
            .map(|block| self.capability_config(block))
            .collect();
        let top = BlockContext {
            name: TOP_LEVEL,
            prefix: "",
        };
        let facts = merged.facts;
        Integration {
            key: self.key.to_owned(),
            module: self.module(&merged.path),
            name: facts.name.clone().unwrap_or_else(|| self.key.to_owned()),
            version: facts.version.clone().unwrap_or_default(),
            requires_oauth: facts.requires_oauth == Some(true),
            allow_integration_configurations: facts.allow_integration_configurations,
            capabilities: merged
                .capabilities
                .iter()
                .map(|name| (*name).to_owned())
                .collect(),
            other_capabilities: facts.other_capabilities.clone(),
            config: Struct {
                name: "ConfigValues".into(),
                builder_name: "ConfigValuesBuilder".into(),
                fields_name: "FIELDS".into(),
                fields: self.fields(&top, &merged.top),
            },
            capability_configs,
            supplement: merged.supplement.clone(),
        }
    }

    fn module(&mut self, path: &JsonPath) -> String {
        if !is_integration_key(self.key) {
            self.diagnostics.push(
                Diagnostic::error("bad-integration-key", path.clone(), "this can't be an integration key")
                    .found(format!("{:?}", self.key))
                    .expected("a folder name of ASCII letters, digits, `.`, `_` and `-` that begins with a letter or digit"),
            );
        }
        let settled = self.corrections.name(TOP_LEVEL, None, None);
        settled
            .map(str::to_owned)
            .or_else(|| naming::module(self.key))
            .unwrap_or_default()
    }

    fn capability_config(&mut self, block: &Block<'_>) -> CapabilityConfig {
        let path = &block.path;
        let block_name = format!("{}.{}", block.capability, block.name);
        let settled = self.corrections.name(&block_name, None, None);
        let prefix = settled.map(str::to_owned).unwrap_or_else(|| {
            let prefix = block_prefix(block.capability, block.name);
            self.named(path, "the block", prefix)
        });
        let name = format!("{prefix}Config");
        let builder_name = format!("{name}Builder");
        let fields_name = fields_name(&prefix);
        for type_name in [&name, &builder_name] {
            self.take_type(path, type_name, &block_name);
        }
        // `ab` and `a-b` have types of their own, yet one constant.
        if !block.variables.is_empty()
            && let Err(other) = self.types.take(&fields_name, &block_name)
            && other != block_name
        {
            self.diagnostics.push(collision(
                path.clone(),
                "constant",
                &fields_name,
                &other,
                &block_name,
            ));
        }
        let context = BlockContext {
            name: &block_name,
            prefix: &prefix,
        };
        let fields = self.fields(&context, block);
        CapabilityConfig {
            capability: block.capability.to_owned(),
            block: block.name.to_owned(),
            config: Struct {
                name,
                builder_name,
                fields_name,
                fields,
            },
        }
    }

    fn fields(&mut self, context: &BlockContext<'_>, block: &Block<'_>) -> Vec<Field> {
        let mut scope = Scope::new();
        let fields = block.variables.iter().map(|merged| {
            let Variable { path, variable, .. } = merged;
            let field = self.field(context, merged);
            if let Err(other) = scope.take(&field.ident, &variable.key)
                && !field.ident.is_empty()
            {
                self.diagnostics.push(collision(
                    path.key("key"),
                    "field",
                    &field.ident,
                    &other,
                    &variable.key,
                ));
            } else if let Some(state) = &field.state {
                self.take_bound(&path.key("key"), &state.bound, &variable.key);
            }
            field
        });
        let mut fields: Vec<Field> = fields.collect();
        keep_parameters_apart(&mut fields);
        let required = fields.iter().filter(|field| field.state.is_some()).count();
        if required > limits::REQUIRED {
            self.diagnostics.push(
                Diagnostic::error(
                    "too-many-required",
                    block.path.clone(),
                    "more form variables are required than a builder can have states",
                )
                .found(required)
                .expected(format!("{} at the most", limits::REQUIRED)),
            );
        }
        fields
    }

    fn field(&mut self, block: &BlockContext<'_>, merged: &Variable<'_>) -> Field {
        let Variable {
            path,
            variable,
            supplement,
        } = merged;
        // Asked in any case, so that the entry counts as used.
        let is_overridden = self.corrections.is_secret(block.name, &variable.key);
        let secret = is_overridden || variable.is_secret == Some(true);
        if !secret {
            self.diagnostics
                .extend(lint::unmarked_secret(path, variable));
        }
        let settled = self.corrections.name(block.name, Some(&variable.key), None);
        let ident = settled.map(str::to_owned).unwrap_or_else(|| {
            self.named(&path.key("key"), "the field", naming::field(&variable.key))
        });
        let value_type = self.value_type(block, path, variable, secret);
        let default = self.default(path, variable, &value_type);
        let presence = match (variable.is_optional == Some(true), &default) {
            (true, _) => Presence::Optional,
            (false, Some(_)) => Presence::Prefilled,
            (false, None) => Presence::Required,
        };
        let state = (presence == Presence::Required).then(|| state(block.prefix, &ident));
        Field {
            key: variable.key.clone(),
            ident,
            label: variable
                .name
                .clone()
                .unwrap_or_else(|| variable.key.clone()),
            kind: variable.kind.clone(),
            value_type,
            presence,
            state,
            secret,
            hidden: variable.is_hidden == Some(true),
            supplement: *supplement,
            default,
            description: variable.description.clone(),
        }
    }

    fn value_type(
        &mut self,
        block: &BlockContext<'_>,
        path: &JsonPath,
        variable: &FormVariable,
        secret: bool,
    ) -> ValueType {
        let value_type = match &variable.kind {
            VariableType::String
            | VariableType::DynamicEnum
            | VariableType::Generated
            | VariableType::PublicKey
            | VariableType::Oauth => text(secret),
            VariableType::Uri if secret => ValueType::SecretUri,
            VariableType::Uri => ValueType::Uri,
            VariableType::Boolean => ValueType::Bool,
            VariableType::Enum => self
                .enumeration(block, path, variable)
                .map_or_else(|| text(secret), ValueType::Enum),
            VariableType::Multiselect => self
                .enumeration(block, path, variable)
                .map_or(ValueType::StringList, ValueType::EnumList),
            VariableType::EnvironmentSelector => ValueType::EnvironmentSelector,
            VariableType::Other(name) => self.unknown_type(path, name, secret),
        };
        if secret && !value_type.is_secret() {
            self.diagnostics.push(
                Diagnostic::warning(
                    "secret-not-wrapped",
                    path.key("isSecret"),
                    format!(
                        "a secret of type `{}` is not wrapped",
                        variable.kind.as_str()
                    ),
                )
                .help("only text, URLs and values of unknown type can be kept secret"),
            );
        }
        value_type
    }

    fn unknown_type(&mut self, path: &JsonPath, name: &str, secret: bool) -> ValueType {
        let known = VariableType::KNOWN;
        let mut diagnostic = Diagnostic::warning(
            "unknown-type",
            path.key("type"),
            "no such type is known; the value is taken as any JSON",
        )
        .found(format!("{name:?}"))
        .expected(known.each_ref().map(VariableType::as_str).join(", "));
        diagnostic.help = nearest(name, known.iter().map(VariableType::as_str))
            .map(|near| format!("did upstream mean `{near}`?"));
        self.diagnostics.push(diagnostic);
        if secret {
            ValueType::SecretJson
        } else {
            ValueType::Json
        }
    }

    /// The enum of a field's listed values; `None` if there are none, so that any text must do.
    fn enumeration(
        &mut self,
        block: &BlockContext<'_>,
        path: &JsonPath,
        variable: &FormVariable,
    ) -> Option<Enum> {
        let property = match variable.kind {
            VariableType::Multiselect => "multiselectOptions",
            _ => "allowedValues",
        };
        if variable.listed_values().next().is_none() {
            let message = format!(
                "a variable of type `{}` without `{property}`",
                variable.kind.as_str()
            );
            self.diagnostics.push(
                Diagnostic::warning("no-listed-values", path.key(property), message)
                    .help("any text is taken for its value"),
            );
            return None;
        }
        let key_path = path.key("key");
        // A rename that settles the field settles its type.
        let settled = self
            .corrections
            .name(block.name, Some(&variable.key), None)
            .unwrap_or(&variable.key);
        let name = naming::type_name(block.prefix, settled);
        let name = self.named(&key_path, "the type", name);
        self.take_type(&key_path, &name, &variable.key);
        let variants = self.variants(block, &path.key(property), variable);
        Some(Enum { name, variants })
    }

    fn variants(
        &mut self,
        block: &BlockContext<'_>,
        path: &JsonPath,
        variable: &FormVariable,
    ) -> Vec<Variant> {
        let mut scope = Scope::new();
        let mut variants = Vec::new();
        for (position, (value, label)) in variable.listed_values().enumerate() {
            let path = path.index(position);
            let settled = self
                .corrections
                .name(block.name, Some(&variable.key), Some(value));
            let ident = settled
                .map(str::to_owned)
                .unwrap_or_else(|| self.named(&path, "the value", naming::variant(value)));
            match scope.take(&ident, value) {
                Err(other) if other == value => self.diagnostics.push(
                    Diagnostic::warning(
                        "repeated-value",
                        path,
                        format!("{:?} is listed twice", bounded(value)),
                    )
                    .help("the second is ignored"),
                ),
                Err(other) if !ident.is_empty() => {
                    self.diagnostics
                        .push(collision(path, "variant", &ident, &other, value));
                }
                _ => variants.push(Variant {
                    value: value.to_owned(),
                    ident,
                    label: label.filter(|label| *label != value).map(str::to_owned),
                }),
            }
        }
        variants
    }

    /// The default, if it is of the field's type.
    fn default(
        &mut self,
        path: &JsonPath,
        variable: &FormVariable,
        value_type: &ValueType,
    ) -> Option<Default> {
        if let Some(listed) = &variable.multiselect_default_options
            && variable.kind == VariableType::Multiselect
        {
            return self.default_list(&path.key("multiselectDefaultOptions"), listed, value_type);
        }
        let value = variable.default_value.as_ref()?;
        let text = value.as_str();
        let (default, expected) = match value_type {
            ValueType::String | ValueType::SecretString => {
                (text.map(text_default), "a string".into())
            }
            ValueType::Uri | ValueType::SecretUri => {
                // An optional one can be left empty.
                let optional = variable.is_optional == Some(true);
                let fits = |text: &&str| is_absolute_url(text) || (optional && text.is_empty());
                (
                    text.filter(fits).map(text_default),
                    "an absolute URL".into(),
                )
            }
            ValueType::Bool => (
                value.as_bool().map(Default::Boolean),
                "true or false".into(),
            ),
            ValueType::Enum(enumeration) => (
                text.filter(|text| enumeration.variant(text).is_some())
                    .map(text_default),
                listing(enumeration),
            ),
            ValueType::EnumList(_)
            | ValueType::StringList
            | ValueType::EnvironmentSelector
            | ValueType::Json
            | ValueType::SecretJson => (
                None,
                format!("none on type `{}`", bounded(variable.kind.as_str())),
            ),
        };
        if default.is_none() {
            self.dropped(path.key("defaultValue"), value, &expected);
        }
        default
    }

    fn default_list(
        &mut self,
        path: &JsonPath,
        values: &[String],
        value_type: &ValueType,
    ) -> Option<Default> {
        if let ValueType::EnumList(enumeration) = value_type {
            let variants = enumeration.variants.iter();
            let listed: HashSet<&str> = variants.map(|variant| variant.value.as_str()).collect();
            let unlisted = values
                .iter()
                .enumerate()
                .find(|(_, value)| !listed.contains(value.as_str()));
            if let Some((position, value)) = unlisted {
                self.dropped(path.index(position), value, &listing(enumeration));
                return None;
            }
        }
        Some(Default::List(values.to_vec()))
    }

    fn dropped(&mut self, path: JsonPath, value: impl std::fmt::Display, expected: &str) {
        self.diagnostics.push(
            Diagnostic::warning(
                "default-dropped",
                path,
                "the default is not of the variable's type",
            )
            .found(value)
            .expected(expected)
            .help("the variable is treated as if it had no default"),
        );
    }

    fn named(&mut self, path: &JsonPath, what: &str, name: Option<String>) -> String {
        if name.is_none() {
            self.diagnostics.push(
                Diagnostic::error(
                    "unnameable",
                    path.clone(),
                    format!("{what} has no letter or digit to be named by"),
                )
                .expected("at least one ASCII letter or digit")
                .help("add a `[[rename]]` for it to manifests/overrides.toml"),
            );
        }
        name.unwrap_or_default()
    }

    fn take_bound(&mut self, path: &JsonPath, name: &str, wire_key: &str) {
        // Keys whose enums collide have been told of, and keys without a name have no trait.
        if let Err(other) = self.types.take(name, wire_key)
            && !self.diagnostics.iter().any(|told| told.path == *path)
        {
            self.diagnostics
                .push(collision(path.clone(), "trait", name, &other, wire_key));
        }
    }

    fn take_type(&mut self, path: &JsonPath, name: &str, wire_key: &str) {
        if let Err(other) = self.types.take(name, wire_key)
            && other != wire_key
        {
            self.diagnostics
                .push(collision(path.clone(), "type", name, &other, wire_key));
        }
    }
}

fn state(prefix: &str, ident: &str) -> State {
    let part = naming::camel_ident(ident);
    State {
        parameter: format!("{part}State"),
        bound: format!("{prefix}{part}IsSet"),
    }
}

/// A parameter called as an enum would hide it from the builder.
fn keep_parameters_apart(fields: &mut [Field]) {
    let enumerations = fields.iter().filter_map(Field::enumeration);
    let enums: HashSet<String> = enumerations.map(|found| found.name.clone()).collect();
    for state in fields.iter_mut().filter_map(|field| field.state.as_mut()) {
        if enums.contains(&state.parameter) {
            state.parameter.push('_');
        }
    }
}

fn text(secret: bool) -> ValueType {
    if secret {
        ValueType::SecretString
    } else {
        ValueType::String
    }
}

fn text_default(text: &str) -> Default {
    Default::Text(text.to_owned())
}

fn listing(enumeration: &Enum) -> String {
    let values: Vec<&str> = enumeration
        .variants
        .iter()
        .map(|variant| variant.value.as_str())
        .collect();
    format!("one of {}", bounded(&values.join(", ")))
}

/// The same rule as the generated crate's `Uri`.
pub(crate) fn is_absolute_url(text: &str) -> bool {
    iri_string::types::UriStr::new(text).is_ok_and(|uri| {
        uri.authority_components()
            .is_some_and(|authority| !authority.host().is_empty())
    })
}

/// Whether a folder's name can be an integration key: safe in a URL's path and as a file's name.
fn is_integration_key(key: &str) -> bool {
    key.starts_with(|first: char| first.is_ascii_alphanumeric())
        && key.len() <= limits::INTEGRATION_KEY_BYTES
        && key
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}

/// What the names of a block's types begin with: its capability, then what its own name adds.
fn block_prefix(capability: &str, block: &str) -> Option<String> {
    let stem = block
        .strip_suffix("ormVariables")
        .and_then(|stem| stem.strip_suffix(['f', 'F']));
    let stem = stem.unwrap_or(block);
    let capability_name = naming::type_part(capability)?;
    if stem.is_empty() || stem == capability {
        return Some(capability_name);
    }
    Some(capability_name + &naming::type_part(stem)?)
}

fn fields_name(prefix: &str) -> String {
    use heck::ToShoutySnakeCase;
    format!("{}_FIELDS", prefix.to_shouty_snake_case())
}
