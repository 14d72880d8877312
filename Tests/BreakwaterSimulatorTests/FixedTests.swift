import BreakwaterCore
import Testing

@testable import BreakwaterSimulator

/// The fixed-point functions that prices are drawn with, against values from tables.
@Suite("Drawing prices in fixed point")
struct FixedTests {
    private static func distance(_ value: Fixed, _ trillionths: Int64) -> Int64 {
        abs(value.of(1_000_000_000_000) - trillionths)
    }

    @Test(
        "DRAW-001: e to the power of a number, to ten digits",
        arguments: [
            (Fixed(0), Int64(1_000_000_000_000)), (Fixed(1), 2_718_281_828_459), (Fixed(-1), 367_879_441_171),
            (Fixed(1, over: 10), 1_105_170_918_076), (Fixed(3), 20_085_536_923_188), (Fixed(-5), 6_737_946_999),
        ] as [(Fixed, Int64)])
    func exponential(power: Fixed, trillionths: Int64) {
        #expect(Self.distance(power.exponential, trillionths) <= 100 * max(1, trillionths / 1_000_000_000_000))
    }

    @Test(
        "DRAW-002: natural logarithms and square roots, to nine digits",
        arguments: [
            (Fixed(2), Int64(693_147_180_560), Int64(1_414_213_562_373)),
            (Fixed(10), 2_302_585_092_994, 3_162_277_660_168),
            (Fixed(1, over: 4), -1_386_294_361_120, 500_000_000_000), (Fixed(1), 0, 1_000_000_000_000),
        ] as [(Fixed, Int64, Int64)])
    func logarithm(number: Fixed, logarithm: Int64, root: Int64) {
        #expect(Self.distance(number.logarithm, logarithm) <= 2_000)
        #expect(Self.distance(number.squareRoot, root) <= 10)
    }

    @Test(
        "DRAW-003: points of the normal distribution, to seven digits, alike on both sides",
        arguments: [
            (Int64(500_000_000), Int64(0)), (841_344_746, 1_000_000_000), (975_000_000, 1_959_963_985),
            (999_000_000, 3_090_232_306), (10_000_000, -2_326_347_874), (1_000, -4_753_424_309),
        ] as [(Int64, Int64)])
    func normal(share: Int64, billionths: Int64) {
        let value = SeededGenerator.normal(at: Fixed(billionths: share)).of(1_000_000_000)
        #expect(abs(value - billionths) <= 200)
        let mirrored = SeededGenerator.normal(at: .one - Fixed(billionths: share)).of(1_000_000_000)
        #expect(abs(value + mirrored) <= 2)
    }

    @Test("DRAW-004: drawn normal numbers have mean 0, deviation 1 and tails of the right weight")
    func moments() {
        var generator = SeededGenerator(seed: 4)
        var (sum, squares, beyond) = (0.0, 0.0, 0)
        let count = 200_000
        for _ in 0..<count {
            let value = Double(generator.normal().raw) / Double(Fixed.one.raw)
            sum += value
            squares += value * value
            if abs(value) > 3 { beyond += 1 }
        }
        // Five standard errors either way.
        #expect(abs(sum / Double(count)) < 0.0112)
        #expect(abs(squares / Double(count) - 1) < 0.0158)
        #expect((430...650).contains(beyond))
    }

    @Test("DRAW-005: a drawn price has the volatility, drift and jumps it was asked for, and the same bytes each time")
    func process() {
        var process = PriceProcess(
            start: Price(1_000_000), from: .zero, length: .seconds(400 * 86_400), step: .seconds(3_600))
        process.volatility = Rate(40_000_000)
        let points = process.points(seed: 9)
        #expect(points == process.points(seed: 9))
        #expect(points != process.points(seed: 10))
        #expect(points.count == 9_600)
        var squares = 0.0
        for (left, right) in zip(points, points.dropFirst()) {
            let move = Double(right.price.raw - left.price.raw) / Double(left.price.raw)
            squares += move * move
        }
        // 4 % a day over 400 days: variance 0.64, with a relative standard error of sqrt(2 / 9,599).
        #expect(abs(squares / 0.64 - 1) < 0.08)
        process.volatility = .zero
        process.drift = Rate(10_000_000)
        let drifted = process.points(seed: 9).last!.price.raw
        // e^(0.01 x 399.96) = 54.57.
        #expect((54_500_000...54_640_000).contains(drifted))
    }

    @Test("DRAW-006: shocks come as often as asked, and excited ones bring as many more as branching says")
    func shocks() {
        var process = PriceProcess(
            start: Price(1_000_000_000), from: .zero, length: .seconds(2_000 * 86_400), step: .seconds(600))
        let shocks = PriceProcess.Shocks(perDay: 3_000, mean: Rate(1_000_000), deviation: .zero)
        func count(_ points: [PricePoint]) -> Int { zip(points, points.dropFirst()).count { $0.price != $1.price } }
        process.jumps = shocks
        process.start = Price(1_000_000)
        #expect((5_600...6_400).contains(count(process.points(seed: 3))))
        process.jumps = nil
        process.hawkes = PriceProcess.Excitement(
            shocks: shocks, branching: Rate(500_000_000), decay: .seconds(7_200))
        // 3 a day and half a shock for each: 3 / (1 - 1/2) = 6 a day.
        #expect((10_500...13_500).contains(count(process.points(seed: 3))))
    }
}
