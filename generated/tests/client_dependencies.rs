//! The packages that users compile: only one TLS library, and nothing of the command.

// Clippy knows `#[test]` functions as tests, but not their helpers.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::process::Command;

/// The packages that are compiled with these features, on all systems.
fn packages(features: &str) -> BTreeSet<String> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "--edges", "normal", "--prefix", "none"])
        .args(["--package", "launchdarkly-integrations", "--color", "never"])
        .args(["--target", "all", "--no-default-features"])
        .args(["--features", features])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{error}");
    let text = String::from_utf8(output.stdout).unwrap();
    let names = text.lines().filter_map(|line| line.split(' ').next());
    names.map(str::to_owned).collect()
}

#[test]
fn no_feature_adds_unwanted_packages() {
    for features in [
        "",
        "client",
        "schemars",
        "async",
        "blocking",
        "async,ring",
        "blocking,ring",
        "async,native-roots,ring",
        "blocking,native-roots,ring",
        "async,blocking,mock,native-roots,ring,schemars",
    ] {
        let packages = packages(features);
        assert!(packages.contains("serde_json"), "{features}: {packages:?}");
        for name in [
            "openssl",
            "openssl-sys",
            "native-tls",
            "aws-lc-sys",
            "git2",
            "clap",
            "generator",
            "xtask",
        ] {
            assert!(!packages.contains(name), "{features}: {name}");
        }
    }
}

#[test]
fn each_client_adds_only_its_own_http_library() {
    for (features, has, has_not) in [
        ("client", &["http"][..], &["reqwest", "ureq", "rustls"][..]),
        ("async", &["reqwest", "rustls"], &["ureq", "ring"]),
        (
            "blocking",
            &["ureq", "rustls"],
            &["reqwest", "tokio", "ring"],
        ),
        (
            "blocking,ring",
            &["ureq", "ring"],
            &["reqwest", "tokio", "webpki-roots"],
        ),
        // The features of crypto providers add no HTTP library.
        (
            "client,ring,aws-lc-rs",
            &["http"],
            &["reqwest", "ureq", "rustls", "ring", "aws-lc-rs"],
        ),
        (
            "blocking,aws-lc-rs",
            &["ureq", "aws-lc-rs"],
            &["reqwest", "tokio", "ring"],
        ),
        (
            "async,aws-lc-rs",
            &["reqwest", "aws-lc-rs"],
            &["ureq", "ring", "h2", "quinn"],
        ),
    ] {
        let packages = packages(features);
        for name in has {
            assert!(packages.contains(*name), "{features}: {name}");
        }
        for name in has_not {
            assert!(!packages.contains(*name), "{features}: {name}");
        }
    }
}
