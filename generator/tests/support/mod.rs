//! Helpers for all tests: paths, snapshots, and a parser for manifests that doesn't use the generator.
#![allow(dead_code, reason = "no test uses all helpers")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a panic in a test helper fails the test"
)]

pub(crate) mod any_bytes;
pub(crate) mod builders;
pub(crate) mod cases;
pub(crate) mod copy;
pub(crate) mod emitted_items;
pub(crate) mod hostile;
pub(crate) mod manifests;
pub(crate) mod public_names;
pub(crate) mod types;
pub(crate) mod uses;

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use generator::{Analysis, Overrides, Pin, Source, analyze, model::Integration, snapshot};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;
use types::TypeCase;

pub(crate) fn workspace() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap().to_owned()
}

/// The copy of upstream in the folder next to the workspace, if it exists.
///
/// With `LD_REQUIRE_SHARED=1`, the test fails if the copy is missing.
pub(crate) fn stored_upstream() -> Option<PathBuf> {
    let path = workspace().join("../shared/upstream");
    if path.is_dir() {
        return Some(path);
    }
    let required = std::env::var_os("LD_REQUIRE_SHARED").is_some_and(|value| value == "1");
    assert!(!required, "../shared/upstream is missing");
    say("skipped: ../shared/upstream is missing");
    None
}

/// Prints a line even if the test passes. The test harness would capture `eprintln!`.
pub(crate) fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// The copy of upstream, if it is at the commit that `manifests/` is pinned to.
pub(crate) fn pinned_upstream() -> Option<PathBuf> {
    let stored = stored_upstream()?;
    let origin = fs::read_to_string(stored.join("SOURCE.md")).unwrap();
    origin.contains(&committed().pin.revision).then_some(stored)
}

/// Upstream's own files, with their descriptions.
pub(crate) fn upstream_sources(upstream: &Path) -> Vec<Source> {
    let mut sources = Vec::new();
    for entry in fs::read_dir(upstream.join("integrations")).unwrap() {
        let folder = entry.unwrap();
        let path = folder.path().join("manifest.json");
        if path.is_file() {
            let key = folder.file_name().into_string().unwrap();
            sources.push(Source {
                origin: format!("integrations/{key}/manifest.json"),
                bytes: fs::read(path).unwrap(),
                key,
            });
        }
    }
    sources
}

/// The committed snapshot.
pub(crate) fn committed() -> Snapshot {
    Snapshot::read("manifests")
}

/// Manifests like upstream's that don't change with upstream. Tests that need particular fields use these.
pub(crate) fn fixtures() -> Snapshot {
    Snapshot::read("generator/tests/fixtures")
}

/// A folder with manifests, their pin and the overrides.
pub(crate) struct Snapshot {
    pub(crate) sources: Vec<Source>,
    pub(crate) overrides: Overrides,
    pub(crate) pin: Pin,
}

impl Snapshot {
    fn read(folder: &str) -> Self {
        let files = files_of(&workspace().join(folder));
        let sources = files.iter().filter_map(|(name, bytes)| {
            Some(Source {
                origin: format!("{folder}/{name}"),
                key: snapshot::key_of(name)?.to_owned(),
                bytes: bytes.clone(),
            })
        });
        let overrides = files
            .get("overrides.toml")
            .map_or(Overrides::default(), |bytes| {
                Overrides::parse(str::from_utf8(bytes).unwrap()).unwrap()
            });
        Self {
            sources: sources.collect(),
            overrides,
            pin: serde_json::from_slice(&files[snapshot::PIN_FILE]).unwrap(),
        }
    }

    /// Generates the files from the snapshot.
    pub(crate) fn emit(&self) -> generator::Files {
        self.emit_from(&self.sources)
    }

    /// Generates the files from these manifests instead of the snapshot's.
    pub(crate) fn emit_from(&self, sources: &[Source]) -> generator::Files {
        emit_all(
            &analyze_complete(sources, &self.overrides),
            Some(&self.pin),
            false,
        )
    }
}

/// The files of a folder, by name.
pub(crate) fn files_of(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        (name, fs::read(entry.path()).unwrap())
    });
    entries.collect()
}

pub(crate) fn source(key: &str, text: impl Into<Vec<u8>>) -> Source {
    Source {
        key: key.to_owned(),
        origin: format!("{key}.json"),
        bytes: text.into(),
    }
}

