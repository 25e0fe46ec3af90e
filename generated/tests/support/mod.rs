//! What tests share.

// Each test uses its own part.
#![allow(dead_code)]

pub(crate) mod calls;
pub(crate) mod openapi;
pub(crate) mod prism;
pub(crate) mod proxy;
pub(crate) mod sample;
pub(crate) mod server;
#[cfg(feature = "ring")]
pub(crate) mod tls;
pub(crate) mod validator;
