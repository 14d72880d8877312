public import BreakwaterCore
public import BreakwaterVenue

/// Who stands behind a request, found by a key's signature or a session's cookie.
public struct Principal: Sendable {
    public let user: Int64
    public let name: String
    public let role: Role
    /// The accounts it may speak for, its main one first.
    public let accounts: [AccountID]
    /// What the journal keeps of it, such as `key:3f2a…`, `session:ann`.
    public let actor: String
    /// Whether a browser sends its proof by itself, so that requests that change something need a second one.
    public let isSession: Bool
    /// Whether it is a key that may speak for one account only, and so for nothing else that is its owner's.
    public let isBound: Bool

    public var account: AccountID? { accounts.first }

    public init(
        user: Int64, name: String, role: Role, accounts: [AccountID], actor: String, isSession: Bool,
        isBound: Bool = false
    ) {
        self.user = user
        self.name = name
        self.role = role
        self.accounts = accounts
        self.actor = actor
        self.isSession = isSession
        self.isBound = isBound
    }

    public func origin(clientOrderID: String = "") -> Origin { Origin(actor, clientOrderID: clientOrderID) }
}

/// Why a request was not let in, or an identity not made: a stable code and a sentence.
public struct Denial: Error, Sendable, Equatable {
    public enum Kind: String, Sendable, CaseIterable {
        /// No key or session, or none that is known.
        case unknownKey
        case badSignature
        /// The timestamp is too far from the venue's clock.
        case staleTimestamp
        /// A signed request that changes something was sent a second time.
        case replayed
        case wrongPassword
        case noSession
        /// A change by a session without its second proof.
        case missingCSRFToken
        /// Known, but not allowed.
        case forbidden
        case nameTaken
        case badName
        case weakPassword
        case unknownUser
        case badToken
        case tooMany
        case notPending
    }

    public let kind: Kind
    public let sentence: String

    public init(_ kind: Kind, _ sentence: String) {
        self.kind = kind
        self.sentence = sentence
    }
}
