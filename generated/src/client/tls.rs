//! The cryptography of TLS: the process's own choice, or else that of the feature `ring`.

use super::setup_error::SetupError;

/// Makes sure that rustls has a provider; without one the HTTP libraries would panic.
pub(crate) fn ensure_provider() -> Result<(), SetupError> {
    use rustls::crypto::CryptoProvider;

    if CryptoProvider::get_default().is_some() {
        return Ok(());
    }
    #[cfg(feature = "ring")]
    {
        // An error says that another thread was quicker, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Ok(())
    }
    #[cfg(not(feature = "ring"))]
    Err(SetupError::NoTlsProvider)
}
