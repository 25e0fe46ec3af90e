//! Helpers of the tests.

// Each test uses only some of them.
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
