import Yams

/// One value of a file, put in the place of what the file says: `liquidity.depth` is `1000000`.
public struct DocumentChange: Sendable, Equatable {
    /// Keys with points between them. An item of a list goes by its number, counted from 0, or by the name of its stage.
    public let path: String
    public let value: String

    public init(_ path: String, _ value: String) {
        self.path = path
        self.value = value
    }
}

extension Document {
    /// The one object of a YAML file with some of its values changed.
    package static func object(in text: String, file: String, changing changes: [DocumentChange]) throws(BadInput)
        -> Fields
    {
        let place = Place(file: file, line: 1)
        guard var node = try compose(text, at: place) else {
            throw BadInput(file: file, expected: "keys and values, but the file is empty")
        }
        for change in changes {
            node = try set(change.value, at: change.path.split(separator: ".")[...], of: node, change, place)
        }
        return try Fields(node, at: place)
    }

    private static func set(
        _ value: String, at path: ArraySlice<Substring>, of node: Node, _ change: DocumentChange, _ place: Place
    ) throws(BadInput) -> Node {
        guard let key = path.first.map(String.init) else {
            // In quotes, as decimals have to be.
            return .scalar(Node.Scalar(value, Tag(.str), .doubleQuoted, node.mark))
        }
        switch node {
        case .mapping(var mapping):
            let old = mapping.first { $0.key.scalar?.string == key }
            let new = try set(
                value, at: path.dropFirst(), of: old?.value ?? Node([(Node, Node)](), Tag(.map)), change, place)
            mapping[old?.key ?? Node(key)] = new
            return .mapping(mapping)
        case .sequence(var sequence):
            let index =
                Int(key)
                ?? sequence.firstIndex { item in
                    item.mapping?.contains { $0.key.scalar?.string == "stage" && $0.value.scalar?.string == key }
                        == true
                }
            guard let index, sequence.indices.contains(index) else {
                throw place.refuse(change.path, change.value, "a path into the file, but its list has no item \(key)")
            }
            sequence[index] = try set(value, at: path.dropFirst(), of: sequence[index], change, place)
            return .sequence(sequence)
        case .scalar, .alias:
            throw place.refuse(change.path, change.value, "a path into the file, but nothing is below \(key)")
        }
    }
}
