/// The few figures to see first, side by side.
package struct Tiles {
    private var tiles: [HTML] = []

    package init() {}

    package mutating func add(_ label: String, _ figure: HTML, unit: String = "", _ note: HTML = .none) {
        let unit: HTML = unit.isEmpty ? .none : " <span class=\"unit\">\(unit)</span>"
        let note: HTML = note.isEmpty ? .none : "<dd class=\"note\">\(note)</dd>"
        tiles.append("<div><dt>\(label)</dt><dd class=\"value\">\(figure)\(unit)</dd>\(note)</div>")
    }

    package var markup: HTML { "<dl class=\"tiles\">\n\(tiles.joined(separator: "\n"))\n</dl>\n" }
}
