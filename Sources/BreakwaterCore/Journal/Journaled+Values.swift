/// How the values that commands consist of are written.
extension Journaled where Self: UnitInteger {
    func write(to journal: inout JournalWriter) { journal.write(raw) }
    init(from journal: inout JournalReader) throws(JournalFault) { self.init(try journal.readWord()) }
}

extension Amount: Journaled {}
extension Price: Journaled {}
extension Size: Journaled {}
extension Rate: Journaled {}
extension Leverage: Journaled {}
extension Timestamp: Journaled {}
extension Duration: Journaled {}

extension Journaled where Self: Identifier {
    func write(to journal: inout JournalWriter) { journal.write(Int64(raw)) }
    init(from journal: inout JournalReader) throws(JournalFault) {
        guard let raw = Int32(exactly: try journal.readWord()) else { throw journal.fault(.outOfRange) }
        self.init(raw)
    }
}

extension CurrencyID: Journaled {}
extension ContractID: Journaled {}
extension AccountID: Journaled {}
extension OrderID: Journaled {
    func write(to journal: inout JournalWriter) { journal.write(raw) }
    init(from journal: inout JournalReader) throws(JournalFault) { self.init(try journal.readWord()) }
}

/// Choices are written as their place in the declaration, so that new ones go to its end.
extension Journaled where Self: CaseIterable & Equatable, AllCases == [Self] {
    func write(to journal: inout JournalWriter) {
        journal.write(byte: UInt8(Self.allCases.firstIndex(of: self)!))
    }

    init(from journal: inout JournalReader) throws(JournalFault) {
        let code = try journal.readByte()
        guard code < Self.allCases.count else { throw journal.fault(.unknownCode(code)) }
        self = Self.allCases[Int(code)]
    }
}

extension OrderSide: Journaled {}
extension PositionSide: Journaled {}
extension MarginMode: Journaled {}
extension TimeInForce: Journaled {}
extension SelfTradePrevention: Journaled {}
extension Restriction: Journaled {}

extension Bool: Journaled {
    func write(to journal: inout JournalWriter) { journal.write(byte: self ? 1 : 0) }
    init(from journal: inout JournalReader) throws(JournalFault) {
        let code = try journal.readByte()
        guard code <= 1 else { throw journal.fault(.unknownCode(code)) }
        self = code == 1
    }
}

extension Int: Journaled {
    func write(to journal: inout JournalWriter) { journal.write(Int64(self)) }
    init(from journal: inout JournalReader) throws(JournalFault) { self.init(try journal.readWord()) }
}

extension Int64: Journaled {
    func write(to journal: inout JournalWriter) { journal.write(self) }
    init(from journal: inout JournalReader) throws(JournalFault) { self = try journal.readWord() }
}

extension String: Journaled {
    func write(to journal: inout JournalWriter) {
        journal.write(unsigned: UInt64(utf8.count))
        journal.write(bytes: utf8)
    }

    init(from journal: inout JournalReader) throws(JournalFault) { self = try journal.readText() }
}

extension Optional: Journaled where Wrapped: Journaled {
    func write(to journal: inout JournalWriter) {
        journal.write(byte: self == nil ? 0 : 1)
        self?.write(to: &journal)
    }

    init(from journal: inout JournalReader) throws(JournalFault) {
        self = try Bool(from: &journal) ? .some(try Wrapped(from: &journal)) : nil
    }
}

extension Array: Journaled where Element: Journaled {
    func write(to journal: inout JournalWriter) {
        journal.write(unsigned: UInt64(count))
        for element in self { element.write(to: &journal) }
    }

    init(from journal: inout JournalReader) throws(JournalFault) {
        self = []
        for _ in 0..<(try journal.readCount()) { append(try Element(from: &journal)) }
    }
}

/// In the order of the keys, so that equal dictionaries are equal bytes.
extension Dictionary: Journaled where Key: Journaled & Comparable, Value: Journaled {
    func write(to journal: inout JournalWriter) {
        journal.write(unsigned: UInt64(count))
        for (key, value) in sorted(by: { $0.key < $1.key }) { journal.write(key, value) }
    }

    init(from journal: inout JournalReader) throws(JournalFault) {
        self = [:]
        for _ in 0..<(try journal.readCount()) {
            let key = try Key(from: &journal)
            self[key] = try Value(from: &journal)
        }
    }
}
