public import BreakwaterCore

/// One command with its place in the order of all, and what it did.
///
/// The journal keeps everything but the events, which replaying it gives again.
public struct Execution: Sendable {
    /// Counted from 1, without gaps. An order that this command placed has it for its id.
    public let sequence: Int64
    public let time: Timestamp
    public let command: Command
    public let origin: Origin
    /// What it did, in order: a part of what its batch did, shared and not copied.
    public internal(set) var events: ArraySlice<Event>

    public init(sequence: Int64, time: Timestamp, command: Command, origin: Origin, events: [Event]) {
        self.sequence = sequence
        self.time = time
        self.command = command
        self.origin = origin
        self.events = events[...]
    }

    /// Why the command was refused, if it was. Timers that came due with it have happened all the same.
    public var rejection: Rejection? {
        // Not always the last: finishing what timers began comes behind it.
        for case .rejected(let rejection) in events.reversed() { return rejection }
        return nil
    }
}

/// Who asked for a command, and by what name the asker knows it. Kept with the command, unknown to the core.
public struct Origin: Sendable, Equatable {
    /// The key, session or part of the venue that asked, such as `key:3f2a…` or `timer`.
    public let actor: String
    /// The asker's own name for an order it places, which no other order of the account may have for a while; of other
    /// commands a note.
    public let clientOrderID: String

    public init(_ actor: String, clientOrderID: String = "") {
        self.actor = actor
        self.clientOrderID = clientOrderID
    }

    public static let timer = Origin("timer")

    /// Somebody who runs the venue: all of their commands are listed as actions.
    ///
    /// - Parameter note: what the command is about, where that does not show in it.
    public static func administration(_ actor: String, note: String = "") -> Origin {
        Origin(administrator + actor, clientOrderID: note)
    }

    private static let administrator = "admin "
    public var isAdministration: Bool { actor.hasPrefix(Self.administrator) }
}

/// Why a venue did not answer. Nothing of what was asked has happened, unless it says that nobody knows.
public enum VenueFault: Error, Sendable, Equatable {
    /// More commands wait than it can hold.
    case overloaded
    case stopped
    /// The journal could not be written: the command may be lost, and the venue stops.
    case journalFailed(String)
}
