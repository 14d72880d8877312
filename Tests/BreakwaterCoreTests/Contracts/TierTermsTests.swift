import Testing

@testable import BreakwaterCore

@Suite("Contracts: refused tiers")
struct TierTermsTests {
    /// A row of rates in billionths; by default 1 % IM, 0.5 % MM.
    private static func row(_ upTo: Int64, _ initial: Int64 = 10_000_000, _ maintenance: Int64 = 5_000_000) -> RiskLimit
    {
        RiskLimit(upTo: Amount(upTo), initial: Rate(initial), maintenance: Rate(maintenance))
    }

    @Test(
        "TIER-010: a table that could lose money by itself is refused by the name of its key",
        arguments: [
            ("riskLimits", []),
            ("riskLimits[0].mm", [row(1, 10_000_000, 0)]), ("riskLimits[0].mm", [row(1, 10_000_000, -1)]),
            ("riskLimits[0].im", [row(1, 5_000_000, 5_000_000)]), ("riskLimits[0].im", [row(1, 1_000_000_001)]),
            ("riskLimits[0].upTo", [row(0)]), ("riskLimits[0].upTo", [row(-1)]),
            ("riskLimits[1].upTo", [row(5), row(5)]), ("riskLimits[1].upTo", [row(5), row(4)]),
            ("riskLimits[1].im", [row(5), row(6, 9_999_999)]),
            ("riskLimits[2].mm", [row(5), row(6), row(7, 10_000_000, 0)]),
        ] as [(String, [RiskLimit])])
    func refused(key: String, rows: [RiskLimit]) {
        #expect(refusal { _ = try Terms(tiers: .stepped(rows)).contract() }?.key == key)
        #expect(refusal { _ = try Terms(tiers: .progressive(rows: rows)).contract() }?.key == key)
    }

    @Test("TIER-011: rows that rise, or stay level, are accepted up to a rate of one whole")
    func accepted() {
        let rows = [Self.row(1), Self.row(2), Self.row(3, 11_000_000), Self.row(4, 1_000_000_000, 999_999_999)]
        #expect(refusal { _ = try Terms(tiers: .stepped(rows)).contract() } == nil)
        #expect(refusal { _ = try Terms(tiers: .progressive(rows: rows)).contract() } == nil)
    }

    @Test("TIER-012: MM must be above the taker and the liquidation fee, not level with them")
    func feesBelowMaintenance() {
        func key(_ fees: Contract.Fees) -> String? {
            refusal { _ = try Terms(tiers: .stepped([Self.row(1)]), fees: fees).contract() }?.key
        }
        #expect(key(.init(taker: Rate(4_999_999))) == nil)
        #expect(key(.init(taker: Rate(5_000_000))) == "riskLimits[0].mm")
        #expect(key(.init(liquidation: Rate(4_999_999))) == nil)
        #expect(key(.init(liquidation: Rate(5_000_000))) == "riskLimits[0].mm")
    }

    @Test("TIER-013: an MM that falls as limits grow is refused by its own key")
    func fallingMaintenance() {
        let rows = [Self.row(5), Self.row(6, 10_000_000, 4_999_999)]
        #expect(refusal { _ = try Terms(tiers: .stepped(rows)).contract() }?.key == "riskLimits[1].mm")
    }

    @Test("TIER-014: progressive rows without their deductions are not taken for a table")
    func missingDeductions() {
        // Without deductions the sum jumps at every edge: 5 units of 2 % more than the slices ask for.
        let rows = [Self.row(500), Self.row(1_000, 20_000_000)]
        #expect(refusal { _ = try Terms(tiers: .progressive(rows)).contract() } != nil)
    }

    @Test(
        "TIER-015: concentration terms that cannot work are refused by the name of their key",
        arguments: [
            ("im", 0, 1, 1), ("im", -1, 1, 1), ("im", 1_000_000_001, 1, 1), ("slope", 10_000_000, 0, 1),
            ("slope", 10_000_000, -1, 1), ("slope", 10_000_000, 1_000_000_001, 1), ("scale", 10_000_000, 1, 0),
            ("scale", 10_000_000, 1, -1), ("mm", 1, 1, 1), (nil, 2, 1, 1),
            (nil, 1_000_000_000, 1_000_000_000, Limits.ticksOrLots),
        ] as [(String?, Int64, Int64, Int64)])
    func concentration(key: String?, base: Int64, slope: Int64, scale: Int64) throws {
        // Half of a billionth rounds down to no MM at all; half of two is one, above fees of zero.
        let terms = Concentration(
            base: Rate(base), slope: Rate(slope), scale: Size(scale), maintenance: try #require(Share(text: "1/2")))
        #expect(refusal { _ = try Terms(tiers: .concentration(terms)).contract() }?.key == key)
    }

    @Test("TIER-016: stepped tables need the entry basis, the others the mark basis")
    func basis() throws {
        let share = try #require(Share(text: "1/2"))
        let stepped = Terms.oneLimit
        let progressive = Tiers.progressive(rows: [Self.row(1)])
        let concentration = Tiers.concentration(.init(base: .one, slope: .one, scale: Size(1), maintenance: share))
        let entry = try Rulebook.plain(basis: .entry)
        let mark = try Rulebook.plain(cross: .portfolio, basis: .mark)
        #expect(refusal { try entry.validate(stepped, key: "tiers") } == nil)
        #expect(refusal { try entry.validate(progressive, key: "tiers") }?.key == "tiers")
        #expect(refusal { try entry.validate(concentration, key: "tiers") }?.key == "tiers")
        #expect(refusal { try mark.validate(stepped, key: "tiers") }?.key == "tiers")
        #expect(refusal { try mark.validate(progressive, key: "tiers") } == nil)
        #expect(refusal { try mark.validate(concentration, key: "tiers") } == nil)
    }
}
