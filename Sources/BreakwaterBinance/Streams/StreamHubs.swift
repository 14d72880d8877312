internal import BreakwaterWeb
internal import Synchronization

/// Streams by name, in both forms: events by themselves, and events wrapped with the name of their stream.
///
/// An event is encoded where somebody reads its stream, once for each form.
final class StreamHubs: Sendable {
    private let plain = Hub(keeping: 0)
    private let combined = Hub(keeping: 0)
    /// Streams that were ever read and are told at intervals.
    private let timed = Mutex<[String: StreamName]>([:])

    /// Adds a reader. The name must be that of a stream there is.
    func subscribe(_ socket: Socket, to name: String, _ stream: StreamName?, combined isCombined: Bool) {
        _ = (isCombined ? combined : plain).topic(name).subscribe(socket)
        switch stream {
        case .candles, .mark, .day, .shortDay: timed.withLock { $0[name] = stream }
        case .trades, .aggregates, .bestPrices, .depth, .partialDepth, .forcedOrders, nil: break
        }
    }

    func unsubscribe(_ socket: Socket, from name: String) {
        for topic in [plain.existing(name), combined.existing(name)] { topic?.unsubscribe(socket) }
    }

    func isRead(_ name: String) -> Bool {
        [plain.existing(name), combined.existing(name)].contains { ($0?.subscriberCount ?? 0) > 0 }
    }

    /// The streams told at intervals that are read now, by name.
    var timedNow: [(name: String, stream: StreamName)] {
        timed.withLock { timed in
            for name in timed.keys where !isRead(name) { timed[name] = nil }
            return timed.map { ($0.key, $0.value) }.sorted { $0.0 < $1.0 }
        }
    }

    /// Tells a stream's readers an event; it is made only where there are any.
    func publish(_ name: String, _ event: () -> JSONText) {
        let plain = plain.existing(name).flatMap { $0.subscriberCount > 0 ? $0 : nil }
        let combined = combined.existing(name).flatMap { $0.subscriberCount > 0 ? $0 : nil }
        guard plain != nil || combined != nil else { return }
        let text = event()
        plain?.publish { _ in text.bytes }
        combined?.publish { _ in
            JSONText(capacity: text.bytes.count + 64) { json in
                json.put("stream", name)
                json.put("data", json: text)
            }.bytes
        }
    }

    /// Forgets a stream that nobody can ask for any more.
    func remove(_ name: String) {
        plain.remove(name)
        combined.remove(name)
    }
}
