/// Why the history cannot answer or go on.
public enum HistoryFault: Error, Sendable, Equatable, CustomStringConvertible {
    case stopped
    /// It holds commands that the journal does not: it belongs to another journal, or that was restored from a copy.
    case aheadOfJournal(applied: Int64, journal: Int64)
    /// Commands between what it holds and what it was given are missing.
    case gap(applied: Int64, next: Int64)
    /// Its tables are of another version of the program.
    case otherVersion(found: Int, expected: Int)
    /// Its database could not be written; it stays where it was.
    case writingFailed(String)

    public var description: String {
        switch self {
        case .stopped: "the history has been stopped"
        case .aheadOfJournal(let applied, let journal):
            "the history holds commands up to \(applied), the journal only up to \(journal): rebuild the history"
        case .gap(let applied, let next):
            "the history holds commands up to \(applied) and was given \(next) next: rebuild the history"
        case .otherVersion(let found, let expected):
            "the history's tables are of version \(found), expected \(expected): rebuild the history"
        case .writingFailed(let reason): "the history could not be written: \(reason)"
        }
    }
}
