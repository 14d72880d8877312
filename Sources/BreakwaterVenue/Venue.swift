public import BreakwaterCore
internal import Foundation
internal import Synchronization

/// A running exchange: the one place commands go through, each made durable before anybody is told what it did.
///
/// Two threads pass batches on. The writer gives each command its number and time and executes it; the committer makes
/// the batch durable, then lets followers see it and answers those who asked. Questions about the state take their turn
/// between commands, and are answered no sooner than the commands before them are durable.
///
/// ```swift
/// let done = try await venue.perform(.deposit(account, currency, amount), from: Origin("key:3f2a"))
/// if let rejection = done.rejection { … }
/// let depth = try await venue.read { $0.depth(of: contract, .buy, levels: 20) }
/// ```
public final class Venue: Sendable {
    public typealias Clock = @Sendable () -> Timestamp

    /// The names of accounts, contracts and currencies, as of the last durable command.
    public let names: Names
    private let inbox = Inbox<Job>(capacity: 200_000)
    private let committer: Committer
    private let done = DispatchSemaphore(value: 0)
    /// What is closed when the venue stops, given the writer's last state.
    private let closing: Mutex<(@Sendable (Writer) -> Void)?>
    private let writer: Writer
    /// How the state of the past is built again; `nil` for a venue without a folder.
    let recovery: Recovery?

    /// Starts the threads.
    ///
    /// - Parameters:
    ///   - exchange: the state after the journal's last command.
    ///   - followers: see every batch from here on.
    public convenience init(
        _ exchange: consuming Exchange, journal: any Journal, followers: [any Follower] = [],
        clock: @escaping Clock = systemClock
    ) {
        self.init(
            Replica(exchange, ClientOrders(), after: journal.last), journal: journal, followers: followers, clock: clock
        )
    }

    init(
        _ replica: consuming Replica, journal: any Journal, followers: [any Follower], clock: @escaping Clock,
        recovery: Recovery? = nil, closing: (@Sendable (Writer) -> Void)? = nil
    ) {
        names = Names(replica.exchange.directory)
        self.recovery = recovery
        self.closing = Mutex(closing)
        committer = Committer(journal: journal, followers: [names] + followers, inbox: inbox)
        writer = Writer(replica, inbox: inbox, committer: committer, clock: clock)
        let (writer, committer, done) = (writer, committer, done)
        Thread.start("writer") { writer.run() }
        Thread.start("committer") {
            committer.run()
            done.signal()
        }
    }

    /// The sequence number of the last durable command.
    public var last: Int64 { committer.last.load(ordering: .acquiring) }

    /// Executes a command and says what it did, once it is durable.
    ///
    /// An order is given its sequence number for its id, whatever id the command carries.
    public func perform(_ command: Command, from origin: Origin) async throws(VenueFault) -> Execution {
        let result = await withCheckedContinuation { continuation in
            submit(command, from: origin) { continuation.resume(returning: $0) }
        }
        return try result.get()
    }

    /// The same without waiting; `reply` is called on the committer's thread.
    public func submit(
        _ command: Command, from origin: Origin,
        reply: @escaping @Sendable (Result<Execution, VenueFault>) -> Void
    ) {
        do throws(Inbox<Job>.Refusal) {
            try inbox.put(.command(command, origin, reply))
        } catch {
            reply(.failure(VenueFault(error)))
        }
    }

    /// Executes many commands of one origin one after another, without anything between them but timers, and calls
    /// `reply` once for all: for whoever has much to say, such as bots and imports.
    ///
    /// - Parameters:
    ///   - commands: 4,096 at most.
    ///   - origin: without a client order id, which names one order.
    public func submit(
        _ commands: [Command], from origin: Origin,
        reply: @escaping @Sendable (Result<ArraySlice<Execution>, VenueFault>) -> Void
    ) {
        precondition(origin.clientOrderID.isEmpty, "\(commands.count) commands for the order \(origin.clientOrderID)")
        precondition(commands.count <= 4_096, "\(commands.count) commands at once are more than a batch holds")
        guard !commands.isEmpty else { return reply(.success([])) }
        do throws(Inbox<Job>.Refusal) {
            try inbox.put(.commands(commands, origin, reply))
        } catch {
            reply(.failure(VenueFault(error)))
        }
    }

    /// Asks about the state between two commands.
    public func read<Answer: Sendable>(
        _ question: @escaping @Sendable (borrowing Exchange) -> Answer
    ) async throws(VenueFault) -> Answer {
        try await ask { replica in question(replica.exchange) }
    }

    /// The same, told the number of the command after which the state is what it is.
    public func readNumbered<Answer: Sendable>(
        _ question: @escaping @Sendable (borrowing Exchange, _ sequence: Int64) -> Answer
    ) async throws(VenueFault) -> Answer {
        try await ask { replica in question(replica.exchange, replica.sequence) }
    }

    /// How an account would stand after a command that `canPreview`: tried by the writer and taken back, journaled nowhere.
    public func preview(_ command: Command) async throws(VenueFault) -> Preview {
        try await ask { replica in replica.preview(command) }
    }

    /// The order an account gave a name to, while it is open and for two minutes at least.
    public func order(named name: String, of account: AccountID) async throws(VenueFault) -> OrderID? {
        try await ask { replica in replica.clientOrders.order(name, of: account) }
    }

    private func ask<Answer: Sendable>(
        _ question: @escaping @Sendable (inout Replica) -> Answer
    ) async throws(VenueFault) -> Answer {
        let result: Result<Answer, VenueFault> = await withCheckedContinuation { continuation in
            let job = Job.question { replica in
                let answer = question(&replica)
                return { fault in continuation.resume(returning: fault.map { .failure($0) } ?? .success(answer)) }
            }
            do throws(Inbox<Job>.Refusal) {
                try inbox.put(job)
            } catch {
                continuation.resume(returning: .failure(VenueFault(error)))
            }
        }
        return try result.get()
    }

    /// Takes no more commands, and returns when those taken are durable and answered; one that was opened from a folder has
    /// written a snapshot then, and let go of the folder.
    public func stop() {
        inbox.close()
        done.wait()
        done.signal()
        closing.withLock { close in
            close?(writer)
            close = nil
        }
    }

    /// Now, in microseconds since the epoch.
    public static let systemClock: Clock = {
        Timestamp(Int64(Date().timeIntervalSince1970 * 1_000_000))
    }
}

/// What a venue's writer is asked for.
enum Job: Sendable {
    case command(Command, Origin, @Sendable (Result<Execution, VenueFault>) -> Void)
    case commands([Command], Origin, @Sendable (Result<ArraySlice<Execution>, VenueFault>) -> Void)
    /// Looked up by the writer, which it leaves as it was; what it returns is called once everything before it is durable.
    case question(@Sendable (inout Replica) -> @Sendable (VenueFault?) -> Void)
}

extension VenueFault {
    init(_ refusal: Inbox<Job>.Refusal) {
        switch refusal {
        case .full: self = .overloaded
        case .closed: self = .stopped
        }
    }
}
