import Testing

@testable import BreakwaterCore

@Suite("Contracts: tiers")
struct TiersTests {
    /// Three rows of per-mille rates: 1 % IM and 0.5 % MM at first.
    private static let rows = [(1_000_000, 10, 5), (5_000_000, 20, 10), (50_000_000, 50, 25)].map {
        upTo, initial, maintenance in
        RiskLimit(
            upTo: Amount(upTo), initial: Rate(Int64(initial) * 1_000_000),
            maintenance: Rate(Int64(maintenance) * 1_000_000))
    }

    @Test(
        "TIER-001: a row covers values up to its limit, that included",
        arguments: [
            (0, 0), (1, 0), (1_000_000, 0), (1_000_001, 1), (5_000_000, 1), (5_000_001, 2), (50_000_000, 2),
            (50_000_001, nil),
        ] as [(Int64, Int?)])
    func rowsCover(value: Int64, row: Int?) {
        #expect(Tiers.stepped(Self.rows).row(covering: Amount(value)) == row)
        #expect(Tiers.progressive(rows: Self.rows).row(covering: Amount(value)) == row)
    }

    @Test("TIER-002: in a stepped table the whole value takes the rate of the row it is given, rounded up")
    func stepped() {
        let tiers = Tiers.stepped(Self.rows)
        let value = Amount(1_000_001)
        #expect(tiers.requirement(.initial, value: value, size: Size(1), row: 0) == Amount(10_001))
        #expect(tiers.requirement(.maintenance, value: value, size: Size(1), row: 0) == Amount(5_001))
        #expect(tiers.requirement(.initial, value: value, size: Size(1), row: 1) == Amount(20_001))
        #expect(tiers.requirement(.initial, value: .zero, size: Size(1), row: 1) == .zero)
    }

    @Test(
        "TIER-003: a progressive table asks for the sum of its slices, rounded up once",
        arguments: [
            // 1,000,000 x 1 %; + 4,000,000 x 2 %; + 45,000,000 x 5 %; the last rate goes on beyond the table.
            (1_000_000, 10_000, 5_000), (1_000_001, 10_001, 5_001), (5_000_000, 90_000, 45_000),
            (5_000_001, 90_001, 45_001),
            (50_000_000, 2_340_000, 1_170_000), (60_000_000, 2_840_000, 1_420_000),
        ] as [(Int64, Int64, Int64)])
    func progressive(value: Int64, initial: Int64, maintenance: Int64) {
        let tiers = Tiers.progressive(rows: Self.rows)
        #expect(tiers.requirement(.initial, value: Amount(value), size: Size(1), row: 0) == Amount(initial))
        #expect(tiers.requirement(.maintenance, value: Amount(value), size: Size(1), row: 0) == Amount(maintenance))
    }

    @Test(
        "TIER-004: random progressive tables are sums of slices and never jump at an edge",
        arguments: Seeds.batches(of: 400))
    func randomProgressive(batch: Seeds.Batch) {
        for seed in batch.seeds {
            let replay = Seeds.replay(seed, "TiersTests")
            var chance = SplitMix64(seed: seed)
            let rows = randomRows(from: &chance)
            let tiers = Tiers.progressive(rows: rows)
            for kind in [Requirement.initial, .maintenance] {
                func asked(_ value: Int64) -> Int64 {
                    tiers.requirement(kind, value: Amount(value), size: Size(1), row: 0).raw
                }
                for row in rows {
                    let edge = row.upTo.raw
                    for value in [edge - 1, edge, edge + 1, chance.positive(upTo: edge)] {
                        #expect("\(asked(value))" == "\(slices(of: value, rows, kind).rounded(.up))", replay)
                    }
                    // One unit more can ask for at most one unit more: no rate is above a whole.
                    #expect((0...1).contains(asked(edge + 1) - asked(edge)), "\(rows) at \(edge)\n\(replay)")
                }
            }
        }
    }

