//! All that isn't set is named at once.

use launchdarkly_integrations::integrations::splunk::ConfigValues;

fn main() {
    let _ = ConfigValues::builder().build(); //~ E0277 E0277 E0277
}
