//! Checks for a manifest of any bytes. The tests and the fuzz target use them.

use generator::{Analysis, EmitOptions, Overrides, Source, analyze, snapshot};

/// Analyzes a manifest and, if it has no errors, generates code. Checks the diagnostics, the files and the
/// snapshot.
pub(crate) fn generate(bytes: &[u8]) -> Analysis {
    let source = Source {
        key: "acme".into(),
        origin: "acme.json".into(),
        bytes: bytes.into(),
    };
    let analysis = analyze(std::slice::from_ref(&source), &Overrides::default(), true);
    for diagnostic in &analysis.diagnostics {
        assert_eq!(diagnostic.origin, source.origin, "{diagnostic}");
        assert!(!diagnostic.message.is_empty(), "{diagnostic}");
        let line = diagnostic.to_string();
        assert!(!line.contains('\n'), "{line:?}");
        assert_harmless("a diagnostic", &line);
        assert!(line.len() < 5_000, "{line}");
    }
    if analysis.has_errors() {
        return analysis;
    }
    let integrations: Vec<_> = analysis
        .analyzed
        .iter()
        .map(|entry| &entry.integration)
        .collect();
    assert_eq!(integrations.len(), 1, "no error, but also no integration");
    let options = EmitOptions {
        pin: None,
        // Half of the inputs are generated with descriptions.
        descriptions: bytes.len().is_multiple_of(2),
    };
    let files = generator::emit(&integrations, options).unwrap_or_else(|error| panic!("{error}"));
    for (name, text) in files.modules.iter().chain(&files.pages) {
        assert!(!name.contains(['/', '\\']), "{name}");
        assert_harmless(name, text);
        if name.ends_with(".rs")
            && let Err(error) = syn::parse_file(text)
        {
            panic!("{name}: {error}\n{text}");
        }
    }
    assert_snapshot(&analysis);
    analysis
}

/// Checks that the text has no control characters and none that change the direction of text.
fn assert_harmless(name: &str, text: &str) {
    for c in text.chars() {
        let control = c.is_control() && c != '\n';
        let reversing = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        assert!(!control && !reversing, "{name} has {c:?}");
    }
}

/// Checks that the snapshot of the snapshot is the same, and that the snapshot differs from the manifest only in
/// descriptions.
fn assert_snapshot(analysis: &Analysis) {
    let entry = &analysis.analyzed[0];
    let text = snapshot::to_json(&entry.manifest);
    let source = Source {
        key: "acme".into(),
        origin: "acme.json".into(),
        bytes: text.clone().into(),
    };
    let again = analyze(&[source], &Overrides::default(), true);
    assert!(!again.has_errors(), "{:?}\n{text}", again.diagnostics);
    let again = &again.analyzed[0];
    assert_eq!(snapshot::to_json(&again.manifest), text);
    let mut expected = entry.integration.clone();
    let fields = expected.config.fields.iter_mut();
    let inner = expected.capability_configs.iter_mut();
    let inner = inner.flat_map(|block| &mut block.config.fields);
    for field in fields.chain(inner) {
        field.description = None;
    }
    assert_eq!(again.integration, expected, "{text}");
}
