internal import BreakwaterCore
internal import BreakwaterGateway
internal import BreakwaterVenue
internal import BreakwaterWeb
internal import Synchronization

/// A dead man's switch for each account and contract: whoever does not wind it again in time has its orders cancelled.
final class Countdowns: Sendable {
    private struct Key: Hashable {
        let account: AccountID
        let contract: ContractID
    }

    private struct Due {
        let time: Timestamp
        let origin: Origin
    }

    private let due = Mutex<[Key: Due]>([:])

    func operations(_ listings: Listings) -> [Operation] {
        [
            Operation(.post, "/fapi/v1/countdownCancelAll", .trade, weight: 10, pace: .brief) { [self] request in
                let listing = try listings.named(try request.inputs.required("symbol"))
                guard let length = try request.inputs.integer("countdownTime"), length <= 86_400_000 else {
                    throw Fault.missing("countdownTime")
                }
                let key = Key(account: request.account, contract: listing.id)
                let end = Timestamp(request.now.raw + length * 1_000)
                due.withLock { $0[key] = length == 0 ? nil : Due(time: end, origin: request.origin()) }
                return JSONText { json in
                    json.put("symbol", listing.symbol)
                    json.put("countdownTime", "\(length)")
                }
            }
        ]
    }

    /// Cancels the orders of everybody whose time is up.
    func fire(at now: Timestamp, on venue: Venue) {
        let over = due.withLock { due in
            let over = due.filter { $0.value.time <= now }
            for key in over.keys { due[key] = nil }
            return over.sorted { ($0.key.account, $0.key.contract) < ($1.key.account, $1.key.contract) }
        }
        for (key, due) in over {
            venue.submit(.cancelAll(key.account, key.contract), from: due.origin) { _ in }
        }
    }
}
