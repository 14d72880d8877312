internal import BreakwaterCore
internal import BreakwaterGateway
internal import BreakwaterVenue
internal import BreakwaterWeb

/// A refusal as this dialect has it: a number clients match on, and a sentence.
struct Fault: Error, Sendable, Equatable {
    let code: Int
    let message: String
    let status: Int
    /// Whole seconds after which it is worth trying again.
    var retryAfter: Int?

    init(_ code: Int, _ message: String, status: Int = 400, retryAfter: Int? = nil) {
        self.code = code
        self.message = message
        self.status = status
        self.retryAfter = retryAfter
    }

    var json: JSONText {
        JSONText(capacity: 128) { json in
            json.put("code", code)
            json.put("msg", message)
        }
    }

    var reply: Reply {
        let headers = retryAfter.map { [("retry-after", "\($0)")] } ?? []
        return Reply(status: status, bytes: json.bytes, type: "application/json", headers: headers)
    }
}

extension Fault {
    static func missing(_ name: String) -> Fault {
        Fault(-1102, "Mandatory parameter '\(name)' was not sent, was empty/null, or malformed.")
    }
    static func invalid(_ name: String) -> Fault {
        switch name {
        case "side": Fault(-1117, "Invalid side.")
        case "type": Fault(-1116, "Invalid orderType.")
        case "timeInForce": Fault(-1115, "Invalid timeInForce.")
        case "interval": Fault(-1120, "Invalid interval.")
        default: Fault(-1130, "Data sent for parameter '\(name)' is not valid.")
        }
    }
    static let invalidSymbol = Fault(-1121, "Invalid symbol.")
    static let unknownOrder = Fault(-2011, "Unknown order sent.")
    static let noSuchOrder = Fault(-2013, "Order does not exist.")
    static let malformedKey = Fault(-2014, "API-key format invalid.", status: 401)
    static let notPermitted = Fault(-2015, "Invalid API-key, IP, or permissions for action.", status: 401)
    static let badSignature = Fault(-1022, "Signature for this request is not valid.")
    static let stale = Fault(-1021, "Timestamp for this request is outside of the recvWindow.")
    static let noSuchListenKey = Fault(-1125, "This listenKey does not exist.")
    static let internalError = Fault(
        -1001, "Internal error; unable to process your request. Please try again.", status: 500)

    /// What is said of anything that went wrong.
    init(_ error: any Error) {
        switch error {
        case let fault as Fault: self = fault
        case let fault as VenueFault: self.init(fault)
        case let denial as Denial: self.init(denial)
        case let refusal as Refusal: self.init(refusal)
        default: self = .internalError
        }
    }

    private init(_ fault: VenueFault) {
        switch fault {
        case .overloaded:
            self.init(
                -1008, "Server is currently overloaded with other requests. Please try again in a few minutes.",
                status: 503, retryAfter: 1)
        case .stopped: self.init(-1016, "This service is no longer available.", status: 503)
        case .journalFailed:
            self.init(
                -1006, "An unexpected response was received from the message bus. Execution status unknown.",
                status: 503)
        }
    }

    private init(_ denial: Denial) {
        switch denial.kind {
        case .badSignature: self = .badSignature
        case .staleTimestamp: self = .stale
        case .unknownKey, .forbidden, .wrongPassword, .noSession, .missingCSRFToken, .nameTaken, .badName,
            .weakPassword, .unknownUser, .badToken, .tooMany, .notPending, .replayed:
            self = .notPermitted
        }
    }

    /// What the shell refuses before a request is looked at here.
    init(_ refusal: Refusal) {
        switch refusal.status {
        case 404, 405: self.init(-5000, "Path \(refusal.message)", status: refusal.status)
        case 429: self.init(-1003, "Too many requests.", status: 429, retryAfter: refusal.retryAfter)
        case 503: self.init(-1008, refusal.message, status: 503, retryAfter: refusal.retryAfter)
        default: self.init(-1100, refusal.message, status: refusal.status)
        }
    }
}

extension Fault {
    /// A number that does not fit the contract it is meant for.
    init(_ unfit: UnfitTerm, step: ExactDecimal?) {
        let isQuantity = unfit.field == "quantity"
        switch unfit.reason {
        case .notANumber: self = .missing(unfit.field)
        case .notPositive where isQuantity: self.init(-4003, "Quantity less than or equal to zero.")
        case .notPositive: self.init(-1013, "\(unfit.field) must be greater than zero.")
        case .tooLarge where isQuantity: self.init(-4005, "Quantity greater than max quantity.")
        case .tooLarge: self.init(-4002, "Price greater than max price.")
        case .offStep:
            let isFiner = (ExactDecimal(unfit.value)?.places ?? 0) > (step?.places ?? 0)
            if isFiner || step == nil {
                self.init(-1111, "Precision is over the maximum defined for this asset.")
            } else if isQuantity {
                self.init(-4023, "Quantity not increased by step size.")
            } else {
                self.init(-4014, "Price not increased by tick size.")
            }
        }
    }
}
