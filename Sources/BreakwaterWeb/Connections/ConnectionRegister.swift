internal import NIOCore
internal import Synchronization

/// The open connections, counted in all and by address.
final class ConnectionRegister: Sendable {
    private struct State {
        var channels: [ObjectIdentifier: any Channel] = [:]
        var byAddress: [String: Int] = [:]
    }

    private let limits: WebLimits
    private let open: Gauge
    private let state = Mutex(State())

    init(limits: WebLimits, open: Gauge) {
        self.limits = limits
        self.open = open
    }

    /// Notes a connection, and says whether there is room for it; to be removed either way.
    func add(_ channel: any Channel, from address: String) -> Bool {
        open.add(1)
        return state.withLock { state in
            state.channels[ObjectIdentifier(channel)] = channel
            state.byAddress[address, default: 0] += 1
            return state.channels.count <= limits.connections
                && state.byAddress[address, default: 0] <= limits.connectionsPerAddress
        }
    }

    func remove(_ channel: any Channel, from address: String) {
        open.add(-1)
        state.withLock { state in
            state.channels[ObjectIdentifier(channel)] = nil
            state.byAddress[address, default: 1] -= 1
            if state.byAddress[address] == 0 { state.byAddress[address] = nil }
        }
    }

    /// Closes what is still open, without a word.
    func closeAll() {
        for channel in state.withLock({ Array($0.channels.values) }) { channel.close(promise: nil) }
    }
}
