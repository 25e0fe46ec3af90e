//! Converts a manifest to a model: decides the type of each field and all names, and reports conflicts.

use std::collections::HashMap;

use serde_json::Value;

use crate::diagnostic::{Diagnostic, JsonPath, escape_and_truncate, most_similar};
use crate::limits;
use crate::lint;
use crate::manifest::FormVariable;
use crate::merge::{Merged, MergedBlock, MergedVariable};
use crate::model::{
    CapabilityConfig, Enum, Field, FieldDefault, Integration, ItemType, Presence, Struct,
    Typestate, ValueType, Variant,
};
use crate::naming;
use crate::types::{self, Listing, RustType};

/// Returns the model of an integration, and its diagnostics. The model is `None` if a diagnostic is an
/// error.
pub(crate) fn integration(merged: &Merged<'_>) -> (Option<Integration>, Vec<Diagnostic>) {
    let mut resolver = Resolver::default();
    let integration = resolver.integration(merged);
    (integration, resolver.diagnostics)
}

/// Returns an error for each pair of integrations with the same module name.
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

/// The names that are used in one scope, each with its wire key.
#[derive(Default)]
struct Scope(HashMap<String, String>);

impl Scope {
    /// Adds a name.
    ///
    /// # Errors
    /// Returns the wire key that already uses the name.
    fn insert(&mut self, name: &str, wire_key: &str) -> Result<(), String> {
        match self.0.insert(name.to_owned(), wire_key.to_owned()) {
            Some(other) => Err(other),
            None => Ok(()),
        }
    }
}

fn collision(path: JsonPath, scope: &str, name: &str, first: &str, second: &str) -> Diagnostic {
    let message = if first == second {
        format!("{:?} is defined twice", escape_and_truncate(first))
    } else {
        format!(
            "{:?} and {:?} have the same {scope} name `{}`",
            escape_and_truncate(first),
            escape_and_truncate(second),
            escape_and_truncate(name)
        )
    };
    Diagnostic::error("name-collision", path, message).help(
        "if both are intended, add a `[[rename]]` entry for one of them to manifests/overrides.toml",
    )
}

#[derive(Default)]
struct Resolver {
    types: Scope,
    diagnostics: Vec<Diagnostic>,
}

