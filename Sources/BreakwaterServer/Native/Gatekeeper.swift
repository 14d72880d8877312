internal import BreakwaterCore
internal import BreakwaterGateway
internal import BreakwaterVenue
internal import BreakwaterWeb
internal import Foundation

/// Lets callers in to the native API: by a signature made with an API key, or by the cookie of a session.
///
/// A key signs `timestamp`, a line feed, the method, a line feed, path and query as sent, a line feed and the body, by
/// HMAC-SHA256, and sends the three headers below. The timestamp, in milliseconds, has to be within 5 seconds, and a
/// request that changes something passes once.
struct Gatekeeper: Gate {
    static let keyHeader = "x-breakwater-key"
    static let timestampHeader = "x-breakwater-timestamp"
    static let signatureHeader = "x-breakwater-signature"
    static let sessionCookie = "breakwater_session"
    static let csrfHeader = "x-csrf-token"
    private static let window = Duration.seconds(5)

    let identities: Identities
    let clock: @Sendable () -> Timestamp
    /// What one key or session may ask for, and what one address may without either.
    let callers: TokenBuckets
    let addresses: TokenBuckets
    private let seen = SeenSignatures(kept: window + window)

    init(
        identities: Identities, clock: @escaping @Sendable () -> Timestamp, callers: TokenBuckets,
        addresses: TokenBuckets
    ) {
        self.identities = identities
        self.clock = clock
        self.callers = callers
        self.addresses = addresses
    }

    func admit(_ call: Call, to access: Access, weight: Int) async throws -> (any Sendable)? {
        guard let rights = access.roles else {
            try take(weight, from: addresses, for: call.address)
            return nil
        }
        let principal: Principal
        do {
            principal = try identify(call)
        } catch let denial as Denial {
            // Guessing keys and passwords costs the address what everything costs it.
            try take(weight, from: addresses, for: call.address)
            throw Refusal(denial)
        }
        try take(weight, from: callers, for: principal.actor)
        let allowed = rights.isEmpty || rights.contains { principal.role.allows(Right(rawValue: $0)!) }
        guard allowed else {
            throw Refusal.forbidden(
                "A \(principal.role.rawValue) may not do this; it needs the right to \(rights.joined(separator: " or "))."
            )
        }
        return principal
    }

    private func identify(_ call: Call) throws -> Principal {
        if let key = call.headers[Self.keyHeader] { return try signed(call, by: key) }
        guard let token = call.cookie(Self.sessionCookie) else {
            throw Denial(.unknownKey, "Sign in, or send \(Self.keyHeader), \(Self.timestampHeader) and a signature.")
        }
        guard !call.changes || call.isSameOrigin else {
            throw Denial(.missingCSRFToken, "This request came with a session's cookie, but from another site.")
        }
        return try identities.principal(
            session: token, csrfToken: call.headers[Self.csrfHeader], changes: call.changes, at: clock())
    }

    private func signed(_ call: Call, by key: String) throws -> Principal {
        guard let stamp = call.headers[Self.timestampHeader], let milliseconds = Int64(stamp),
            let signature = call.headers[Self.signatureHeader]
        else {
            throw Denial(.badSignature, "A key needs \(Self.timestampHeader) and \(Self.signatureHeader) with it.")
        }
        let target = call.query.isEmpty ? call.path : call.path + "?" + call.query
        let message = Array("\(stamp)\n\(call.method)\n\(target)\n".utf8) + call.bytes
        let principal = try identities.principal(key: key, signature: signature, of: message)
        let now = clock()
        let (age, overflow) = (now.raw / 1_000).subtractingReportingOverflow(milliseconds)
        guard !overflow, age.magnitude <= UInt64(Self.window.raw / 1_000) else {
            throw Denial(
                .staleTimestamp, "\(Self.timestampHeader) is \(age) ms behind the venue's clock; 5000 are allowed.")
        }
        guard !call.changes || seen.insert(signature.lowercased(), at: now) else {
            throw Denial(.replayed, "This very request came before: sign it anew, with another timestamp.")
        }
        return principal
    }

    private func take(_ weight: Int, from buckets: TokenBuckets, for key: String) throws(Refusal) {
        guard let wait = buckets.take(weight, from: key, at: DispatchTime.now().uptimeNanoseconds) else { return }
        throw .tooManyRequests("Too many requests; wait a moment.", retryAfter: Int(wait / 1_000_000_000) + 1)
    }
}

extension Call {
    /// Whether it asks for something to be done.
    fileprivate var changes: Bool { method != "GET" && method != "HEAD" }
}
