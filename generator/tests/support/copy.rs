//! Copies of the workspace that have only the generated package, with other modules.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

use super::workspace;

/// The members in the workspace's `Cargo.toml`.
const MEMBERS: &str = r#"members = ["generated", "generator", "xtask"]"#;

/// The header of the workspace's lints.
const LINTS: &str = "[workspace.lints.rust]";

/// The sections of the package's `Cargo.toml` for tests, benchmarks and examples.
const TEST_SECTIONS: [&str; 4] = ["[dev-dependencies]", "[[bench]]", "[[example]]", "[[test]]"];

/// A copy's files, by their paths.
pub(crate) struct Files {
    /// The copy's name, and the folder of its package. If two copies had the same folder, cargo would confuse
    /// their builds.
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
        // The README uses real integrations, which a copy may not have.
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
        // The copy doesn't run the package's own tests, so it doesn't build their dependencies.
        files.edit(&folder.join("Cargo.toml"), |manifest| {
            without_sections(manifest, TEST_SECTIONS)
        });
        for name in ["Cargo.toml", "Cargo.lock"] {
            let bytes = fs::read(workspace.join(name)).unwrap();
            files.files.insert(name.into(), bytes);
        }
        files.edit(Path::new("Cargo.toml"), |manifest| {
            assert!(
                manifest.contains(MEMBERS),
                "Cargo.toml does not contain {MEMBERS}"
            );
            assert!(
                manifest.contains(LINTS),
                "Cargo.toml does not contain {LINTS}"
            );
            manifest
                .replace(MEMBERS, &format!("members = [{name:?}]"))
                .replace(LINTS, &format!("{LINTS}\nwarnings = \"deny\""))
        });

        let folder = folder.join("src/integrations");
        files.files.retain(|path, _| !path.starts_with(&folder));
        for (name, text) in modules {
            assert!(
                Path::new(name).components().count() == 1,
                "{name} is not a plain file name"
            );
            files.files.insert(folder.join(name), text.clone().into());
        }
        files
    }

    /// Adds a file to the package's folder `tests`.
    pub(crate) fn add_test(&mut self, name: &str, text: impl Into<Vec<u8>>) {
        let path = Path::new(self.name).join("tests").join(name);
        self.files.insert(path, text.into());
    }

    /// Writes the copy. It is not deleted later, and unchanged files are not written again, so the next run
    /// compiles only the changes.
    pub(crate) fn write(&self) -> Copy {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(self.name);
        let mut found = BTreeMap::new();
        if root.exists() {
            collect(&root, Path::new(""), &mut found);
        }
        for path in found.keys().filter(|path| !self.files.contains_key(*path)) {
            fs::remove_file(root.join(path)).unwrap();
        }
        // Cargo removes the packages that the copy doesn't need from the lock file.
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

/// An error of the compiler.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct CompilerError {
    pub(crate) file: String,
    pub(crate) line: u64,
    /// For example, `E0277`.
    pub(crate) code: String,
    pub(crate) message: String,
    /// The message, labels, notes and suggestions, without the layout.
    pub(crate) words: String,
}

impl Copy {
    /// Runs cargo in the copy. It must succeed without warnings.
    pub(crate) fn cargo(&self, arguments: &[&str]) {
        let output = self.run(arguments);
        assert!(
            output.status.success(),
            "cargo {}\n{}",
            arguments.join(" "),
            printed(&output)
        );
    }

    /// Compiles a test that must not compile, and returns the errors in order.
    pub(crate) fn refused(&self, test: &str) -> Vec<CompilerError> {
        // `cargo test` uses the same build of the package as the tests that run.
        let output = self.run(&["test", "--no-run", "--message-format=json", "--test", test]);
        assert!(!output.status.success(), "{test} compiles");
        let errors = CompilerError::all(&output);
        assert!(!errors.is_empty(), "{}", printed(&output));
        errors
    }

    /// Runs `cargo check` on a test and returns the errors in order. The list is empty if the test compiles.
    pub(crate) fn errors(&self, test: &str) -> Vec<CompilerError> {
        let output = self.run(&["check", "--message-format=json", "--test", test]);
        let errors = CompilerError::all(&output);
        assert_eq!(
            output.status.success(),
            errors.is_empty(),
            "{}",
            printed(&output)
        );
        errors
    }

    fn run(&self, arguments: &[&str]) -> Output {
        // A new clone may not have downloaded every crate.
        let output = self.try_run(arguments, true);
        if printed(&output).contains("--offline") {
            self.try_run(arguments, false)
        } else {
            output
        }
    }

    fn try_run(&self, arguments: &[&str], offline: bool) -> Output {
        let temporary = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let target = match arguments {
            // The workspace's own target folder, which already has most of the dependencies.
            ["test", ..] => temporary.parent().unwrap().to_owned(),
            // All copies share another folder, so that they don't replace the workspace's documentation.
            _ => temporary.join("target"),
        };
        let mut command = Command::new(env!("CARGO"));
        command
            .args(arguments)
            .args(offline.then_some("--offline"))
            .args(["--package", "launchdarkly-integrations", "--color", "never"])
            // The features that add impls to the modules. They need no HTTP library.
            .args(["--no-default-features", "--features", "client,schemars"])
            .current_dir(&self.root)
            .env("RUSTDOCFLAGS", "-D warnings")
            .env("CARGO_TARGET_DIR", target)
            .env("CARGO_TERM_COLOR", "never")
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

    /// An error, or `None` for the summary that counts the errors.
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

fn printed(output: &Output) -> String {
    let mut text = String::from_utf8_lossy(&output.stderr).into_owned();
    text.push_str(&String::from_utf8_lossy(&output.stdout));
    text
}

/// Reads every file in `root/folder`. The paths are relative to `root`.
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

/// A `Cargo.toml` without some of its sections.
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
