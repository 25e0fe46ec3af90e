//! stub of h3
pub(crate) struct Redactor(Vec<String>);
impl Redactor {
    pub(crate) fn new<'a>(s: impl IntoIterator<Item = &'a str>) -> Self {
        Self(s.into_iter().map(str::to_owned).collect())
    }
    pub(crate) fn text(&self, text: &str) -> String {
        let mut t = text.to_owned();
        for s in &self.0 {
            if s.len() > 3 {
                t = t.replace(s.as_str(), "[redacted]");
            }
        }
        t
    }
    pub(crate) fn body(&self, body: &[u8], limit: usize) -> Vec<u8> {
        let mut t = self.text(&String::from_utf8_lossy(body)).into_bytes();
        t.truncate(limit);
        t
    }
}
