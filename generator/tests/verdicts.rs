//! The semver impact of each simulated change of a manifest, checked against rustc.
//!
//! For each change there are two programs: one uses every public name of the old module, the other every
//! public name of the new module. The change is breaking if the old program doesn't compile with the new
//! module. It is minor if only the new program doesn't compile with the old module.
#![allow(
    clippy::unwrap_used,
    reason = "a panic in a test helper fails the test"
)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use generator::{Analysis, Overrides, diff::ChangeKind, diff::Diff, diff::Impact};
use serde_json::{Value, json};
use support::copy::Files;
use support::uses::uses;
use support::{analyze_valid, emit, fixtures, integrations, source};

/// A change of one integration's manifest, with the expected report.
struct Case {
    name: &'static str,
    /// `None` if the integration does not exist.
    old: Option<Value>,
    new: Option<Value>,
    impact: Option<Impact>,
    kinds: &'static [ChangeKind],
    /// A silent change compiles as before, but behaves differently.
    silent: bool,
}

const BREAKING: Option<Impact> = Some(Impact::Breaking);
const MINOR: Option<Impact> = Some(Impact::Minor);
const PATCH: Option<Impact> = Some(Impact::Patch);

/// A manifest with a field of every kind.
fn base() -> Value {
    json!({
        "name": "Acme", "version": "1.0.0",
        "capabilities": {"auditLogEventsHook": {}, "featureStore": {"formVariables": [
            {"key": "host", "name": "Host", "type": "string"},
            {"key": "zone", "name": "Zone", "type": "enum", "isOptional": true,
                "allowedValues": ["east", "west"]}]}},
        "formVariables": [
            {"key": "token", "name": "Token", "type": "string", "isSecret": true},
            {"key": "url", "name": "URL", "type": "uri"},
            {"key": "site", "name": "Site", "type": "enum", "isOptional": true, "defaultValue": "eu",
                "allowedValues": ["eu", "us", "http://example.com"]},
            {"key": "note", "name": "Note", "type": "string", "isOptional": true},
            {"key": "index", "name": "Index", "type": "string", "defaultValue": "main"},
            {"key": "events", "name": "Events", "type": "multiselect", "isOptional": true,
                "multiselectOptions": [{"label": "A", "value": "a"}, {"label": "B", "value": "b"}]},
            {"key": "base-url", "name": "Base", "type": "string", "isOptional": true}
        ]
    })
}

/// A top-level field of a manifest.
fn field<'a>(manifest: &'a mut Value, key: &str) -> &'a mut Value {
    let fields = fields(manifest).iter_mut();
    fields
        .into_iter()
        .find(|field| field["key"] == key)
        .unwrap()
}

fn fields(manifest: &mut Value) -> &mut Vec<Value> {
    manifest["formVariables"].as_array_mut().unwrap()
}

fn remove(value: &mut Value, name: &str) {
    value.as_object_mut().unwrap().remove(name).unwrap();
}

fn case(
    name: &'static str,
    impact: Option<Impact>,
    kinds: &'static [ChangeKind],
    change: impl FnOnce(&mut Value),
) -> Case {
    let mut new = base();
    change(&mut new);
    Case {
        name,
        old: Some(base()),
        new: Some(new),
        impact,
        kinds,
        silent: false,
    }
}

impl Case {
    fn silent(mut self) -> Self {
        self.silent = true;
        self
    }
}

fn cases() -> Vec<Case> {
    let mut cases = integration_cases();
    cases.extend(field_cases());
    cases.extend(type_cases());
    cases.extend(presence_cases());
    cases.extend(value_cases());
    cases
}

