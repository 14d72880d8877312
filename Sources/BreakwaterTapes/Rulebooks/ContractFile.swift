public import BreakwaterCore

/// Reads a contract's terms from a file of their own, in the same keys as a tape's `list`.
public enum ContractFile {
    /// Reads a contract by its name in the `Contracts` folder, or from a file where `reference` is a path.
    public static func load(_ reference: String) throws(BadInput) -> (Contract, Currency) {
        let path = try path(of: reference, beside: nil)
        return try read(Document.object(in: try Document.text(ofFile: path), file: path))
    }

    /// The file that a contract's name, or a path, means.
    package static func path(of reference: String, beside folder: String?) throws(BadInput) -> String {
        if reference.contains("/") || reference.hasSuffix(".yaml") {
            return DataFolder.path(reference, beside: folder)
        }
        guard let path = DataFolder.file(reference + ".yaml", in: "Contracts") else {
            throw BadInput(file: reference, expected: "a contract of the Contracts folder, or a file ending in .yaml")
        }
        return path
    }

    /// A contract's terms, settled in one of the currencies that every venue knows.
    package static func read(_ fields: Fields) throws(BadInput) -> (Contract, Currency) {
        var venue = Directory()
        for currency in Currency.common { venue.add(currency) }
        var fields = fields
        let contract = try fields.contract(in: venue)
        return (contract, venue[contract.settle])
    }

    /// The names of the contracts that can be found.
    public static var names: [String] { DataFolder.names(in: "Contracts") }
}
