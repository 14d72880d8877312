internal import BreakwaterCore
internal import Synchronization

/// Signatures of requests that changed something, kept for as long as their timestamps could pass.
///
/// In two generations: one that signatures are added to, and the one before it. Both together cover twice `kept`.
final class SeenSignatures: Sendable {
    private struct State {
        var recent: Set<String> = []
        var older: Set<String> = []
        var began = Timestamp.zero
    }

    private let kept: Duration
    private let state = Mutex(State())

    /// - Parameter kept: for how long a signature is known at least.
    init(kept: Duration) { self.kept = kept }

    /// Notes a signature; `false` where it came before.
    func insert(_ signature: String, at now: Timestamp) -> Bool {
        state.withLock { state in
            if now > state.began + kept {
                // After a pause of two generations nothing that is kept could pass any more.
                state.older = now > state.began + kept + kept ? [] : state.recent
                state.recent = []
                state.began = now
            }
            return !state.older.contains(signature) && state.recent.insert(signature).inserted
        }
    }
}
