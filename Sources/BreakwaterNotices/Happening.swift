internal import BreakwaterCore
internal import BreakwaterVenue
internal import Crypto
internal import Foundation

/// Something the owner of an account wants to know at once, as the core said it.
struct Happening: Sendable {
    let account: AccountID
    /// `nil` for a portfolio as a whole.
    let contract: ContractID?
    /// That of the wallet; `nil` where a liquidation begins.
    let currency: CurrencyID?
    let level: NoticeLevel
    let buffer: Buffer?
    let mark: Price?
    let liquidation: LiquidationID?
    let sequence: Int64
    /// Its event's place among those of the command.
    let index: Int
    let time: Timestamp

    /// What tells it from any other, even from one of the same place in a journal that was restored and went on
    /// otherwise.
    var name: String {
        let cause = "\(sequence)/\(index)/\(time.raw)/\(account.raw)/\(level.rawValue)"
        return SHA256.hash(data: Data(cause.utf8)).prefix(16).map {
            String($0 >> 4, radix: 16) + String($0 & 15, radix: 16)
        }.joined()
    }

    /// Adds what one command did to those who may want to know.
    static func fold(_ execution: Execution, _ happenings: inout [Happening]) {
        let start = execution.events.startIndex
        for place in execution.events.indices {
            let index = place - start
            switch execution.events[place] {
            case .warned(let account, let contract, let currency, let level, let buffer):
                guard let level = NoticeLevel(level) else { continue }
                happenings.append(
                    Happening(
                        account: account, contract: contract, currency: currency, level: level, buffer: buffer,
                        mark: nil, liquidation: nil, sequence: execution.sequence, index: index, time: execution.time))
            case .liquidation(let id, let contract, .started(let trigger)):
                happenings.append(
                    Happening(
                        account: trigger.key.account, contract: contract, currency: nil, level: .liquidation,
                        buffer: nil, mark: trigger.mark, liquidation: id, sequence: execution.sequence, index: index,
                        time: execution.time))
            default: break
            }
        }
    }

    /// Whether both tell of one command and one position, or one portfolio: then the worse is enough.
    func isOfOne(with other: Happening) -> Bool {
        sequence == other.sequence && account == other.account && contract == other.contract
            && (currency == nil || other.currency == nil || currency == other.currency)
    }
}

/// How bad what is told is, mildest first.
public enum NoticeLevel: String, Sendable, CaseIterable, Comparable {
    case warning, danger, liquidation

    init?(_ level: WarningLevel) {
        switch level {
        case .none: return nil
        case .warning: self = .warning
        case .danger: self = .danger
        }
    }

    private var rank: Int { Self.allCases.firstIndex(of: self)! }
    public static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }
}
