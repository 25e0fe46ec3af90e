//! The cost of a manifest grows in proportion to its content. The cost is counted in allocations, so that it
//! doesn't depend on the machine. This must be the only test in its process.
#![allow(
    clippy::unwrap_used,
    reason = "a panic in a test helper fails the test"
)]

mod support;

use generator::{Overrides, Source, limits};
use serde_json::{Value, json};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use support::{emit_all, source};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<std::alloc::System> = &INSTRUMENTED_SYSTEM;

/// The number and the bytes of the allocations for analyzing and emitting a manifest.
fn cost(source: &Source) -> (usize, usize) {
    let region = Region::new(ALLOCATOR);
    let sources = std::slice::from_ref(source);
    let analysis = generator::analyze(sources, &Overrides::default(), true);
    if !analysis.has_errors() {
        emit_all(&analysis, None, true);
    }
    let stats = region.change();
    (
        stats.allocations + stats.reallocations,
        stats.bytes_allocated,
    )
}

/// Checks that ten times the content costs at most fifteen times as much. Quadratic growth would be a hundred
/// times.
fn assert_proportional(what: &str, make: impl Fn(usize) -> Source) {
    let (few, many) = (make(20), make(200));
    assert!(many.bytes.len() <= limits::MANIFEST_BYTES, "{what}");
    // The first run fills caches.
    cost(&few);
    let (few, many) = (cost(&few), cost(&many));
    assert!(
        many.0 <= few.0 * 15 && many.1 <= few.1 * 15,
        "{what}: {few:?} for 20, {many:?} for 200"
    );
}

fn with_variables(variables: Vec<Value>) -> Source {
    source("acme", json!({ "formVariables": variables }).to_string())
}

fn good_variables(count: usize) -> Source {
    let variables = (0..count).map(|n| {
        json!({"key": format!("k{n}"), "name": "N", "type": "string", "isOptional": n % 100 > 0})
    });
    with_variables(variables.collect())
}

fn values_and_defaults(count: usize) -> Source {
    let values: Vec<String> = (0..count).map(|n| format!("v{n}")).collect();
    let options: Vec<Value> = values
        .iter()
        .map(|value| json!({ "value": value }))
        .collect();
    with_variables(vec![
        json!({"key": "a", "name": "N", "type": "multiselect", "multiselectOptions": options,
        "multiselectDefaultOptions": values}),
    ])
}

fn blocks(count: usize) -> Source {
    let block = json!({"formVariables": [{"key": "a", "name": "A", "type": "string"}]});
    let capabilities: Value = (0..count)
        .map(|n| (format!("c{n}"), block.clone()))
        .collect();
    source("acme", json!({ "capabilities": capabilities }).to_string())
}

#[test]
fn the_cost_grows_in_proportion() {
    assert_proportional("variables", good_variables);
    assert_proportional("values", values_and_defaults);
    assert_proportional("blocks", blocks);
    assert_proportional("warnings", |count| {
        let variables =
            (0..count).map(|n| json!({"key": format!("k{n}"), "type": "strng", "x": n}));
        with_variables(variables.collect())
    });
    assert_proportional("errors", |count| {
        with_variables((0..count).map(|n| json!({"kye": n, "type": 1})).collect())
    });
    assert_proportional("collisions", |count| {
        let variable = json!({"key": "a", "name": "N", "type": "string"});
        with_variables(vec![variable; count])
    });
    assert_proportional("unknown properties", |count| {
        let mut variable = json!({"key": "a", "name": "N", "type": "string"});
        for n in 0..count {
            variable[format!("x{n}")] = json!(n);
        }
        with_variables(vec![variable])
    });
    assert_proportional("capabilities", |count| {
        let names = (0..count).map(|n| (format!("c{n}"), json!(true)));
        let capabilities: Value = names.collect();
        source("acme", json!({ "capabilities": capabilities }).to_string())
    });
}
