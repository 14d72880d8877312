import BreakwaterCore

/// Values on a vertical axis, with ticks at round numbers.
///
/// Values are whole numbers of a decimal unit, 10^-`places`, so that a tick's label is exact.
package struct ValueScale: Sendable {
    /// How an axis writes its ticks.
    package enum Labels: Sendable {
        /// Every digit.
        case plain
        /// In thousands or millions where ticks are that large.
        case short
        /// Short, without sign: for bars up and down from one line.
        case shortUnsigned
    }

    package let low: Int128
    package let high: Int128
    package let places: Int
    let ticks: [Int128]
    private let labels: Labels

    /// An axis with some room below the lowest and above the highest value, but none beyond a zero.
    package init(from lowest: Int128, to highest: Int128, places: Int, labels: Labels = .plain) {
        precondition(lowest <= highest, "values from \(lowest) to \(highest)")
        let margin = max((highest - lowest) / 16, 1)
        if lowest == 0, highest == 0 {
            // Nothing at all, on an axis from 0 to 1.
            (low, high) = (0, (0..<places).reduce(1) { power, _ in power * 10 })
        } else {
            low = lowest == 0 ? 0 : lowest - margin
            high = highest == 0 ? 0 : highest + margin
        }
        self.places = places
        self.labels = labels
        let step = Self.step(for: high - low)
        ticks = Self.multiples(of: step, from: low, through: high)
    }

    private static func multiples(of step: Int128, from low: Int128, through high: Int128) -> [Int128] {
        var multiple = low / step * step
        if multiple < low { multiple += step }
        var multiples: [Int128] = []
        while multiple <= high {
            multiples.append(multiple)
            multiple += step
        }
        return multiples
    }

    /// 0 at the bottom of the axis, 1 at its top.
    package func share(of value: Int128) -> Double { Double(value - low) / Double(high - low) }

    /// The largest of 1, 2 and 5 times a power of ten that gives at least three steps.
    private static func step(for span: Int128) -> Int128 {
        var power: Int128 = 1
        while span / (power * 10) >= 3 { power *= 10 }
        return span / (power * 5) >= 3 ? power * 5 : span / (power * 2) >= 3 ? power * 2 : power
    }

    /// The ticks with their labels.
    package var marks: [(value: Int128, label: String)] { ticks.map { ($0, label(of: $0)) } }

    func label(of tick: Int128) -> String {
        let largest = ticks.map(\.magnitude).max().map { Int128($0) } ?? 0
        let one = ExactDecimal(digits: largest, places: places)
        let digits = if case .shortUnsigned = labels { Int128(tick.magnitude) } else { tick }
        let (shift, unit) =
            switch labels {
            case .plain: (0, "")
            case .short, .shortUnsigned:
                one >= ExactDecimal(digits: 1_000_000)
                    ? (6, " M") : one >= ExactDecimal(digits: 10_000) ? (3, " k") : (0, "")
            }
        return ExactDecimal(digits: digits, places: places + shift).grouped + (tick == 0 ? "" : unit)
    }
}
