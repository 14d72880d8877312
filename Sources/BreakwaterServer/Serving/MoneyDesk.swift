internal import BreakwaterCore
internal import BreakwaterGateway
internal import BreakwaterHistory

/// Deposits and withdrawals that were being carried out when everything stopped: the journal knows whether they were.
enum MoneyDesk {
    /// What the command that carries a request out is noted with.
    static func note(for request: Int64) -> String { "request \(request)" }

    /// Finishes each request whose money has moved, and makes the others pending again.
    static func settle(_ gateway: Gateway) async throws {
        for (id, sequence) in try gateway.identities.unfinishedRequests() {
            if let action = try await action(noted: note(for: id), after: sequence, in: gateway.history) {
                try gateway.identities.finish(id, .done, by: action.actor, at: action.time)
            } else {
                try gateway.identities.putBack(id)
            }
        }
    }

    private static func action(noted note: String, after sequence: Int64, in history: History) async throws
        -> AdminAction?
    {
        var page = BreakwaterHistory.Page(after: EventID(sequence + 1).raw - 1, limit: 1_000, isDescending: false)
        while true {
            let actions = try await history.actions(page: page)
            let isDone: (AdminAction) -> Bool = { action in
                action.text == note && action.rejection == nil && ["deposit", "withdraw"].contains(action.command)
            }
            if let found = actions.first(where: isDone) { return found }
            guard let last = actions.last, actions.count == page.limit else { return nil }
            page.after = last.id.raw
        }
    }
}
