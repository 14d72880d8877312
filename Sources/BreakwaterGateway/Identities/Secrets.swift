internal import Crypto
internal import CryptoExtras
internal import Foundation

/// Random texts, and what is kept of those that are never shown again.
package enum Secrets {
    /// A text of `length` letters and digits, each drawn evenly: 5.95 bits of surprise each.
    package static func text(length: Int) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
        var generator = SystemRandomNumberGenerator()
        return String((0..<length).map { _ in alphabet.randomElement(using: &generator)! })
    }

    /// What is kept of a token: as good as the token to compare with, useless to sign in with.
    static func digest(of token: String) -> String {
        SHA256.hash(data: Data(token.utf8)).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    /// Whether two texts are equal, in a time that does not tell where they differ.
    package static func areEqual(_ one: String, _ other: String) -> Bool {
        let key = SymmetricKey(size: .bits256)
        let code = HMAC<SHA256>.authenticationCode(for: Data(one.utf8), using: key)
        return HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: Data(other.utf8), using: key)
    }
}

/// A password as it is kept: by scrypt, with its own salt and costs.
struct PasswordHash: Sendable {
    private static let rounds = 1 << 15
    private static let blockSize = 8
    let salt: Data
    let hash: Data
    let rounds: Int

    init(salt: Data, hash: Data, rounds: Int) {
        self.salt = salt
        self.hash = hash
        self.rounds = rounds
    }

    /// Hashes a password: some 50 ms and 32 MiB on purpose.
    init(of password: String) throws {
        let salt = unsafe SymmetricKey(size: .bits128).withUnsafeBytes { unsafe Data($0) }
        self.init(salt: salt, hash: try Self.derive(password, salt, rounds: Self.rounds), rounds: Self.rounds)
    }

    func fits(_ password: String) throws -> Bool {
        let other = try Self.derive(password, salt, rounds: rounds)
        return zip(hash, other).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0 && hash.count == other.count
    }

    private static func derive(_ password: String, _ salt: Data, rounds: Int) throws -> Data {
        let key = try KDF.Scrypt.deriveKey(
            from: Data(password.utf8), salt: salt, outputByteCount: 32, rounds: rounds, blockSize: blockSize,
            parallelism: 1)
        return unsafe key.withUnsafeBytes { unsafe Data($0) }
    }
}