fn integration_cases() -> Vec<Case> {
    let case_between = |name, old, new, impact, kinds| Case {
        name,
        old,
        new,
        impact,
        kinds,
        silent: false,
    };
    let empty = || json!({"name": "Acme", "version": "1.0.0"});
    let optional = json!({"key": "note", "name": "Note", "type": "string", "isOptional": true});
    let required = json!({"key": "note", "name": "Note", "type": "string"});
    let with = |field: &Value| {
        let mut manifest = empty();
        manifest["formVariables"] = json!([field]);
        manifest
    };
    vec![
        case_between(
            "integration-added",
            None,
            Some(base()),
            MINOR,
            &[ChangeKind::IntegrationAdded],
        ),
        case_between(
            "integration-removed",
            Some(base()),
            None,
            BREAKING,
            &[ChangeKind::IntegrationRemoved],
        ),
        case_between(
            "first-field-optional",
            Some(empty()),
            Some(with(&optional)),
            MINOR,
            &[ChangeKind::FieldAdded],
        ),
        case_between(
            "first-field-required",
            Some(empty()),
            Some(with(&required)),
            BREAKING,
            &[ChangeKind::FieldAdded],
        ),
        case_between(
            "last-field-removed",
            Some(with(&optional)),
            Some(empty()),
            BREAKING,
            &[ChangeKind::FieldRemoved],
        ),
        case("unchanged", None, &[], |_| {}),
        case("name", PATCH, &[ChangeKind::Name], |m| {
            m["name"] = json!("Acme Cloud")
        }),
        case("version", PATCH, &[ChangeKind::Version], |m| {
            m["version"] = json!("2.0.0")
        }),
        case("oauth", PATCH, &[ChangeKind::Oauth], |m| {
            m["requiresOAuth"] = json!(true)
        }),
        case(
            "configurations",
            PATCH,
            &[ChangeKind::Configurations],
            |m| {
                m["allowIntegrationConfigurations"] = json!(true);
            },
        ),
        case(
            "other-capability",
            PATCH,
            &[ChangeKind::Capabilities],
            |m| {
                m["otherCapabilities"] = json!(["sso"]);
            },
        ),
        case(
            "capability-added",
            PATCH,
            &[ChangeKind::Capabilities],
            |m| {
                m["capabilities"]["trigger"] = json!({});
            },
        ),
        case(
            "own-endpoint-added",
            BREAKING,
            &[ChangeKind::Capabilities, ChangeKind::Endpoints],
            |m| {
                m["capabilities"]["bigSegmentStore"] = json!({});
            },
        ),
        case(
            "subscriptions-added",
            MINOR,
            &[ChangeKind::Capabilities, ChangeKind::Endpoints],
            |_| {},
        )
        .with_sides(
            |m| remove(&mut m["capabilities"], "auditLogEventsHook"),
            |_| {},
        ),
        case(
            "configurations-forbidden",
            BREAKING,
            &[ChangeKind::Configurations, ChangeKind::Endpoints],
            |m| {
                m["allowIntegrationConfigurations"] = json!(false);
            },
        ),
        case(
            "block-added",
            MINOR,
            &[ChangeKind::BlockAdded, ChangeKind::Capabilities],
            |m| {
                m["capabilities"]["approval"] = json!({"approvalFormVariables":
                [{"key": "host", "name": "Host", "type": "string"}]});
            },
        ),
        case(
            "block-removed",
            BREAKING,
            &[ChangeKind::BlockRemoved],
            |m| {
                m["capabilities"]["featureStore"] = json!({});
            },
        ),
        // The types keep their names, but no endpoint accepts them any longer.
        case(
            "block-moved",
            BREAKING,
            &[
                ChangeKind::BlockPath,
                ChangeKind::Capabilities,
                ChangeKind::Endpoints,
            ],
            |m| {
                let store = m["capabilities"]["featureStore"].take();
                remove(&mut m["capabilities"], "featureStore");
                m["capabilities"]["feature-store"] = store;
            },
        )
        .silent(),
        case(
            "required-in-a-block",
            BREAKING,
            &[ChangeKind::FieldAdded],
            |m| {
                let block = &mut m["capabilities"]["featureStore"]["formVariables"];
                let port = json!({"key": "port", "name": "Port", "type": "string"});
                block.as_array_mut().unwrap().push(port);
            },
        ),
        case(
            "value-added-in-a-block",
            MINOR,
            &[ChangeKind::ValueAdded],
            |m| {
                let values =
                    &mut m["capabilities"]["featureStore"]["formVariables"][1]["allowedValues"];
                *values = json!(["east", "north", "west"]);
            },
        ),
    ]
}

