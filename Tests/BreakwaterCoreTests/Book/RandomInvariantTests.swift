import Testing

@testable import BreakwaterCore

@Suite("Invariants under random orders")
struct RandomInvariantTests {
    @Test(
        "INV-001: after every command of a random stream the ledger and the books hold together",
        arguments: Seeds.batches(of: 200))
    func invariants(batch: Seeds.Batch) throws {
        for seed in batch.seeds {
            var exchange = try BookDuel.newExchange()
            for (number, command) in BookWorkload.commands(seed: seed, count: 300).enumerated() {
                exchange.execute(command.command, at: exchange.now)
                let broken = exchange.brokenInvariants() + exchange.brokenLinks()
                guard broken.isEmpty else {
                    Issue.record(
                        "command \(number + 1), \(command): \(broken)\n\(Seeds.replay(seed, "RandomInvariantTests"))")
                    return
                }
            }
        }
    }

    @Test(
        "INV-002: two exchanges given the same commands stay equal, command for command",
        arguments: Seeds.batches(of: 200))
    func sameHash(batch: Seeds.Batch) throws {
        for seed in batch.seeds {
            var first = try BookDuel.newExchange()
            var second = try BookDuel.newExchange()
            for (number, command) in BookWorkload.commands(seed: seed, count: 300).enumerated() {
                // A copy is an independent venue; the original must not feel what happens to it.
                var copy = first.fork()
                copy.execute(.cancelAll(AccountID(0), nil), at: copy.now)
                first.execute(command.command, at: first.now)
                second.execute(command.command, at: second.now)
                guard first.stateHash == second.stateHash, first.events == second.events else {
                    Issue.record("command \(number + 1), \(command)\n\(Seeds.replay(seed, "RandomInvariantTests"))")
                    return
                }
            }
        }
    }

    @Test("INV-003: a refused command leaves the state hash as it was", arguments: Seeds.batches(of: 200))
    func refusalsChangeNothing(batch: Seeds.Batch) throws {
        for seed in batch.seeds {
            var exchange = try BookDuel.newExchange()
            openPositions(in: &exchange)
            for (number, command) in BookWorkload.commands(seed: seed, count: 300).enumerated() {
                let before = exchange.stateHash
                exchange.execute(command.command, at: exchange.now)
                guard case .rejected? = exchange.events.last else { continue }
                guard exchange.stateHash == before else {
                    Issue.record("command \(number + 1), \(command)\n\(Seeds.replay(seed, "RandomInvariantTests"))")
                    return
                }
            }
        }
    }

    /// Gives every account its flat position beforehand: see INV-006.
    private func openPositions(in exchange: inout Exchange) {
        for account in 0..<BookWorkload.accounts {
            let key = PositionKey(AccountID(index: account), ContractID(0))
            exchange.execute(.setLeverage(key, Leverage(1_000), nil), at: exchange.now)
        }
    }

    @Test("INV-004: whatever changes the book or a position changes the state hash")
    func hashSeesEverything() throws {
        var venue = try Venue(accounts: ["alice", "bob"])
        var hashes: Set = [venue.exchange.stateHash]
        venue.buy("alice", 5, at: 99, "a1")
        #expect(hashes.insert(venue.exchange.stateHash).inserted)
        venue.buy("alice", 5, at: 99, "a2")
        #expect(hashes.insert(venue.exchange.stateHash).inserted)
        venue.amend("alice", "a2", size: 4)
        #expect(hashes.insert(venue.exchange.stateHash).inserted)
        venue.amend("alice", "a1", price: 98)
        #expect(hashes.insert(venue.exchange.stateHash).inserted)
        venue.sell("bob", 1, at: 99, "b1")
        #expect(hashes.insert(venue.exchange.stateHash).inserted)
        venue.prevent("alice", .oldest)
        #expect(hashes.insert(venue.exchange.stateHash).inserted)
        venue.mark(101)
        #expect(hashes.insert(venue.exchange.stateHash).inserted)
        venue.cancel("alice", "a1")
        #expect(hashes.insert(venue.exchange.stateHash).inserted)
        // Two orders at one price in the other turn are another book.
        var other = venue.fork()
        venue.buy("alice", 1, at: 90, "a3")
        venue.buy("alice", 1, at: 90, "a4")
        _ = other.id("a3")
        other.buy("alice", 1, at: 90, "a4")
        other.buy("alice", 1, at: 90, "a3")
        #expect(venue.exchange.stateHash != other.exchange.stateHash)
    }

    @Test("INV-005: a refused off-book trade is undone without undoing the one before it")
    func refusedTradeUndoesItself() throws {
        // One lot at 100 USDT needs 1 % = 1 USDT, all that Alice and Bob have.
        var venue = try Venue(accounts: ["alice", "bob"], deposit: Amount(1_000_000))
        venue.trade(buyer: "alice", seller: "bob", 1, at: 100)
        let before = venue.exchange.stateHash
        venue.trade(buyer: "alice", seller: "bob", 1, at: 100)
        #expect(venue.story == ["refused: insufficientMargin"])
        #expect(venue.position("alice") == 1)
        #expect(venue.exchange.stateHash == before)
    }

    @Test("INV-006: an account's first order leaves no trace either when it is refused")
    func refusedFirstOrder() throws {
        var venue = try Venue(accounts: ["alice"])
        let before = venue.exchange.stateHash
        venue.buy("alice", 0, at: 100, "a1")
        #expect(venue.story == ["refused: sizeNotPositive"])
        #expect(venue.exchange.stateHash == before)
    }
}
