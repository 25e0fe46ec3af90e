//! The files on disk after a failed write: killed runs, full disks, read-only folders and concurrent runs.
//!
//! `KILLS=1000` sets the number of kills. `SEED=…` repeats the random delays of an earlier run.
#![cfg(unix)]
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

use std::collections::BTreeMap;
use std::env;
use std::fs::{self, File, Permissions};
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use command::Run;
use repository::{Repository, copy, fixtures};
use tempfile::TempDir;

/// The content of every file below a folder, by its path relative to that folder.
type Tree = BTreeMap<PathBuf, Vec<u8>>;

const MODULES: &str = "generated/src/integrations";
const JOURNAL: &str = "manifests/.unfinished";
const TEMPORARY: &str = ".regen-";

/// The time between two checks of a run: shorter than its writing, and long enough not to block a processor.
const PAUSE: Duration = Duration::from_micros(50);

/// Prints to stderr directly, because the test harness hides the `eprintln!` output of tests that pass.
fn print_note(note: &str) {
    let _ = writeln!(std::io::stderr(), "{note}");
}

fn committed(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

fn read_tree(root: &Path, folder: &str, tree: &mut Tree) {
    let Ok(entries) = fs::read_dir(root.join(folder)) else {
        return;
    };
    for entry in entries {
        let entry = entry.unwrap();
        let path = format!("{folder}/{}", entry.file_name().to_str().unwrap());
        if entry.file_type().unwrap().is_dir() {
            read_tree(root, &path, tree);
        } else {
            tree.insert(path.into(), fs::read(entry.path()).unwrap());
        }
    }
}

fn is_temporary(path: &Path) -> bool {
    let name = path.file_name().unwrap().to_str().unwrap();
    name.starts_with(TEMPORARY)
}

/// A workspace folder.
#[derive(Clone, Copy)]
struct Workspace<'r> {
    root: &'r Path,
}

impl<'r> Workspace<'r> {
    /// Creates a workspace with the committed manifests and no generated files.
    fn with_manifests(root: &'r Path) -> Self {
        copy(&committed("manifests"), &root.join("manifests"));
        Self { root }
    }

    /// Creates a workspace with the committed manifests and the generated files. Also returns its tree.
    fn generated(root: &'r Path) -> (Self, Tree) {
        let workspace = Self::with_manifests(root);
        workspace.run(&["regen"]).exited(0);
        (workspace, workspace.tree())
    }

    /// Creates a workspace that contains only the fixture's overrides.
    fn empty(root: &'r Path) -> Self {
        let overrides = "overrides.toml";
        fs::create_dir_all(root.join("manifests")).unwrap();
        let manifests = root.join("manifests");
        fs::copy(fixtures().join(overrides), manifests.join(overrides)).unwrap();
        Self { root }
    }

