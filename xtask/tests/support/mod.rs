//! What the transport tests and the benchmark stand on: repositories, and servers in front of them.
#![allow(dead_code, reason = "each binary that includes this uses its own part")]

pub(crate) mod command;
pub(crate) mod history;
pub(crate) mod http;
pub(crate) mod repository;
pub(crate) mod tls;
