import BreakwaterCore
import BreakwaterWorkloads
import Synchronization
import Testing

@testable import BreakwaterVenue

@Suite("Venue: commands submitted together")
struct SubmitTests {
    private func open(_ folder: String) throws -> Venue {
        var options = VenueOptions()
        options.clock = { WorkloadVenue.start }
        return try Venue.open(folder, rulebook: WorkloadVenue.rulebook(), options: options).venue
    }

    private func submit(_ commands: [Command], to venue: Venue) async throws -> [Execution] {
        let result = await withCheckedContinuation { continuation in
            venue.submit(commands, from: Origin("test")) { continuation.resume(returning: $0) }
        }
        return Array(try result.get())
    }

    @Test("VEN-001: commands submitted together do what they do one by one, each with its own events")
    func together() async throws {
        let scratch = try Scratch()
        let commands = Array(OrderFlow.opening().prefix(600)) + [.cancelOrder(AccountID(0), OrderID(9_999_999))]
        let (one, other) = (try open(scratch("one")), try open(scratch("other")))
        var singles: [Execution] = []
        for command in commands { singles.append(try await one.perform(command, from: Origin("test"))) }
        let done = try await submit(commands, to: other)
        #expect(done.map(\.sequence) == singles.map(\.sequence))
        #expect(done.map { Array($0.events) } == singles.map { Array($0.events) })
        #expect(done.last?.rejection != nil)
        #expect(try await one.stateHash() == other.stateHash())
        #expect(try await submit([], to: other).isEmpty)
        one.stop()
        other.stop()
        #expect(try replayed(scratch("one")).exchange.stateHash == replayed(scratch("other")).exchange.stateHash)
    }

    private final class Answered: Sendable {
        let value = Mutex<[Int64]>([])
    }

    @Test("VEN-002: single commands, questions and groups are answered in the order they were asked")
    func inOrder() async throws {
        let scratch = try Scratch()
        let venue = try open(scratch("data"))
        for command in OrderFlow.opening().prefix(100) { _ = try await venue.perform(command, from: Origin("test")) }
        let answered = Answered()
        let first = venue.last
        for _ in 0..<50 {
            venue.submit(.wait, from: Origin("test")) { result in
                answered.value.withLock { $0.append((try? result.get().sequence) ?? 0) }
            }
            venue.submit([.wait, .wait], from: Origin("test")) { result in
                answered.value.withLock { $0 += (try? result.get().map(\.sequence)) ?? [] }
            }
        }
        _ = try await venue.read { $0.now }
        #expect(answered.value.withLock { $0 } == Array(first + 1...first + 150))
        venue.stop()
        venue.submit([.wait], from: Origin("test")) { result in
            guard case .failure(.stopped) = result else {
                Issue.record("a venue that stopped answered \(result)")
                return
            }
        }
    }
}
