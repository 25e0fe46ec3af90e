//! A secret can't be shown or compared with a string by accident.

use launchdarkly_integrations::integrations::datadog::ConfigValues;

fn show(values: &ConfigValues) -> String {
    format!("{}", values.api_key) //~ E0277
}

fn text(values: &ConfigValues) -> String {
    values.api_key.to_string() //~ E0599
}

fn compare(values: &ConfigValues) -> bool {
    values.api_key == "0123456789abcdef" //~ E0308
}

fn main() {}
