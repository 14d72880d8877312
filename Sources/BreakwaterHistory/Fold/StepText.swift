internal import BreakwaterCore

/// A step of a liquidation as a line of words, the way its table keeps it: the case's name and its values in order.
struct StepText {
    private var words: [String] = []

    static func write(_ step: LiquidationStep) -> String {
        var text = StepText()
        text.add(step)
        return text.words.joined(separator: " ")
    }

    static func write(_ trigger: LiquidationStep.Trigger) -> String {
        var text = StepText()
        text.add(trigger)
        return text.words.joined(separator: " ")
    }

    private mutating func add(_ units: any UnitInteger...) { words += units.map { "\($0.raw)" } }
    private mutating func add(_ unit: (some UnitInteger)?) { words.append(unit.map { "\($0.raw)" } ?? "-") }
    private mutating func add(_ flag: Bool) { words.append(flag ? "yes" : "no") }
    private mutating func add(_ holder: AccountID, _ side: PositionSide) {
        words += ["\(holder.raw)", side.rawValue]
    }

    private mutating func add(_ trigger: LiquidationStep.Trigger) {
        words += ["\(trigger.key.account.raw)", "\(trigger.key.contract.raw)", trigger.key.side.rawValue]
        words += [trigger.mode.rawValue]
        add(trigger.mark, trigger.size, trigger.entry, trigger.settled, trigger.margin, trigger.leverage)
        words.append("\(trigger.riskLimit)")
        add(trigger.stance.margin, trigger.stance.maintenance)
    }

    private mutating func add(_ step: LiquidationStep) {
        words = [StepName(step).rawValue]
        switch step {
        case .started(let trigger): add(trigger)
        case .steppedDown(let withOrders, let from, let to):
            add(withOrders)
            words += ["\(from)", "\(to)"]
        case .ordersCancelled(let count): words.append("\(count)")
        case .fillOrKill(let size, let limit, let filled):
            add(size, limit)
            add(filled)
        case .collateralConverted(let currency, let sold, let received):
            words.append("\(currency.raw)")
            add(sold, received)
        case .forcedClose(let close):
            words.append(close.stage.rawValue)
            add(close.asked, close.filled)
            add(close.limit)
            add(close.value, close.loss)
        case .remainderKept(let kept): add(kept)
        case .paused(let remaining, let until):
            add(remaining)
            add(until)
        case .saved(let stance): add(stance.margin, stance.maintenance)
        case .takenOver(let size, let margin, let settled, let limit): add(size, margin, settled, limit)
        case .lotTraded(let size, let price, let value, let gain, let aggressing):
            add(size, price, value, gain)
            add(aggressing)
        case .lotFunded(let due): add(due)
        case .fundExhausted(let remaining, let fund): add(remaining, fund)
        case .assigned(let account, let side, let size, let value, let paid):
            add(account, side)
            add(size, value, paid)
        case .providerSkipped(let account): words.append("\(account.raw)")
        case .absorbed(let size): add(size)
        case .fundPaid(let paid): add(paid)
        case .deleveraged(let account, let side, let size, let value, let forgone, let gain):
            add(account, side)
            add(size, value, forgone, gain)
        case .deleverageSkipped(let account, let side): add(account, side)
        case .closedAtMark(let account, let side, let size, let value, let deficit):
            add(account, side)
            add(size, value, deficit)
        case .clawedBack(let account, let amount):
            words.append("\(account.raw)")
            add(amount)
        case .clawbackEnded(let surplus): add(surplus)
        case .waiting(let remaining): add(remaining)
        case .closed: break
        }
    }
}

/// The cases of a step, by name.
enum StepName: String {
    case started, steppedDown, ordersCancelled, fillOrKill, collateralConverted, forcedClose, remainderKept, paused
    case saved, takenOver, lotTraded, lotFunded, fundExhausted, assigned, providerSkipped, absorbed, fundPaid
    case deleveraged, deleverageSkipped, closedAtMark, clawedBack, clawbackEnded, waiting, closed

    init(_ step: LiquidationStep) {
        self =
            switch step {
            case .started: .started
            case .steppedDown: .steppedDown
            case .ordersCancelled: .ordersCancelled
            case .fillOrKill: .fillOrKill
            case .collateralConverted: .collateralConverted
            case .forcedClose: .forcedClose
            case .remainderKept: .remainderKept
            case .paused: .paused
            case .saved: .saved
            case .takenOver: .takenOver
            case .lotTraded: .lotTraded
            case .lotFunded: .lotFunded
            case .fundExhausted: .fundExhausted
            case .assigned: .assigned
            case .providerSkipped: .providerSkipped
            case .absorbed: .absorbed
            case .fundPaid: .fundPaid
            case .deleveraged: .deleveraged
            case .deleverageSkipped: .deleverageSkipped
            case .closedAtMark: .closedAtMark
            case .clawedBack: .clawedBack
            case .clawbackEnded: .clawbackEnded
            case .waiting: .waiting
            case .closed: .closed
            }
    }
}
