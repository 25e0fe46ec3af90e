//! Programs that use the package. Each reads the values of some integrations and writes them again. The same
//! code compiles with all packages.

use std::fs;
use std::path::Path;

use generator::{model::Field, model::Integration, model::Struct};
use serde_json::{Map, Value, json};

use crate::package::PACKAGE;

pub(crate) const ONE: &str = "uses-one";
pub(crate) const FIVE: &str = "uses-five";
pub(crate) const EVERY: &str = "uses-every";
pub(crate) const NAMES: [&str; 3] = [ONE, FIVE, EVERY];

/// Valid values of each type.
const TYPES: &str = include_str!("../../../generated/tests/support/types.json");

/// Integrations with fields, some of them enums. [`ONE`] uses the first.
const CHOSEN: [&str; 5] = ["datadog", "splunk", "dynatrace", "pagerduty", "unleash"];

pub(crate) fn write(root: &Path, integrations: &[&Integration]) {
    let chosen = CHOSEN.map(|key| {
        let mut all = integrations.iter();
        *all.find(|integration| integration.key == key)
            .expect("a chosen integration")
    });
    write_program(&root.join(ONE), ONE, &chosen[..1]);
    write_program(&root.join(FIVE), FIVE, &chosen);
    write_program(&root.join(EVERY), EVERY, integrations);
}

fn write_program(folder: &Path, name: &str, integrations: &[&Integration]) {
    let manifest = format!(
        "[package]\nname = \"{name}\"\nedition.workspace = true\n\n\
         [dependencies]\n{PACKAGE}.workspace = true\nserde_json.workspace = true\n"
    );
    fs::create_dir_all(folder.join("src")).expect("a program's folder");
    fs::write(folder.join("Cargo.toml"), manifest).expect("a program's manifest");
    fs::write(folder.join("src/main.rs"), program(integrations)).expect("a program");
}

fn program(integrations: &[&Integration]) -> String {
    let statements = integrations.iter().flat_map(|integration| {
        let with_fields = integration
            .structs()
            .filter(|model| !model.fields.is_empty());
        with_fields.map(|model| statement(&integration.module, model))
    });
    let statements: String = statements.collect();
    format!(
        "use launchdarkly_integrations::integrations::*;\n\n\
         fn main() -> serde_json::Result<()> {{\n{statements}    Ok(())\n}}\n"
    )
}

fn statement(module: &str, model: &Struct) -> String {
    let members: Map<String, Value> = model
        .fields
        .iter()
        .map(|field| (field.key.clone(), value(field)))
        .collect();
    let (name, json) = (&model.name, Value::Object(members).to_string());
    format!(
        "    let values: {module}::{name} = serde_json::from_str({json:?})?;\n    \
         println!(\"{{}}\", serde_json::to_string(&values)?);\n"
    )
}

/// The first listed value, or the first valid value in the tests' table of types.
fn value(field: &Field) -> Value {
    let rows: Vec<Value> = serde_json::from_str(TYPES).expect("the tests' table of types");
    let name = field.kind.as_str();
    let mut found = rows.iter();
    let row = found.find(|row| row["type"] == name || row["unknown"] == true);
    let row = row.expect("a row for unknown types");
    let listed = field.listed_values().next().map(Value::from);
    let one = listed.unwrap_or_else(|| match &row["good"][0] {
        Value::Null => json!("text"),
        good => good.clone(),
    });
    if row["listed"] == "many" {
        json!([one])
    } else {
        one
    }
}