fn field_cases() -> Vec<Case> {
    vec![
        case("required-added", BREAKING, &[ChangeKind::FieldAdded], |m| {
            fields(m).push(json!({"key": "region", "name": "Region", "type": "string"}));
        }),
        case("optional-added", MINOR, &[ChangeKind::FieldAdded], |m| {
            fields(m).insert(
                0,
                json!({"key": "region", "name": "Region", "type": "enum",
                "isOptional": true, "allowedValues": ["x", "y"], "defaultValue": "x"}),
            );
        }),
        case("prefilled-added", MINOR, &[ChangeKind::FieldAdded], |m| {
            fields(m).push(json!({"key": "flag", "name": "Flag", "type": "boolean",
                "defaultValue": true}));
        })
        .silent(),
        case(
            "required-removed",
            BREAKING,
            &[ChangeKind::FieldRemoved],
            |m| {
                fields(m).retain(|field| field["key"] != "token");
            },
        ),
        case(
            "optional-removed",
            BREAKING,
            &[ChangeKind::FieldRemoved],
            |m| {
                fields(m).retain(|field| field["key"] != "note");
            },
        ),
        case(
            "renamed",
            BREAKING,
            &[ChangeKind::FieldAdded, ChangeKind::FieldRemoved],
            |m| {
                field(m, "note")["key"] = json!("remark");
            },
        ),
        case("wire-key-changed", PATCH, &[ChangeKind::FieldKey], |m| {
            field(m, "base-url")["key"] = json!("baseUrl");
        })
        .silent(),
        case("reordered", PATCH, &[ChangeKind::FieldOrder], |m| {
            fields(m).reverse()
        }),
        case("label", PATCH, &[ChangeKind::Label], |m| {
            field(m, "url")["name"] = json!("Address")
        }),
        case("hidden", PATCH, &[ChangeKind::Hidden], |m| {
            field(m, "note")["isHidden"] = json!(true)
        }),
        case("prose", None, &[], |m| {
            field(m, "note")["description"] = json!("A new description");
            field(m, "note")["placeholder"] = json!("A new placeholder");
        }),
        case("form-only-property", None, &[], |m| {
            field(m, "note")["disableAfterSaving"] = json!(true);
        }),
    ]
}

fn type_cases() -> Vec<Case> {
    vec![
        case("string-to-uri", BREAKING, &[ChangeKind::Type], |m| {
            field(m, "note")["type"] = json!("uri")
        }),
        case("string-to-dynamic-enum", PATCH, &[ChangeKind::Type], |m| {
            field(m, "note")["type"] = json!("dynamicEnum");
        }),
        case("string-to-enum", BREAKING, &[ChangeKind::Type], |m| {
            field(m, "note")["type"] = json!("enum");
            field(m, "note")["allowedValues"] = json!(["a"]);
        }),
        case("enum-to-string", BREAKING, &[ChangeKind::Type], |m| {
            field(m, "site")["type"] = json!("string");
        }),
        case("string-to-boolean", BREAKING, &[ChangeKind::Type], |m| {
            field(m, "note")["type"] = json!("boolean");
        }),
        case(
            "string-to-unknown-type",
            BREAKING,
            &[ChangeKind::Type],
            |m| {
                field(m, "note")["type"] = json!("colour");
            },
        ),
        case(
            "unknown-type-to-another",
            PATCH,
            &[ChangeKind::Type],
            |_| {},
        )
        .with_sides(
            |m| field(m, "note")["type"] = json!("colour"),
            |m| field(m, "note")["type"] = json!("hue"),
        ),
        case("no-longer-secret", BREAKING, &[ChangeKind::Secret], |m| {
            field(m, "token")["isSecret"] = json!(false);
        }),
        case("made-secret", BREAKING, &[ChangeKind::Secret], |m| {
            field(m, "url")["isSecret"] = json!(true)
        }),
        case(
            "listed-values-removed",
            BREAKING,
            &[ChangeKind::Default, ChangeKind::Listing],
            |m| {
                remove(field(m, "site"), "allowedValues");
                remove(field(m, "site"), "defaultValue");
            },
        ),
    ]
}

