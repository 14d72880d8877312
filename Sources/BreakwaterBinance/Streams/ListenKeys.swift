internal import BreakwaterCore
internal import BreakwaterGateway
internal import BreakwaterWeb
internal import Foundation
internal import Synchronization

/// The keys under which accounts' events are listened to. An account has one at a time, good for an hour after it was
/// asked for last.
final class ListenKeys: Sendable {
    private struct State {
        var keys: [AccountID: (key: String, end: Timestamp)] = [:]
        var accounts: [String: AccountID] = [:]
    }

    private static let life = BreakwaterCore.Duration.seconds(3_600)
    private let state = Mutex(State())

    /// The account's key, whose hour begins anew.
    func renew(_ account: AccountID, at now: Timestamp) -> String {
        state.withLock { state in
            let key =
                state.keys[account]?.key
                ?? (UUID().uuidString + UUID().uuidString).lowercased().replacing("-", with: "")
            state.keys[account] = (key, now + Self.life)
            state.accounts[key] = account
            return key
        }
    }

    func key(of account: AccountID) -> String? { state.withLock { $0.keys[account]?.key } }
    func account(_ key: String) -> AccountID? { state.withLock { $0.accounts[key] } }

    func remove(_ account: AccountID) -> String? {
        state.withLock { state in
            guard let key = state.keys.removeValue(forKey: account)?.key else { return nil }
            state.accounts[key] = nil
            return key
        }
    }

    /// Takes away the keys whose hour is over.
    func takeExpired(at now: Timestamp) -> [String] {
        state.withLock { state in
            let over = state.keys.filter { $0.value.end <= now }
            for (account, entry) in over {
                state.keys[account] = nil
                state.accounts[entry.key] = nil
            }
            return over.map(\.value.key).sorted()
        }
    }

    func operations(_ streams: AccountStreams) -> [Operation] {
        [
            Operation(.post, "/fapi/v1/listenKey", .key, pace: .brief) { [self] request in
                JSONText { $0.put("listenKey", renew(request.account, at: request.now)) }
            },
            Operation(.put, "/fapi/v1/listenKey", .key, pace: .brief) { [self] request in
                guard key(of: request.account) != nil else { throw Fault.noSuchListenKey }
                return JSONText { $0.put("listenKey", renew(request.account, at: request.now)) }
            },
            Operation(.delete, "/fapi/v1/listenKey", .key, pace: .brief) { [self] request in
                guard let key = remove(request.account) else { throw Fault.noSuchListenKey }
                streams.expire(key, at: request.now)
                return JSONText { _ in }
            },
        ]
    }
}
