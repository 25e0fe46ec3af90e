//! Generates a long history from the committed manifests: edits as upstream makes them, broken manifests,
//! repairs, merges, and commits that change no manifest. It records the expected result of each commit.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use fastrand::Rng;
use serde_json::{Value, json};

use super::repository::{Repository, feed};

/// A repository with its history on `trunk`.
pub(crate) struct LongHistory {
    pub(crate) repository: Repository,
    /// The number of manifests in the first commit.
    pub(crate) manifests: usize,
    /// The expected result of each commit, oldest first.
    pub(crate) commits: Vec<Expected>,
}

/// The expected result of a commit.
#[derive(Clone, Debug)]
pub(crate) struct Expected {
    /// The change, the keys of the changed integrations, and a unique number.
    pub(crate) subject: String,
    /// Whether the commit changes a manifest.
    pub(crate) touches: bool,
    /// The keys of the manifests that are invalid after the commit.
    pub(crate) broken: BTreeSet<String>,
}

/// The state of the work tree while the history is generated, and the input of `git fast-import`.
struct Writer {
    random: Rng,
    stream: String,
    mark: usize,
    /// The last valid version of each manifest.
    manifests: BTreeMap<String, Value>,
    broken: BTreeSet<String>,
    commits: Vec<Expected>,
}

impl LongHistory {
    /// Generates this many commits. The same seed gives the same history.
    pub(crate) fn new(commits: usize, seed: u64) -> Self {
        let mut writer = Writer {
            random: Rng::with_seed(seed),
            stream: String::new(),
            mark: 0,
            manifests: committed_manifests(),
            broken: BTreeSet::new(),
            commits: Vec::new(),
        };
        let manifests = writer.manifests.len();
        writer.write_first_commit();
        while writer.commits.len() < commits {
            writer.write_next_commit();
        }
        let repository = Repository::empty("trunk");
        feed(
            repository.path(),
            &["fast-import", "--quiet"],
            &writer.stream,
        );
        Self {
            repository,
            manifests,
            commits: writer.commits,
        }
    }
}

fn committed_manifests() -> BTreeMap<String, Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../manifests");
    let names = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let manifests = names.filter(|path| {
        path.extension()
            .is_some_and(|extension| extension == "json")
            && !path.ends_with("upstream.json")
    });
    manifests
        .map(|path| {
            let key = path.file_stem().unwrap().to_str().unwrap().to_owned();
            (
                key,
                serde_json::from_slice(&fs::read(&path).unwrap()).unwrap(),
            )
        })
        .collect()
}

impl Writer {
    fn write_first_commit(&mut self) {
        let all: Vec<String> = self.manifests.keys().cloned().collect();
        let files: String = all.iter().map(|key| self.file(key)).collect();
        self.commit("first", &[], &files, true);
    }

    fn write_next_commit(&mut self) {
        match self.random.u8(0..20) {
            0 | 1 => self.change_other_files(),
            2 => self.break_one(),
            3 | 4 if !self.broken.is_empty() => self.repair_one(),
            5 => self.merge(),
            6 => self.add(),
            7 => self.remove(),
            _ => self.edit(),
        }
    }

    fn change_other_files(&mut self) {
        let text = format!("Read this {}\n", self.mark);
        let files = modify("README.md", &text) + &modify("integrations/acme/logo.svg", &text);
        self.commit("Edit README and logo", &[self.mark], &files, false);
    }

    fn edit(&mut self) {
        let mut keys = BTreeSet::new();
        for _ in 0..self.random.usize(1..3) {
            keys.insert(self.valid_key());
        }
        for key in &keys {
            let (random, manifest) = (&mut self.random, self.manifests.get_mut(key).unwrap());
            let before = manifest.clone();
            // An edit can leave the manifest unchanged; try again until it changes.
            while *manifest == before {
                edit(random, self.mark, manifest);
            }
        }
        let files: String = keys.iter().map(|key| self.file(key)).collect();
        let subject = format!(
            "Change {}",
            keys.into_iter().collect::<Vec<_>>().join(" and ")
        );
        self.commit(&subject, &[self.mark], &files, true);
    }

    fn add(&mut self) {
        let key = format!("added-{}", self.mark);
        let manifest = json!({"name": key, "version": "1.0.0", "formVariables":
            [{"key": "token", "name": "Token", "type": "string", "isSecret": true}]});
        self.manifests.insert(key.clone(), manifest);
        let files = self.file(&key);
        self.commit(&format!("Add {key}"), &[self.mark], &files, true);
    }

    fn remove(&mut self) {
        let key = self.valid_key();
        self.manifests.remove(&key);
        let files = format!("D integrations/{key}/manifest.json\n");
        self.commit(&format!("Remove {key}"), &[self.mark], &files, true);
    }

