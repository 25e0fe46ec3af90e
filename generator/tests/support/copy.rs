//! Copies of the workspace with the generated package alone, and other modules in it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

use super::workspace;

/// The members of the workspace, as its `Cargo.toml` has them.
const MEMBERS: &str = r#"members = ["generated", "generator", "xtask"]"#;

/// Where the workspace's lints begin.
const LINTS: &str = "[workspace.lints.rust]";

/// The sections of the package's `Cargo.toml` that are about its tests, benches and examples.
const OF_TESTS: [&str; 4] = ["[dev-dependencies]", "[[bench]]", "[[example]]", "[[test]]"];

/// A copy's files, by their paths.
pub(crate) struct Files {
    /// The copy's name, and its package's folder: were that the same in all copies, cargo would take
    /// the build of one for that of another.
    name: &'static str,
    files: BTreeMap<PathBuf, Vec<u8>>,
}

impl Files {
    /// The package with these modules instead of the committed ones.
    pub(crate) fn with_modules(name: &'static str, modules: &BTreeMap<String, String>) -> Self {
        let workspace = workspace();
        let mut package = BTreeMap::new();
        let original = workspace.join("generated");
        package.insert(
            "Cargo.toml".into(),
            fs::read(original.join("Cargo.toml")).unwrap(),
        );
        // The README names real integrations. The package's own test of it is enough.
        package.insert("README.md".into(), Vec::new());
        collect(&original, Path::new("src"), &mut package);
        let folder = Path::new(name);
        let package = package.into_iter();
        let mut files = Self {
            name,
            files: package
                .map(|(path, bytes)| (folder.join(path), bytes))
                .collect(),
        };
        // What the package's own tests need takes long to build, and none of them runs here.
        files.edit(&folder.join("Cargo.toml"), |manifest| {
            without_sections(manifest, OF_TESTS)
        });
        for name in ["Cargo.toml", "Cargo.lock"] {
            let bytes = fs::read(workspace.join(name)).unwrap();
            files.files.insert(name.into(), bytes);
        }
        files.edit(Path::new("Cargo.toml"), |manifest| {
            assert!(manifest.contains(MEMBERS), "Cargo.toml has other members");
            assert!(manifest.contains(LINTS), "Cargo.toml has other lints");
            manifest
                .replace(MEMBERS, &format!("members = [{name:?}]"))
                .replace(LINTS, &format!("{LINTS}\nwarnings = \"deny\""))
        });

        let folder = folder.join("src/integrations");
        files.files.retain(|path, _| !path.starts_with(&folder));
        for (name, text) in modules {
            assert!(
                Path::new(name).components().count() == 1,
                "{name} leaves the folder"
            );
            files.files.insert(folder.join(name), text.clone().into());
        }
        files
    }

    /// Adds a test beside the package's own.
    pub(crate) fn add_test(&mut self, name: &str, text: impl Into<Vec<u8>>) {
        let path = Path::new(self.name).join("tests").join(name);
        self.files.insert(path, text.into());
    }

    /// Writes the copy. It stays where it is, and what hasn't changed isn't touched, so that the next
    /// run compiles only what is new.
    pub(crate) fn write(&self) -> Copy {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(self.name);
        let mut found = BTreeMap::new();
        if root.exists() {
            collect(&root, Path::new(""), &mut found);
        }
        for path in found.keys().filter(|path| !self.files.contains_key(*path)) {
            fs::remove_file(root.join(path)).unwrap();
        }
        // Cargo cuts the lock file down to what the copy needs.
        found.remove(Path::new("Cargo.lock"));
        for (path, bytes) in &self.files {
            if found.get(path) != Some(bytes) {
                let path = root.join(path);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, bytes).unwrap();
            }
        }
        Copy { root }
    }

    fn edit(&mut self, path: &Path, change: impl Fn(&str) -> String) {
        let bytes = self.files.get_mut(path).unwrap();
        *bytes = change(str::from_utf8(bytes).unwrap()).into();
    }
}

/// A copy on disk.
pub(crate) struct Copy {
    root: PathBuf,
}

/// An error of the compiler's, where its message points.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct CompilerError {
    /// The name of the file.
    pub(crate) file: String,
    pub(crate) line: u64,
    /// Such as `E0277`.
    pub(crate) code: String,
    pub(crate) message: String,
    /// All that the compiler says: message, labels, notes and suggestions, without its layout.
    pub(crate) words: String,
}

impl Copy {
    /// Runs cargo on the copy, which must succeed without a warning.
    pub(crate) fn cargo(&self, arguments: &[&str]) {
        let output = self.run(arguments);
        assert!(
            output.status.success(),
            "cargo {}\n{}",
            arguments.join(" "),
            said(&output)
        );
    }

