internal import Synchronization

/// A limit for each key (an address, an API key) that refills steadily and allows bursts.
///
/// Time is given by the caller in nanoseconds of a clock that never goes back, so that tests need no waiting.
public final class TokenBuckets: Sendable {
    /// How fast buckets refill and how much they hold, in units of weight.
    public struct Rate: Sendable, Equatable {
        public let perSecond: Int
        public let burst: Int

        public init(perSecond: Int, burst: Int) {
            precondition(perSecond > 0 && burst > 0, "a rate of \(perSecond)/s with bursts of \(burst) lets nobody in")
            self.perSecond = perSecond
            self.burst = burst
        }
    }

    private struct Bucket {
        /// The moment at which the bucket would be full again; earlier than now for a full one.
        var fullAt: UInt64
    }

    private let rate: Rate
    private let nanosecondsPerToken: UInt64
    private let capacity: Int
    private let buckets = Mutex<[String: Bucket]>([:])

    /// - Parameter capacity: how many keys are remembered; past it, full buckets are forgotten, which changes nothing.
    public init(_ rate: Rate, capacity: Int = 100_000) {
        self.rate = rate
        nanosecondsPerToken = max(1, 1_000_000_000 / UInt64(rate.perSecond))
        self.capacity = capacity
    }

    /// Takes `weight` out of the bucket of `key`.
    ///
    /// - Returns: `nil` where it was there; otherwise the nanoseconds until it will be, and nothing is taken.
    public func take(_ weight: Int = 1, from key: String, at now: UInt64) -> UInt64? {
        buckets.withLock { buckets in
            if buckets.count >= capacity && buckets[key] == nil { buckets = buckets.filter { $0.value.fullAt > now } }
            let depth = UInt64(rate.burst) * nanosecondsPerToken
            let cost = UInt64(weight) * nanosecondsPerToken
            let fullAt = max(buckets[key]?.fullAt ?? now, now) + cost
            if fullAt > now + depth { return fullAt - now - depth }
            buckets[key] = Bucket(fullAt: fullAt)
            return nil
        }
    }
}

/// A limit for each key that counts weight within whole minutes and starts afresh with the next, and says how much of it
/// is used: the kind of limit Binance has and reports in `X-MBX-USED-WEIGHT-1M`.
public final class WeightWindows: Sendable {
    public struct Usage: Sendable, Equatable {
        /// The weight used in this window, this call's included where it was allowed.
        public let used: Int
        public let isAllowed: Bool
        /// Whole seconds until the window ends, at least one.
        public let secondsLeft: Int

        public init(used: Int, isAllowed: Bool, secondsLeft: Int) {
            self.used = used
            self.isAllowed = isAllowed
            self.secondsLeft = secondsLeft
        }
    }

    private struct Window {
        var number: UInt64
        var used: Int
    }

    private let limit: Int
    private let length: UInt64
    private let capacity: Int
    private let windows = Mutex<[String: Window]>([:])

    /// - Parameters:
    ///   - limit: the weight a key may use up in one window.
    ///   - seconds: how long a window lasts; windows begin at multiples of it.
    public init(limit: Int, seconds: Int = 60, capacity: Int = 100_000) {
        precondition(limit > 0 && seconds > 0, "a limit of \(limit) in \(seconds) s lets nobody in")
        self.limit = limit
        length = UInt64(seconds) * 1_000_000_000
        self.capacity = capacity
    }

    /// Uses up `weight` of what `key` may in the window that `now`, in nanoseconds, falls in.
    public func use(_ weight: Int, by key: String, at now: UInt64) -> Usage {
        let number = now / length
        let secondsLeft = max(1, Int((length - now % length + 999_999_999) / 1_000_000_000))
        return windows.withLock { windows in
            if windows.count >= capacity && windows[key] == nil {
                windows = windows.filter { $0.value.number == number }
            }
            var window = windows[key] ?? Window(number: number, used: 0)
            if window.number != number { window = Window(number: number, used: 0) }
            let isAllowed = window.used + weight <= limit
            if isAllowed { window.used += weight }
            windows[key] = window
            return Usage(used: window.used, isAllowed: isAllowed, secondsLeft: secondsLeft)
        }
    }
}
