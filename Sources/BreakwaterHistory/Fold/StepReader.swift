internal import BreakwaterCore

/// Reads what `StepText` wrote. Only the program itself writes there, so that anything else is a bug.
struct StepReader {
    private let text: String
    private var words: ArraySlice<Substring>

    private init(_ text: String) {
        self.text = text
        words = text.split(separator: " ")[...]
    }

    static func step(_ text: String) -> LiquidationStep {
        var reader = StepReader(text)
        return reader.step()
    }

    static func trigger(_ text: String) -> LiquidationStep.Trigger {
        var reader = StepReader(text)
        return reader.trigger()
    }

    private mutating func word() -> String {
        guard let word = words.popFirst() else { preconditionFailure("step ends early: \(text)") }
        return String(word)
    }

    private mutating func number() -> Int64 {
        let word = word()
        guard let number = Int64(word) else { preconditionFailure("\(word) is no number: \(text)") }
        return number
    }

    private mutating func unit<Unit: UnitInteger>() -> Unit { Unit(number()) }
    private mutating func optionalUnit<Unit: UnitInteger>() -> Unit? {
        if words.first == "-" {
            words.removeFirst()
            return nil
        }
        return unit()
    }
    private mutating func flag() -> Bool { word() == "yes" }
    private mutating func id<ID: Identifier>() -> ID { ID(Int32(number())) }

    private mutating func choice<Choice: RawRepresentable<String>>() -> Choice {
        let word = word()
        guard let choice = Choice(rawValue: word) else { preconditionFailure("\(word) is no \(Choice.self): \(text)") }
        return choice
    }

    private mutating func stance() -> LiquidationStep.Stance {
        LiquidationStep.Stance(margin: unit(), maintenance: unit())
    }

    private mutating func trigger() -> LiquidationStep.Trigger {
        LiquidationStep.Trigger(
            key: PositionKey(id(), id(), choice()), mode: choice(), mark: unit(), size: unit(), entry: unit(),
            settled: unit(), margin: unit(), leverage: unit(), riskLimit: Int(number()), stance: stance())
    }

    private mutating func forcedClose() -> LiquidationStep.ForcedClose {
        LiquidationStep.ForcedClose(
            stage: choice(), asked: unit(), filled: unit(), limit: optionalUnit(), value: unit(), loss: unit())
    }

    private mutating func step() -> LiquidationStep {
        switch choice() as StepName {
        case .started: .started(trigger())
        case .steppedDown: .steppedDown(withOrders: flag(), from: Int(number()), to: Int(number()))
        case .ordersCancelled: .ordersCancelled(Int(number()))
        case .fillOrKill: .fillOrKill(size: unit(), limit: unit(), filled: flag())
        case .collateralConverted: .collateralConverted(id(), sold: unit(), received: unit())
        case .forcedClose: .forcedClose(forcedClose())
        case .remainderKept: .remainderKept(unit())
        case .paused: .paused(remaining: unit(), until: optionalUnit())
        case .saved: .saved(stance())
        case .takenOver: .takenOver(size: unit(), margin: unit(), settled: unit(), limit: unit())
        case .lotTraded: .lotTraded(size: unit(), price: unit(), value: unit(), gain: unit(), aggressing: flag())
        case .lotFunded: .lotFunded(unit())
        case .fundExhausted: .fundExhausted(remaining: unit(), fund: unit())
        case .assigned: .assigned(id(), choice(), size: unit(), value: unit(), paid: unit())
        case .providerSkipped: .providerSkipped(id())
        case .absorbed: .absorbed(size: unit())
        case .fundPaid: .fundPaid(unit())
        case .deleveraged: .deleveraged(id(), choice(), size: unit(), value: unit(), forgone: unit(), gain: unit())
        case .deleverageSkipped: .deleverageSkipped(id(), choice())
        case .closedAtMark: .closedAtMark(id(), choice(), size: unit(), value: unit(), deficit: unit())
        case .clawedBack: .clawedBack(id(), unit())
        case .clawbackEnded: .clawbackEnded(surplus: unit())
        case .waiting: .waiting(remaining: unit())
        case .closed: .closed
        }
    }
}
