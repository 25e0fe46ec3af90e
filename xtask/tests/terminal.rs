//! How the command behaves on a terminal: help, colours, suggestions and lists.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failed unwrap in a helper fails the test"
)]

#[path = "support/command.rs"]
#[allow(dead_code, reason = "other test binaries use the rest")]
mod command;
#[path = "support/repository.rs"]
#[allow(dead_code, reason = "other test binaries use the rest")]
mod repository;

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use command::Run;
use repository::{Repository, copy, fixtures};
use serde_json::Value;
use tempfile::TempDir;

const XTASK: &str = env!("CARGO_BIN_EXE_xtask");
const ESCAPE: char = '\u{1b}';

/// A temporary workspace folder.
struct Workspace(TempDir);

impl Workspace {
    fn with_manifests() -> Self {
        let workspace = Self::empty();
        copy(&fixtures(), &workspace.path("manifests"));
        workspace
    }

    fn empty() -> Self {
        Self(TempDir::new().unwrap())
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.0.path()).stdin(Stdio::null());
        command::remove_color_variables(&mut command);
        command
    }

    fn xtask(&self, arguments: &[&str]) -> Command {
        command::xtask(self.0.path(), arguments)
    }

    fn run(&self, arguments: &[&str]) -> Run {
        outcome(&mut self.xtask(arguments))
    }

    /// Runs `xtask ARGUMENTS` in a shell on a terminal. Returns what the terminal receives.
    #[cfg(target_os = "linux")]
    fn on_terminal(&self, arguments: &str, environment: &[(&str, &str)]) -> String {
        let line = format!("{XTASK} --root . {arguments}");
        let mut script = self.command("script");
        script.args(["-qec", &line, "/dev/null"]);
        script
            .env("TERM", "xterm")
            .envs(environment.iter().copied());
        outcome(&mut script).stdout
    }
}

fn outcome(command: &mut Command) -> Run {
    Run::of(command.output().unwrap())
}

/// Returns whether a command is installed. If not, prints that the test was skipped.
fn is_installed(command: &str) -> bool {
    let found = Command::new(command).arg("--version").output().is_ok();
    if !found {
        eprintln!("skipped: {command} is not installed");
    }
    found
}

#[test]
fn long_help_is_longer_than_short_help_and_has_examples() {
    let workspace = Workspace::with_manifests();
    let overview = workspace.run(&["--help"]);
    assert!(overview.stdout.contains("Examples:"), "{}", overview.stdout);
    let commands = ["regen", "diff", "list", "lint"];
    for command in commands {
        assert!(overview.stdout.contains(&format!("\n  {command} ")));
        let short = workspace.run(&[command, "-h"]).stdout;
        let long = workspace.run(&[command, "--help"]).stdout;
        assert!(long.len() > short.len(), "{command}");
        assert!(
            !short.contains("Example") && long.contains("Example"),
            "{long}"
        );
        assert!(long.contains("cargo xtask "), "{long}");
        for line in long.lines() {
            assert!(line.chars().count() <= 100, "{line}");
        }
    }
}

#[test]
fn typing_errors_get_a_suggestion() {
    let workspace = Workspace::with_manifests();
    workspace.write("checkout/acme.json", "{}");
    for (arguments, suggestion) in [
        (&["regne"][..], "'regen'"),
        (&["regen", "--chekc"], "'--check'"),
        (&["list", "--format", "jsno"], "'json'"),
        (&["list", "datadgo"], "did you mean `datadog`?"),
        (&["list", "splunk", "Splnuk"], "did you mean `splunk`?"),
        (&["lint", "--from", "chekout"], "did you mean `checkout`?"),
        (
            &["regen", "--from", "./chekout/"],
            "did you mean `./checkout`?",
        ),
    ] {
        let run = workspace.run(arguments);
        assert_eq!(run.status, Some(2), "{arguments:?}: {}", run.stderr);
        assert_eq!(run.stdout, "", "{arguments:?}");
        assert!(
            run.stderr.contains(suggestion),
            "{arguments:?}: {}",
            run.stderr
        );
    }
    for arguments in [&["list", "xyzzy"][..], &["lint", "--from", "xyzzy"]] {
        let run = workspace.run(arguments);
        assert_eq!(run.status, Some(2));
        assert!(run.stderr.contains("check the spelling"), "{}", run.stderr);
    }

    let upstream = upstream();
    let path = upstream.path_string();
    let run = workspace.run(&["regen", "--update", "--repo", &path, "--rev", "trnuk"]);
    assert_eq!(run.status, Some(2));
    assert!(
        run.stderr.contains("did you mean `trunk`?"),
        "{}",
        run.stderr
    );
}

fn upstream() -> Repository {
    let repository = Repository::empty("trunk");
    repository.write("integrations/acme/manifest.json", "{\"name\": \"Acme\"}");
    repository.commit("first");
    repository
}

#[test]
fn list_shows_only_the_named_integrations() {
    let workspace = Workspace::with_manifests();
    let two = workspace.run(&["list", "splunk", "datadog"]);
    let lines: Vec<&str> = two.stdout.lines().collect();
    assert!(
        lines[1].starts_with("datadog ") && lines[2].starts_with("splunk "),
        "{lines:?}"
    );
    assert_eq!(lines[3..], ["2 integrations"]);
    assert!(two.stdout.lines().all(|line| line == line.trim_end()));

    let one = workspace.run(&["list", "datadog"]).stdout;
    let words: Vec<&str> = one.split_whitespace().collect();
    for phrase in [
        "endpoints audit-log-subscription, integration-configuration \
         integration configurations: the manifest doesn't say",
        "hostURL field host_url: Option<HostUrl> type enum need optional \
         default https://api.datadoghq.com values https://api.datadoghq.com",
        "apiKey field api_key: SecretString type string need required, secret",
    ] {
        assert!(words.join(" ").contains(phrase), "{phrase}: {one}");
    }
    let akamai = workspace.run(&["list", "akamai-edgeworkers"]).stdout;
    assert!(akamai.contains("\nno fields\n"), "{akamai}");
    assert!(
        akamai.contains("\nfeatureStore.formVariables\n"),
        "{akamai}"
    );

    let json = workspace
        .run(&["list", "datadog", "--format", "json"])
        .stdout;
    let json: Value = serde_json::from_str(&json).unwrap();
    let listed = json["integrations"].as_array().unwrap();
    assert_eq!(
        (listed.len(), &listed[0]["key"]),
        (1, &Value::from("datadog"))
    );
}

