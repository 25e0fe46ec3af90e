//! A TLS server on a loopback address, with its own certificate authority.

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// A certificate authority.
pub(crate) struct Authority {
    /// Its certificate as PEM.
    pub(crate) pem: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    pub(crate) fn new(name: &str) -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let pem = params.self_signed(&key).unwrap().pem();
        let issuer = Issuer::new(params, key);
        Self { pem, issuer }
    }

    /// Starts a server with a certificate of this authority for this name. It responds to every request
    /// with these bytes.
    pub(crate) fn server(&self, name: &str, response: Vec<u8>) -> TlsServer {
        let key = KeyPair::generate().unwrap();
        let certificate = CertificateParams::new(vec![name.to_owned()])
            .unwrap()
            .signed_by(&key, &self.issuer)
            .unwrap();
        let certificate: CertificateDer<'static> = certificate.der().clone();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .unwrap();
        TlsServer::new(Arc::new(config), response)
    }
}

pub(crate) struct TlsServer {
    port: u16,
    connections: Arc<AtomicUsize>,
    decrypted: Arc<Mutex<Vec<u8>>>,
}

impl TlsServer {
    fn new(config: Arc<ServerConfig>, response: Vec<u8>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Self {
            port: listener.local_addr().unwrap().port(),
            connections: Arc::default(),
            decrypted: Arc::default(),
        };
        let (connections, decrypted) = (
            Arc::clone(&server.connections),
            Arc::clone(&server.decrypted),
        );
        thread::spawn(move || {
            for stream in listener.incoming() {
                connections.fetch_add(1, Ordering::SeqCst);
                let (config, response) = (Arc::clone(&config), response.clone());
                let decrypted = Arc::clone(&decrypted);
                // Some tests expect a failed handshake.
                thread::spawn(move || serve(stream.unwrap(), config, &decrypted, &response));
            }
        });
        server
    }

    pub(crate) fn address(&self) -> std::net::SocketAddr {
        ([127, 0, 0, 1], self.port).into()
    }

    /// The URL with this host name.
    pub(crate) fn url(&self, host: &str) -> String {
        format!("https://{host}:{}", self.port)
    }

    /// The number of connections to it.
    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// All data that it received inside TLS, as a string.
    pub(crate) fn decrypted(&self) -> String {
        String::from_utf8(self.decrypted.lock().unwrap().clone()).unwrap()
    }
}

fn serve(
    mut stream: TcpStream,
    config: Arc<ServerConfig>,
    decrypted: &Mutex<Vec<u8>>,
    response: &[u8],
) -> io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    let mut connection = ServerConnection::new(config).map_err(io::Error::other)?;
    connection.complete_io(&mut stream)?;
    let mut stream = StreamOwned::new(connection, stream);
    let mut buffer = [0; 4096];
    loop {
        let count = stream.read(&mut buffer)?;
        let mut decrypted = decrypted.lock().unwrap();
        decrypted.extend_from_slice(&buffer[..count]);
        // The body is empty or ends with the last byte of an object.
        let bodyless = decrypted.starts_with(b"GET") && decrypted.ends_with(b"\r\n\r\n");
        if count == 0 || bodyless || decrypted.ends_with(b"}}") {
            break;
        }
    }
    stream.write_all(response)?;
    stream.conn.send_close_notify();
    stream.flush()
}
