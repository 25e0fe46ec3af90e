//! Values are given by name, so that two texts can't be swapped unseen.

use launchdarkly_integrations::integrations::splunk::ConfigValues;

fn main() {
    let _ = ConfigValues("https://splunk.example", "token", true); //~ E0423
    let _ = ConfigValues::new("https://splunk.example", "token", true); //~ E0599
    let _ = ConfigValues::builder("https://splunk.example", "token", true); //~ E0061
}