    fn path(self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    /// Reads every file in the folders that the command writes.
    fn tree(self) -> Tree {
        let mut tree = Tree::new();
        read_tree(self.root, "manifests", &mut tree);
        read_tree(self.root, "generated", &mut tree);
        tree
    }

    /// The modification time of each file. It shows whether a file was rewritten with the same content.
    fn modification_times(self) -> BTreeMap<PathBuf, SystemTime> {
        let modified = |path: &PathBuf| fs::metadata(self.root.join(path)).unwrap().modified();
        let paths = self.tree().into_keys();
        paths
            .map(|path| (path.clone(), modified(&path).unwrap()))
            .collect()
    }

    fn command(self, arguments: &[&str]) -> Command {
        command::xtask(self.root, arguments)
    }

    fn run(self, arguments: &[&str]) -> Run {
        Run::of(self.command(arguments).output().unwrap())
    }

    /// Replaces the workspace's files by those of a tree, as a git checkout does. Temporary files and the
    /// journal of a killed run stay.
    fn replace(self, tree: &Tree) {
        for path in self.tree().keys() {
            let is_leftover = is_temporary(path) || path == Path::new(JOURNAL);
            if !is_leftover && !tree.contains_key(path) {
                fs::remove_file(self.root.join(path)).unwrap();
            }
        }
        for (path, bytes) in tree {
            fs::write(self.root.join(path), bytes).unwrap();
        }
    }

    /// The file name of one of the modules.
    fn module(self) -> String {
        let entries = fs::read_dir(self.path(MODULES)).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let modules = names.filter(|name| name.ends_with(".rs") && name != "mod.rs");
        modules.max().unwrap()
    }

    /// Changes or deletes most generated files, and adds extra ones.
    fn damage(self) {
        let entries = fs::read_dir(self.path(MODULES)).unwrap();
        for entry in entries {
            let path = entry.unwrap().path();
            let mut text = fs::read_to_string(&path).unwrap();
            text.push_str("// an older version\n");
            fs::write(path, text).unwrap();
        }
        let header = fs::read_to_string(self.path(MODULES).join("mod.rs")).unwrap();
        for number in 0..9 {
            fs::write(self.path(MODULES).join(format!("old_{number}.rs")), &header).unwrap();
        }
        fs::remove_file(self.path(MODULES).join(self.module())).unwrap();
        fs::remove_file(self.path("generated/CATALOG.md")).unwrap();
    }
}

/// An upstream repository with two commits. They differ in every manifest and in the set of manifests.
struct Upstream {
    repository: Repository,
    older: String,
    newer: String,
}

impl Upstream {
    fn new() -> Self {
        let repository = Repository::empty("main");
        write_checkout(&repository.path(), "Older");
        let older = repository.commit("older");
        fs::remove_dir_all(repository.path().join("integrations")).unwrap();
        write_checkout(&repository.path(), "Newer");
        let newer = repository.commit("newer");
        Self {
            repository,
            older,
            newer,
        }
    }

    /// Updates a workspace to the older commit. Returns the arguments that update it to the newer commit, and
    /// the tree after that update. Both commits are in the cache, so only the command's writes can fail.
    fn prepare_update(&self, workspace: Workspace<'_>) -> ([String; 6], Tree) {
        let path = self.repository.path_string();
        let update = |commit: &str| {
            ["regen", "--update", "--repo", &path, "--rev", commit].map(str::to_owned)
        };
        let [newer, older] = [&self.newer, &self.older].map(|commit| update(commit));
        let run = |arguments: &[String; 6]| {
            let arguments = arguments.each_ref().map(String::as_str);
            workspace.run(&arguments).exited(0);
            workspace.tree()
        };
        let new = run(&newer);
        run(&older);
        (newer, new)
    }
}

/// Writes a checkout with about as many manifests as upstream. Every name contains the edition, and some
/// manifests exist only in this edition.
fn write_checkout(root: &Path, edition: &str) {
    for entry in fs::read_dir(fixtures()).unwrap() {
        let path = entry.unwrap().path();
        let key = path.file_stem().unwrap().to_str().unwrap();
        if key == "upstream" || path.extension().unwrap() != "json" {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let text = text.replacen("\"name\": \"", &format!("\"name\": \"{edition} "), 1);
        // Most of the copies have no fields, as in upstream.
        let count = if text.contains("Variables") { 0 } else { 20 };
        let copies = (0..count).map(|number| format!("{key}-{number}"));
        let extra = format!("{key}-{}", edition.to_lowercase());
        for key in copies.chain([key.to_owned(), extra]) {
            let folder = root.join("integrations").join(key);
            fs::create_dir_all(&folder).unwrap();
            fs::write(folder.join("manifest.json"), &text).unwrap();
        }
    }
}

/// A workspace with two complete trees. Each run changes it from one tree to the other and is killed.
struct Trial<'r> {
    workspace: Workspace<'r>,
    trees: [Tree; 2],
    /// The folder in which the first temporary file appears.
    watched: &'static str,
    kills: Kills,
}

/// The results of the killed runs.
#[derive(Debug, Default)]
struct Kills {
    all: usize,
    /// Kills between the first write and the last.
    while_writing: usize,
    /// Kills after the journal was written, when the new snapshot was already committed.
    with_journal: usize,
    intact: usize,
    recovered: usize,
}

impl Kills {
    fn plus(self, other: Self) -> Self {
        Self {
            all: self.all + other.all,
            while_writing: self.while_writing + other.while_writing,
            with_journal: self.with_journal + other.with_journal,
            intact: self.intact + other.intact,
            recovered: self.recovered + other.recovered,
        }
    }
}

/// How long a run takes.
#[derive(Clone, Copy, Debug)]
struct Times {
    total: Duration,
    /// The time from the first write to the end.
    writing: Duration,
}

impl Times {
    /// The shortest times. Longer ones include waiting for other processes.
    fn shortest(measured: [Self; 4]) -> Self {
        let shortest = |time: fn(&Self) -> Duration| measured.iter().map(time).min().unwrap();
        Self {
            total: shortest(|times| times.total),
            writing: shortest(|times| times.writing),
        }
    }
}

impl<'r> Trial<'r> {
    fn new(workspace: Workspace<'r>, trees: [Tree; 2], watched: &'static str) -> Self {
        Self {
            workspace,
            trees,
            watched,
            kills: Kills::default(),
        }
    }