/// Analyzes some manifests, which must have no errors.
pub(crate) fn analyze_valid(sources: &[Source], overrides: &Overrides) -> Analysis {
    without_errors(analyze(sources, overrides, true))
}

/// Analyzes manifests as the complete set. They must have no errors.
pub(crate) fn analyze_complete(sources: &[Source], overrides: &Overrides) -> Analysis {
    without_errors(analyze(sources, overrides, false))
}

fn without_errors(analysis: Analysis) -> Analysis {
    let errors: Vec<String> = analysis
        .diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.is_error())
        .map(ToString::to_string)
        .collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
    analysis
}

pub(crate) fn integrations(analysis: &Analysis) -> Vec<&Integration> {
    analysis.integrations()
}

/// The generated modules, by file name.
pub(crate) fn emit(
    analysis: &Analysis,
    pin: Option<&Pin>,
    descriptions: bool,
) -> BTreeMap<String, String> {
    emit_all(analysis, pin, descriptions).modules
}

pub(crate) fn emit_all(
    analysis: &Analysis,
    pin: Option<&Pin>,
    descriptions: bool,
) -> generator::Files {
    generator::emit(
        &integrations(analysis),
        generator::EmitOptions { pin, descriptions },
    )
    .unwrap()
}

/// The items in another order. The same seed gives the same order.
pub(crate) fn shuffled<T: Clone>(items: &[T], seed: u64) -> Vec<T> {
    let mut items = items.to_vec();
    let mut state = seed;
    for last in (1..items.len()).rev() {
        // Knuth's MMIX generator. Its high bits are the most random.
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let other = usize::try_from(state >> 33).unwrap() % (last + 1);
        items.swap(last, other);
    }
    items
}

/// A JSON object that keeps the order of its text. `serde_json::Value` doesn't.
#[derive(Debug)]
pub(crate) struct Ordered(pub(crate) Vec<(String, Value)>);

impl Ordered {
    pub(crate) fn parse(text: &str) -> Self {
        serde_json::from_str(text).unwrap()
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }
}

impl<'de> Deserialize<'de> for Ordered {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OrderedVisitor;

        impl<'de> Visitor<'de> for OrderedVisitor {
            type Value = Ordered;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Ordered, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = access.next_entry()? {
                    entries.push(entry);
                }
                Ok(Ordered(entries))
            }
        }

        deserializer.deserialize_map(OrderedVisitor)
    }
}

/// The facts of a manifest, read without the generator.
#[derive(Debug)]
pub(crate) struct Facts {
    pub(crate) key: String,
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) requires_oauth: bool,
    pub(crate) allow_integration_configurations: Value,
    pub(crate) capabilities: Vec<String>,
    pub(crate) other_capabilities: Vec<String>,
    /// The endpoints that accept the integration's top-level form variables, sorted by name.
    pub(crate) endpoints: Vec<&'static str>,
    pub(crate) fields: Vec<FieldFacts>,
    /// The form variables of capabilities, by block, such as `featureStore.formVariables`.
    pub(crate) capability_fields: Vec<(String, Vec<FieldFacts>)>,
}

/// The facts of a form variable, read without the generator.
#[derive(Debug)]
pub(crate) struct FieldFacts {
    pub(crate) key: String,
    pub(crate) label: String,
    pub(crate) kind: String,
    pub(crate) optional: bool,
    pub(crate) secret: bool,
    pub(crate) hidden: bool,
    pub(crate) default: Value,
    pub(crate) allowed_values: Vec<String>,
}

