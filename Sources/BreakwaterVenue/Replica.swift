public import BreakwaterCore

/// An exchange with what a venue keeps beside it, as of one command in the order of all.
///
/// The writer has one, and so has whoever goes through a journal again: the same commands make the same replica.
public struct Replica: ~Copyable, Sendable {
    public private(set) var exchange: Exchange
    private(set) var clientOrders: ClientOrders
    /// The sequence number of the last command executed.
    public private(set) var sequence: Int64

    /// A venue's beginning.
    public init(rulebook: Rulebook) { self.init(Exchange(rulebook: rulebook), ClientOrders(), after: 0) }

    init(_ exchange: consuming Exchange, _ clientOrders: ClientOrders, after sequence: Int64) {
        self.exchange = exchange
        self.clientOrders = clientOrders
        self.sequence = sequence
    }

    /// Executes the next command. What it did stands in `exchange.events`.
    mutating func execute(_ command: Command, at time: Timestamp, from origin: Origin) {
        sequence += 1
        exchange.execute(command, at: time)
        guard case .placeOrder(let request) = command, !origin.clientOrderID.isEmpty else { return }
        if case .rejected? = exchange.events.last { return }
        clientOrders.insert(origin.clientOrderID, request.key.account, request.id, at: time, exchange)
    }

    /// What a command would do, which is tried and taken back.
    mutating func preview(_ command: Command) -> Preview { exchange.preview(command) }

    /// Executes those commands of a batch that come next, up to one of them.
    ///
    /// - Parameter body: sees each with what it did.
    public mutating func replay(
        _ batch: JournalBatch, through last: Int64 = .max, _ body: (Execution) throws -> Void
    ) throws {
        try replay(batch, through: last) { replica, time, command, origin in
            try body(
                Execution(
                    sequence: replica.sequence, time: time, command: command, origin: origin,
                    events: replica.exchange.events))
        }
    }

    /// The same without making executions, which most replays have no use for.
    public mutating func replay(
        _ batch: JournalBatch, through last: Int64 = .max,
        each body: (borrowing Replica, Timestamp, Command, Origin) throws -> Void = { _, _, _, _ in }
    ) throws {
        try batch.forEachCommand { number, time, command, origin in
            guard number > sequence, number <= last else { return }
            guard number == sequence + 1 else { throw DataFault.gap(after: sequence, next: number) }
            execute(command, at: time, from: origin)
            try body(self, time, command, origin)
        }
    }
}