fn presence_cases() -> Vec<Case> {
    vec![
        case(
            "required-to-optional",
            BREAKING,
            &[ChangeKind::Presence],
            |m| {
                field(m, "url")["isOptional"] = json!(true);
            },
        ),
        case(
            "optional-to-required",
            BREAKING,
            &[ChangeKind::Presence],
            |m| {
                remove(field(m, "note"), "isOptional");
            },
        ),
        case(
            "required-to-prefilled",
            BREAKING,
            &[ChangeKind::Presence],
            |m| {
                field(m, "token")["defaultValue"] = json!("none");
            },
        ),
        case(
            "prefilled-to-required",
            BREAKING,
            &[ChangeKind::Presence],
            |m| {
                remove(field(m, "index"), "defaultValue");
            },
        ),
        case(
            "prefilled-to-optional",
            BREAKING,
            &[ChangeKind::Presence],
            |m| {
                field(m, "index")["isOptional"] = json!(true);
            },
        ),
        case(
            "optional-to-prefilled",
            BREAKING,
            &[ChangeKind::Presence],
            |m| {
                remove(field(m, "site"), "isOptional");
            },
        ),
        case("default-added", MINOR, &[ChangeKind::Default], |m| {
            field(m, "note")["defaultValue"] = json!("none");
        }),
        case("default-removed", BREAKING, &[ChangeKind::Default], |m| {
            remove(field(m, "site"), "defaultValue");
        }),
        case("default-changed", PATCH, &[ChangeKind::Default], |m| {
            field(m, "site")["defaultValue"] = json!("us");
        })
        .silent(),
        case(
            "prefilled-default-changed",
            PATCH,
            &[ChangeKind::Default],
            |m| {
                field(m, "index")["defaultValue"] = json!("other");
            },
        )
        .silent(),
        case("list-default-added", MINOR, &[ChangeKind::Default], |m| {
            field(m, "events")["multiselectDefaultOptions"] = json!(["a"]);
        }),
    ]
}

fn value_cases() -> Vec<Case> {
    vec![
        case("value-added", MINOR, &[ChangeKind::ValueAdded], |m| {
            field(m, "site")["allowedValues"] = json!(["eu", "ap", "us", "http://example.com"]);
        }),
        case(
            "value-removed",
            BREAKING,
            &[ChangeKind::ValueRemoved],
            |m| {
                field(m, "site")["allowedValues"] = json!(["eu", "http://example.com"]);
            },
        ),
        case(
            "value-renamed",
            BREAKING,
            &[ChangeKind::ValueAdded, ChangeKind::ValueRemoved],
            |m| {
                field(m, "site")["allowedValues"] = json!(["eu", "usa", "http://example.com"]);
            },
        ),
        case("value-text-changed", PATCH, &[ChangeKind::ValueText], |m| {
            field(m, "site")["allowedValues"] = json!(["eu", "us", "https://example.com"]);
        })
        .silent(),
        case("values-reordered", PATCH, &[ChangeKind::ValueOrder], |m| {
            field(m, "site")["allowedValues"] = json!(["us", "eu", "http://example.com"]);
        }),
        case("option-added", MINOR, &[ChangeKind::ValueAdded], |m| {
            let options = &mut field(m, "events")["multiselectOptions"];
            options
                .as_array_mut()
                .unwrap()
                .push(json!({"label": "C", "value": "c"}));
        }),
        case(
            "option-removed",
            BREAKING,
            &[ChangeKind::ValueRemoved],
            |m| {
                field(m, "events")["multiselectOptions"]
                    .as_array_mut()
                    .unwrap()
                    .pop();
            },
        ),
        case("option-label", PATCH, &[ChangeKind::ValueLabel], |m| {
            field(m, "events")["multiselectOptions"][0]["label"] = json!("First");
        }),
    ]
}

impl Case {
    /// Changes the old and the new manifest.
    fn with_sides(mut self, old: fn(&mut Value), new: fn(&mut Value)) -> Self {
        self.old.iter_mut().for_each(old);
        self.new.iter_mut().for_each(new);
        self
    }
}

/// Analyzes the old or the new manifests of all cases. The integration key is the name of the case.
fn analyze_side(cases: &[Case], side: fn(&Case) -> Option<&Value>) -> Analysis {
    let sources: Vec<_> = cases
        .iter()
        .filter_map(|case| Some(source(case.name, side(case)?.to_string())))
        .collect();
    analyze_valid(&sources, &Overrides::default())
}