    fn has_started_writing(&self) -> bool {
        let entries = fs::read_dir(self.workspace.path(self.watched)).unwrap();
        // A file may be deleted before its entry is read.
        let mut names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        names.any(|name| name.starts_with(TEMPORARY))
    }

    /// Measures a run that is not killed.
    fn measure(&self, arguments: &[&str]) -> Times {
        let start = Instant::now();
        let mut child = self.workspace.command(arguments).spawn().unwrap();
        let mut started = start;
        while child.try_wait().unwrap().is_none() {
            if started == start && self.has_started_writing() {
                started = Instant::now();
            }
            thread::sleep(PAUSE);
        }
        let times = Times {
            total: start.elapsed(),
            writing: started.elapsed(),
        };
        Run::of(child.wait_with_output().unwrap()).exited(0);
        assert!(started > start, "the first write was not detected");
        times
    }

    /// Kills a run at a random moment of the whole run, of its writing (more often), or of the renames, the
    /// shortest part. Returns `false` if the run ended before the kill.
    fn kill(&mut self, arguments: &[&str], times: Times, random: &mut fastrand::Rng) -> bool {
        let mut child = self.workspace.command(arguments).spawn().unwrap();
        let journal = self.workspace.path(JOURNAL);
        let (started, most): (&dyn Fn() -> bool, _) = match random.u8(..4) {
            0 => (&|| true, times.total),
            1 if self.watched == "manifests" => (&|| journal.exists(), times.writing / 8),
            _ => (&|| self.has_started_writing(), times.writing),
        };
        while child.try_wait().unwrap().is_none() && !started() {
            thread::sleep(PAUSE);
        }
        thread::sleep(most.mul_f64(random.f64()));
        child.kill().unwrap();
        let run = Run::of(child.wait_with_output().unwrap());
        assert!(matches!(run.status, None | Some(0)), "{run:#?}");
        self.kills.all += 1;
        run.status.is_none()
    }

    /// Checks the files after a killed run, and that the next `regen` completes it.
    fn check_recovery(&mut self, was_killed: bool) {
        let found = self.workspace.tree();
        let is_complete = self.trees.contains(&found);
        let has_journal = found.contains_key(Path::new(JOURNAL));
        self.assert_no_partial_files(&found);

        let check = self.workspace.run(&["regen", "--check"]);
        let check = check.exited(i32::from(!is_complete));
        assert_eq!(check.stderr.contains("interrupted"), has_journal);
        if has_journal {
            let list = self.workspace.run(&["list"]);
            list.failed(1, &["interrupted", "`cargo xtask regen`"]);
        }
        assert!(
            self.workspace.tree() == found,
            "a command that only reads wrote a file"
        );

        if !is_complete {
            let run = self.workspace.run(&["regen"]).exited(0);
            assert_eq!(
                run.stderr.contains("completed the interrupted update"),
                has_journal
            );
            let recovered = self.workspace.tree();
            assert!(self.trees.contains(&recovered), "{:#?}", recovered.keys());
            if has_journal {
                assert!(
                    recovered == self.trees[1],
                    "regen restored the old snapshot"
                );
            }
        }
        self.kills.while_writing += usize::from(was_killed && !is_complete);
        self.kills.with_journal += usize::from(has_journal);
        self.kills.intact += usize::from(is_complete);
        self.kills.recovered += usize::from(!is_complete);
    }

