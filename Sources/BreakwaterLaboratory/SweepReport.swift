internal import BreakwaterCore
internal import BreakwaterSimulator
public import BreakwaterTapes

/// What a sweep found: how large a fund has to be, which values lose least, and what each parameter changes.
public struct SweepReport {
    let sweep: Sweep
    /// By point, then by seed.
    let results: [[RunResult]]
    /// The command that gives this.
    let command: String

    /// - Parameters:
    ///   - results: in the order of the sweep's units.
    ///   - command: how to have it again.
    public init(_ sweep: Sweep, _ results: [RunResult], command: String) {
        self.sweep = sweep
        self.command = command
        let runs = sweep.seeds.count
        self.results = sweep.points.indices.map { Array(results[$0 * runs..<($0 + 1) * runs]) }
    }

    typealias Metric = RunResult.Metric

    /// What points and parameters are compared by.
    static let compared: [Metric] = [.loss, .beyondTraders, .forgone, .fundNeeded, .liquidations, .forcedVolume]

    var currency: Currency { sweep.points[0].scenario.plan.currency }

    func values(_ metric: Metric, at point: Int) -> [Int64] { results[point].map { $0[metric] } }
    func numbers(_ metric: Metric, at point: Int) -> [Double] { values(metric, at: point).map(Double.init) }

    /// A figure in its unit: money with the currency's decimals, counts with three.
    func decimal(_ value: Double, _ metric: Metric) -> ExactDecimal {
        metric.isMoney
            ? currency.decimal(Int128(value.rounded()))
            : ExactDecimal(digits: Int128((value * 1_000).rounded()), places: 3)
    }

    /// Whether every run says what a metric is: one that deleveraged leaves open what it needed.
    private func isKnown(_ metric: Metric) -> Bool {
        metric != .fundNeeded || !results.joined().contains { $0[.deleverages] > 0 }
    }

    /// The mean over a point's runs, nothing where one leaves it open; a price to the nearest tick of its contract.
    private func mean(_ metric: Metric, at point: Int) -> JSONValue {
        if metric == .fundNeeded, needs(at: point).contains(.max) { return .null }
        let mean = Statistics.mean(numbers(metric, at: point)).mean
        if metric == .lowestMark { return .decimal(contract(at: point).decimal(Price(Int64(mean.rounded())))) }
        return json(mean, metric)
    }

    private func contract(at point: Int) -> Contract { sweep.points[point].scenario.plan.contract }

    func json(_ value: Double, _ metric: Metric) -> JSONValue { .decimal(decimal(value, metric)) }

    private func json(_ estimate: Statistics.Estimate, _ metric: Metric) -> JSONValue {
        [
            "mean": json(estimate.mean, metric), "low": estimate.interval.map { json($0.low, metric) } ?? .null,
            "high": estimate.interval.map { json($0.high, metric) } ?? .null,
        ]
    }

    static func percent(_ share: Double) -> ExactDecimal {
        ExactDecimal(digits: Int128((share * 100_000).rounded()), places: 3)
    }

    public var json: JSONValue {
        [
            "sweep": .string(sweep.name), "file": .string(sweep.file), "version": .string(ProgramVersion.text),
            "command": .string(command), "level": .decimal(sweep.level.decimal), "currency": .string(currency.name),
            "seeds": [
                "first": .string("\(sweep.seeds[0])"), "count": .integer(sweep.seeds.count),
            ],
            "parameters": .array(
                sweep.parameters.map {
                    ["key": .string($0.key), "values": .array($0.values.map { .string($0) })]
                }),
            "files": sweep.inputs.json,
            "points": .array(sweep.points.indices.map(point)),
            "losesLeast": losesLeast,
            "sensitivity": .array(sweep.parameters.indices.flatMap(sensitivity)),
        ]
    }

    // MARK: Points

    private func point(_ number: Int) -> JSONValue {
        [
            "parameters": parameters(of: number), "runs": .integer(results[number].count),
            "withoutDeleveraging": withoutDeleveraging(number), "fund": fund(number),
            "means": .object(
                Metric.allCases.map { (key: $0.rawValue, value: mean($0, at: number)) }),
        ]
    }

    private func parameters(of point: Int) -> JSONValue {
        .object(zip(sweep.parameters, sweep.points[point].values).map { (key: $0.key, value: .string($1)) })
    }

