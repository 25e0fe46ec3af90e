//! Prism, a mock server for LaunchDarkly's OpenAPI document: it validates requests and responds with the
//! document's examples.

// A helper of a test that panics fails the test with the reason.
#![allow(clippy::panic)]

use std::env;
use std::ffi::OsString;
use std::io::{BufRead, BufReader, ErrorKind};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use super::openapi;

/// Long enough for slow machines.
const START: Duration = Duration::from_secs(120);

pub(crate) struct Prism {
    process: Child,
    url: String,
}

impl Prism {
    /// Starts the Prism that the variable `PRISM` names, or the one in `PATH`.
    ///
    /// Returns `None` if there is none. With `LD_REQUIRE_PRISM=1`, that fails the test.
    pub(crate) fn start(document: &Path) -> Option<Self> {
        let named = env::var_os("PRISM");
        let program = named.clone().unwrap_or_else(|| OsString::from("prism"));
        let spawned = Command::new(program)
            .args(["mock", "--host", "127.0.0.1", "--port", "0"])
            .arg(document)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn();
        let mut process = match spawned {
            Err(error) if error.kind() == ErrorKind::NotFound && named.is_none() => {
                assert!(!openapi::is_set("LD_REQUIRE_PRISM"), "prism is missing");
                openapi::skip("prism is missing");
                return None;
            }
            spawned => spawned.unwrap(),
        };
        let output = process.stdout.take().unwrap();
        // Stored before the wait, so that a failure also stops the process.
        let mut prism = Self {
            process,
            url: String::new(),
        };
        prism.url = listening(output);
        Some(prism)
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Prism {
    fn drop(&mut self) {
        // The process may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Waits until Prism reports its address. A thread continues to read, because Prism would block on a full
/// pipe.
fn listening(output: ChildStdout) -> String {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            // The receiver is gone once the server has started.
            let _ = sender.send(line);
        }
    });
    let mut said = String::new();
    loop {
        let Ok(line) = receiver.recv_timeout(START) else {
            panic!("prism doesn't listen: {said}");
        };
        if let Some(url) = url(&line) {
            return url;
        }
        said.push_str(&line);
        said.push('\n');
    }
}

/// The URL in a line such as `Prism is listening on http://127.0.0.1:4010`, which may have color codes.
fn url(line: &str) -> Option<String> {
    const BASE: &str = "http://127.0.0.1:";
    let (_, announced) = line.split_once("listening on")?;
    let (_, rest) = announced.split_once(BASE)?;
    let port: String = rest.chars().take_while(char::is_ascii_digit).collect();
    Some(format!("{BASE}{port}"))
}