    fn assert_no_partial_files(&self, found: &Tree) {
        let [old, new] = &self.trees;
        for (path, text) in found {
            let is_leftover = is_temporary(path) || path == Path::new(JOURNAL);
            let is_complete_file = [old, new].iter().any(|tree| tree.get(path) == Some(text));
            assert!(
                is_leftover || is_complete_file,
                "incomplete file: {}",
                path.display()
            );
        }
        for path in old.keys().filter(|path| new.contains_key(*path)) {
            assert!(found.contains_key(path), "deleted: {}", path.display());
        }
    }
}

/// Kills `regen` while it repairs damaged files.
fn kill_regens(count: usize, random: &mut fastrand::Rng) -> Kills {
    let root = TempDir::new().unwrap();
    let (workspace, good) = Workspace::generated(root.path());
    workspace.damage();
    let damaged = root.path().join("damaged");
    copy(&workspace.path("generated"), &damaged);
    let bad = workspace.tree();
    let damage = || {
        fs::remove_dir_all(workspace.path("generated")).unwrap();
        copy(&damaged, &workspace.path("generated"));
    };

    // The damaged tree is not complete, so `--check` fails on it.
    let mut trial = Trial::new(workspace, [bad.clone(), good.clone()], MODULES);
    let times = Times::shortest([0; 4].map(|_| {
        damage();
        trial.measure(&["regen"])
    }));
    for _ in 0..count {
        damage();
        trial.kill(&["regen"], times, random);
        let found = workspace.tree();
        trial.assert_no_partial_files(&found);
        let check = workspace.run(&["regen", "--check"]);
        check.exited(i32::from(found != good));
        assert!(workspace.tree() == found, "--check wrote");
        if found != good {
            workspace.run(&["regen"]).exited(0);
            assert!(workspace.tree() == good);
        }

        let is_intact = found == bad || found == good;
        trial.kills.while_writing += usize::from(!is_intact);
        trial.kills.intact += usize::from(is_intact);
        trial.kills.recovered += usize::from(!is_intact);
    }
    trial.kills
}

/// Kills `regen --update` between two commits, in both directions. `regen` completes the update.
fn kill_updates(count: usize, random: &mut fastrand::Rng) -> Kills {
    let upstream = Upstream::new();
    let root = TempDir::new().unwrap();
    let workspace = Workspace::empty(root.path());
    let path = upstream.repository.path_string();
    let commits = [&upstream.older, &upstream.newer];
    let update = |to: usize| ["regen", "--update", "--repo", &path, "--rev", commits[to]];
    let trees = [0, 1].map(|to| {
        workspace.run(&update(to)).exited(0);
        workspace.tree()
    });
    let mut trial = Trial::new(workspace, trees.clone(), "manifests");
    let times = Times::shortest([0, 1, 0, 1].map(|to| trial.measure(&update(to))));
    for _ in 0..count {
        let at = usize::from(workspace.tree() == trees[1]);
        trial.trees = [trees[at].clone(), trees[1 - at].clone()];
        let was_killed = trial.kill(&update(1 - at), times, random);
        trial.check_recovery(was_killed);
    }
    trial.kills
}

/// Kills `regen --update` and then installs a newer snapshot, as `git pull` does. `regen` discards the
/// unfinished update and keeps the newer snapshot.
fn kill_updates_before_a_newer_snapshot(count: usize, random: &mut fastrand::Rng) -> Kills {
    let upstream = Upstream::new();
    let root = TempDir::new().unwrap();
    let workspace = Workspace::empty(root.path());
    let path = upstream.repository.path_string();
    write_checkout(&upstream.repository.path(), "Newest");
    let newest = upstream.repository.commit("newest");
    let update = |commit| ["regen", "--update", "--repo", &path, "--rev", commit];
    let [old, new, newest] = [&upstream.older, &upstream.newer, &newest].map(|commit| {
        workspace.run(&update(commit)).exited(0);
        workspace.tree()
    });
    let mut trial = Trial::new(workspace, [old.clone(), new.clone()], "manifests");
    let times = Times::shortest([0; 4].map(|_| {
        workspace.replace(&old);
        trial.measure(&update(&upstream.newer))
    }));
    for _ in 0..count {
        workspace.replace(&old);
        let was_killed = trial.kill(&update(&upstream.newer), times, random);
        let found = workspace.tree();
        trial.assert_no_partial_files(&found);
        let has_journal = found.contains_key(Path::new(JOURNAL));
        workspace.replace(&newest);
        let run = workspace.run(&["regen"]).exited(0);
        assert_eq!(
            run.stderr.contains("discarded an interrupted update"),
            has_journal
        );
        assert!(
            workspace.tree() == newest,
            "regen replaced a file of the newer snapshot"
        );
        let is_complete = found == old || found == new;
        trial.kills.while_writing += usize::from(was_killed && !is_complete);
        trial.kills.with_journal += usize::from(has_journal);
        trial.kills.intact += usize::from(is_complete);
        trial.kills.recovered += usize::from(!is_complete);
    }
    trial.kills
}

#[test]
fn a_run_killed_at_any_moment_is_detected_and_completed() {
    let number = |name| env::var(name).ok().map(|text| text.parse().unwrap());
    let count = number("KILLS").map_or(40, |kills: u64| usize::try_from(kills).unwrap());
    let seed = number("SEED").unwrap_or_else(|| fastrand::u64(..));
    print_note(&format!("{count} kills, seed {seed}"));
    let mut random = fastrand::Rng::with_seed(seed);

    let (regens, superseded) = (count / 4, count / 4);
    let regens = kill_regens(regens, &mut random);
    let superseded = kill_updates_before_a_newer_snapshot(superseded, &mut random);
    let updates = kill_updates(count - regens.all - superseded.all, &mut random);
    for (what, kills) in [
        ("regen", &regens),
        ("regen --update before a newer snapshot", &superseded),
        ("regen --update", &updates),
    ] {
        print_note(&format!("{what}: {kills:?}"));
    }
    let all = regens.plus(superseded).plus(updates);
    print_note(&format!("total: {all:?}"));
    assert_eq!((all.all, all.intact + all.recovered), (count, count));
    assert!(
        all.while_writing * 5 >= count,
        "too few kills happened during the writing: {all:?}"
    );
}

/// Runs the command with a limit on file sizes. A write beyond the limit fails as on a full disk.
fn run_with_file_limit(workspace: Workspace<'_>, blocks: u32, arguments: &[&str]) -> Run {
    // Without the trap, the signal SIGXFSZ kills the process.
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\"");
    let xtask = workspace.command(arguments);
    let mut command = Command::new("sh");
    command.args(["-c", &script, "sh"]).arg(xtask.get_program());
    command.args(xtask.get_args()).current_dir(workspace.root);
    Run::of(command.output().unwrap())
}

