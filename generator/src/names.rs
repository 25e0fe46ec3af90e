//! The public names of the generated code, one per line: for `PUBLIC_NAMES.txt`, and for the semver
//! impact of a change. A test compares them with the emitted items.

use crate::model::{CapabilityConfig, Endpoint, Enum, Field, Integration, Struct, Variant};

/// All names in an integration's module.
pub(crate) fn integration(integration: &Integration) -> Vec<String> {
    let mut names = vec![
        "INTEGRATION: Integration".to_owned(),
        "KEY: IntegrationKey".to_owned(),
    ];
    names.extend(config_endpoints(integration));
    names.extend(values(&integration.config));
    names.extend(integration.capability_configs.iter().flat_map(block));
    names
}

/// The endpoint traits of an integration's `ConfigValues`.
pub(crate) fn config_endpoints(integration: &Integration) -> Vec<String> {
    let endpoints = integration.config_endpoints().into_iter();
    let config = &integration.config;
    endpoints
        .map(|endpoint| endpoint_trait(config, endpoint))
        .collect()
}

/// The endpoint trait of a capability's block.
pub(crate) fn block_endpoint(block: &CapabilityConfig) -> Option<String> {
    Some(endpoint_trait(&block.config, block.endpoint()?))
}

/// All names of a capability's block.
pub(crate) fn block(block: &CapabilityConfig) -> Vec<String> {
    let mut names = values(&block.config);
    names.extend(block_endpoint(block));
    names
}

fn endpoint_trait(values: &Struct, endpoint: Endpoint) -> String {
    format!("{}: {}Values", values.name, endpoint.variant())
}

/// All names of a struct of values.
pub(crate) fn values(values: &Struct) -> Vec<String> {
    let Struct {
        name,
        builder_name,
        fields_name,
        fields,
    } = values;
    let mut names = vec![name.clone()];
    if values.required().next().is_none() {
        names.push(format!("{name}::new() -> Self"));
    }
    if !fields.is_empty() {
        names.extend([
            builder_name.clone(),
            format!("{name}::builder() -> {builder_name}"),
            format!("{name}.into_builder() -> {builder_name}"),
            format!("{fields_name}: &[Field]"),
            build(values, values.required().map(|(field, _)| field)),
        ]);
    }
    for member in fields {
        names.push(field(values, member));
        names.extend(setter(values, member));
        names.extend(default(values, member));
    }
    names
}

/// The `build` function, with the fields that it requires.
pub(crate) fn build<'a>(values: &Struct, required: impl Iterator<Item = &'a Field>) -> String {
    let mut idents: Vec<&str> = required.map(|field| &*field.ident).collect();
    idents.sort_unstable();
    let condition = match idents.len() {
        0 => String::new(),
        _ => format!(" after {}", idents.join(", ")),
    };
    let Struct {
        name, builder_name, ..
    } = values;
    format!("{builder_name}.build() -> {name}{condition}")
}

/// A field of a struct.
pub(crate) fn field(values: &Struct, field: &Field) -> String {
    let mut value = without_crate_path(&field.value_type.path());
    if field.optional() {
        value = format!("Option<{value}>");
    }
    field_of(values, field, &value)
}

/// A field of this type.
pub(crate) fn field_of(values: &Struct, field: &Field, rust_type: &str) -> String {
    format!("{}.{}: {rust_type}", values.name, field.ident)
}

/// The setter of a field, and the enum of its argument.
pub(crate) fn setter(values: &Struct, field: &Field) -> Vec<String> {
    let (builder, ident) = (&values.builder_name, &field.ident);
    let argument = without_crate_path(&argument(field));
    let mut names = vec![format!("{builder}.{ident}({argument}) -> Self")];
    if let Some(enumeration) = field.enumeration() {
        let name = &enumeration.name;
        names.extend([
            name.clone(),
            format!("{name}.as_str() -> &str"),
            format!("{name}::LISTED: &'static [Self]"),
            format!("{name}::Unlisted(String)"),
        ]);
        let variants = enumeration.variants.iter();
        names.extend(variants.map(|listed| variant(enumeration, listed)));
    }
    names
}

/// A listed value.
pub(crate) fn variant(enumeration: &Enum, variant: &Variant) -> String {
    format!("{}::{}", enumeration.name, variant.ident)
}

/// The constant of a field's default.
pub(crate) fn default(values: &Struct, field: &Field) -> Option<String> {
    let constant = constant_type(field)?;
    Some(format!(
        "{}::{}: {constant}",
        values.name,
        constant_name(field)
    ))
}

/// The name of the constant of a field's default.
pub(crate) fn constant_name(field: &Field) -> String {
    format!("DEFAULT_{}", field.ident.to_ascii_uppercase())
}

/// The type of the constant of a field's default, if it has one.
pub(crate) fn constant_type(field: &Field) -> Option<String> {
    field.default()?;
    let item = field.value_type.item.constant()?;
    Some(if field.value_type.many {
        format!("&'static [{item}]")
    } else {
        item.to_owned()
    })
}

/// The argument type of a setter.
pub(crate) fn argument(field: &Field) -> String {
    let value_type = &field.value_type;
    if field.typestate().is_none() {
        return format!("impl crate::IntoOption<{}>", value_type.path());
    }
    let item = value_type.item.path();
    match (value_type.many, value_type.item.accepts_into()) {
        (false, false) => item.to_owned(),
        (false, true) => format!("impl Into<{item}>"),
        (true, false) => format!("impl IntoIterator<Item = {item}>"),
        (true, true) => format!("impl IntoIterator<Item = impl Into<{item}>>"),
    }
}

/// A type without `crate::`.
fn without_crate_path(path: &str) -> String {
    path.replace("crate::", "")
        .replace("<::", "<")
        .trim_start_matches("::")
        .to_owned()
}
