/// Names and what they stand for, a line each.
package struct Facts {
    private var facts: [HTML] = []

    package init() {}

    package mutating func add(_ name: String, _ value: HTML) {
        facts.append("<div><dt>\(name)</dt><dd>\(value)</dd></div>")
    }

    package var markup: HTML { "<dl class=\"facts\">\n\(facts.joined(separator: "\n"))\n</dl>\n" }
}