#[test]
fn piped_output_has_colours_only_if_forced() {
    let workspace = Workspace::with_manifests();
    let colors = |arguments: &[&str], environment: &[(&str, &str)]| {
        let run = outcome(workspace.xtask(arguments).envs(environment.iter().copied()));
        (run.stdout + &run.stderr).contains(ESCAPE)
    };
    for arguments in [
        &["list", "datadog"][..],
        &["list", "nope"],
        &["lint"],
        &["nope"],
        &["--help"],
    ] {
        assert!(!colors(arguments, &[("TERM", "xterm")]), "{arguments:?}");
        assert!(
            colors(arguments, &[("CLICOLOR_FORCE", "1")]),
            "{arguments:?}"
        );
    }
}

#[cfg(target_os = "linux")]
#[test]
fn terminal_output_has_colours_unless_disabled() {
    if !is_installed("script") {
        return;
    }
    let workspace = Workspace::with_manifests();
    for (environment, expected) in [
        (&[][..], true),
        (&[("NO_COLOR", "1")], false),
        (&[("NO_COLOR", "")], true),
        (&[("CLICOLOR", "0")], false),
        (&[("CLICOLOR", "1")], true),
        (&[("CLICOLOR_FORCE", "1"), ("TERM", "dumb")], true),
        (&[("TERM", "dumb")], false),
    ] {
        for arguments in ["list datadog", "list nope", "nope", "lint", "--help"] {
            let shown = workspace.on_terminal(arguments, environment);
            assert!(!shown.is_empty());
            assert_eq!(
                shown.contains(ESCAPE),
                expected,
                "{arguments} {environment:?}"
            );
        }
    }

    // A redirected stream has no colours. The other stream keeps its colours.
    let stdout = workspace.on_terminal("list datadog nope 2> stderr; true", &[]);
    let stderr = fs::read_to_string(workspace.path("stderr")).unwrap();
    assert!(!stdout.contains(ESCAPE), "{stdout}");
    assert!(
        !stderr.contains(ESCAPE) && stderr.contains("error"),
        "{stderr}"
    );
    let stdout = workspace.on_terminal("list datadog 2> stderr", &[]);
    assert!(
        stdout.contains(ESCAPE) && stdout.contains("apiKey"),
        "{stdout}"
    );
    let stderr = workspace.on_terminal("list nope > stdout; true", &[]);
    let stdout = fs::read_to_string(workspace.path("stdout")).unwrap();
    assert_eq!(stdout, "");
    assert!(
        stderr.contains(ESCAPE) && stderr.contains("error"),
        "{stderr}"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn list_fits_the_terminal_without_wrapping_keys() {
    if !is_installed("script") {
        return;
    }
    let workspace = Workspace::with_manifests();
    let keys: Vec<String> = fs::read_dir(workspace.path("manifests"))
        .unwrap()
        .filter_map(|entry| {
            let name = entry.unwrap().file_name().into_string().unwrap();
            name.strip_suffix(".json").map(str::to_owned)
        })
        .filter(|key| key != "upstream")
        .collect();
    for columns in [80, 120] {
        let line = format!("stty rows 24 cols {columns}; {XTASK} --root . list");
        let output = outcome(
            workspace
                .command("script")
                .args(["-qec", &line, "/dev/null"]),
        );
        let lines: Vec<&str> = output.stdout.lines().collect();
        let widest = lines.iter().map(|line| line.chars().count()).max();
        assert!(widest <= Some(columns), "{columns}: {widest:?}");
        for key in &keys {
            let row = |line: &&str| line.split_whitespace().next() == Some(key);
            assert!(lines.iter().any(row), "{columns}: {key}: {}", output.stdout);
        }
    }
}

#[test]
fn ci_runs_the_script_and_returns_its_exit_status() {
    let workspace = Workspace::with_manifests();
    let script = "step() { echo \"== $*\"; }\nstep \"first\"\npwd\nenv | grep ^CARGO_PKG_ || true\n\
                  step \"second\"\necho message >&2\nexit $(cat status)\n";
    workspace.write(".ci/run", script);
    let elsewhere = TempDir::new().unwrap();
    let without_bash = outcome(workspace.xtask(&["ci"]).env("PATH", elsewhere.path()));
    assert_eq!(without_bash.status, Some(2));
    assert!(
        without_bash.stderr.starts_with("error: can't start bash"),
        "{}",
        without_bash.stderr
    );
    if !is_installed("bash") {
        return;
    }
    for (status, stderr) in [
        (0, "message\n"),
        (7, "message\nerror: .ci/run failed with status 7"),
    ] {
        workspace.write("status", &status.to_string());
        let run = outcome(workspace.xtask(&["ci"]).current_dir(elsewhere.path()));
        assert_eq!(run.status, Some(status));
        let root = fs::canonicalize(workspace.0.path()).unwrap();
        let expected = format!("== first\n{}\n== second\n", root.display());
        assert_eq!(run.stdout, expected);
        assert!(run.stderr.starts_with(stderr), "{}", run.stderr);
    }
}