    fn break_one(&mut self) {
        let key = self.valid_key();
        let path = format!("integrations/{key}/manifest.json");
        let mut manifest = self.manifests[&key].clone();
        let variables =
            |kind: Value| json!([{"key": "a-b", "type": kind}, {"key": "aB", "type": "string"}]);
        let files = match self.random.u8(0..5) {
            0 => modify(&path, "{\"name\": \"cut o"),
            1 => {
                manifest["formVariables"] = json!([{"key": "untyped"}]);
                modify(&path, &manifest.to_string())
            }
            2 => {
                manifest["formVariables"] = variables(json!("string"));
                modify(&path, &manifest.to_string())
            }
            3 => {
                manifest["name"] = json!(7);
                modify(&path, &manifest.to_string())
            }
            _ => format!("M 120000 inline {path}\ndata 11\n/etc/passwd\n"),
        };
        self.broken.insert(key.clone());
        self.commit(&format!("Break {key}"), &[self.mark], &files, true);
    }

    fn repair_one(&mut self) {
        let key = self.broken.pop_first().unwrap();
        let files = self.file(&key);
        self.commit(&format!("Repair {key}"), &[self.mark], &files, true);
    }

    /// Adds an integration on a side branch and merges it. The merge differs from both parents.
    fn merge(&mut self) {
        let (trunk, key) = (self.mark, format!("merged-{}", self.mark));
        let manifest = json!({"name": key, "version": "1.0.0"});
        self.manifests.insert(key.clone(), manifest);
        let files = self.file(&key);
        self.commit(
            &format!("Add {key} on a side branch"),
            &[trunk],
            &files,
            true,
        );
        let side = self.mark;
        let edited = modify("README.md", "Meanwhile\n");
        self.commit("Edit README on trunk", &[trunk], &edited, false);
        // The merge has the manifests of the side branch, so it changes no manifest.
        let subject = format!("Merge {key}");
        self.commit(&subject, &[self.mark, side], &files, false);
    }

    /// Returns the key of a valid manifest. There is always at least one.
    fn valid_key(&mut self) -> String {
        let keys: Vec<&String> = self.manifests.keys().collect();
        loop {
            let key = keys[self.random.usize(0..keys.len())];
            if !self.broken.contains(key) {
                return key.clone();
            }
        }
    }

    fn file(&self, key: &str) -> String {
        let text = serde_json::to_string_pretty(&self.manifests[key]).unwrap() + "\n";
        modify(&format!("integrations/{key}/manifest.json"), &text)
    }

    fn commit(&mut self, subject: &str, parents: &[usize], files: &str, touches: bool) {
        self.mark += 1;
        let mark = self.mark;
        let subject = format!("{subject} #{mark}");
        let stream = &mut self.stream;
        write!(
            stream,
            "commit refs/heads/trunk\nmark :{mark}\ncommitter C <c@example.com> {} +0000\ndata {}\n{subject}\n",
            1_600_000_000 + mark * 3_600,
            subject.len()
        )
        .unwrap();
        let words = ["from", "merge"];
        for (word, parent) in words.iter().zip(parents) {
            writeln!(stream, "{word} :{parent}").unwrap();
        }
        stream.push_str(files);
        stream.push('\n');
        self.commits.push(Expected {
            subject,
            touches,
            broken: self.broken.clone(),
        });
    }
}

fn modify(path: &str, text: &str) -> String {
    format!("M 100644 inline {path}\ndata {}\n{text}\n", text.len())
}

/// Makes a change that upstream could make. The manifest stays valid.
fn edit(random: &mut Rng, serial: usize, manifest: &mut Value) {
    if !manifest["formVariables"].is_array() {
        manifest["formVariables"] = json!([]);
    }
    let fields = manifest["formVariables"].as_array_mut().unwrap();
    let place = random.usize(0..=fields.len());
    match (random.u8(0..8), fields.get_mut(place)) {
        (0, _) => manifest["version"] = json!(format!("2.0.{serial}")),
        (1, Some(field)) => field["name"] = json!(format!("Label {serial}")),
        (2, Some(field)) => field["isOptional"] = json!(random.bool()),
        (3, Some(field)) => field["isHidden"] = json!(true),
        (4, Some(field)) if field["type"] == "enum" => {
            let values = field["allowedValues"].as_array_mut().unwrap();
            values.push(json!(format!("value-{serial}")));
        }
        (5, Some(_)) => drop(fields.remove(place)),
        (6, _) => fields.push(json!({"key": format!("required-{serial}"), "name": "R", "type": "uri"})),
        _ => fields.insert(
            place,
            json!({"key": format!("optional-{serial}"), "name": "O", "type": "string", "isOptional": true}),
        ),
    }
}
