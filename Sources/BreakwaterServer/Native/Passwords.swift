internal import BreakwaterWeb
internal import Dispatch
internal import Synchronization

/// Where names and passwords come in: slows guessing down, and hashes where nobody else has to wait for it.
///
/// An address may try a name five times at once and then every 12 seconds; a name may be tried by everybody together
/// fifty times at once and then every 12 seconds, so that guessing from many places is no faster.
final class Passwords: Sendable {
    private static let weight = 12
    private static let waitingAtMost = 64
    private let byCaller = TokenBuckets(.init(perSecond: 1, burst: 60))
    private let byName = TokenBuckets(.init(perSecond: 1, burst: 600))
    private let thread = DispatchQueue(label: "breakwater passwords")
    private let waiting = Mutex(0)

    /// Notes an attempt to sign in as `name`.
    func attempt(_ name: String, from address: String) throws(Refusal) {
        let now = DispatchTime.now().uptimeNanoseconds
        let wait =
            byCaller.take(Self.weight, from: address + " " + name, at: now)
            ?? byName.take(Self.weight, from: name, at: now)
        if let wait {
            throw .tooManyRequests(
                "Too many attempts to sign in as \(name): wait a moment.", retryAfter: Int(wait / 1_000_000_000) + 1)
        }
    }

    /// Does what hashes a password, one after another, away from the threads that connections live on.
    func hashing<Answer: Sendable>(_ work: @escaping @Sendable () throws -> Answer) async throws -> Answer {
        let hasRoom = waiting.withLock { waiting in
            guard waiting < Self.waitingAtMost else { return false }
            waiting += 1
            return true
        }
        guard hasRoom else { throw Refusal.unavailable("Too many people are signing in: try again in a moment.") }
        return try await withCheckedThrowingContinuation { continuation in
            thread.async { [self] in
                let outcome = Result { try work() }
                waiting.withLock { $0 -= 1 }
                continuation.resume(with: outcome)
            }
        }
    }
}