impl Facts {
    /// Reads a manifest that conforms to upstream's schema. Properties may be missing.
    pub(crate) fn read(source: &Source) -> Self {
        let text = std::str::from_utf8(&source.bytes).unwrap();
        let manifest: Value = serde_json::from_str(text).unwrap();
        let ordered = Ordered::parse(text).0.into_iter();
        let capabilities = match ordered.into_iter().find(|(name, _)| name == "capabilities") {
            None => Vec::new(),
            // `serde_json::Value` doesn't keep the order.
            Some(_) => in_order(text),
        };
        let mut capability_fields = Vec::new();
        for capability in &capabilities {
            let Some(body) = manifest["capabilities"][capability].as_object() else {
                continue;
            };
            for (name, block) in body {
                if name.to_lowercase().ends_with("formvariables") && block.is_array() {
                    capability_fields.push((format!("{capability}.{name}"), variables(block)));
                }
            }
        }
        Self {
            key: source.key.clone(),
            name: text_or(&manifest["name"], &source.key),
            version: text_or(&manifest["version"], ""),
            requires_oauth: manifest["requiresOAuth"] == true,
            allow_integration_configurations: manifest["allowIntegrationConfigurations"].clone(),
            endpoints: endpoints(&capabilities, &manifest["allowIntegrationConfigurations"]),
            capabilities,
            other_capabilities: strings(&manifest["otherCapabilities"]),
            fields: variables(&manifest["formVariables"]),
            capability_fields,
        }
    }

    /// All endpoints that accept values of the integration or of its capabilities, sorted by name.
    pub(crate) fn all_endpoints(&self) -> Vec<&'static str> {
        let blocks = self.capability_fields.iter();
        let blocks = blocks.filter_map(|(name, _)| block_endpoint(name));
        let mut all: Vec<&str> = self.endpoints.iter().copied().chain(blocks).collect();
        all.sort_unstable();
        all
    }

    /// Every block with the facts of its fields, the top level first.
    pub(crate) fn blocks(&self) -> impl Iterator<Item = (&str, &[FieldFacts])> {
        let inner = self.capability_fields.iter();
        std::iter::once(("formVariables", self.fields.as_slice()))
            .chain(inner.map(|(name, fields)| (name.as_str(), fields.as_slice())))
    }
}

/// The endpoints that accept an integration's top-level form variables.
fn endpoints(capabilities: &[String], allowed: &Value) -> Vec<&'static str> {
    let has = |name: &str| capabilities.iter().any(|other| other == name);
    let (store, import) = (has("bigSegmentStore"), has("flagImport"));
    let all = [
        ("audit-log-subscription", has("auditLogEventsHook")),
        ("big-segment-store", store),
        ("flag-import", import),
        (
            "integration-configuration",
            !store && !import && *allowed != false,
        ),
    ];
    all.into_iter()
        .filter_map(|(name, takes)| takes.then_some(name))
        .collect()
}

/// The endpoint that accepts the values of a capability's block.
pub(crate) fn block_endpoint(block: &str) -> Option<&'static str> {
    (block == "featureStore.formVariables").then_some("delivery-configuration")
}

fn in_order(text: &str) -> Vec<String> {
    #[derive(serde::Deserialize)]
    struct Manifest {
        capabilities: Ordered,
    }
    let manifest: Manifest = serde_json::from_str(text).unwrap();
    manifest.capabilities.names().map(str::to_owned).collect()
}

fn variables(block: &Value) -> Vec<FieldFacts> {
    let variables = block.as_array().map(Vec::as_slice).unwrap_or_default();
    variables.iter().map(FieldFacts::read).collect()
}

impl FieldFacts {
    fn read(variable: &Value) -> Self {
        let key = text_or(&variable["key"], "");
        let kind = text_or(&variable["type"], "");
        let options = variable["multiselectOptions"].as_array();
        let options = options.map(Vec::as_slice).unwrap_or_default().iter();
        let (allowed_values, default) = match TypeCase::of(&kind).listed.as_str() {
            "one" => (
                strings(&variable["allowedValues"]),
                &variable["defaultValue"],
            ),
            "many" => {
                let values = options.map(|option| text_or(&option["value"], ""));
                (values.collect(), &variable["multiselectDefaultOptions"])
            }
            _ => (Vec::new(), &variable["defaultValue"]),
        };
        Self {
            label: text_or(&variable["name"], &key),
            optional: variable["isOptional"] == true,
            secret: variable["isSecret"] == true,
            hidden: variable["isHidden"] == true,
            default: default.clone(),
            allowed_values,
            key,
            kind,
        }
    }
}

fn text_or(value: &Value, other: &str) -> String {
    value.as_str().unwrap_or(other).to_owned()
}

fn strings(value: &Value) -> Vec<String> {
    let items = value.as_array().map(Vec::as_slice).unwrap_or_default();
    items.iter().map(|item| text_or(item, "")).collect()
}
