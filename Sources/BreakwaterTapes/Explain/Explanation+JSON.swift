import BreakwaterCore

/// The explanation as JSON: each liquidation's record, with the figures and places that explain it.
extension Explanation {
    public var json: JSONValue {
        [
            "tape": .string(tape.file), "rulebook": .string(tape.rulebook.name), "stateHash": .string(stateHash),
            "begun": .integer(begun), "notShown": .integer(chosen - cases.count),
            "liquidations": .array(cases.map(json)),
        ]
    }

    private func json(_ subject: LiquidationCase) -> JSONValue {
        let writer = LiquidationWriter(venue: venue, rulebook: tape.rulebook)
        let contract = venue[subject.key.contract]
        let figures = TriggerArithmetic(subject.record.trigger, contract, venue[contract.settle], tape.rulebook)
        guard case .object(var members) = writer.json(subject.record) else { return .null }
        members += [
            (key: "currency", value: .string(venue[contract.settle].name)),
            (key: "line", value: .integer(tape.steps[subject.step].line)),
            (key: "opened", value: subject.opened.map(place) ?? .null),
            (key: "prices", value: prices(subject, contract)),
            (key: "tier", value: figures.tier),
            (key: "requirement", value: figures.requirement),
            (key: "backing", value: figures.backing),
        ]
        if let counterfactual = counterfactuals[subject.record.id.raw] {
            members.append((key: "counterfactual", value: json(counterfactual, of: subject)))
        }
        return .object(members)
    }

    private func place(_ step: Int) -> JSONValue {
        ["line": .integer(tape.steps[step].line), "time": .string(tape.steps[step].time.iso)]
    }

    private func prices(_ subject: LiquidationCase, _ contract: Contract) -> JSONValue {
        [
            "mark": .decimal(contract.decimal(subject.record.trigger.mark)),
            "index": .decimal(subject.index.map(contract.decimal)),
            "sources": .object(
                subject.sources.map { (key: $0.name, value: .decimal(contract.decimal($0.price))) }),
        ]
    }

    private func json(_ counterfactual: Counterfactual, of subject: LiquidationCase) -> JSONValue {
        let contract = venue[subject.key.contract]
        let currency = venue[contract.settle]
        let how = subject.record.trigger.mode == .isolated ? "deposit and margin" : "deposit"
        var members: [(key: String, value: JSONValue)] = []
        switch counterfactual.verdict {
        case .found(let found):
            members = [
                (key: "extra", value: .decimal(currency.decimal(found.extra))),
                (key: "by", value: .string(how)),
                (key: "after", value: place(subject.opened!)),
                (key: "oneUnitLess", value: .decimal(currency.decimal(found.extra - Amount(1)))),
                (key: "oneUnitLessFails", value: fall(found.less ?? tapeItself(subject), contract)),
                (key: "lastMoment", value: place(found.lastStep)),
                (key: "laterMoments", value: .integer(subject.step - 1 - found.lastStep)),
                (key: "everyLaterMomentTried", value: .bool(found.triedEveryLater)),
            ]
        case .noMoment:
            let reason = "The position was opened and liquidated by the same line, so that nothing could come between."
            members = [(key: "extra", value: .null), (key: "reason", value: .string(reason))]
        case .beyond(let bound, let trial):
            members = [
                (key: "extra", value: .null), (key: "bound", value: .decimal(currency.decimal(bound))),
                (key: "by", value: .string(how)), (key: "after", value: place(subject.opened!)),
                (key: "reason", value: .string(reason(trial, "\(currency.decimal(bound)) \(currency.name)", contract))),
                (key: "boundFails", value: fall(trial, contract)),
            ]
        }
        return .object(members + [(key: "replays", value: .integer(counterfactual.replays))])
    }

    /// Nothing put in is the tape as it stands.
    private func tapeItself(_ subject: LiquidationCase) -> Trial {
        Trial(
            fell: Trial.Fall(
                step: subject.step, mark: subject.record.trigger.mark, shortfall: subject.record.shortfall))
    }

    private func fall(_ trial: Trial, _ contract: Contract) -> JSONValue {
        guard let fell = trial.fell else { return .null }
        return [
            "line": .integer(tape.steps[fell.step].line), "time": .string(tape.steps[fell.step].time.iso),
            "mark": .decimal(contract.decimal(fell.mark)),
        ]
    }

    private func reason(_ trial: Trial, _ bound: String, _ contract: Contract) -> String {
        if let refusal = trial.refusal {
            let what = trial.isDeposited ? "moved behind the position" : "deposited"
            return "\(bound) could not be \(what): \(refusal.sentence(in: venue))"
        }
        guard let fell = trial.fell else { return "" }
        return "Not even \(bound), ten times its notional, would have kept it: with them it is liquidated at line "
            + "\(tape.steps[fell.step].line), mark \(contract.decimal(fell.mark))."
    }
}
