//! TLS for one transport. Nothing is installed for the whole process.

use std::sync::Arc;

use rustls::crypto::CryptoProvider;

use super::setup_error::SetupError;

/// Returns the process's default crypto provider if one is installed, otherwise that of the feature
/// `ring`, otherwise that of `aws-lc-rs`.
pub(super) fn provider() -> Result<Arc<CryptoProvider>, SetupError> {
    match CryptoProvider::get_default() {
        Some(provider) => Ok(Arc::clone(provider)),
        None => own_provider().map(Arc::new),
    }
}

fn own_provider() -> Result<CryptoProvider, SetupError> {
    #[cfg(feature = "ring")]
    return Ok(rustls::crypto::ring::default_provider());
    #[cfg(all(feature = "aws-lc-rs", not(feature = "ring")))]
    return Ok(rustls::crypto::aws_lc_rs::default_provider());
    #[cfg(not(any(feature = "ring", feature = "aws-lc-rs")))]
    Err(SetupError::NoTlsProvider)
}

/// The TLS configuration for reqwest.
#[cfg(feature = "async")]
pub(super) struct ClientTls {
    pub(super) config: rustls::ClientConfig,
    /// No root certificate was found, so that no server is trusted. This is not an error here, because
    /// the host may use plain `http`.
    pub(super) without_roots: bool,
}

#[cfg(feature = "async")]
impl ClientTls {
    /// Loads the root certificates or the platform's verifier.
    pub(super) fn new() -> Result<Self, SetupError> {
        let provider = provider()?;
        let builder = rustls::ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(|error| SetupError::Http(error.into()))?;
        #[cfg(feature = "native-roots")]
        let (builder, without_roots) = {
            drop(provider);
            let mut roots = rustls::RootCertStore::empty();
            roots.add_parsable_certificates(native_roots());
            let without_roots = roots.is_empty();
            (builder.with_root_certificates(roots), without_roots)
        };
        #[cfg(not(feature = "native-roots"))]
        let (builder, without_roots) = match rustls_platform_verifier::Verifier::new(provider) {
            Ok(verifier) => {
                // rustls calls every verifier dangerous except its own.
                let builder = builder.dangerous();
                let builder = builder.with_custom_certificate_verifier(Arc::new(verifier));
                (builder, false)
            }
            // The verifier fails only if there are no root certificates.
            Err(_) => {
                let none = rustls::RootCertStore::empty();
                (builder.with_root_certificates(none), true)
            }
        };
        let mut config = builder.with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self {
            config,
            without_roots,
        })
    }
}

/// The root certificates of the operating system, or of `SSL_CERT_FILE` and `SSL_CERT_DIR`.
#[cfg(feature = "native-roots")]
pub(super) fn native_roots() -> Vec<rustls::pki_types::CertificateDer<'static>> {
    let loaded = rustls_native_certs::load_native_certs();
    for error in loaded.errors {
        tracing::warn!("a root certificate can't be loaded: {error}");
    }
    loaded.certs
}
