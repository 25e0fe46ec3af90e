//! Generated code compiles, has valid documentation and does what its manifests say. Tested with the real
//! manifests and hostile ones, together in a copy of the generated package.
#![allow(
    clippy::unwrap_used,
    reason = "a panic in a test helper fails the test"
)]

mod support;

use std::fs;

use generator::Analysis;
use serde_json::Value;
use support::builders::{Omission, blocks, build_all, omissions};
use support::cases::{calls, cases};
use support::copy::{CompilerError, Files};
use support::{
    Facts, analyze_valid, block_endpoint, committed, emit, hostile, pinned_upstream,
    upstream_sources, workspace,
};

#[test]
fn generated_code_compiles_without_warnings_and_follows_its_manifest() {
    // Upstream's own files have descriptions. The committed ones don't.
    let committed = committed();
    let mut sources =
        pinned_upstream().map_or(committed.sources, |upstream| upstream_sources(&upstream));
    sources.extend(hostile::accepted());
    sources.sort_by(|a, b| a.key.cmp(&b.key));

    let analysis = analyze_valid(&sources, &hostile::overrides_and(&renames()));
    let facts: Vec<Facts> = sources.iter().map(Facts::read).collect();
    let blocks = blocks(&analysis, &facts);
    let mut refusals = omissions(&blocks);
    let pairs = Pairs::new(&analysis, &facts);
    refusals.extend(pairs.refused);
    let mut files = Files::with_modules("emitted", &emit(&analysis, Some(&committed.pin), true));
    let cases: Value = facts.iter().map(cases).collect();
    files.add_test("cases.json", cases.to_string());
    files.add_test("check_all.rs", calls(&analysis));
    files.add_test("round_trip.rs", include_str!("support/round_trip.rs"));
    files.add_test("build_all.rs", build_all(&blocks));
    files.add_test("built.rs", include_str!("support/built.rs"));
    let accepted = format!(
        "//! Pairs that compile.\n#![allow(dead_code)]\n{}{SEND_FUNCTIONS}",
        pairs.accepted
    );
    files.add_test("accepted.rs", accepted);
    files.add_test("refused.rs", refused(&refusals) + SEND_FUNCTIONS);
    let copy = files.write();

    copy.cargo(&[
        "test",
        "--test",
        "round_trip",
        "--test",
        "built",
        "--test",
        "accepted",
    ]);
    compare(&copy.refused("refused"), &refusals);
    copy.cargo(&["doc", "--no-deps", "--lib"]);
    // Every module has an example.
    copy.cargo(&["test", "--doc", "src/integrations/"]);
}

/// The names that resolve collisions in the committed manifests. The test compares with the facts of the
/// manifests, so it applies no other overrides.
fn renames() -> String {
    let text = fs::read_to_string(workspace().join(generator::OVERRIDES_FILE)).unwrap();
    let mut overrides: toml::Table = text.parse().unwrap();
    overrides.retain(|section, _| section == "rename");
    overrides.to_string()
}

/// Every struct of values with every endpoint, and whether the pair must compile.
#[derive(Default)]
struct Pairs {
    accepted: String,
    refused: Vec<Omission>,
}

const ENDPOINTS: [&str; 5] = [
    "audit-log-subscription",
    "big-segment-store",
    "delivery-configuration",
    "flag-import",
    "integration-configuration",
];

/// The functions that the pairs call.
const SEND_FUNCTIONS: &str = "
use launchdarkly_integrations::client::*;
fn audit_log_subscription(_: impl AuditLogSubscriptionValues) {}
fn big_segment_store(_: impl BigSegmentStoreValues) {}
fn delivery_configuration(_: impl DeliveryConfigurationValues) {}
fn flag_import(_: impl FlagImportValues) {}
fn integration_configuration(_: impl IntegrationConfigurationValues) {}
";

impl Pairs {
    fn new(analysis: &Analysis, facts: &[Facts]) -> Self {
        let mut pairs = Self::default();
        for entry in &analysis.analyzed {
            let integration = &entry.integration;
            let Some(facts) = facts.iter().find(|facts| facts.key == integration.key) else {
                continue;
            };
            let module = &integration.module;
            pairs.add(module, &integration.config.name, Some(&facts.endpoints));
            for block in &integration.capability_configs {
                let accepted = block_endpoint(&block.path()).map(|endpoint| vec![endpoint]);
                pairs.add(module, &block.config.name, accepted.as_deref());
            }
        }
        pairs
    }

    /// `accepted` is `None` for values that can't have an endpoint.
    fn add(&mut self, module: &str, name: &str, accepted: Option<&[&str]>) {
        let path = format!("launchdarkly_integrations::integrations::{module}::{name}");
        let handle = |endpoint: &str| format!("{}s", endpoint.replace('-', "_"));
        let handles: Vec<String> = ENDPOINTS
            .into_iter()
            .filter(|endpoint| accepted.is_some_and(|accepted| accepted.contains(endpoint)))
            .map(handle)
            .collect();
        let handles_type = match handles.as_slice() {
            [] => "no_handle".to_owned(),
            [handle] => handle.clone(),
            handles => format!("({})", handles.join(", ")),
        };
        for endpoint in ENDPOINTS {
            let number = self.refused.len() + self.accepted.len();
            let call = endpoint.replace('-', "_");
            let function = format!("fn pair{number}(values: {path}) {{ {call}(values); }}");
            let handle = handle(endpoint);
            if handles.contains(&handle) {
                self.accepted += &(function + "\n");
                continue;
            }
            let said = match accepted {
                Some(_) => [
                    format!("`{handle}()` doesn't accept"),
                    format!("send it with: `{handles_type}`"),
                ],
                None => ["can't be sent as a".to_owned(), endpoint.replace('-', " ")],
            };
            self.refused.push(Omission { function, said });
        }
    }
}

/// A program that must not compile, with one line per omission.
fn refused(omissions: &[Omission]) -> String {
    let lines = omissions
        .iter()
        .map(|omission| format!("{}\n", omission.function));
    lines.collect()
}

/// Checks that each line has its error, with the expected texts.
fn compare(errors: &[CompilerError], omissions: &[Omission]) {
    let found: Vec<_> = errors
        .iter()
        .map(|error| (error.line, error.code.as_str()))
        .collect();
    let expected: Vec<_> = (1..)
        .zip(omissions)
        .map(|(line, _)| (line, "E0277"))
        .collect();
    assert_eq!(found, expected, "{errors:#?}");
    for (error, omission) in errors.iter().zip(omissions) {
        for said in &omission.said {
            assert!(error.words.contains(said), "{said}: {error:?}");
        }
    }
}
