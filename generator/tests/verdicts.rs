//! The verdict on each simulated change of a manifest is checked against rustc.
//!
//! For each change a program uses every public name of the old module, and another one every name of
//! the new module. What the old program does with the new module says whether the change is breaking,
//! and what the new program does with the old module whether it is minor.
#![allow(
    clippy::unwrap_used,
    reason = "a helper of a test that unwraps fails the test with the reason"
)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use generator::{Analysis, Overrides, diff::ChangeKind, diff::Diff, diff::Impact};
use serde_json::{Value, json};
use support::copy::Files;
use support::uses::uses;
use support::{analyse_good, emit, fixtures, integrations, source};

/// A change of one integration's manifest, and what it should be taken for.
struct Case {
    name: &'static str,
    /// `None` where there is no such integration.
    old: Option<Value>,
    new: Option<Value>,
    impact: Option<Impact>,
    kinds: &'static [ChangeKind],
    /// Whether it is a silent change: compiles as before, behaves differently.
    silent: bool,
}

const BREAKING: Option<Impact> = Some(Impact::Breaking);
const MINOR: Option<Impact> = Some(Impact::Minor);
const PATCH: Option<Impact> = Some(Impact::Patch);

/// A manifest with a field of every sort.
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

/// One of the fields of the base.
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

/// The simulated changes: first of integrations, then of fields, then of values.
fn cases() -> Vec<Case> {
    let mut cases = of_integrations();
    cases.extend(of_fields());
    cases.extend(of_types());
    cases.extend(of_presence());
    cases.extend(of_values());
    cases
}

fn of_integrations() -> Vec<Case> {
    let appeared = |name, old, new, impact, kinds| Case {
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
        appeared(
            "integration-added",
            None,
            Some(base()),
            MINOR,
            &[ChangeKind::IntegrationAdded],
        ),
        appeared(
            "integration-removed",
            Some(base()),
            None,
            BREAKING,
            &[ChangeKind::IntegrationRemoved],
        ),
        appeared(
            "first-field-optional",
            Some(empty()),
            Some(with(&optional)),
            MINOR,
            &[ChangeKind::FieldAdded],
        ),
        appeared(
            "first-field-required",
            Some(empty()),
            Some(with(&required)),
            BREAKING,
            &[ChangeKind::FieldAdded],
        ),
        appeared(
            "last-field-removed",
            Some(with(&optional)),
            Some(empty()),
            BREAKING,
            &[ChangeKind::FieldRemoved],
        ),
        case("nothing", None, &[], |_| {}),
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
            "has-an-endpoint-of-its-own",
            BREAKING,
            &[ChangeKind::Capabilities, ChangeKind::Endpoints],
            |m| {
                m["capabilities"]["bigSegmentStore"] = json!({});
            },
        ),
        case(
            "takes-subscriptions",
            MINOR,
            &[ChangeKind::Capabilities, ChangeKind::Endpoints],
            |_| {},
        )
        .between(
            |m| remove(&mut m["capabilities"], "auditLogEventsHook"),
            |_| {},
        ),
        case(
            "no-configurations",
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
        // Its types keep their names, and no endpoint takes them any more.
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

fn of_fields() -> Vec<Case> {
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
        case("wire-key-respelled", PATCH, &[ChangeKind::FieldKey], |m| {
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
            field(m, "note")["description"] = json!("Told in other words");
            field(m, "note")["placeholder"] = json!("As in this example");
        }),
        case("what-the-form-alone-heeds", None, &[], |m| {
            field(m, "note")["disableAfterSaving"] = json!(true);
        }),
    ]
}

fn of_types() -> Vec<Case> {
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
        case("type-unknown-to-us", BREAKING, &[ChangeKind::Type], |m| {
            field(m, "note")["type"] = json!("colour");
        }),
        case("unknown-to-unknown", PATCH, &[ChangeKind::Type], |_| {}).between(
            |m| field(m, "note")["type"] = json!("colour"),
            |m| field(m, "note")["type"] = json!("hue"),
        ),
        case("no-longer-secret", BREAKING, &[ChangeKind::Secret], |m| {
            field(m, "token")["isSecret"] = json!(false);
        }),
        case("secret-now", BREAKING, &[ChangeKind::Secret], |m| {
            field(m, "url")["isSecret"] = json!(true)
        }),
        case(
            "list-gone",
            BREAKING,
            &[ChangeKind::Default, ChangeKind::Listing],
            |m| {
                remove(field(m, "site"), "allowedValues");
                remove(field(m, "site"), "defaultValue");
            },
        ),
    ]
}

