//! Manifest to model: what type each field gets, what every name is, and what stands against it.

use std::collections::HashMap;

use serde_json::Value;

use crate::diagnostic::{Diagnostic, JsonPath, bounded, nearest};
use crate::limits;
use crate::lint;
use crate::manifest::FormVariable;
use crate::merge::{Block, Merged, Variable};
use crate::model::{
    CapabilityConfig, Default, Enum, Field, Integration, ItemType, Presence, Struct, Typestate,
    ValueType, Variant,
};
use crate::naming;
use crate::types::{self, Listing, RustType};

/// What is generated of an integration, and what is wrong with it. There is no integration if one of the
/// diagnostics is an error.
pub(crate) fn integration(merged: &Merged<'_>) -> (Option<Integration>, Vec<Diagnostic>) {
    let mut resolver = Resolver::default();
    let integration = resolver.integration(merged);
    (integration, resolver.diagnostics)
}

/// An error for every pair of integrations that would share a module.
#[must_use]
pub fn module_collisions<'a>(
    integrations: impl IntoIterator<Item = (&'a Integration, &'a str)>,
) -> Vec<Diagnostic> {
    let mut modules: HashMap<&str, &Integration> = HashMap::new();
    let mut found = Vec::new();
    for (integration, origin) in integrations {
        let module = &integration.module;
        if let Some(other) = modules.insert(module, integration) {
            found.push(
                collision(
                    JsonPath::root(),
                    "module",
                    module,
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
#[derive(Default)]
struct Scope(HashMap<String, String>);

impl Scope {
    /// Takes a name.
    ///
    /// # Errors
    /// The wire key that has taken it before.
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

#[derive(Default)]
struct Resolver {
    types: Scope,
    diagnostics: Vec<Diagnostic>,
}

/// Each step returns `None` after an error, and the steps beside it go on, so that all are reported.
impl Resolver {
    fn integration(&mut self, merged: &Merged<'_>) -> Option<Integration> {
        let (top, blocks) = merged.blocks.split_first()?;
        let mut capability_configs = Vec::new();
        for block in blocks {
            capability_configs.push(self.capability_config(block));
        }
        let module = self.module(merged);
        let fields = self.fields("", top);
        let facts = merged.facts;
        let capabilities = merged.capabilities.iter();
        Some(Integration {
            key: merged.key.to_owned(),
            module: module?,
            name: facts.name.as_deref().unwrap_or(merged.key).to_owned(),
            version: facts.version.clone().unwrap_or_default(),
            requires_oauth: facts.requires_oauth == Some(true),
            allow_integration_configurations: facts.allow_integration_configurations,
            capabilities: capabilities.map(|name| (*name).to_owned()).collect(),
            other_capabilities: facts.other_capabilities.clone(),
            config: Struct {
                name: "ConfigValues".into(),
                builder_name: "ConfigValuesBuilder".into(),
                fields_name: "FIELDS".into(),
                fields: fields?,
            },
            capability_configs: all(capability_configs)?,
            supplement: merged.supplement.clone(),
        })
    }

    fn module(&mut self, merged: &Merged<'_>) -> Option<String> {
        let (key, path) = (merged.key, &merged.path);
        if !is_integration_key(key) {
            return self.refuse(
                Diagnostic::error("bad-integration-key", path.clone(), "this can't be an integration key")
                    .found(format!("{key:?}"))
                    .expected("a folder name of ASCII letters, digits, `.`, `_` and `-` that begins with a letter or digit"),
            );
        }
        self.named(path, "the integration", merged.rename, || {
            naming::module(key)
        })
    }

    fn capability_config(&mut self, block: &Block<'_>) -> Option<CapabilityConfig> {
        let path = &block.path;
        let block_name = format!("{}.{}", block.capability, block.name);
        let prefix = self.named(path, "the block", block.rename, || {
            block_prefix(block.capability, block.name)
        });
        let names = prefix.as_ref().and_then(|prefix| {
            let name = format!("{prefix}Config");
            let builder_name = format!("{name}Builder");
            let fields_name = fields_name(prefix);
            self.reserve(path, "type", &name, &block_name)?;
            self.reserve(path, "type", &builder_name, &block_name)?;
            // `ab` and `a-b` have types of their own, yet one constant.
            if !block.variables.is_empty() {
                self.reserve(path, "constant", &fields_name, &block_name)?;
            }
            Some((name, builder_name, fields_name))
        });
        let fields = self.fields(prefix.as_deref().unwrap_or_default(), block);
        let (name, builder_name, fields_name) = names?;
        Some(CapabilityConfig {
            capability: block.capability.to_owned(),
            block: block.name.to_owned(),
            config: Struct {
                name,
                builder_name,
                fields_name,
                fields: fields?,
            },
        })
    }

    fn fields(&mut self, prefix: &str, block: &Block<'_>) -> Option<Vec<Field>> {
        let mut scope = Scope::default();
        let mut fields = Vec::new();
        for variable in &block.variables {
            let field = self.field(prefix, variable);
            fields.push(field.and_then(|field| self.apart(&mut scope, variable, field)));
        }
        let fields = all(fields)?;
        let required = fields.iter().filter(|field| field.typestate().is_some());
        let required = required.count();
        if required > limits::REQUIRED {
            return self.refuse(
                Diagnostic::error(
                    "too-many-required",
                    block.path.clone(),
                    "more form variables are required than a builder can have states",
                )
                .found(required)
                .expected(format!("{} at the most", limits::REQUIRED)),
            );
        }
        Some(fields)
    }

    /// The field, unless another one has its name or the name of its trait.
    fn apart(&mut self, scope: &mut Scope, merged: &Variable<'_>, field: Field) -> Option<Field> {
        let path = merged.path.key("key");
        if let Err(other) = scope.take(&field.ident, &field.key) {
            return self.refuse(collision(path, "field", &field.ident, &other, &field.key));
        }
        if let Some(typestate) = field.typestate() {
            self.reserve(&path, "trait", &typestate.is_set, &field.key)?;
        }
        Some(field)
    }

    fn field(&mut self, prefix: &str, merged: &Variable<'_>) -> Option<Field> {
        let Variable { path, variable, .. } = merged;
        let secret = merged.secret || variable.is_secret == Some(true);
        if !secret {
            self.diagnostics
                .extend(lint::unmarked_secret(path, variable));
        }
        let ident = self.named(&path.key("key"), "the field", merged.rename, || {
            naming::field(&variable.key)
        });
        let value_type = self.value_type(prefix, merged, secret);
        let (ident, value_type) = (ident?, value_type?);
        let default = self.default_of(path, variable, &value_type);
        let presence = match (variable.is_optional == Some(true), default) {
            (true, default) => Presence::Optional(default),
            (false, Some(default)) => Presence::Defaulted(default),
            (false, None) => Presence::Required(typestate(prefix, &ident)),
        };
        let label = variable.name.as_ref().unwrap_or(&variable.key);
        Some(Field {
            key: variable.key.clone(),
            ident,
            label: label.clone(),
            kind: variable.kind.clone(),
            value_type,
            presence,
            secret,
            hidden: variable.is_hidden == Some(true),
            supplement: merged.supplement,
            description: variable.description.clone(),
        })
    }

    fn value_type(
        &mut self,
        prefix: &str,
        merged: &Variable<'_>,
        secret: bool,
    ) -> Option<ValueType> {
        let Variable { path, variable, .. } = merged;
        if !variable.kind.is_known() {
            self.unknown_type(path, variable.kind.as_str());
        }
        let row = variable.kind.row();
        let item = match &row.listing {
            Some(listing) => self.enumeration(prefix, merged, listing)?,
            None => None,
        };
        let value_type = ValueType {
            item: item.map_or_else(
                || ItemType::Rust(row.secret.filter(|_| secret).unwrap_or(row.rust)),
                ItemType::Enum,
            ),
            many: row.many(),
        };
        if secret && !value_type.is_secret() {
            let kind = variable.kind.as_str();
            self.diagnostics.push(
                Diagnostic::warning(
                    "secret-not-wrapped",
                    path.key("isSecret"),
                    format!("a secret of type `{kind}` is not wrapped"),
                )
                .help("only text, URLs and values of unknown type can be kept secret"),
            );
        }
        Some(value_type)
    }

    fn unknown_type(&mut self, path: &JsonPath, name: &str) {
        let known = types::ROWS.each_ref().map(|row| row.name);
        let mut diagnostic = Diagnostic::warning(
            "unknown-type",
            path.key("type"),
            "no such type is known; the value is taken as any JSON",
        )
        .found(format!("{name:?}"))
        .expected(known.join(", "));
        diagnostic.help = nearest(name, known).map(|near| format!("did upstream mean `{near}`?"));
        self.diagnostics.push(diagnostic);
    }

    /// The enum of a field's listed values: `Some(None)` if there are none, so that any text must do.
    fn enumeration(
        &mut self,
        prefix: &str,
        merged: &Variable<'_>,
        listing: &Listing,
    ) -> Option<Option<Enum>> {
        let Variable { path, variable, .. } = merged;
        let property = listing.property;
        let listed = (listing.values)(variable);
        if listed.is_empty() {
            let kind = variable.kind.as_str();
            let message = format!("a variable of type `{kind}` without `{property}`");
            self.diagnostics.push(
                Diagnostic::warning("no-listed-values", path.key(property), message)
                    .help("any text is taken for its value"),
            );
            return Some(None);
        }
        let key_path = path.key("key");
        let variants = self.variants(&path.key(property), merged, &listed);
        // A rename that settles the field settles its type.
        let name = self.named(&key_path, "the type", None, || {
            naming::type_name(prefix, merged.rename.unwrap_or(&variable.key))
        })?;
        self.reserve(&key_path, "type", &name, &variable.key)?;
        Some(Some(Enum {
            name,
            variants: variants?,
        }))
    }

    fn variants(
        &mut self,
        path: &JsonPath,
        merged: &Variable<'_>,
        listed: &[(&str, Option<&str>)],
    ) -> Option<Vec<Variant>> {
        let mut scope = Scope::default();
        let mut variants = Vec::new();
        for (position, &(value, label)) in listed.iter().enumerate() {
            let path = path.index(position);
            let rename = merged.values.get(value).copied();
            let ident = self.named(&path, "the value", rename, || naming::variant(value));
            let Some(ident) = ident else {
                variants.push(None);
                continue;
            };
            match scope.take(&ident, value) {
                Err(other) if other == value => self.diagnostics.push(
                    Diagnostic::warning(
                        "repeated-value",
                        path,
                        format!("{:?} is listed twice", bounded(value)),
                    )
                    .help("the second is ignored"),
                ),
                Err(other) => {
                    variants.push(self.refuse(collision(path, "variant", &ident, &other, value)));
                }
                Ok(()) => variants.push(Some(Variant {
                    value: value.to_owned(),
                    ident,
                    label: label.filter(|label| *label != value).map(str::to_owned),
                })),
            }
        }
        all(variants)
    }

    /// The default, if it is of the field's type.
    fn default_of(
        &mut self,
        path: &JsonPath,
        variable: &FormVariable,
        value_type: &ValueType,
    ) -> Option<Default> {
        let rule = Fitting::new(&value_type.item, variable.is_optional == Some(true));
        if let (true, Some(values)) = (value_type.many, &variable.multiselect_default_options) {
            let path = path.key("multiselectDefaultOptions");
            let mut items = Vec::new();
            for (position, value) in values.iter().enumerate() {
                let value = value.as_str().into();
                items.push(self.fitting(path.index(position), &value, &rule)?);
            }
            return Some(Default::List(items));
        }
        let value = variable.default_value.as_ref()?;
        let path = path.key("defaultValue");
        if value_type.many {
            let kind = bounded(variable.kind.as_str());
            self.dropped(path, value, &format!("none on type `{kind}`"));
            return None;
        }
        self.fitting(path, value, &rule)
    }

    fn fitting(&mut self, path: JsonPath, value: &Value, rule: &Fitting<'_>) -> Option<Default> {
        let default = rule.default(value);
        if default.is_none() {
            self.dropped(path, value, &rule.expected());
        }
        default
    }

    fn dropped(&mut self, path: JsonPath, value: &Value, expected: &str) {
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

    /// The name that an override has, or else that of the wire key.
    fn named(
        &mut self,
        path: &JsonPath,
        what: &str,
        rename: Option<&str>,
        name: impl FnOnce() -> Option<String>,
    ) -> Option<String> {
        let name = rename.map(str::to_owned).or_else(name);
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
        name
    }

    /// Takes a name of the module for what has this wire key.
    fn reserve(&mut self, path: &JsonPath, what: &str, name: &str, wire_key: &str) -> Option<()> {
        match self.types.take(name, wire_key) {
            Ok(()) => Some(()),
            Err(other) => self.refuse(collision(path.clone(), what, name, &other, wire_key)),
        }
    }

    fn refuse<T>(&mut self, problem: Diagnostic) -> Option<T> {
        self.diagnostics.push(problem);
        None
    }
}

/// All of them, or `None` if one is missing.
fn all<T>(items: Vec<Option<T>>) -> Option<Vec<T>> {
    items.into_iter().collect()
}

/// Which defaults fit a value, or an item of a list.
enum Fitting<'a> {
    Rule(&'a RustType, bool),
    Listed(&'a Enum, HashMap<&'a str, &'a Variant>),
}

impl<'a> Fitting<'a> {
    fn new(item: &'a ItemType, optional: bool) -> Self {
        match item {
            ItemType::Rust(rust) => Self::Rule(rust, optional),
            ItemType::Enum(enumeration) => {
                let variants = enumeration.variants.iter();
                let variants = variants.map(|variant| (variant.value.as_str(), variant));
                Self::Listed(enumeration, variants.collect())
            }
        }
    }

    fn default(&self, value: &Value) -> Option<Default> {
        match self {
            Self::Rule(rust, optional) => {
                let rule = rust.default.as_ref()?;
                (rule.fits)(value, *optional).then(|| Default::Value(value.clone()))
            }
            Self::Listed(_, variants) => {
                let variant = *variants.get(value.as_str()?)?;
                Some(Default::Variant(variant.clone()))
            }
        }
    }

    fn expected(&self) -> String {
        match self {
            Self::Rule(rust, _) => match &rust.default {
                Some(rule) => rule.expected.to_owned(),
                None => format!("none, since no default fits `{}`", rust.name),
            },
            Self::Listed(enumeration, _) => listing(enumeration),
        }
    }
}

fn typestate(prefix: &str, ident: &str) -> Typestate {
    let part = naming::camel_ident(ident);
    Typestate {
        parameter: format!("{part}State"),
        is_set: format!("{prefix}{part}IsSet"),
    }
}

fn listing(enumeration: &Enum) -> String {
    let values: Vec<&str> = enumeration
        .variants
        .iter()
        .map(|variant| variant.value.as_str())
        .collect();
    format!("one of {}", bounded(&values.join(", ")))
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
