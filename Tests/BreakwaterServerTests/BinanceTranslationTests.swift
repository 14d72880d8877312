import BreakwaterCore
import Testing

@testable import BreakwaterBinance

/// What the dialect translates by itself: signed texts, decimals, and margin rates of every shape.
@Suite("BIN: translation")
struct BinanceTranslationTests {
    @Test(
        "BIN-003: what is signed is everything but the signature, wherever that stands",
        arguments: [
            ("a=1&b=2&signature=ff", "a=1&b=2"), ("signature=ff&a=1&b=2", "a=1&b=2"),
            ("a=1&signature=ff&b=2", "a=1&b=2"),
            ("a=1", "a=1"), ("signature=ff", ""), ("", ""), ("mysignature=1", "mysignature=1"),
        ])
    func unsigned(text: String, expected: String) {
        #expect(String(decoding: Door.unsigned(Array(text.utf8)), as: UTF8.self) == expected)
    }

    @Test(
        "BIN-004: decimals are written as they are",
        arguments: ["0", "1", "-1", "0.5", "-0.05", "50000.1", "0.00000001", "123456789012345678901234.5"])
    func decimals(text: String) throws {
        let json = JSONText { $0.put("x", ExactDecimal(text)) }
        #expect(String(decoding: json.bytes, as: UTF8.self) == "{\"x\":\"\(text)\"}")
    }

    @Test("BIN-005: rates that grow with the root of the size are shown with never less margin than is asked for")
    func concentration() throws {
        let usdt = Currency(name: "USDT", decimals: 6)
        let terms = Concentration(
            base: Rate(50_000_000), slope: Rate(20_000_000), scale: Size(1_000), maintenance: Share(text: "2/3")!)
        let contract = try Contract(
            symbol: "BTCUSDT", kind: .linear, settle: CurrencyID(1), currency: usdt, tick: ExactDecimal("0.1")!,
            lot: ExactDecimal("0.001")!, multiplier: ExactDecimal("1")!, maxLeverage: Leverage(2_000),
            tiers: .concentration(terms), fees: Contract.Fees())
        let listing = Listing(ContractID(0), contract, settle: usdt)
        let brackets = Bracket.all(of: .concentration(terms), listing, mark: Price(500_000))
        // 2 % x sqrt(size / 1 BTC) = 5 %  =>  size = 6.25 BTC, worth 312,500 at 50,000.
        #expect(brackets[0].cap == Amount(312_500_000_000))
        #expect(brackets[0].leverage == 20)
        #expect(brackets.map(\.leverage) == [20, 15, 10, 8, 5, 4, 3, 2, 1])
        for (lower, upper) in zip(brackets, brackets.dropFirst()) {
            #expect(lower.cap == upper.floor)
            #expect(lower.maintenance < upper.maintenance)
        }
    }
}
