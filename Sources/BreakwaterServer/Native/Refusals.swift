internal import BreakwaterCore
internal import BreakwaterGateway
internal import BreakwaterTapes
internal import BreakwaterVenue
internal import BreakwaterWeb

/// Why something was not done, in the one shape of the native API. Codes are stable; sentences are for people.
extension Refusal {
    init(_ denial: Denial) {
        let status =
            switch denial.kind {
            case .unknownKey, .badSignature, .staleTimestamp, .replayed, .wrongPassword, .noSession, .badToken: 401
            case .missingCSRFToken, .forbidden: 403
            case .nameTaken, .notPending: 409
            case .badName, .weakPassword: 400
            case .unknownUser: 404
            case .tooMany: 422
            }
        self.init(status, denial.kind.rawValue, denial.sentence)
    }

    /// What the core refused.
    init(_ rejection: Rejection, in venue: Directory) {
        let status =
            switch rejection {
            case .unknownAccount, .unknownCurrency, .unknownContract, .unknownOrder, .noPosition: 404
            case .nameTaken, .duplicateOrder: 409
            default: 422
            }
        self.init(status, rejection.code, rejection.sentence(in: venue))
    }

    init(_ term: UnfitTerm) {
        self = .invalid(term.sentence, field: term.field, expected: term.expected)
    }

    init(_ input: BadInput) {
        let what = input.key.map { "'\($0)' in the command" } ?? "The command"
        let fault = input.value.map { "is \"\($0.prefix(80))\"" } ?? "is missing, or not what it should be"
        self = .invalid("\(what) \(fault).", field: input.key, expected: input.expected)
    }

    init(_ fault: VenueFault) {
        switch fault {
        case .overloaded: self = .unavailable("More commands wait than the venue can hold: try again in a moment.")
        case .stopped: self = .unavailable("The venue is stopping.", retryAfter: 10)
        case .journalFailed:
            self = .unavailable(
                "The venue's journal could not be written: nobody knows whether this was done, and the venue has stopped.",
                retryAfter: 60)
        }
    }
}
