import Testing

@testable import BreakwaterCore

@Suite("Journal")
struct JournalTests {
    /// Every command, at times that also go backwards and to both ends of time.
    static func stream() throws -> [(command: Command, time: Timestamp)] {
        let times = [EveryCommand.moment, .latest, Timestamp(.min), Timestamp(.max), .zero].cycled
        return zip(try EveryCommand.all(), times).map { ($0, $1) }
    }

    static func written(_ stream: [(command: Command, time: Timestamp)]) -> [UInt8] {
        var journal = JournalWriter()
        for (command, time) in stream { journal.append(command, at: time) }
        return journal.bytes
    }

    static func read(_ bytes: [UInt8]) throws(JournalFault) -> [(command: Command, time: Timestamp)] {
        var reader = try JournalReader(bytes[...])
        var stream: [(Command, Timestamp)] = []
        while let next = try reader.next() { stream.append(next) }
        return stream
    }

    @Test("JRN-001: every command with every choice of its fields is read as it was written")
    func roundTrip() throws {
        let stream = try Self.stream()
        let bytes = Self.written(stream)
        let read = try Self.read(bytes)
        #expect(read.map(\.time) == stream.map(\.time))
        for (found, wanted) in zip(read, stream) { #expect(text(found.command) == text(wanted.command)) }
        #expect(Self.written(read) == bytes)
        #expect(Set(try EveryCommand.all().map { Self.written([($0, .zero)])[2] }) == Set(1...35))
    }

    @Test("JRN-002: bytes that end early are refused, wherever they end")
    func truncated() throws {
        for entry in try Self.stream() {
            let bytes = Self.written([entry])
            for length in bytes.indices where length != 1 {
                let fault = #expect(throws: JournalFault.self) { try Self.read(Array(bytes[..<length])) }
                #expect(fault?.reason == .endsEarly)
                #expect(fault.map { $0.offset <= length } == true)
            }
        }
        #expect(try Self.read([JournalWriter.version]).isEmpty)
    }

    @Test("JRN-003: changed bytes are read or refused within them, and never stop the program", arguments: 0..<8)
    func corrupt(shard: Int) throws {
        var random = SplitMix64(seed: UInt64(shard))
        let streams = try Self.stream().map { Self.written([$0]) } + [Self.written(try Self.stream())]
        var refused = 0
        for _ in 0..<20_000 {
            var bytes = random.pick(streams)
            for _ in 0..<random.whole(in: 1...3) {
                let place = random.whole(in: 1...bytes.count - 1)
                bytes[place] = random.chance(percent: 30) ? 0xff : UInt8(random.whole(in: 0...255))
            }
            do { _ = try Self.read(bytes) } catch {
                refused += 1
                #expect(error.offset >= 0 && error.offset <= bytes.count)
            }
        }
        #expect(refused > 1_000)
    }

    @Test(
        "JRN-004: a fault says where and what",
        arguments: [
            ([], JournalFault(at: 0, .endsEarly)), ([9], JournalFault(at: 0, .unknownVersion(9))),
            ([1, 0, 0], JournalFault(at: 3, .unknownCode(0))), ([1, 0, 200], JournalFault(at: 3, .unknownCode(200))),
            ([1, 0, 2, 5, 65], JournalFault(at: 4, .endsEarly)),
            ([1, 0, 2, 1, 0xff], JournalFault(at: 4, .notText)),
            ([1, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 2], JournalFault(at: 11, .outOfRange)),
        ] as [([UInt8], JournalFault)])
    func faults(bytes: [UInt8], fault: JournalFault) {
        #expect(throws: fault) { try Self.read(bytes) }
    }

    @Test("JRN-005: small numbers are small: a moved order takes twelve bytes, a mark eight")
    func size() {
        let move = Command.amendOrder(AccountID(40), OrderID(900), ContractID(0), size: nil, price: Price(80_000))
        let mark = Command.mark([MarkPrice(ContractID(0), Price(80_000))])
        #expect(Self.written([(move, Timestamp(20))]).count - 1 == 12)
        #expect(Self.written([(mark, Timestamp(20))]).count - 1 == 8)
    }

    @Test("JRN-006: a cleared writer begins a stream like a new one")
    func cleared() throws {
        let entry = (Command.wait, EveryCommand.moment)
        var journal = JournalWriter()
        journal.append(entry.0, at: entry.1)
        let first = journal.bytes
        journal.clear()
        journal.append(entry.0, at: entry.1)
        #expect(journal.bytes == first)
    }

    /// All parts of a command, in the order of their declaration, dictionaries by key.
    private func text(_ value: Any) -> String {
        let mirror = Mirror(reflecting: value)
        if mirror.children.isEmpty { return "\(value)" }
        let parts = mirror.children.map { "\($0.label ?? ""):\(text($0.value))" }
        return "(\((mirror.displayStyle == .dictionary ? parts.sorted() : parts).joined(separator: ",")))"
    }
}

extension Array {
    /// Its elements again and again.
    fileprivate var cycled: some Sequence<Element> {
        sequence(state: 0) { turn in
            defer { turn = (turn + 1) % count }
            return self[turn]
        }
    }
}