    private func randomRows(from chance: inout SplitMix64) -> [RiskLimit] {
        var (upTo, initial, maintenance) = (Int64(0), Int64(0), Int64(0))
        return (0..<chance.whole(in: 1...8)).map { _ in
            upTo += chance.positive(upTo: Limits.value / 8)
            maintenance += chance.whole(in: 1...50_000_000)
            initial = max(initial, maintenance) + chance.whole(in: 1...50_000_000)
            return RiskLimit(upTo: Amount(upTo), initial: Rate(initial), maintenance: Rate(maintenance))
        }
    }

    /// Each slice of `value` at its own row's rate, the last row without an end.
    private func slices(of value: Int64, _ rows: [RiskLimit], _ kind: Requirement) -> Fraction {
        var (sum, floor) = (Fraction(0), Int64(0))
        for (number, row) in rows.enumerated() {
            let top = number == rows.count - 1 ? value : min(value, row.upTo.raw)
            guard top > floor else { break }
            let rate = kind == .initial ? row.initial : row.maintenance
            sum = sum + Fraction(top - floor) * Fraction(rate.decimal)
            floor = top
        }
        return sum
    }

    @Test(
        "TIER-005: a concentration rate is the base until the slope overtakes it, and never above a whole",
        arguments: [
            // 10 % x sqrt(size / 1,000): 5 % at 250 lots.
            (1, 50_000_000), (250, 50_000_000), (251, 50_099_901), (-251, 50_099_901), (1_000, 100_000_000),
            (100_000, 1_000_000_000), (100_001, 1_000_000_000), (Limits.ticksOrLots, 1_000_000_000), (0, 50_000_000),
        ] as [(Int64, Int64)])
    func concentration(size: Int64, billionths: Int64) throws {
        #expect(try concentrationTerms().initialRate(for: Size(size)) == Rate(billionths))
    }

    @Test(
        "TIER-006: a concentration rate is the least billionth not below slope x sqrt(size / scale)",
        arguments: Seeds.batches(of: 400))
    func randomConcentration(batch: Seeds.Batch) throws {
        let share = try #require(Share(text: "2/3"))
        for seed in batch.seeds {
            var chance = SplitMix64(seed: seed)
            let slope = chance.positive(upTo: 1_000_000_000)
            let scale = chance.positive(upTo: Limits.ticksOrLots)
            let size = chance.positive(upTo: Limits.ticksOrLots)
            let terms = Concentration(base: Rate(1), slope: Rate(slope), scale: Size(scale), maintenance: share)
            let rate = Int128(terms.initialRate(for: Size(size)).raw)
            // rate >= slope x sqrt(size / scale) > rate - 1, squared to be rid of the root.
            let squared = Int128(slope) * Int128(slope) * Int128(size)
            let at: Comment = "\(slope) \(size) \(scale)\n\(Seeds.replay(seed, "TiersTests"))"
            #expect(rate == 1_000_000_000 || rate * rate * Int128(scale) >= squared, at)
            #expect(rate == 1 || (rate - 1) * (rate - 1) * Int128(scale) < squared, at)
        }
    }

    @Test("TIER-007: concentration asks for MM as a share of IM, each rounded up")
    func concentrationRequirement() throws {
        let tiers = Tiers.concentration(try concentrationTerms())
        // 5 % of 1,001 is 50.05; two thirds of 51 are 34.
        #expect(tiers.requirement(.initial, value: Amount(1_001), size: Size(10), row: 0) == Amount(51))
        #expect(tiers.requirement(.maintenance, value: Amount(1_001), size: Size(10), row: 0) == Amount(34))
        #expect(tiers.requirement(.maintenance, value: Amount(1_021), size: Size(10), row: 0) == Amount(35))
        #expect(tiers.limits.isEmpty)
    }

    private func concentrationTerms() throws -> Concentration {
        Concentration(
            base: Rate(50_000_000), slope: Rate(100_000_000), scale: Size(1_000),
            maintenance: try #require(Share(text: "2/3")))
    }
}
