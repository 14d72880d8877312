internal import Crypto
package import Foundation

/// Seals secrets that must be read again: those of keys, without which no signature could be checked, and of webhooks.
///
/// They are sealed by AES-GCM under a key that lies in a file of its own, readable by its owner only, so that a copy of
/// the database alone gives none away.
package struct Vault: Sendable {
    private let key: SymmetricKey

    /// Opens the vault whose key is in `file`, or makes one.
    package init(file: String) throws {
        let url = URL(filePath: file)
        if let data = try? Data(contentsOf: url), data.count == 32 {
            key = SymmetricKey(data: data)
            return
        }
        guard !FileManager.default.fileExists(atPath: file) else { throw VaultFault(file: file) }
        let made = SymmetricKey(size: .bits256)
        let bytes = unsafe made.withUnsafeBytes { unsafe Data($0) }
        guard FileManager.default.createFile(atPath: file, contents: bytes, attributes: [.posixPermissions: 0o600])
        else { throw VaultFault(file: file) }
        key = made
    }

    package func seal(_ secret: String) throws -> Data { try AES.GCM.seal(Data(secret.utf8), using: key).combined! }

    /// What only this venue can say of `text`: 32 hexadecimal digits of its HMAC.
    func signature(of text: String) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: key)
        return code.prefix(16).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    package func open(_ sealed: Data) throws -> String {
        String(decoding: try AES.GCM.open(AES.GCM.SealedBox(combined: sealed), using: key), as: UTF8.self)
    }
}

/// The file of a vault's key cannot be used: it is damaged, or cannot be written.
public struct VaultFault: Error, CustomStringConvertible {
    public let file: String
    public var description: String { "\(file): expected 32 bytes that only their owner can read" }
}
