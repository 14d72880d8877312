public import BreakwaterCore

/// Reads a contract's terms from a file of their own, in the same keys as a tape's `list`.
public enum ContractFile {
    /// Reads a contract by its name in the `Contracts` folder, or from a file where `reference` is a path.
    public static func load(_ reference: String) throws(BadInput) -> (Contract, Currency) {
        let isPath = reference.contains("/") || reference.hasSuffix(".yaml")
        guard let path = isPath ? reference : DataFolder.file(reference + ".yaml", in: "Contracts") else {
            throw BadInput(file: reference, expected: "a contract of the Contracts folder, or a file ending in .yaml")
        }
        var venue = Directory()
        for currency in Currency.common { venue.add(currency) }
        var fields = try Document.object(in: try Document.text(ofFile: path), file: path)
        let contract = try fields.contract(in: venue)
        return (contract, venue[contract.settle])
    }

    /// The names of the contracts that can be found.
    public static var names: [String] { DataFolder.names(in: "Contracts") }
}
