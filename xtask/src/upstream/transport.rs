//! libgit2's settings, and a custom transport for http and https.
//!
//! libgit2 needs a TLS library for https. On Linux that is OpenSSL, which takes longer to build than
//! everything else. So libgit2 gets a URL with a custom scheme, and [`Connection`] sends its requests
//! with ureq and rustls.

use std::cell::RefCell;
use std::io::{self, Cursor, Read, Write};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use git2::transport::{Service, SmartSubtransport, SmartSubtransportStream, Transport};
use git2::{ConfigLevel, opts};

use super::error::Problem;
use super::http::{Connection, Response};

/// A scheme that git doesn't use, so that no configured transport and no `insteadOf` rule applies.
const SCHEME: &str = "xtask-http";
/// A fixed URL. The connection has the repository's real one.
pub(super) const URL: &str = "xtask-http://repository";
/// The message of all transport errors; the connection keeps the real problem. libgit2's binding aborts
/// the process if a message contains NUL, so text from a server must not be in it.
const FAILED: &str = "the request failed";

thread_local! {
    /// The connection for new transports on this thread.
    static CURRENT: RefCell<Option<Shared>> = const { RefCell::new(None) };
}

/// The connection to one repository. libgit2's binding requires `Send`.
#[derive(Clone)]
pub(super) struct Shared(Arc<Mutex<Connection>>);

impl Shared {
    pub(super) fn new(connection: Connection) -> Self {
        Self(Arc::new(Mutex::new(connection)))
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Connection> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs `work` with this connection for new transports. Outside of it, transports fail.
    pub(super) fn scope<T>(&self, work: impl FnOnce() -> T) -> T {
        let before = CURRENT.replace(Some(self.clone()));
        let outcome = work();
        CURRENT.set(before);
        outcome
    }
}

/// Prepares libgit2, once per process. Must be called before a repository is opened.
pub(super) fn prepare() -> Result<(), Problem> {
    static PREPARED: OnceLock<Result<(), String>> = OnceLock::new();
    let prepared = PREPARED.get_or_init(|| set_up().map_err(|error| error.message().to_owned()));
    prepared
        .as_ref()
        .map_err(|cause| git2::Error::from_str(cause).into())
        .copied()
}

#[expect(
    unsafe_code,
    reason = "libgit2's process-wide settings can't be changed otherwise"
)]
fn set_up() -> Result<(), git2::Error> {
    let levels = [
        ConfigLevel::ProgramData,
        ConfigLevel::System,
        ConfigLevel::XDG,
        ConfigLevel::Global,
    ];
    // SAFETY: these functions write libgit2's global state without a lock, so no other thread may use
    // libgit2 meanwhile. `prepare` is the only caller: its `OnceLock` runs this once and makes other
    // threads wait, and every use of libgit2 in this program comes after a call of `prepare` in
    // `super::fetch` or `super::history`. The registered closure captures nothing, and libgit2's
    // binding never frees it.
    unsafe {
        // The git configuration of the user and the system must not change what is read.
        for level in levels {
            opts::set_search_path(level, "")?;
        }
        // Ownership needn't be checked: only objects are read, so hooks, filters and configuration of a
        // repository have no effect.
        opts::set_verify_owner_validation(false)?;
        // Partial clones are supported as long as no needed object is missing.
        opts::set_extensions(&["partialclone"])?;
        git2::transport::register(SCHEME, |remote| {
            let connection = CURRENT.with_borrow(Clone::clone);
            Transport::smart(remote, true, Requests(connection))
        })
    }
}

/// Handles the requests of libgit2.
struct Requests(Option<Shared>);

impl SmartSubtransport for Requests {
    fn action(
        &self,
        _url: &str,
        service: Service,
    ) -> Result<Box<dyn SmartSubtransportStream>, git2::Error> {
        let failed = || git2::Error::from_str(FAILED);
        let shared = self.0.as_ref().ok_or_else(failed)?;
        let stream = |response| {
            Box::new(Exchange {
                shared: shared.clone(),
                request: Vec::new(),
                response,
            })
        };
        match service {
            Service::UploadPackLs => {
                let mut connection = shared.lock();
                let list = connection.list().map_err(|problem| {
                    connection.problem.get_or_insert(problem);
                    failed()
                })?;
                Ok(stream(Body::List(Cursor::new(list))))
            }
            Service::UploadPack => Ok(stream(Body::Unsent)),
            Service::ReceivePackLs | Service::ReceivePack => Err(failed()),
        }
    }

    fn close(&self) -> Result<(), git2::Error> {
        Ok(())
    }
}

/// A request and its response. libgit2 writes a complete step of the negotiation and then reads the
/// response; the last response is the pack. For the list of refs, it writes nothing.
struct Exchange {
    shared: Shared,
    request: Vec<u8>,
    response: Body,
}

enum Body {
    List(Cursor<Vec<u8>>),
    Unsent,
    Sent(Response),
}

impl Exchange {
    fn read_response(&mut self, buffer: &mut [u8]) -> Result<usize, Problem> {
        let connection = self.shared.lock();
        if matches!(self.response, Body::Unsent) {
            self.response = Body::Sent(connection.upload_pack(&self.request)?);
        }
        match &mut self.response {
            Body::Sent(response) => connection.read(response, buffer),
            Body::List(list) => Ok(list.read(buffer).unwrap_or_default()),
            Body::Unsent => Ok(0),
        }
    }
}

impl Read for Exchange {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.read_response(buffer).map_err(|problem| {
            self.shared.lock().problem.get_or_insert(problem);
            io::Error::other(FAILED)
        })
    }
}

impl Write for Exchange {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        self.request.extend_from_slice(piece);
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transport_without_a_connection_refuses() {
        prepare().unwrap();
        let folder = tempfile::TempDir::new().unwrap();
        let repository = git2::Repository::init_bare(folder.path()).unwrap();
        let mut remote = repository.remote_anonymous(URL).unwrap();
        let error = remote.connect(git2::Direction::Fetch).unwrap_err();
        assert_eq!(error.message(), FAILED);
    }
}
