internal import NIOCore
internal import Synchronization

/// A numbered stream of messages, sent to every subscriber and kept for those who come back.
///
/// Messages are numbered one by one. Each is encoded once, whoever reads it. The last ones are kept, so that a client
/// that lost its connection can ask for the first number it has not seen.
public final class Topic: Sendable {
    /// What became of a subscription.
    public enum Resumption: Sendable, Equatable {
        /// Subscribed; what was missed was sent first, and `next` is the number of the next message to be published.
        case resumed(missed: Int, next: UInt64)
        /// Not subscribed: the numbers from the one asked for are not kept any more, or were never given out.
        case snapshotNeeded(next: UInt64)
        /// Not subscribed: the socket is gone.
        case closed
    }

    /// The subscribers on one event loop.
    private struct Shard {
        let outbox: Outbox
        var sockets: [Socket]
    }

    private struct State {
        var next: UInt64
        /// The last messages, that with number n at n modulo the number kept.
        var kept: [ByteBuffer] = []
        var oldest: UInt64
        var shards: [Shard] = []
    }

    public let name: String
    private let keeping: Int
    private let state: Mutex<State>

    /// - Parameters:
    ///   - keeping: how many messages are kept for those who resume.
    ///   - first: the number of the first message.
    public init(_ name: String, keeping: Int = 256, first: UInt64 = 1) {
        precondition(keeping >= 0, "topic \(name) cannot keep \(keeping) messages")
        self.name = name
        self.keeping = keeping
        state = Mutex(State(next: first, oldest: first))
    }

    public var subscriberCount: Int { state.withLock { $0.shards.reduce(0) { $0 + $1.sockets.count } } }
    /// The number the next message will have.
    public var next: UInt64 { state.withLock(\.next) }

    /// Sends a message to every subscriber.
    ///
    /// - Parameter message: the UTF-8 text of the message with this number; made only where somebody reads or may
    ///   resume. It runs under the topic's lock, so it must not publish or subscribe here.
    /// - Returns: the number of the message.
    @discardableResult
    public func publish(_ message: (UInt64) -> [UInt8]) -> UInt64 {
        state.withLock { state in
            let number = state.next
            state.next += 1
            if state.shards.isEmpty && keeping == 0 {
                state.oldest = state.next
                return number
            }
            let buffer = Frame(text: message(number)).buffer
            keep(buffer, number, in: &state)
            for shard in state.shards { shard.outbox.add(.broadcast(buffer, shard.sockets)) }
            return number
        }
    }

    /// Subscribes `socket` to what comes, from `number` on where that is given and still kept.
    public func subscribe(_ socket: Socket, from number: UInt64? = nil) -> Resumption {
        state.withLock { state in
            let start = number ?? state.next
            guard start >= state.oldest, start <= state.next else { return .snapshotNeeded(next: state.next) }
            guard socket.joined(self) else { return .closed }
            for missed in start..<state.next {
                socket.outbox.add(.message(state.kept[Int(missed % UInt64(keeping))], socket))
            }
            add(socket, to: &state)
            return .resumed(missed: Int(state.next - start), next: state.next)
        }
    }

    /// Subscribes `socket` after sending it a snapshot, so that no message falls between the two.
    ///
    /// - Parameter snapshot: the UTF-8 text of a message with the state after `number`; runs under the topic's lock.
    /// - Returns: whether the socket was still there.
    @discardableResult
    public func subscribe(_ socket: Socket, after snapshot: (_ number: UInt64) -> [UInt8]) -> Bool {
        state.withLock { state in
            guard socket.joined(self) else { return false }
            socket.send(snapshot(state.next - 1))
            add(socket, to: &state)
            return true
        }
    }

    /// Ends a subscription; a message handed over just before may still arrive.
    public func unsubscribe(_ socket: Socket) {
        state.withLock { state in
            guard let shard = state.shards.firstIndex(where: { $0.outbox === socket.outbox }),
                let index = state.shards[shard].sockets.firstIndex(where: { $0 === socket })
            else { return }
            state.shards[shard].sockets.swapAt(index, state.shards[shard].sockets.count - 1)
            state.shards[shard].sockets.removeLast()
            if state.shards[shard].sockets.isEmpty { state.shards.remove(at: shard) }
        }
        socket.left(self)
    }

    private func keep(_ buffer: ByteBuffer, _ number: UInt64, in state: inout State) {
        guard keeping > 0 else {
            state.oldest = state.next
            return
        }
        if state.kept.isEmpty { state.kept = Array(repeating: ByteBuffer(), count: keeping) }
        state.kept[Int(number % UInt64(keeping))] = buffer
        if number - state.oldest >= UInt64(keeping) { state.oldest = number - UInt64(keeping) + 1 }
    }

    private func add(_ socket: Socket, to state: inout State) {
        guard let shard = state.shards.firstIndex(where: { $0.outbox === socket.outbox }) else {
            state.shards.append(Shard(outbox: socket.outbox, sockets: [socket]))
            return
        }
        guard !state.shards[shard].sockets.contains(where: { $0 === socket }) else { return }
        state.shards[shard].sockets.append(socket)
    }
}

/// Topics by name, made when first asked for.
public final class Hub: Sendable {
    private let topics = Mutex<[String: Topic]>([:])
    private let keeping: Int

    /// - Parameter keeping: how many messages each topic keeps for those who resume.
    public init(keeping: Int = 256) { self.keeping = keeping }

    public func topic(_ name: String) -> Topic {
        topics.withLock { topics in
            if let topic = topics[name] { return topic }
            let topic = Topic(name, keeping: keeping)
            topics[name] = topic
            return topic
        }
    }

    /// The topic of that name where it exists: names that clients invent must not create topics.
    public func existing(_ name: String) -> Topic? { topics.withLock { $0[name] } }

    /// Forgets a topic; its subscribers hear no more from it.
    public func remove(_ name: String) { topics.withLock { $0[name] = nil } }
}