#[test]
fn every_change_has_the_expected_impact_and_kinds() {
    let cases = cases();
    let (old, new) = old_and_new(&cases);
    let diff = Diff::between(&integrations(&old), &integrations(&new));
    for case in &cases {
        let found = diff
            .integrations
            .iter()
            .find(|integration| integration.key == case.name);
        let changes = found
            .map(|integration| integration.changes.as_slice())
            .unwrap_or_default();
        let kinds: BTreeSet<ChangeKind> = changes.iter().map(|change| change.kind).collect();
        let summaries: Vec<String> = changes.iter().map(|c| c.summary.to_string()).collect();
        assert_eq!(
            found.map(|integration| integration.impact),
            case.impact,
            "{}: {summaries:#?}",
            case.name
        );
        assert_eq!(
            kinds,
            case.kinds.iter().copied().collect(),
            "{}: {summaries:#?}",
            case.name
        );
        let silent = changes.iter().any(|change| change.silent);
        assert_eq!(silent, case.silent, "{}: {summaries:#?}", case.name);
    }
    let others = diff
        .integrations
        .iter()
        .map(|integration| integration.key.as_str());
    let names: BTreeSet<&str> = cases.iter().map(|case| case.name).collect();
    assert!(others.clone().all(|key| names.contains(key)), "{diff:#?}");
}

fn old_and_new(cases: &[Case]) -> (Analysis, Analysis) {
    (
        analyze_side(cases, |case| case.old.as_ref()),
        analyze_side(cases, |case| case.new.as_ref()),
    )
}

#[test]
fn rustc_confirms_every_impact() {
    let cases = cases();
    assert!(cases.len() >= 50, "{}", cases.len());
    let (old, new) = old_and_new(&cases);
    let pin = fixtures().pin;
    let (old, new) = (emit(&old, Some(&pin), false), emit(&new, Some(&pin), false));
    let programs = programs("old", &old)
        .into_iter()
        .chain(programs("new", &new))
        .collect();

    let against_old = refused("verdicts_old", &old, &programs);
    let against_new = refused("verdicts_new", &new, &programs);
    for case in &cases {
        let module = case.name.replace('-', "_");
        let (old, new) = (format!("old_{module}"), format!("new_{module}"));
        // Each program must compile with its own module.
        assert!(
            !against_old.contains(&old),
            "{old} does not compile with its own module"
        );
        assert!(
            !against_new.contains(&new),
            "{new} does not compile with its own module"
        );
        let found = match (against_new.contains(&old), against_old.contains(&new)) {
            (true, _) => BREAKING,
            (false, true) => MINOR,
            // Both programs compile, so rustc can't distinguish a patch from no change.
            (false, false) => case.impact.filter(|impact| *impact == Impact::Patch),
        };
        assert_eq!(found, case.impact, "{}", case.name);
    }
}

/// A program for each module, by the program's name.
fn programs(age: &str, modules: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    modules
        .iter()
        .filter_map(|(name, text)| {
            let module = name.strip_suffix(".rs").filter(|name| *name != "mod")?;
            Some((format!("{age}_{module}"), uses(module, text)))
        })
        .collect()
}

/// The programs that don't compile with these modules.
///
/// All programs are modules of one test. An error in one program can hide later errors in others, so this
/// function removes the programs with errors and repeats until the rest compiles.
fn refused(
    name: &'static str,
    modules: &BTreeMap<String, String>,
    programs: &BTreeMap<String, String>,
) -> BTreeSet<String> {
    let mut refused = BTreeSet::new();
    loop {
        let mut files = Files::with_modules(name, modules);
        let mut root = String::from("#![allow(warnings)]\n");
        for (name, program) in programs {
            if !refused.contains(name) {
                files.add_test(&format!("uses/{name}.rs"), program.as_str());
                writeln!(root, "#[path = \"uses/{name}.rs\"]\nmod {name};").unwrap();
            }
        }
        files.add_test("uses.rs", root);
        let errors = files.write().errors("uses");
        if errors.is_empty() {
            return refused;
        }
        for error in errors {
            let program = error.file.trim_end_matches(".rs");
            assert!(programs.contains_key(program), "{error:#?}");
            refused.insert(program.to_owned());
        }
    }
}
