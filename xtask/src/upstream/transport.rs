//! The way of libgit2 to a repository's host: a transport of our own, and libgit2's settings.
//!
//! libgit2 speaks https only with a TLS library built in, on Linux OpenSSL, which takes longer to build
//! than all the rest. So libgit2 is given an address with a scheme of its own, and what it asks for
//! there is sent with ureq and rustls by [`Connection`].

use std::cell::RefCell;
use std::io::{self, Cursor, Read, Write};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use git2::transport::{Service, SmartSubtransport, SmartSubtransportStream, Transport};
use git2::{ConfigLevel, opts};

use super::error::Problem;
use super::http::{Connection, Response};

/// No scheme of git's, so that no configured transport and no `insteadOf` rule can apply.
const SCHEME: &str = "xtask-http";
/// Where the repository is, the connection knows.
pub(super) const URL: &str = "xtask-http://repository";
/// Replaces the text of the problem, which the connection keeps. libgit2's binding aborts the process when an
/// error's text has a NUL, so no text of a server's is put there.
const FAILED: &str = "the request failed";

thread_local! {
    /// What libgit2 makes transports for on this thread.
    static CURRENT: RefCell<Option<Shared>> = const { RefCell::new(None) };
}

/// One repository's connection. libgit2 demands that it can move to another thread.
#[derive(Clone)]
pub(super) struct Shared(Arc<Mutex<Connection>>);

impl Shared {
    pub(super) fn new(connection: Connection) -> Self {
        Self(Arc::new(Mutex::new(connection)))
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Connection> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs what makes libgit2 connect. Without this, a transport refuses every request.
    pub(super) fn scope<T>(&self, work: impl FnOnce() -> T) -> T {
        let before = CURRENT.replace(Some(self.clone()));
        let outcome = work();
        CURRENT.set(before);
        outcome
    }
}

/// Prepares libgit2, once in a process. Must come before any repository is opened.
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
        // Nothing of the user's or the system's configuration has a part in what is read.
        for level in levels {
            opts::set_search_path(level, "")?;
        }
        // A foreign repository's hooks, filters and configuration have no effect here: objects are read,
        // nothing else.
        opts::set_verify_owner_validation(false)?;
        // A partial clone is read as far as its objects go.
        opts::set_extensions(&["partialclone"])?;
        git2::transport::register(SCHEME, |remote| {
            let connection = CURRENT.with_borrow(Clone::clone);
            Transport::smart(remote, true, Requests(connection))
        })
    }
}

/// The requests that libgit2 makes of a host.
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

/// A request and its response. libgit2 writes a step of the negotiation as a whole, and then reads what
/// the host says to it; the last response is the pack. For the list of refs it writes nothing.
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