fn of_presence() -> Vec<Case> {
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
            "prefilled-with-another",
            PATCH,
            &[ChangeKind::Default],
            |m| {
                field(m, "index")["defaultValue"] = json!("other");
            },
        )
        .silent(),
        case("default-of-a-list", MINOR, &[ChangeKind::Default], |m| {
            field(m, "events")["multiselectDefaultOptions"] = json!(["a"]);
        }),
    ]
}

fn of_values() -> Vec<Case> {
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
        case("value-respelled", PATCH, &[ChangeKind::ValueText], |m| {
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
    /// With another old and new than the base and its change.
    fn between(mut self, old: fn(&mut Value), new: fn(&mut Value)) -> Self {
        self.old.iter_mut().for_each(old);
        self.new.iter_mut().for_each(new);
        self
    }
}

/// All old manifests, or all new ones, each integration named after its case.
fn analysed(cases: &[Case], side: fn(&Case) -> Option<&Value>) -> Analysis {
    let sources: Vec<_> = cases
        .iter()
        .filter_map(|case| Some(source(case.name, side(case)?.to_string())))
        .collect();
    analyse_good(&sources, &Overrides::default())
}

#[test]
fn every_change_has_its_impact_and_its_kinds() {
    let cases = cases();
    let (old, new) = both(&cases);
    let diff = Diff::between(&integrations(&old), &integrations(&new));
    for case in &cases {
        let found = diff.integrations.iter().find(|of| of.key == case.name);
        let changes = found.map(|of| of.changes.as_slice()).unwrap_or_default();
        let kinds: BTreeSet<ChangeKind> = changes.iter().map(|change| change.kind).collect();
        let said: Vec<String> = changes.iter().map(|c| c.summary.to_string()).collect();
        assert_eq!(
            found.map(|of| of.impact),
            case.impact,
            "{}: {said:#?}",
            case.name
        );
        assert_eq!(
            kinds,
            case.kinds.iter().copied().collect(),
            "{}: {said:#?}",
            case.name
        );
        let silent = changes.iter().any(|change| change.silent);
        assert_eq!(silent, case.silent, "{}: {said:#?}", case.name);
    }
    let others = diff.integrations.iter().map(|of| of.key.as_str());
    let names: BTreeSet<&str> = cases.iter().map(|case| case.name).collect();
    assert!(others.clone().all(|key| names.contains(key)), "{diff:#?}");
}

fn both(cases: &[Case]) -> (Analysis, Analysis) {
    (
        analysed(cases, |case| case.old.as_ref()),
        analysed(cases, |case| case.new.as_ref()),
    )
}

#[test]
fn rustc_agrees_with_every_impact() {
    let cases = cases();
    assert!(cases.len() >= 50, "{}", cases.len());
    let (old, new) = both(&cases);
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
        // Were a program of ours at fault, it wouldn't compile with its own module either.
        assert!(!against_old.contains(&old), "{old} against itself");
        assert!(!against_new.contains(&new), "{new} against itself");
        let found = match (against_new.contains(&old), against_old.contains(&new)) {
            (true, _) => BREAKING,
            (false, true) => MINOR,
            // Every program compiles in both cases, so rustc can't distinguish them.
            (false, false) => case.impact.filter(|impact| *impact == Impact::Patch),
        };
        assert_eq!(found, case.impact, "{}", case.name);
    }
}

/// A program for each module, by its name.
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
/// All are modules of one test, and an error in one hides those that the compiler would find later in
/// others, so what has errors is taken out until the rest compiles.
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