#[test]
fn a_write_that_fails_changes_nothing() {
    let root = TempDir::new().unwrap();
    let (workspace, good) = Workspace::generated(root.path());
    workspace.damage();
    let before = workspace.modification_times();
    // The first write fails, or a later one.
    for blocks in [0, 4, 40] {
        let run = run_with_file_limit(workspace, blocks, &["regen"]);
        run.failed(2, &["can't write", "generated/", "File too large"]);
        assert!(workspace.modification_times() == before, "{blocks} blocks");
    }
    workspace.run(&["regen"]).exited(0);
    assert!(workspace.tree() == good);
}

#[test]
fn an_update_that_cannot_be_written_changes_nothing() {
    let upstream = Upstream::new();
    let root = TempDir::new().unwrap();
    let workspace = Workspace::empty(root.path());
    let (update, new) = upstream.prepare_update(workspace);
    let update = update.each_ref().map(String::as_str);
    let before = workspace.modification_times();
    for (blocks, folder) in [(2, "manifests/"), (20, "generated/")] {
        let run = run_with_file_limit(workspace, blocks, &update);
        run.failed(2, &["can't write", folder, "File too large"]);
        assert!(workspace.modification_times() == before, "{blocks} blocks");
        workspace.run(&["regen", "--check"]).exited(0);
    }
    workspace.run(&update).exited(0);
    assert!(workspace.tree() == new);
}