    /// Compiles a test, which the compiler must refuse, and gives its errors in order.
    pub(crate) fn refused(&self, test: &str) -> Vec<CompilerError> {
        // As if to run it, which takes the same build of the package as the tests that do run.
        let output = self.run(&["test", "--no-run", "--message-format=json", "--test", test]);
        assert!(!output.status.success(), "{test} compiles");
        let errors = CompilerError::all(&output);
        assert!(!errors.is_empty(), "{}", said(&output));
        errors
    }

    /// Checks a test, and gives the compiler's errors in order: none, if it compiles.
    pub(crate) fn errors(&self, test: &str) -> Vec<CompilerError> {
        let output = self.run(&["check", "--message-format=json", "--test", test]);
        let errors = CompilerError::all(&output);
        assert_eq!(
            output.status.success(),
            errors.is_empty(),
            "{}",
            said(&output)
        );
        errors
    }

    fn run(&self, arguments: &[&str]) -> Output {
        // A clone whose own build hasn't needed some crate yet can't do without the network.
        let output = self.try_run(arguments, true);
        if said(&output).contains("--offline") {
            self.try_run(arguments, false)
        } else {
            output
        }
    }

    fn try_run(&self, arguments: &[&str], offline: bool) -> Output {
        let room = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let target = match arguments {
            // Most dependencies have been built there, with the same settings.
            ["test", ..] => room.parent().unwrap().to_owned(),
            // All copies share what is only checked, and none replaces the workspace's documentation.
            _ => room.join("target"),
        };
        let mut command = Command::new(env!("CARGO"));
        command
            .args(arguments)
            .args(offline.then_some("--offline"))
            .args(["--package", "launchdarkly-integrations", "--color", "never"])
            // All that modules have impls for. No HTTP library is needed to see what they do.
            .args(["--no-default-features", "--features", "client,schemars"])
            .current_dir(&self.root)
            .env("RUSTDOCFLAGS", "-D warnings")
            .env("CARGO_TARGET_DIR", target)
            .env("CARGO_TERM_COLOR", "never")
            // Nothing here is built in parts.
            .env("CARGO_INCREMENTAL", "0");
        command.output().unwrap()
    }
}

impl CompilerError {
    /// The errors among cargo's messages, in order.
    fn all(output: &Output) -> Vec<Self> {
        let lines = String::from_utf8(output.stdout.clone()).unwrap();
        let messages = lines
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap());
        let mut errors: Vec<Self> = messages
            .filter(|message| message["message"]["level"] == "error")
            .filter_map(|message| Self::read(&message["message"]))
            .collect();
        errors.sort();
        errors
    }

    /// An error, unless it is the one that counts the others.
    fn read(message: &Value) -> Option<Self> {
        let spans = message["spans"].as_array().unwrap();
        let span = spans.iter().find(|span| span["is_primary"] == true)?;
        let file = Path::new(span["file_name"].as_str().unwrap());
        Some(Self {
            file: file.file_name().unwrap().to_str().unwrap().to_owned(),
            line: span["line_start"].as_u64().unwrap(),
            code: message["code"]["code"].as_str().unwrap_or("").to_owned(),
            message: message["message"].as_str().unwrap().to_owned(),
            words: words(message),
        })
    }
}

fn words(message: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut words = format!(
        "error[{}]: {}\n",
        text(&message["code"]["code"]),
        text(&message["message"])
    );
    for label in message["spans"]
        .as_array()
        .unwrap()
        .iter()
        .map(|span| text(&span["label"]))
    {
        if !label.is_empty() {
            words += &format!("  {label}\n");
        }
    }
    for child in message["children"].as_array().unwrap() {
        words += &format!("  {}: {}\n", text(&child["level"]), text(&child["message"]));
        for span in child["spans"].as_array().unwrap() {
            for detail in [text(&span["label"]), text(&span["suggested_replacement"])] {
                if !detail.is_empty() {
                    words += &format!("    {detail}\n");
                }
            }
        }
    }
    words
}

fn said(output: &Output) -> String {
    let mut text = String::from_utf8_lossy(&output.stderr).into_owned();
    text.push_str(&String::from_utf8_lossy(&output.stdout));
    text
}

/// Reads every file below `root/folder`, by its path below the root.
fn collect(root: &Path, folder: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) {
    for entry in fs::read_dir(root.join(folder)).unwrap() {
        let entry = entry.unwrap();
        let path = folder.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            collect(root, &path, files);
        } else {
            files.insert(path, fs::read(entry.path()).unwrap());
        }
    }
}

/// A manifest of cargo's without some of its sections.
fn without_sections(manifest: &str, headers: [&str; 4]) -> String {
    let mut inside = false;
    let lines = manifest.lines().filter(|line| {
        if line.starts_with('[') {
            inside = headers.contains(line);
        }
        !inside
    });
    lines.collect::<Vec<_>>().join("\n") + "\n"
}
