internal import Crypto
internal import Foundation

/// Links that let anybody read one thing: the token is the thing's number under the venue's own key, so nothing is kept of it.
extension Identities {
    /// The token that shows liquidation `number` to whoever has it.
    public func shareToken(forLiquidation number: Int32) -> String {
        "\(number)-\(vault.signature(of: "liquidation \(number)"))"
    }

    /// The liquidation that a token shows; `nil` where the token is none of this venue's.
    public func liquidation(sharedBy token: String) -> Int32? {
        guard let number = token.split(separator: "-").first.flatMap({ Int32($0) }), number >= 0,
            Secrets.areEqual(token, shareToken(forLiquidation: number))
        else { return nil }
        return number
    }
}
