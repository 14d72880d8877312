public import BreakwaterCore

/// One more contract of a simulation, whose price follows that of the first.
public struct Listing: Sendable {
    public var contract: Contract
    public var start: Price
    /// How many times the first contract's move it makes, in the logarithm.
    public var beta: Rate
    /// The daily deviation of what it does by itself.
    public var noise: Rate
    /// Traders who trade it instead of the first contract, in per cent.
    public var sharePercent: Int64

    /// Its prices at the times of the first contract's.
    ///
    /// - Parameter number: its place among the contracts, which its draws go by.
    func prices(along points: [PricePoint], seed: UInt64, number: Int) -> [Price] {
        var generator = SeededGenerator(seed: seed ^ (0x4c69_7374_696e_6721 &+ UInt64(number)))
        guard let first = points.first else { return [] }
        let origin = Fixed(first.price.raw, over: 1 << 20).logarithm
        var (own, last) = (Fixed.zero, first.time)
        return points.map { point in
            if point.time > last, noise > .zero {
                let share = Fixed(point.time.raw - last.raw, over: PriceProcess.day.raw)
                own = own + Fixed(noise) * share.squareRoot * generator.normal()
                last = point.time
            }
            let moved = Fixed(point.price.raw, over: 1 << 20).logarithm - origin
            return start.moved(by: moved * Fixed(beta) + own)
        }
    }
}
