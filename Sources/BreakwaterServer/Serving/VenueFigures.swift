internal import BreakwaterCore
internal import BreakwaterGateway
internal import BreakwaterHistory
internal import BreakwaterNotices
internal import BreakwaterVenue
internal import BreakwaterWeb

/// What `/metrics` says of the venue.
enum VenueFigures {
    static func register(_ gateway: Gateway, in metrics: Metrics) {
        metrics.collect { text in
            text.family("breakwater_commands_total", kind: "counter", "Commands that are durable.")
            text.sample("breakwater_commands_total", [], "\(gateway.venue.last)")
            text.family(
                "breakwater_history_lag", kind: "gauge", "Durable commands that the history has not taken in yet.")
            text.sample("breakwater_history_lag", [], "\(max(0, gateway.venue.last - gateway.history.applied))")
            text.family("breakwater_contracts", kind: "gauge", "Contracts that are listed.")
            text.family("breakwater_accounts", kind: "gauge", "Accounts that were opened.")
            let (accounts, contracts) = gateway.venue.names.look { ($0.accountNames.count, $0.contracts.count) }
            text.sample("breakwater_contracts", [], "\(contracts)")
            text.sample("breakwater_accounts", [], "\(accounts)")
        }
    }

    static func register(_ notices: Notices, in metrics: Metrics) {
        metrics.collect { text in
            guard let figures = try? notices.figures() else { return }
            let families = [
                ("breakwater_notices_sent_total", "counter", "Warnings and tests that were accepted.", figures.sent),
                (
                    "breakwater_notices_failed_total", "counter", "Warnings and tests that were given up.",
                    figures.failed
                ),
                ("breakwater_notices_waiting", "gauge", "Warnings and tests that wait to be sent.", figures.waiting),
            ]
            for (name, kind, help, counts) in families {
                text.family(name, kind: kind, help)
                for channel in Channel.allCases {
                    text.sample(name, [("channel", channel.rawValue)], "\(counts[channel] ?? 0)")
                }
            }
        }
    }
}