    private func withoutDeleveraging(_ point: Int) -> JSONValue {
        let calm = values(.deleverages, at: point).count { $0 == 0 }
        let share = Statistics.interval(of: calm, in: results[point].count)
        return [
            "runs": .integer(calm), "percent": .decimal(Self.percent(Double(calm) / Double(results[point].count))),
            "low": .decimal(Self.percent(share.low)), "high": .decimal(Self.percent(share.high)),
        ]
    }

    /// What each run needed of the fund; a run that deleveraged all the same counts as needing more than any, as it does not
    /// say whether another fund would have been enough.
    func needs(at point: Int) -> [Int64] {
        results[point].map { $0[.deleverages] > 0 ? .max : $0[.fundNeeded] }
    }

    /// The fund that would have been enough, as far as the one there was can tell.
    private func fund(_ point: Int) -> JSONValue {
        let needed = needs(at: point)
        let plan = sweep.points[point].scenario.plan
        let (size, enough) = Statistics.quantile(sweep.level, of: needed)
        let median = Statistics.quantile(Rate(500_000_000), of: needed).estimate
        func money(_ value: Int64) -> JSONValue {
            value == .max ? .null : .decimal(currency.decimal(Int128(value)))
        }
        return [
            "start": money(plan.fund.raw), "median": money(median), "atLevel": money(size),
            "enough": enough.map(money) ?? .null, "largest": money(needed.max() ?? 0),
            "runsNeeded": .integer(Statistics.runsNeeded(for: sweep.level)),
            "deleveraged": .integer(needed.count { $0 == .max }),
        ]
    }

    // MARK: Comparisons

    /// Points by what they lose, each against the best one on the same seeds.
    private var losesLeast: JSONValue {
        guard sweep.points.count > 1 else { return .null }
        func ranking(_ metric: Metric) -> JSONValue {
            let means = sweep.points.indices.map { Statistics.mean(numbers(metric, at: $0)).mean }
            let order = sweep.points.indices.sorted { (means[$0], $0) < (means[$1], $1) }
            let best = numbers(metric, at: order[0])
            return .array(
                order.map { point in
                    let more = Statistics.mean(zip(numbers(metric, at: point), best).map { $0 - $1 })
                    return [
                        "parameters": parameters(of: point), "mean": json(means[point], metric),
                        "more": json(more, metric),
                        "isToldApart": .bool(more.interval.map { $0.low > 0 } ?? false),
                    ]
                })
        }
        return ["beyondTraders": ranking(.beyondTraders), "loss": ranking(.loss)]
    }

    /// What each value of a parameter changes against its first one, everything else and the seed being the same.
    private func sensitivity(_ parameter: Int) -> [JSONValue] {
        let terms = sweep.parameters[parameter]
        return Self.compared.filter(isKnown).map { metric in
            let base = bySeed(metric, parameter, terms.values[0])
            let values = terms.values.map { value -> JSONValue in
                let here = bySeed(metric, parameter, value)
                let change = Statistics.mean(zip(here, base).map { $0 - $1 })
                return [
                    "value": .string(value), "mean": json(Statistics.mean(here), metric),
                    "change": json(change, metric),
                ]
            }
            return ["key": .string(terms.key), "metric": .string(metric.rawValue), "values": .array(values)]
        }
    }

    /// What a metric is with one value of a parameter, a number for each seed: the mean over what else varies, as runs of
    /// one seed are one draw, however many there are.
    private func bySeed(_ metric: Metric, _ parameter: Int, _ value: String) -> [Double] {
        let points = sweep.points.indices.filter { sweep.points[$0].values[parameter] == value }
        return sweep.seeds.indices.map { seed in
            points.reduce(0) { $0 + Double(results[$1][seed][metric]) } / Double(points.count)
        }
    }

    /// Every run as a row of figures.
    public var csv: String {
        var rows = [
            (["address", "seed"] + sweep.parameters.map(\.key.csvCell) + Metric.allCases.map(\.rawValue) + ["stateHash"])
                .joined(separator: ",")
        ]
        let units = sweep.units
        let runs = sweep.seeds.count
        for (number, unit) in units.enumerated() {
            let result = results[number / runs][number % runs]
            let values = sweep.points[unit.point].values.map(\.csvCell)
            let contract = contract(at: unit.point)
            let figures = Metric.allCases.map { metric in
                if metric == .lowestMark { return "\(contract.decimal(Price(result[metric])))" }
                return metric.isMoney ? "\(currency.decimal(Int128(result[metric])))" : "\(result[metric])"
            }
            rows.append(
                ([unit.address, "\(unit.seed)"] + values + figures + [result.stateHash]).joined(separator: ","))
        }
        return rows.joined(separator: "\n") + "\n"
    }
}
