import BreakwaterTapes
import Testing

@Suite("Pages")
struct HTMLTests {
    @Test("HTML-001: names and titles are text, whatever they hold")
    func escaping() throws {
        let page = HTMLReport(try report(), title: #"<script>alert("a")</script> & 'b'"#).text
        #expect(!page.contains("<script>alert"))
        #expect(page.contains("&lt;script&gt;alert"))
    }

    @Test("HTML-002: a run's page is whole by itself, tells each liquidation, and is the same every time")
    func run() throws {
        let page = HTMLReport(try report(), title: "bryan.yaml").text
        for outside in ["src=", "href=\"http", "@import", "url("] { #expect(!page.contains(outside)) }
        let text = page.replacing(#/<[^>]*>/#, with: "")
        for figure in ["bryan", "XBTUSDT", "21,600", "At mark 21,600 its margin was 200 against an MM of 200", "8,400"]
        {
            #expect(text.contains(figure), "\(figure)")
        }
        #expect(page == HTMLReport(try report(), title: "bryan.yaml").text)
    }

    private func report() throws -> JSONValue {
        var runner = TapeRunner(try Tape.read(Repository.path("Scenarios/bryan.yaml")))
        runner.run()
        return runner.report
    }
}
