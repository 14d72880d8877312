internal import BreakwaterCore

/// Why a venue's folder cannot be used as it is: what is wrong, where, and what was expected.
public enum DataFault: Error, Equatable, Sendable, CustomStringConvertible {
    /// Another process has it; by its number where that is known.
    case inUse(folder: String, by: Int?)
    /// Not a folder that a venue made.
    case noVenue(folder: String)
    case notEmpty(folder: String)
    case incompatible(file: String, found: String, expected: String)
    /// SQLite would not promise that what was written stays.
    case notDurable(file: String, setting: String, found: String)
    /// A row of the journal that is not what was written.
    case damagedBatch(file: String, sequence: Int64, what: String)
    /// Commands are missing between two.
    case gap(after: Int64, next: Int64)
    /// Transactions are lost in the middle of the log that SQLite writes first.
    case damagedLog(file: String, offset: Int, lost: Int)
    case unreadable(file: String, why: String)
    case damagedSnapshot(file: String, offset: Int, what: String)
    /// Something made from the journal knows of commands that the journal has not.
    case loss(what: String, sequence: Int64, journal: Int64)
    /// The journal begins after commands that no snapshot holds.
    case noBeginning(file: String, first: Int64)

    public var description: String {
        switch self {
        case .inUse(let folder, let process):
            "\(folder) is in use by \(process.map { "process \($0)" } ?? "another process"); stop that one first"
        case .noVenue(let folder):
            "\(folder) is not a venue's folder: it has no file named format, and is not empty"
        case .notEmpty(let folder): "\(folder) is not empty; expected a folder that is, or none"
        case .incompatible(let file, let found, let expected):
            "\(file) says \(found); this program reads \(expected). Use the program that wrote it"
        case .notDurable(let file, let setting, let found):
            "\(file): \(setting) is \(found); commands could be lost after they were acknowledged"
        case .damagedBatch(let file, let sequence, let what):
            "\(file): the batch that begins with command \(sequence) is damaged: \(what). "
                + "Commands before it are whole; restore a backup to go on"
        case .gap(let last, let next): "commands \(last + 1) to \(next - 1) are missing from the journal"
        case .damagedLog(let file, let offset, let lost):
            "\(file) is damaged at byte \(offset), and \(lost) transactions that were complete follow; "
                + "restore a backup to go on"
        case .unreadable(let file, let why): "\(file) cannot be read: \(why)"
        case .damagedSnapshot(let file, let offset, let what): "\(file) is damaged at byte \(offset): \(what)"
        case .loss(let what, let sequence, let journal):
            "\(what) holds command \(sequence), but the journal ends with \(journal): \(sequence - journal) commands "
                + "are lost. Restore a backup, or move that file away to go on without them"
        case .noBeginning(let file, let first):
            "\(file) begins with command \(first), and no snapshot that can be read holds those before"
        }
    }
}

extension JournalFault {
    var sentence: String {
        switch reason {
        case .endsEarly: "the bytes end early"
        case .unknownVersion(let version): "version \(version) is not known"
        case .unknownCode(let code): "code \(code) is not known"
        case .outOfRange: "a number out of range"
        case .notText: "a text that is not UTF-8"
        case .terms(let error): "\(error.key) \(error.value), expected \(error.expected)"
        case .contradiction: "something named that is not there, or named twice"
        case .noJournal: "not a journal"
        case .damaged: "the checksum is another"
        }
    }
}
