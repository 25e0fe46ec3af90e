//! Values are set by name, so that two strings can't be swapped by mistake.

use launchdarkly_integrations::integrations::splunk::ConfigValues;

fn main() {
    let _ = ConfigValues("https://splunk.example", "token", true); //~ E0423
    let _ = ConfigValues::new("https://splunk.example", "token", true); //~ E0599
    let _ = ConfigValues::builder("https://splunk.example", "token", true); //~ E0061
}
