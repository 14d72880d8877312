import BreakwaterSimulator

/// The simulator's seeded generator, with the throws that tests need.
struct Dice {
    private var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    mutating func next() -> UInt64 { generator.next() }
    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
    mutating func pick<Element>(_ options: [Element]) -> Element { options[below(options.count)] }
    mutating func isTrue(percent: Int) -> Bool { below(100) < percent }
}