/// Each step returns `None` after an error. The other steps continue, so that all errors are reported.
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
            return self.report_error(
                Diagnostic::error(
                    "bad-integration-key",
                    path.clone(),
                    "the name is not a valid integration key",
                )
                .found(format!("{key:?}"))
                .expected(
                    "ASCII letters, digits, `.`, `_` and `-`, beginning with a letter or digit",
                ),
            );
        }
        self.resolve_name(path, "the integration", merged.rename, || {
            naming::module(key)
        })
    }

    fn capability_config(&mut self, block: &MergedBlock<'_>) -> Option<CapabilityConfig> {
        let path = &block.path;
        let block_name = format!("{}.{}", block.capability, block.name);
        let prefix = self.resolve_name(path, "the block", block.rename, || {
            block_prefix(block.capability, block.name)
        });
        let names = prefix.as_ref().and_then(|prefix| {
            let name = format!("{prefix}Config");
            let builder_name = format!("{name}Builder");
            let fields_name = fields_name(prefix);
            self.reserve(path, "type", &name, &block_name)?;
            self.reserve(path, "type", &builder_name, &block_name)?;
            // `ab` and `a-b` have different type names but the same constant name.
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

    fn fields(&mut self, prefix: &str, block: &MergedBlock<'_>) -> Option<Vec<Field>> {
        let mut scope = Scope::default();
        let mut fields = Vec::new();
        for variable in &block.variables {
            let field = self.field(prefix, variable);
            fields.push(field.and_then(|field| self.check_unique(&mut scope, variable, field)));
        }
        let fields = all(fields)?;
        let required = fields.iter().filter(|field| field.typestate().is_some());
        let required = required.count();
        if required > limits::REQUIRED {
            return self.report_error(
                Diagnostic::error(
                    "too-many-required",
                    block.path.clone(),
                    "the block has too many required form variables",
                )
                .found(required)
                .expected(format!("at most {}", limits::REQUIRED)),
            );
        }
        Some(fields)
    }

    /// Returns the field, or `None` after an error if its name or the name of its trait is already used.
    fn check_unique(
        &mut self,
        scope: &mut Scope,
        merged: &MergedVariable<'_>,
        field: Field,
    ) -> Option<Field> {
        let path = merged.path.key("key");
        if let Err(other) = scope.insert(&field.ident, &field.key) {
            return self.report_error(collision(path, "field", &field.ident, &other, &field.key));
        }
        if let Some(typestate) = field.typestate() {
            self.reserve(&path, "trait", &typestate.is_set, &field.key)?;
        }
        Some(field)
    }

    fn field(&mut self, prefix: &str, merged: &MergedVariable<'_>) -> Option<Field> {
        let MergedVariable { path, variable, .. } = merged;
        let secret = merged.secret || variable.is_secret == Some(true);
        if !secret {
            self.diagnostics
                .extend(lint::unmarked_secret(path, variable));
        }
        let ident = self.resolve_name(&path.key("key"), "the field", merged.rename, || {
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
        merged: &MergedVariable<'_>,
        secret: bool,
    ) -> Option<ValueType> {
        let MergedVariable { path, variable, .. } = merged;
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
                    format!("a value of type `{kind}` can't be treated as secret"),
                )
                .help("only strings, URLs and values of unknown type can be secret; this value isn't redacted"),
            );
        }
        Some(value_type)
    }

    fn unknown_type(&mut self, path: &JsonPath, name: &str) {
        let known = types::ROWS.each_ref().map(|row| row.name);
        let mut diagnostic = Diagnostic::warning(
            "unknown-type",
            path.key("type"),
            "the type is unknown; the field accepts any JSON value",
        )
        .found(format!("{name:?}"))
        .expected(known.join(", "));
        diagnostic.help =
            most_similar(name, known).map(|near| format!("did upstream mean `{near}`?"));
        self.diagnostics.push(diagnostic);
    }

    /// The enum of a field's listed values. `Some(None)` if none are listed: the field is then a string.
    fn enumeration(
        &mut self,
        prefix: &str,
        merged: &MergedVariable<'_>,
        listing: &Listing,
    ) -> Option<Option<Enum>> {
        let MergedVariable { path, variable, .. } = merged;
        let property = listing.property;
        let listed = (listing.values)(variable);
        if listed.is_empty() {
            let kind = variable.kind.as_str();
            let message = format!("a variable of type `{kind}` needs `{property}`");
            self.diagnostics.push(
                Diagnostic::warning("no-listed-values", path.key(property), message)
                    .help("the field accepts any string"),
            );
            return Some(None);
        }
        let key_path = path.key("key");
        let variants = self.variants(&path.key(property), merged, &listed);
        // A rename of the field also renames its type.
        let name = self.resolve_name(&key_path, "the type", None, || {
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
        merged: &MergedVariable<'_>,
        listed: &[(&str, Option<&str>)],
    ) -> Option<Vec<Variant>> {
        let mut scope = Scope::default();
        let mut variants = Vec::new();
        for (position, &(value, label)) in listed.iter().enumerate() {
            let path = path.index(position);
            let rename = merged.values.get(value).copied();
            let ident = self.resolve_name(&path, "the value", rename, || naming::variant(value));
            let Some(ident) = ident else {
                variants.push(None);
                continue;
            };
            match scope.insert(&ident, value) {
                Err(other) if other == value => self.diagnostics.push(
                    Diagnostic::warning(
                        "repeated-value",
                        path,
                        format!("{:?} is listed twice", escape_and_truncate(value)),
                    )
                    .help("the second one is ignored"),
                ),
                Err(other) => {
                    variants
                        .push(self.report_error(collision(path, "variant", &ident, &other, value)));
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

    /// The default, if it fits the field's type.
    fn default_of(
        &mut self,
        path: &JsonPath,
        variable: &FormVariable,
        value_type: &ValueType,
    ) -> Option<FieldDefault> {
        let rule = DefaultCheck::new(&value_type.item, variable.is_optional == Some(true));
        if let (true, Some(values)) = (value_type.many, &variable.multiselect_default_options) {
            let path = path.key("multiselectDefaultOptions");
            let mut items = Vec::new();
            for (position, value) in values.iter().enumerate() {
                let value = value.as_str().into();
                items.push(self.check_default(path.index(position), &value, &rule)?);
            }
            return Some(FieldDefault::List(items));
        }
        let value = variable.default_value.as_ref()?;
        let path = path.key("defaultValue");
        if value_type.many {
            let kind = escape_and_truncate(variable.kind.as_str());
            self.drop_default(path, value, &format!("no default on type `{kind}`"));
            return None;
        }
        self.check_default(path, value, &rule)
    }

    fn check_default(
        &mut self,
        path: JsonPath,
        value: &Value,
        rule: &DefaultCheck<'_>,
    ) -> Option<FieldDefault> {
        let default = rule.default(value);
        if default.is_none() {
            self.drop_default(path, value, &rule.expected());
        }
        default
    }

    fn drop_default(&mut self, path: JsonPath, value: &Value, expected: &str) {
        self.diagnostics.push(
            Diagnostic::warning(
                "default-dropped",
                path,
                "the default doesn't fit the variable's type",
            )
            .found(value)
            .expected(expected)
            .help("the variable is treated as if it had no default"),
        );
    }

    /// The name that an override sets, or the name derived from the wire key.
    fn resolve_name(
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
                    format!("no Rust name can be derived for {what}"),
                )
                .expected("at least one ASCII letter or digit")
                .help("add a `[[rename]]` entry for it to manifests/overrides.toml"),
            );
        }
        name
    }

    /// Reserves a name in the module for a wire key. Reports an error if the name is already used.
    fn reserve(&mut self, path: &JsonPath, what: &str, name: &str, wire_key: &str) -> Option<()> {
        match self.types.insert(name, wire_key) {
            Ok(()) => Some(()),
            Err(other) => self.report_error(collision(path.clone(), what, name, &other, wire_key)),
        }
    }

    fn report_error<T>(&mut self, problem: Diagnostic) -> Option<T> {
        self.diagnostics.push(problem);
        None
    }
}

/// All items, or `None` if one is `None`.
fn all<T>(items: Vec<Option<T>>) -> Option<Vec<T>> {
    items.into_iter().collect()
}

/// Decides which defaults fit a value, or an item of a list.
enum DefaultCheck<'a> {
    Rule(&'a RustType, bool),
    Listed(&'a Enum, HashMap<&'a str, &'a Variant>),
}

impl<'a> DefaultCheck<'a> {
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

    fn default(&self, value: &Value) -> Option<FieldDefault> {
        match self {
            Self::Rule(rust, optional) => {
                let rule = rust.default.as_ref()?;
                (rule.fits)(value, *optional).then(|| FieldDefault::Value(value.clone()))
            }
            Self::Listed(_, variants) => {
                let variant = *variants.get(value.as_str()?)?;
                Some(FieldDefault::Variant(variant.clone()))
            }
        }
    }

    fn expected(&self) -> String {
        match self {
            Self::Rule(rust, _) => match &rust.default {
                Some(rule) => rule.expected.to_owned(),
                None => format!("no default, because `{}` can't have one", rust.name),
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
    format!("one of {}", escape_and_truncate(&values.join(", ")))
}

/// Whether a folder's name is a valid integration key: safe in a URL's path and as a file name.
fn is_integration_key(key: &str) -> bool {
    key.starts_with(|first: char| first.is_ascii_alphanumeric())
        && key.len() <= limits::INTEGRATION_KEY_BYTES
        && key
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}

/// The prefix of a block's type names: the capability, then the block's name without `formVariables`.
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
