//! stub
use http::StatusCode;
/// stub
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// n
    None,
    /// u
    Unknown,
    /// a
    Applied,
}
impl Effect {
    pub(crate) fn of_status(status: StatusCode) -> Self {
        match status.as_u16() {
            408 | 499 => Self::Unknown,
            307 | 308 | 400..=498 => Self::None,
            _ => Self::Unknown,
        }
    }
}