/// A small file system, unmounted on drop.
struct Disk(TempDir);

impl Disk {
    fn mount(kilobytes: u32) -> Option<Self> {
        let folder = TempDir::new().unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &format!("size={kilobytes}k"), "tmpfs"]);
        mount.arg(folder.path()).stderr(Stdio::null());
        let mounted = mount.status().is_ok_and(|status| status.success());
        if !mounted {
            print_note("skipped: only root can mount a file system");
        }
        mounted.then(|| Self(folder))
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0.path()).status();
    }
}

#[test]
fn a_full_disk_changes_nothing() {
    let Some(disk) = Disk::mount(16 << 10) else {
        return;
    };
    let upstream = Upstream::new();
    let workspace = Workspace::empty(disk.0.path());
    let (update, new) = upstream.prepare_update(workspace);
    let update = update.each_ref().map(String::as_str);
    let before = workspace.modification_times();

    let ballast = workspace.path("ballast");
    let mut failures = 0;
    for free in (0..).step_by(192) {
        fill(&ballast, free);
        let run = workspace.run(&update);
        fs::remove_file(&ballast).unwrap();
        if run.status == Some(0) {
            break;
        }
        run.failed(2, &["can't ", "No space left"]);
        assert!(workspace.modification_times() == before, "{free} KiB free");
        failures += 1;
    }
    assert!(failures > 3, "{failures}");
    assert!(workspace.tree() == new);
    workspace.run(&["regen", "--check"]).exited(0);
}

/// Fills a disk except for `free` KiB.
fn fill(ballast: &Path, free: u64) {
    let mut file = File::create(ballast).unwrap();
    while file.write_all(&[0; 1024]).is_ok() {}
    let full = file.metadata().unwrap().len();
    file.set_len(full.saturating_sub(free * 1024)).unwrap();
}

/// A file or folder that can't be changed until this value is dropped.
struct Frozen(PathBuf);

impl Frozen {
    /// Makes a folder in which no file can be created.
    fn folder(path: PathBuf) -> Option<Self> {
        fs::set_permissions(&path, Permissions::from_mode(0o555)).unwrap();
        let frozen = Self(path);
        let probe = frozen.0.join("probe");
        if File::create(&probe).is_err() {
            return Some(frozen);
        }
        // Root ignores permissions, so set the immutable attribute.
        fs::remove_file(probe).unwrap();
        frozen.attribute("+i").then_some(frozen)
    }

    /// Makes a file that can't be replaced.
    fn file(path: PathBuf) -> Option<Self> {
        let frozen = Self(path);
        frozen.attribute("+i").then_some(frozen)
    }

    fn attribute(&self, attribute: &str) -> bool {
        let mut chattr = Command::new("chattr");
        chattr.arg(attribute).arg(&self.0).stderr(Stdio::null());
        let set = chattr.status().is_ok_and(|status| status.success());
        if !set {
            print_note("skipped: chattr doesn't work here");
        }
        set
    }
}

impl Drop for Frozen {
    fn drop(&mut self) {
        let mut chattr = Command::new("chattr");
        let _ = chattr.arg("-i").arg(&self.0).stderr(Stdio::null()).status();
        if self.0.is_dir() {
            let _ = fs::set_permissions(&self.0, Permissions::from_mode(0o755));
        }
    }
}

