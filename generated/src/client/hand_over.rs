//! [`HandOver`]: who decides whether a request's body is sent.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

const WAITING: u8 = 0;
const TAKEN: u8 = 1;
const CANCELLED: u8 = 2;

/// One atomic decision between the HTTP library, which takes the body when it is ready to write
/// it, and the transport, which cancels when an attempt fails. Whoever comes first wins, so that
/// "the body was not sent" stays true after it was said.
#[derive(Clone, Debug, Default)]
pub(super) struct HandOver(Arc<AtomicU8>);

impl HandOver {
    /// For the body, before its first byte: whether it may be sent.
    pub(super) fn take(&self) -> bool {
        let before = self.decide(TAKEN);
        before == WAITING || before == TAKEN
    }

    /// For the transport: whether the body was not sent and never will be.
    pub(super) fn cancel(&self) -> bool {
        self.decide(CANCELLED) != TAKEN
    }

    /// The state before. Only the first decision has an effect.
    fn decide(&self, decision: u8) -> u8 {
        let (success, failure) = (Ordering::AcqRel, Ordering::Acquire);
        match self.0.compare_exchange(WAITING, decision, success, failure) {
            Ok(before) | Err(before) => before,
        }
    }
}

/// Cancels when it is dropped, as happens when the caller drops the future of an attempt.
#[derive(Debug)]
pub(super) struct CancelOnDrop(pub(super) HandOver);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;
    use std::thread;

    use super::*;

    #[test]
    fn the_first_decision_holds() {
        let taken = HandOver::default();
        assert!(taken.take() && taken.take());
        assert!(!taken.cancel());
        let cancelled = HandOver::default();
        assert!(cancelled.cancel() && cancelled.cancel());
        assert!(!cancelled.take());
        let dropped = HandOver::default();
        drop(CancelOnDrop(dropped.clone()));
        assert!(!dropped.take());
    }

    #[test]
    fn two_threads_never_both_win() {
        for _ in 0..2_000 {
            let (ours, theirs) = (HandOver::default(), Barrier::new(2));
            let body = ours.clone();
            let (taken, cancelled) = thread::scope(|scope| {
                let body = scope.spawn(|| {
                    theirs.wait();
                    body.take()
                });
                theirs.wait();
                let cancelled = ours.cancel();
                (body.join().unwrap(), cancelled)
            });
            assert_ne!(taken, cancelled);
        }
    }
}
