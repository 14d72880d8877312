public import BreakwaterCore

/// The map as JSON; the API answers with parts of it.
extension LiquidationMap {
    public var json: JSONValue {
        .object(
            [(key: "symbol", value: .string(contract.symbol))] + heatmap.members + [
                (key: "falling", value: falling.json(contract)), (key: "rising", value: rising.json(contract)),
            ])
    }

    /// The mark and the buckets around it.
    public var heatmap: JSONValue {
        [
            "mark": .decimal(mark.map(contract.decimal)),
            "buckets": .array(
                buckets.map { bucket in
                    [
                        "from": .decimal(contract.decimal(bucket.from)), "to": .decimal(contract.decimal(bucket.to)),
                        "longs": .decimal(contract.decimal(bucket.longs)),
                        "shorts": .decimal(contract.decimal(bucket.shorts)),
                    ]
                }),
        ]
    }
}

extension Cascade {
    public func json(_ contract: Contract) -> JSONValue {
        [
            "steps": .array(
                steps.map { step in
                    [
                        "price": .decimal(step.price), "forced": .decimal(contract.decimal(step.forced)),
                        "depth": .decimal(contract.decimal(step.depth)),
                    ]
                }),
            "end": end.map {
                ["price": .decimal($0.price), "forced": .decimal(contract.decimal($0.forced))]
            } ?? .null,
        ]
    }
}