#[test]
fn a_read_only_folder_changes_nothing() {
    let upstream = Upstream::new();
    let root = TempDir::new().unwrap();
    let workspace = Workspace::empty(root.path());
    let (update, new) = upstream.prepare_update(workspace);
    let update = update.each_ref().map(String::as_str);
    let before = workspace.modification_times();
    for folder in ["manifests", MODULES, "generated"] {
        let Some(_frozen) = Frozen::folder(workspace.path(folder)) else {
            return;
        };
        let run = workspace.run(&update);
        run.failed(2, &["can't write", folder]);
        assert!(workspace.modification_times() == before, "{folder}");
        workspace.run(&["regen", "--check"]).exited(0);
        workspace.run(&["lint"]).exited(0);
    }
    workspace.run(&update).exited(0);
    assert!(workspace.tree() == new);
}

/// If the report can't be written, nothing else is written. The next run then reports the same changes.
#[test]
fn a_report_that_cannot_be_written_changes_nothing() {
    let upstream = Upstream::new();
    let root = TempDir::new().unwrap();
    let workspace = Workspace::empty(root.path());
    let (update, new) = upstream.prepare_update(workspace);
    let update = update.each_ref().map(String::as_str);
    let before = workspace.modification_times();
    let with_report = |report| workspace.run(&[&update[..], &["--report", report]].concat());
    let missing = workspace.path("nowhere/report.md");
    let run = with_report(missing.to_str().unwrap());
    run.failed(2, &["can't write", "nowhere/report.md"]);
    assert!(workspace.modification_times() == before);

    let report = workspace.path("report.md");
    with_report(report.to_str().unwrap()).exited(0);
    assert!(workspace.tree() == new);
    let text = fs::read_to_string(report).unwrap();
    assert!(text.contains("breaking"), "{text}");
}

#[test]
fn the_next_run_completes_an_update_after_a_failed_rename() {
    let upstream = Upstream::new();
    let root = TempDir::new().unwrap();
    let workspace = Workspace::empty(root.path());
    let path = upstream.repository.path_string();
    let update = |commit| ["regen", "--update", "--repo", &path, "--rev", commit];
    let [new, old] = [&upstream.newer, &upstream.older].map(|commit| {
        workspace.run(&update(commit)).exited(0);
        workspace.tree()
    });
    let module = format!("{MODULES}/datadog.rs");
    for (file, is_journaled) in [("manifests/datadog.json", true), (&module, false)] {
        let Some(frozen) = Frozen::file(workspace.path(file)) else {
            return;
        };
        let words = [
            file,
            "can't replace",
            "no file is incomplete",
            "run the same command again",
        ];
        workspace.run(&update(&upstream.newer)).failed(2, &words);
        let found = workspace.tree();
        assert!(found != old && found != new, "{file}");
        assert!(!found.keys().any(|path| is_temporary(path)), "{file}");
        Trial::new(workspace, [old.clone(), new.clone()], "manifests")
            .assert_no_partial_files(&found);
        assert_eq!(found.contains_key(Path::new(JOURNAL)), is_journaled);
        for reader in [&["regen", "--check"][..], &["list"], &["lint"]] {
            if is_journaled {
                workspace
                    .run(reader)
                    .failed(1, &["interrupted", "manifests"]);
            }
        }
        workspace.run(&["regen", "--check"]).exited(1);
        assert!(
            workspace.tree() == found,
            "a command that only reads wrote a file"
        );
        // `regen` fails with the same cause until it is removed.
        workspace.run(&["regen"]).failed(2, &[file]);

        drop(frozen);
        workspace.run(&["regen"]).exited(0);
        assert!(workspace.tree() == new, "{file}");
        workspace.run(&update(&upstream.older)).exited(0);
        assert!(workspace.tree() == old, "{file}");
    }
}

#[test]
fn a_folder_with_the_name_of_a_module_is_an_error() {
    let root = TempDir::new().unwrap();
    let (workspace, good) = Workspace::generated(root.path());
    workspace.damage();
    let name = workspace.module();
    let module = workspace.path(MODULES).join(&name);
    fs::remove_file(&module).unwrap();
    fs::create_dir(&module).unwrap();
    let before = workspace.modification_times();
    for arguments in [&["regen"][..], &["regen", "--check"]] {
        let run = workspace.run(arguments);
        run.failed(1, &[&name, "not written by this command", "move it"]);
        assert!(workspace.modification_times() == before);
    }
    fs::remove_dir(&module).unwrap();
    workspace.run(&["regen"]).exited(0);
    assert!(workspace.tree() == good);
}

