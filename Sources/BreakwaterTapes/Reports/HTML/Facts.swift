/// Names and what they stand for, a line each.
package struct Facts {
    private var facts: [HTML] = []

    package init() {}

    package mutating func add(_ name: String, _ value: HTML) {
        facts.append("<div><dt>\(name)</dt><dd>\(value)</dd></div>")
    }

    /// These, and what made the page: the program's version, and the command that gives it again.
    package func markup(madeBy command: HTML) -> HTML {
        var facts = self
        facts.add("Version of Breakwater", "\(ProgramVersion.text)")
        return "\(facts.markup)<h3>Command</h3>\n<pre>\(command)</pre>\n"
    }

    package var markup: HTML { "<dl class=\"facts\">\n\(facts.joined(separator: "\n"))\n</dl>\n" }
}
