import BreakwaterCore

/// One liquidation of a tape: its record, and where on the tape it and its position began.
struct LiquidationCase: Sendable {
    let record: LiquidationRecord
    /// The step of the tape in which it began.
    let step: Int
    /// The step that last opened the position, after being flat or on the other side; `nil` where none was seen.
    let opened: Int?
    /// What the mark was judged by at that moment.
    let index: Price?
    let sources: [(name: String, price: Price)]

    var key: PositionKey { record.trigger.key }
}

/// Watches a run and keeps for each liquidation what its record does not hold.
struct LiquidationWitness {
    private(set) var sightings: [Sighting] = []
    private var opened: [PositionKey: (step: Int, sign: Int64)] = [:]
    /// By contract.
    private var indices: [Price?] = []
    private var sources: [[(name: String, price: Price)]] = []

    struct Sighting {
        let step: Int
        let opened: Int?
        let index: Price?
        let sources: [(name: String, price: Price)]
    }

    /// Takes in what a command of `step` did. Prices are followed event by event, because timers come before a
    /// command's own prices.
    mutating func observe(_ exchange: borrowing Exchange, step: Int) {
        for event in exchange.events {
            switch event {
            case .listed:
                indices.append(nil)
                sources.append([])
            case .indexed(let contract, let price):
                indices[contract.index] = price
                sources[contract.index] = exchange.indexSources(of: contract)
            case .positionChanged(let change):
                let sign = change.size.sign
                if opened[change.key]?.sign ?? 0 != sign { opened[change.key] = (step, sign) }
            case .liquidation(_, let contract, .started(let trigger)):
                sightings.append(
                    Sighting(
                        step: step, opened: opened[trigger.key]?.step, index: indices[contract.index],
                        sources: sources[contract.index]))
            default: break
            }
        }
    }
}

extension Tape {
    /// The same tape without what it expects; an expectation that lets time pass becomes a wait.
    var commandsOnly: Tape {
        var kept: [Step] = []
        for step in steps {
            switch step.action {
            case .execute: kept.append(step)
            case .expect:
                if step.time > kept.last?.time ?? .zero {
                    kept.append(Step(line: step.line, time: step.time, action: .execute([.wait])))
                }
            }
        }
        return Tape(file: file, rulebook: rulebook, steps: kept)
    }
}
