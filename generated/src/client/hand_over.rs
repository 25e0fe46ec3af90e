//! [`HandOver`]: the decision whether a request's body is sent.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

const WAITING: u8 = 0;
const TAKEN: u8 = 1;
const CANCELLED: u8 = 2;

/// One atomic decision: either the HTTP library takes the body to send it, or the transport cancels
/// after a failed attempt. The first decision is final, so that a body that was reported as "not
/// sent" is never sent later.
#[derive(Clone, Debug, Default)]
pub(super) struct HandOver(Arc<AtomicU8>);

impl HandOver {
    /// Called by the body before its first byte. Returns whether it may be sent.
    pub(super) fn take(&self) -> bool {
        let before = self.decide(TAKEN);
        before == WAITING || before == TAKEN
    }

    /// Called by the transport. Returns whether the body was not sent and never will be.
    pub(super) fn cancel(&self) -> bool {
        self.decide(CANCELLED) != TAKEN
    }

    /// Decides unless there is a decision, and returns the state before.
    fn decide(&self, decision: u8) -> u8 {
        let (success, failure) = (Ordering::AcqRel, Ordering::Acquire);
        match self.0.compare_exchange(WAITING, decision, success, failure) {
            Ok(before) | Err(before) => before,
        }
    }
}

/// Cancels when it is dropped: the caller may drop the future of an attempt.
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
    fn the_first_decision_is_final() {
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
            let (transport, barrier) = (HandOver::default(), Barrier::new(2));
            let body = transport.clone();
            let (taken, cancelled) = thread::scope(|scope| {
                let body = scope.spawn(|| {
                    barrier.wait();
                    body.take()
                });
                barrier.wait();
                let cancelled = transport.cancel();
                (body.join().unwrap(), cancelled)
            });
            assert_ne!(taken, cancelled);
        }
    }
}
