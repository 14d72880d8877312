/// A natural number of any size as decimal digits, the ones first: arithmetic as done on paper, to judge the fast one.
struct Natural: Comparable, CustomStringConvertible {
    /// Without zeros in front (at the end of the array); empty for zero.
    private var digits: [Int]

    private init(digits: [Int]) {
        self.digits = digits
        while self.digits.last == 0 { self.digits.removeLast() }
    }

    /// Reads digits only; anything else is a mistake in the test.
    init(_ text: some StringProtocol) { self.init(digits: text.reversed().map { $0.wholeNumberValue! }) }

    init(_ value: some BinaryInteger) { self.init(String(value)) }

    static func powerOfTen(_ exponent: Int) -> Natural { Natural("1" + String(repeating: "0", count: exponent)) }

    var isZero: Bool { digits.isEmpty }
    var description: String { isZero ? "0" : digits.reversed().map(String.init).joined() }

    static func < (left: Self, right: Self) -> Bool {
        if left.digits.count != right.digits.count { return left.digits.count < right.digits.count }
        return left.digits.reversed().lexicographicallyPrecedes(right.digits.reversed())
    }

    static func + (left: Self, right: Self) -> Natural {
        var sum: [Int] = []
        var carry = 0
        for place in 0..<max(left.digits.count, right.digits.count) + 1 {
            carry += left.digit(place) + right.digit(place)
            sum.append(carry % 10)
            carry /= 10
        }
        return Natural(digits: sum)
    }

    /// `left - right`, which must not be below zero.
    static func - (left: Self, right: Self) -> Natural {
        precondition(left >= right, "\(left) - \(right)")
        var difference: [Int] = []
        var borrowed = 0
        for place in left.digits.indices {
            let digit = left.digits[place] - right.digit(place) - borrowed
            borrowed = digit < 0 ? 1 : 0
            difference.append(digit + 10 * borrowed)
        }
        return Natural(digits: difference)
    }

    static func * (left: Self, right: Self) -> Natural {
        var product = [Int](repeating: 0, count: left.digits.count + right.digits.count)
        for (a, first) in left.digits.enumerated() {
            for (b, second) in right.digits.enumerated() { product[a + b] += first * second }
        }
        var carry = 0
        for place in product.indices {
            carry += product[place]
            product[place] = carry % 10
            carry /= 10
        }
        return Natural(digits: product)
    }

    /// Long division: bring one digit down, subtract as often as possible.
    static func / (left: Self, right: Self) -> Natural {
        precondition(!right.isZero, "\(left) / 0")
        var quotient: [Int] = []
        var rest = Natural(digits: [])
        for digit in left.digits.reversed() {
            rest = Natural(digits: [digit] + rest.digits)
            var count = 0
            while rest >= right {
                rest = rest - right
                count += 1
            }
            quotient.append(count)
        }
        return Natural(digits: quotient.reversed())
    }

    private func digit(_ place: Int) -> Int { place < digits.count ? digits[place] : 0 }
}
