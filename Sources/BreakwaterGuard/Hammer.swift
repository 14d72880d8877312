import BreakwaterCore
import BreakwaterVenue
import BreakwaterWorkloads
import Foundation

/// A venue under load whose process is to be killed: it says what it was told is durable, line by line, at once.
///
/// Requests are numbered; whoever starts it again says from which number on to ask, and asks for some of them twice. A line
/// is `SEQUENCE NUMBER DIGEST` for a command, `refused NUMBER` for one that the venue knew already.
struct Hammer {
    private let folder: String
    private let start: Int64

    static let accounts: Int64 = 50
    /// How many requests may wait for their answers.
    private static let window = 256

    init(_ arguments: ArraySlice<String>) throws {
        guard let folder = arguments.first, let start = arguments.dropFirst().first.flatMap({ Int64($0) }) else {
            Guard.fail("usage: breakwater-guard hammer DIR FIRST-NUMBER")
        }
        (self.folder, self.start) = (folder, start)
    }

    func run() throws {
        var options = VenueOptions()
        options.snapshotEvery = 2_000
        options.checkpointEvery = 200_000
        let (venue, _) = try Venue.open(folder, rulebook: WorkloadVenue.rulebook(), options: options)
        if venue.last == 0 { for command in Self.opening { ask(venue, command, 0, nil) } }
        say("ready \(venue.last)")
        let room = DispatchSemaphore(value: Self.window)
        for number in start... {
            room.wait()
            ask(venue, Self.command(number), number, room)
        }
    }

    private func ask(_ venue: Venue, _ command: Command, _ number: Int64, _ room: DispatchSemaphore?) {
        // Only an order's name keeps it from being placed twice.
        let origin = Origin("hammer:\(number)", clientOrderID: "n\(number)")
        venue.submit(command, from: origin) { result in
            switch result {
            case .success(let done) where done.sequence > 0:
                say("\(done.sequence) \(number) \(Self.digest(done))")
            case .success: say("refused \(number)")
            case .failure(let fault): say("fault \(fault)")
            }
            room?.signal()
        }
    }

    /// What was executed, so that whoever reads the journal can tell whether it is the same there.
    static func digest(_ execution: Execution) -> String {
        var journal = JournalWriter()
        journal.append(execution.command, at: execution.time)
        journal.append(execution.origin.actor)
        journal.append(execution.origin.clientOrderID)
        return journal.bytes.reduce(into: UInt64(14_695_981_039_346_656_037)) { digest, byte in
            digest = (digest ^ UInt64(byte)) &* 1_099_511_628_211
        }.description
    }

    private static var opening: [Command] {
        var commands: [Command] = [.list(WorkloadVenue.contract(0))]
        for account in 0..<accounts {
            commands.append(.openAccount(name: "trader \(account)"))
            commands.append(.deposit(AccountID(Int32(account)), WorkloadVenue.currency, Amount(1_000_000_000_000)))
        }
        return commands
    }

    /// The same for the same number: mostly orders near the mark, some of which trade; now and then a mark, or one
    /// account's orders are cancelled.
    private static func command(_ number: Int64) -> Command {
        var draws = Draws(seed: UInt64(bitPattern: number))
        let account = AccountID(Int32(draws.below(accounts)))
        switch draws.below(20) {
        case 0: return .mark([MarkPrice(ContractID(0), Price(79_000 + draws.below(2_000)))])
        case 1, 2: return .cancelAll(account, nil)
        default:
            return .placeOrder(
                OrderRequest(
                    key: PositionKey(account, ContractID(0)), id: .none, side: draws.below(2) == 0 ? .buy : .sell,
                    size: Size(1 + draws.below(100)), price: Price(79_800 + draws.below(400))))
        }
    }
}

/// Writes a line past every buffer: what is read of a killed process is what it said.
private func say(_ line: String) { try? FileHandle.standardOutput.write(contentsOf: Data((line + "\n").utf8)) }
