//! Typed configuration values for every LaunchDarkly integration.
