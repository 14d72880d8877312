/// One self-contained page: no outside file, no date, readable without script, on screen and on paper.
package struct Page {
    package struct Section {
        let id: String
        let title: String
        let introduction: HTML
        let content: HTML

        /// Whether there is nothing in it.
        package var isEmpty: Bool { introduction.isEmpty && content.isEmpty }

        /// - Parameter id: a short word, which addresses the section inside the page.
        package init(_ id: String, _ title: String, _ introduction: HTML = .none, content: HTML) {
            self.id = id
            self.title = title
            self.introduction = introduction
            self.content = content
        }
    }

    /// What kind of report this is, in a word or two.
    private let kind: String
    private let title: String
    private let subtitle: HTML
    private let summary: HTML
    private let sections: [Section]

    package init(kind: String, title: String, subtitle: HTML, summary: HTML, sections: [Section]) {
        self.kind = kind
        self.title = title
        self.subtitle = subtitle
        self.summary = summary
        self.sections = sections
    }

    package var text: String {
        let links = sections.map { "<a href=\"#\($0.id)\">\($0.title)</a>" as HTML }.joined(separator: "\n")
        let page: HTML = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="generator" content="Breakwater">
            <title>\(title) – Breakwater \(kind)</title>
            <style>
            \(Stylesheet.all)</style>
            </head>
            <body>
            <header>
            <p class="brand">\(Self.mark)<b>Breakwater</b> \(kind)</p>
            <h1>\(title)</h1>
            <p class="subtitle">\(subtitle)</p>
            </header>
            <main>
            \(summary)
            <nav aria-label="Contents">
            \(links)
            </nav>
            \(sections.map(markup).joined())</main>
            <script>
            \(PageScript.code)</script>
            </body>
            </html>

            """
        return page.markup
    }

    private func markup(_ section: Section) -> HTML {
        let introduction: HTML =
            section.introduction.isEmpty ? .none : "<p class=\"introduction\">\(section.introduction)</p>\n"
        return """
            <section id="\(section.id)" aria-labelledby="\(section.id)-title">
            <h2 id="\(section.id)-title">\(section.title)</h2>
            \(introduction)\(section.content)</section>

            """
    }

    /// Two waves and the wall that breaks them.
    private static let mark: HTML = """
        <svg class="brand-mark" viewBox="0 0 32 24" width="28" height="21" aria-hidden="true">\
        <path class="wave" d="M1 9q4-6 8 0t8 0M1 17q4-6 8 0t8 0"/><path class="wall" d="M21 22V3l9 19z"/></svg>
        """
}
