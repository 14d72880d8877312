import Testing

@testable import BreakwaterCore

@Suite("Order book: against the naive one")
struct RandomBookTests {
    @Test(
        "BOOK-001: random streams trade, queue, cancel and refuse exactly as the naive book does",
        arguments: Seeds.batches(of: 200))
    func sameAsNaive(batch: Seeds.Batch) throws {
        for seed in batch.seeds {
            let commands = BookWorkload.commands(seed: seed, count: 300)
            guard try BookDuel.disagreement(over: commands) != nil else { continue }
            let smallest = try BookDuel.smallest(commands)
            let difference = try BookDuel.disagreement(over: smallest) ?? ""
            let steps = smallest.map { "\($0)" }.joined(separator: "\n")
            Issue.record("seed \(seed), needs only:\n\(steps)\n\(difference)\n\(Seeds.replay(seed, "RandomBookTests"))")
            return
        }
    }

    @Test("BOOK-002: the streams reach every outcome an order can have")
    func streamsReachEverything() throws {
        var seen: Set<String> = []
        for seed in UInt64(1)...20 {
            var naive = NaiveBook(accounts: BookWorkload.accounts)
            for command in BookWorkload.commands(seed: seed, count: 300) {
                for happening in naive.execute(command) {
                    switch happening {
                    case .refused(let codes): seen.formUnion(codes)
                    case .entered: seen.insert("entered")
                    case .amended: seen.insert("amended")
                    case .left(_, let reason): seen.insert(reason)
                    case .traded: seen.insert("traded")
                    }
                }
            }
        }
        let outcomes: Set = [
            "entered", "amended", "traded", "requested", "notFilled", "selfTrade", "nothingToReduce", "sizeNotPositive",
            "priceNotPositive", "marketOrderRests", "duplicateOrder", "wouldTakeLiquidity", "nothingToAmend",
            "unknownOrder", "noPosition",
        ]
        #expect(seen == outcomes)
    }
}
