//! A copy of the workspace with the generated package alone, and other modules in it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use generator::analysis::Analysis;
use serde_json::{Value, json};

use super::{Facts, FieldFacts, workspace};

/// The members of the workspace, as its `Cargo.toml` has them.
const MEMBERS: &str = r#"members = ["generated", "generator", "xtask"]"#;

/// The workspace's copy. It stays where it is, so that the next run needn't compile its
/// dependencies again.
pub(crate) struct Copy {
    root: PathBuf,
}

impl Copy {
    /// The copy with these modules instead of the committed ones.
    pub(crate) fn with_modules(modules: &BTreeMap<String, String>) -> Self {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("emitted");
        let workspace = workspace();
        let package = root.join("generated");
        if package.exists() {
            fs::remove_dir_all(&package).unwrap();
        }
        copy(&workspace.join("generated"), &package);
        let manifest = fs::read_to_string(workspace.join("Cargo.toml")).unwrap();
        assert!(manifest.contains(MEMBERS), "Cargo.toml has other members");
        let manifest = manifest.replace(MEMBERS, r#"members = ["generated"]"#);
        fs::write(root.join("Cargo.toml"), manifest).unwrap();
        fs::copy(workspace.join("Cargo.lock"), root.join("Cargo.lock")).unwrap();

        let folder = package.join("src/integrations");
        fs::remove_dir_all(&folder).unwrap();
        fs::create_dir(&folder).unwrap();
        for (name, text) in modules {
            assert!(
                Path::new(name).components().count() == 1,
                "{name} leaves the folder"
            );
            fs::write(folder.join(name), text).unwrap();
        }
        Self { root }
    }

    /// Puts a test beside the package's own.
    pub(crate) fn write_test(&self, name: &str, text: &str) {
        fs::write(self.root.join("generated/tests").join(name), text).unwrap();
    }

    /// Runs cargo on the copy, which must succeed without a warning.
    pub(crate) fn cargo(&self, arguments: &[&str]) {
        // A clone whose own build hasn't needed some crate yet can't do without the network.
        let output = self.run(arguments, true);
        let output = if said(&output).contains("--offline") {
            self.run(arguments, false)
        } else {
            output
        };
        assert!(
            output.status.success(),
            "cargo {}\n{}",
            arguments.join(" "),
            said(&output)
        );
    }

    fn run(&self, arguments: &[&str], offline: bool) -> Output {
        let mut command = Command::new(env!("CARGO"));
        command
            .args(arguments)
            .args(offline.then_some("--offline"))
            .args(["--package", "launchdarkly-integrations", "--color", "never"])
            .current_dir(&self.root)
            .env("RUSTFLAGS", "-D warnings")
            .env("RUSTDOCFLAGS", "-D warnings")
            .env_remove("CARGO_ENCODED_RUSTFLAGS")
            .env_remove("CARGO_BUILD_TARGET")
            .env("CARGO_TARGET_DIR", self.root.join("target"))
            // Nothing here is debugged or built in parts.
            .env("CARGO_PROFILE_DEV_DEBUG", "0")
            .env("CARGO_INCREMENTAL", "0");
        command.output().unwrap()
    }
}

fn said(output: &Output) -> String {
    let mut text = String::from_utf8_lossy(&output.stderr).into_owned();
    text.push_str(&String::from_utf8_lossy(&output.stdout));
    text
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// The calls that check every struct of the modules: the one thing for which types must be named.
pub(crate) fn calls(analysis: &Analysis) -> String {
    let mut calls = String::from("fn check_all(cases: &Cases) {\n");
    for entry in &analysis.entries {
        let integration = &entry.integration;
        let module = &integration.module;
        let inner = integration.capability_configs.iter();
        let inner = inner.map(|block| (block.path(), block.config.name.as_str()));
        let top = ("formVariables".to_owned(), integration.config.name.as_str());
        for (block, name) in std::iter::once(top).chain(inner) {
            writeln!(
                calls,
                "    cases.check::<launchdarkly_integrations::integrations::{module}::{name}>({:?}, {block:?});",
                integration.key
            )
            .unwrap();
        }
    }
    calls.push_str("}\n");
    calls
}

/// What the structs of an integration must do, from its manifest alone.
pub(crate) fn cases(facts: &Facts) -> Value {
    let blocks = facts.blocks().map(|(name, fields)| {
        let fields: Value = fields
            .iter()
            .enumerate()
            .map(|(position, field)| field_case(field, &format!("mark{position}-")))
            .collect();
        json!({"block": name, "fields": fields})
    });
    json!({
        "key": facts.key,
        "name": facts.name,
        "version": facts.version,
        "requires_oauth": facts.requires_oauth,
        "allow_integration_configurations": facts.allow_integration_configurations,
        "capabilities": facts.capabilities,
        "other_capabilities": facts.other_capabilities,
        "creatable": facts.creatable,
        "blocks": blocks.collect::<Value>(),
    })
}

/// A field's facts, a sample as JSON text, and the text that is its value when it is left out.
///
/// The mark is in every sample that holds free text, to find it where a secret mustn't be.
fn field_case(field: &FieldFacts, mark: &str) -> Value {
    let default = usable_default(field);
    let left_out = if field.optional {
        Value::Null
    } else {
        default.clone()
    };
    json!({
        "key": field.key,
        "label": field.label,
        "kind": field.kind,
        "optional": field.optional,
        "secret": field.secret,
        "hidden": field.hidden,
        "default": default,
        "allowed_values": field.allowed_values,
        "mark": mark,
        "sample": sample(field, mark),
        "left_out": left_out,
    })
}

/// The manifest's default, if it is of the field's type.
fn usable_default(field: &FieldFacts) -> Value {
    let default = &field.default;
    let listed = |value: &Value| {
        field.allowed_values.is_empty()
            || value
                .as_str()
                .is_some_and(|text| field.allowed_values.iter().any(|listed| listed == text))
    };
    let usable = match field.kind.as_str() {
        "boolean" => default.is_boolean(),
        "uri" => default
            .as_str()
            .is_some_and(|text| text.starts_with("https://")),
        "enum" => default.is_string() && listed(default),
        "multiselect" => default
            .as_array()
            .is_some_and(|items| items.iter().all(listed)),
        "string" | "dynamicEnum" | "generated" | "publicKey" | "oauth" => default.is_string(),
        _ => false,
    };
    if usable { default.clone() } else { Value::Null }
}

/// A value of the field's type as JSON text, in the order in which its own members are written.
fn sample(field: &FieldFacts, mark: &str) -> String {
    let text = || json!(format!("{mark} \"\\ \u{1f511} \0"));
    let value = match field.kind.as_str() {
        "boolean" => json!(true),
        "uri" => json!(format!("https://{mark}.example/a?b=%20")),
        "enum" => field
            .allowed_values
            .last()
            .map_or_else(text, |value| json!(value)),
        "multiselect" if field.allowed_values.is_empty() => json!([text(), ""]),
        // Backwards: the order is the caller's.
        "multiselect" => field.allowed_values.iter().rev().cloned().collect(),
        "string" | "dynamicEnum" | "generated" | "publicKey" | "oauth" => text(),
        "environmentSelector" => {
            return r#"{"projectKey":"p","environmentKey":"e","projectId":"1","environmentId":"2"}"#.to_owned();
        }
        _ => json!({"any": [1.5, null, {"json": mark}]}),
    };
    value.to_string()
}
