/// Where something happened in the order of all events: the number of its command, and its place in what that did.
///
/// It rises with time, is unlike any other, and is what lists are paged by. Both sides of a trade share one.
public struct EventID: Hashable, Comparable, Sendable {
    public let raw: Int64

    /// What a command may do at most, four million events; leaves room for two million million commands.
    private static let eventsOfCommand: Int64 = 1 << 22

    public init(raw: Int64) { self.raw = raw }

    /// The event at `index` of those that the command numbered `sequence` left.
    public init(_ sequence: Int64, _ index: Int = 0) {
        precondition(index < Self.eventsOfCommand, "command \(sequence) left an event at \(index)")
        raw = sequence * Self.eventsOfCommand + Int64(index)
    }

    public var sequence: Int64 { raw / Self.eventsOfCommand }
    public var index: Int { Int(raw % Self.eventsOfCommand) }

    public static func < (left: Self, right: Self) -> Bool { left.raw < right.raw }
}