#[test]
fn a_temporary_file_of_a_killed_run_is_listed_and_deleted() {
    let root = TempDir::new().unwrap();
    let (workspace, good) = Workspace::generated(root.path());
    let left = workspace.path("manifests/.regen-Ab12Cd");
    fs::write(&left, "{\"na").unwrap();
    let check = workspace.run(&["regen", "--check"]).failed(1, &["1 file "]);
    assert!(check.stdout.contains("extra manifests/.regen-Ab12Cd\n"));
    workspace.run(&["list"]).exited(0);
    assert!(left.exists());
    workspace.run(&["regen"]).exited(0);
    assert!(workspace.tree() == good);
}

#[test]
fn a_journal_names_only_files_that_an_update_writes() {
    let root = TempDir::new().unwrap();
    let (workspace, _) = Workspace::generated(root.path());
    let entry = |path: &str| format!(r#"[{{"path": "{path}", "old": null, "new": "x"}}]"#);
    for journal in [
        entry("manifests/../generated/Cargo.json"),
        entry("/etc/passwd.json"),
        entry("manifests//etc/passwd.json"),
        entry("manifests/overrides.toml"),
        entry("generated/Cargo.toml"),
        entry("manifests/datadog.json").replace("\"x\"", "1"),
        entry("manifests/datadog.json").replace(']', ""),
        String::new(),
    ] {
        fs::write(workspace.path(JOURNAL), &journal).unwrap();
        let before = workspace.modification_times();
        let run = workspace.run(&["regen"]);
        run.failed(1, &[".unfinished", "delete it", "git"]);
        assert!(workspace.modification_times() == before, "{journal}");
    }
}

#[test]
fn concurrent_runs_take_turns() {
    let root = TempDir::new().unwrap();
    let (workspace, good) = Workspace::generated(root.path());
    for count in [2, 10] {
        workspace.damage();
        run_concurrently(count, |_| workspace.run(&["regen"]).exited(0));
        assert!(workspace.tree() == good, "{count}");
    }
}

fn run_concurrently(count: usize, work: impl Fn(usize) -> Run + Sync) -> Vec<Run> {
    thread::scope(|scope| {
        let work = &work;
        let threads: Vec<_> = (0..count)
            .map(|number| scope.spawn(move || work(number)))
            .collect();
        let joined = threads.into_iter().map(|thread| thread.join().unwrap());
        joined.collect()
    })
}

#[test]
fn readers_see_no_differences_while_others_write() {
    let upstream = Upstream::new();
    let root = TempDir::new().unwrap();
    let workspace = Workspace::empty(root.path());
    let path = upstream.repository.path_string();
    let commits = [&upstream.older, &upstream.newer];
    let update = |to: usize| ["regen", "--update", "--repo", &path, "--rev", commits[to]];
    let trees = [0, 1].map(|to| {
        workspace.run(&update(to)).exited(0);
        workspace.tree()
    });
    run_concurrently(12, |number| match number % 3 {
        0 => workspace.run(&update(number % 2)).exited(0),
        1 => workspace.run(&["regen", "--check"]).exited(0),
        _ => workspace.run(&["list"]).exited(0),
    });
    assert!(trees.contains(&workspace.tree()));
}

#[test]
fn a_waiting_run_prints_a_message() {
    let root = TempDir::new().unwrap();
    let (workspace, _) = Workspace::generated(root.path());
    let path = workspace.path("target/regen.lock");
    let lock = File::options().write(true).open(path).unwrap();
    for arguments in [&["regen"][..], &["regen", "--check"], &["list"], &["lint"]] {
        lock.lock().unwrap();
        let mut child = workspace.command(arguments).spawn().unwrap();
        let mut first = String::new();
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        stderr.read_line(&mut first).unwrap();
        assert!(first.starts_with("waiting for another run"), "{first}");
        assert!(first.contains("target/regen.lock"), "{first}");
        lock.unlock().unwrap();
        Run::of(child.wait_with_output().unwrap()).exited(0);
    }
}
