//! The compiler names all missing fields at once.

use launchdarkly_integrations::integrations::splunk::ConfigValues;

fn main() {
    let _ = ConfigValues::builder().build(); //~ E0277 E0277 E0277
}
