//! What a host may do wrong, each through a real socket.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use xtask::upstream::Problem;

use crate::support::http::{Server, closed_port};
use crate::support::repository::{MANIFESTS, Repository};
use crate::{fetch, in_a_process, manifests};

fn failure(address: &str) -> Problem {
    fetch(address, None).unwrap_err().problem
}

/// Serves each connection, of which it counts how many there were.
fn listen(
    serve: impl Fn(TcpStream, usize) -> std::io::Result<()> + Send + Sync + 'static,
) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/repo", listener.local_addr().unwrap());
    let count = Arc::new(AtomicUsize::new(0));
    let counting = Arc::clone(&count);
    let serve = Arc::new(serve);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let (number, serve) = (counting.fetch_add(1, Ordering::SeqCst), Arc::clone(&serve));
            thread::spawn(move || serve(stream.unwrap(), number));
        }
    });
    (address, count)
}

fn read_head(stream: &mut TcpStream) -> std::io::Result<()> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    Ok(())
}

#[test]
fn moments_of_weakness_are_survived() {
    let repository = Repository::fixture();
    for mishap in [
        "status-503-2",
        "status-429-1",
        "status-502-1",
        "status-504-1",
        "short-2",
    ] {
        let server = Server::start(repository.root());
        let snapshot = fetch(&server.url(&format!("/{mishap}/repo")), None);
        let snapshot = snapshot.unwrap_or_else(|error| panic!("{mishap}: {error}"));
        assert_eq!(manifests(&snapshot), MANIFESTS, "{mishap}");
        assert_eq!(
            mishap.rsplit('-').next(),
            Some(server.mishaps().to_string().as_str())
        );
    }
}

#[test]
fn a_connection_that_is_cut_at_first_is_made_again() {
    let repository = Repository::fixture();
    let server = Server::start(repository.root());
    let backend = server.address();
    let (address, count) = listen(move |mut client, number| {
        if number < 2 {
            return read_head(&mut client);
        }
        let mut plain = TcpStream::connect(backend)?;
        let (mut from, mut to) = (client.try_clone()?, plain.try_clone()?);
        thread::spawn(move || std::io::copy(&mut from, &mut to));
        std::io::copy(&mut plain, &mut client).map(drop)
    });
    assert_eq!(manifests(&fetch(&address, None).unwrap()), MANIFESTS);
    assert!(count.load(Ordering::SeqCst) >= 3);
}

#[test]
fn lasting_weakness_is_reported_after_a_few_attempts() {
    let repository = Repository::fixture();
    let server = Server::start(repository.root());
    let found = failure(&server.url("/status-503-99/repo"));
    assert!(
        matches!(found, Problem::Status { status: 503, .. }),
        "{found}"
    );
    assert_eq!(server.mishaps(), 4);
}

#[test]
fn what_will_not_change_is_not_repeated() {
    let repository = Repository::fixture();
    for (path, expected) in [
        ("/private/repo", "requires a login"),
        ("/missing", "doesn't have this repository"),
        ("/page/repo", "as a git server"),
        ("/status-500-99/repo", "status 500"),
        ("/status-404-99/repo", "doesn't have this repository"),
        ("/status-403-99/repo", "requires a login"),
        (
            "/to/user:hunter2@127.0.0.1:1/repo",
            "redirects to `http://127.0.0.1:1/repo",
        ),
    ] {
        let server = Server::start(repository.root());
        let message = failure(&server.url(path)).to_string();
        assert!(message.contains(expected), "{path}: {message}");
        assert!(!message.contains("hunter2"), "{message}");
        assert_eq!(server.listings(), 1, "{path}");
    }
}

#[test]
fn what_is_git_all_the_same() {
    let repository = Repository::fixture();
    let server = Server::start(repository.root());
    let other = format!("/to/{}/repo", server.address());
    for path in ["/moved/repo", "/charset/repo", &other] {
        let snapshot = fetch(&server.url(path), None).unwrap();
        assert_eq!(manifests(&snapshot), MANIFESTS, "{path}");
    }
}

#[test]
fn redirects_end() {
    let (address, count) = listen(|mut client, _| {
        loop {
            read_head(&mut client)?;
            let head = "HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\
                    Location: /repo/info/refs?service=git-upload-pack\r\n\r\n";
            client.write_all(head.as_bytes())?;
        }
    });
    assert!(matches!(failure(&address), Problem::Redirect { .. }));
    assert!(count.load(Ordering::SeqCst) < 20);
}

#[test]
fn a_list_of_refs_without_end_is_cut_off() {
    let (address, _) = listen(|mut client, _| {
        read_head(&mut client)?;
        client.write_all(
            b"HTTP/1.1 200 OK\r\nConnection: close\r\n\
              Content-Type: application/x-git-upload-pack-advertisement\r\n\r\n",
        )?;
        loop {
            client.write_all(&[b'0'; 1 << 16])?;
        }
    });
    let found = failure(&address);
    assert!(matches!(found, Problem::TooLarge { .. }), "{found}");
}

/// Text of a server's with a NUL must not reach libgit2's binding.
#[test]
fn nonsense_is_an_error() {
    for response in [
        "HTTP/1.1 200 OK\0\r\n\r\n\0",
        "HTTP/1.1 302 Found\r\nLocation: http://\0/\r\n\r\n",
        "SSH-2.0-OpenSSH\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 48\r\n\
         Content-Type: application/x-git-upload-pack-advertisement\r\n\r\n\
         001e# service=git-upload-pack\n0000000aERR \0\x1b0000",
    ] {
        let (address, _) = listen(move |mut client, _| {
            read_head(&mut client)?;
            client.write_all(response.as_bytes())
        });
        let message = fetch(&address, None).unwrap_err().to_string();
        assert!(!message.contains(['\0', '\x1b']), "{message}");
    }
}

#[test]
fn a_download_that_breaks_off() {
    let repository = Repository::fixture();
    let server = Server::start(repository.root());
    fetch(&server.url("/cut/repo"), None).unwrap_err();
}

#[test]
fn a_host_that_refuses() {
    for scheme in ["http", "https"] {
        let found = failure(&format!("{scheme}://{}/repo", closed_port()));
        assert!(
            matches!(found, Problem::ConnectionRefused { .. }),
            "{found}"
        );
    }
}

#[test]
fn a_host_that_is_not_known() {
    for scheme in ["http", "https"] {
        let message = in_a_process(&format!("{scheme}://does-not-exist.invalid/"), &[]);
        let expected = "the host `does-not-exist.invalid` isn't known";
        assert!(
            message.contains(expected) && message.contains("insteadOf"),
            "{message}"
        );
    }
}
