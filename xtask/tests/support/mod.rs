//! Helpers of the transport tests and the benchmarks: repositories and servers for them.
#![allow(
    dead_code,
    reason = "each binary that includes this module uses only a part of it"
)]

pub(crate) mod command;
pub(crate) mod history;
pub(crate) mod http;
pub(crate) mod repository;
pub(crate) mod tls;
