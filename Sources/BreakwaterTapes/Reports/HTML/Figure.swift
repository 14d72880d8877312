/// A chart or diagram with its title, its key and what it shows in words.
package struct Figure {
    /// One entry of a figure's key.
    package struct Key {
        let style: ChartStyle
        let shape: Shape
        let text: String

        package enum Shape: String {
            case square, circle, diamond, line
        }

        package init(_ style: ChartStyle, _ shape: Shape, _ text: String) {
            self.style = style
            self.shape = shape
            self.text = text
        }
    }

    private let title: String
    private let unit: String
    private let keys: [Key]
    private let caption: HTML
    private let content: HTML

    package init(_ title: String, unit: String = "", keys: [Key] = [], caption: HTML = .none, content: HTML) {
        self.title = title
        self.unit = unit
        self.keys = keys
        self.caption = caption
        self.content = content
    }

    package var markup: HTML {
        let unit: HTML = unit.isEmpty ? .none : " <span class=\"unit\">\(unit)</span>"
        let entries = keys.map { key -> HTML in
            "<li><i class=\"swatch \(key.shape.rawValue) \(key.style.rawValue)\"></i>\(key.text)</li>"
        }
        let key: HTML = keys.isEmpty ? .none : "<ul class=\"key\">\(entries.joined())</ul>"
        let caption: HTML = caption.isEmpty ? .none : "<figcaption>\(caption)</figcaption>\n"
        return """
            <figure>
            <div class="figure-head"><h3>\(title)\(unit)</h3>\(key)</div>
            \(content)\(caption)</figure>

            """
    }
}
