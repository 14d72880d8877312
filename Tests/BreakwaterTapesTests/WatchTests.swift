import BreakwaterTapes
import Testing

@testable import BreakwaterCore

/// The exchange that leaves calm accounts alone against its twin that visits every position every time.
@Suite("Oracle: bands against visiting everyone")
struct WatchTests {
    /// Runs a tape's commands through both and returns the first difference, in words.
    private static func difference(_ tape: Tape, calm: inout Int) -> String? {
        var watched = Exchange(rulebook: tape.rulebook)
        var eager = Exchange(rulebook: tape.rulebook, watching: .everyone)
        for step in tape.steps {
            guard case .execute(let commands) = step.action else { continue }
            for command in commands {
                watched.execute(command, at: step.time)
                eager.execute(command, at: step.time)
                let place = "line \(step.line)"
                if watched.events != eager.events {
                    return "\(place): \(watched.events) instead of \(eager.events)"
                }
                calm += watched.watch.standings.count { $0.ease != .watched }
                if step.line % 20 == 0, watched.stateHash != eager.stateHash { return "\(place): other state" }
            }
        }
        return watched.stateHash == eager.stateHash ? nil : "other state in the end"
    }

    @Test(
        "IDX-001: the same events and the same state, command for command, under every shipped rulebook",
        arguments: VenuePropertyTests.venues, VenuePropertyTests.seeds)
    func venues(venue: String, seed: UInt64) throws {
        var calm = 0
        let tape = try VenuePropertyTests.tape(venue, seed: seed)
        #expect(Self.difference(tape, calm: &calm) == nil, "\(venue), seed \(seed)")
        #expect(calm > 0, "nobody was ever left alone")
    }

    @Test(
        "IDX-002: the same over all contract kinds, margin modes and tier tables", arguments: PropertyTests.seeds,
        [false, true])
    func kinds(seed: UInt64, portfolio: Bool) throws {
        var calm = 0
        let tape = try PropertyTests.tape(seed: seed, portfolio: portfolio)
        #expect(Self.difference(tape, calm: &calm) == nil, "seed \(seed), portfolio \(portfolio)")
    }

    @Test(
        "IDX-003: the same while rulebooks change again and again", arguments: VenuePropertyTests.venues,
        VenuePropertyTests.seeds.prefix(10))
    func changes(venue: String, seed: UInt64) throws {
        var calm = 0
        let tape = try VenuePropertyTests.tape(venue, seed: seed, others: VenuePropertyTests.venues)
        #expect(Self.difference(tape, calm: &calm) == nil, "\(venue), seed \(seed)")
    }
}
