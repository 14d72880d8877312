public import BreakwaterCore
internal import Synchronization

/// The names of accounts, contracts and currencies, as of the last durable command; for any thread.
public final class Names: Follower {
    private let directory: Mutex<Directory>

    init(_ directory: Directory) { self.directory = Mutex(directory) }

    /// Looks names up. The directory must not be kept: it would be copied when the next account opens.
    public func look<Answer>(_ question: (Directory) throws -> sending Answer) rethrows -> sending Answer {
        try directory.withLock { directory in try question(directory) }
    }

    public func take(_ batch: [Execution]) {
        // By index: an execution taken out is held, which costs more than looking at its command.
        for index in batch.indices {
            switch batch[index].command {
            case .openAccount(let name):
                if batch[index].rejection == nil { directory.withLock { _ = $0.add(accountNamed: name) } }
            case .list(let contract):
                if batch[index].rejection == nil { directory.withLock { _ = $0.add(contract) } }
            case .addCurrency(let currency):
                if batch[index].rejection == nil { directory.withLock { _ = $0.add(currency) } }
            default: break
            }
        }
    }
}
