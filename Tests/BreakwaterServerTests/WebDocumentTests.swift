import BreakwaterTapes
import BreakwaterWeb
import Foundation
import Testing

@Suite("Web: what the server says about itself")
struct WebDocumentTests {
    static let api = OpenAPI(
        title: "Test", version: "1", summary: "For tests.",
        securitySchemes: [.init("key", ["type": "apiKey", "in": "header", "name": "x-api-key"])])

    @Test("WEB-040: the document names every route once, with its inputs, its answers and who may call")
    func document() throws {
        let document = Self.api.document(WebSite.routes)
        #expect(document["openapi"] == "3.1.0")
        let order = document["paths"]?["/v1/orders"]?["post"]
        #expect(order?["operationId"] == "placeOrder")
        let reference = order?["requestBody"]?["content"]?["application/json"]?["schema"]?["$ref"]
        #expect(reference == "#/components/schemas/OrderRequest")
        let schema = document["components"]?["schemas"]?["OrderRequest"]
        #expect(schema?["required"] == ["symbol", "side", "size"])
        #expect(schema?["properties"]?["price"]?["type"] == ["string", "integer", "null"])
        #expect(schema?["properties"]?["leverage"]?["default"] == .integer(10))
        let statuses = ["201", "400", "406", "413", "414", "415", "422", "429", "431", "503"]
        for status in statuses { #expect(order?["responses"]?[status] != nil, "\(status)") }
        let cancel = document["paths"]?["/v1/orders/{order}"]?["delete"]
        #expect(cancel?["security"] == [["key": ["trader"]]])
        #expect(cancel?["responses"]?["401"] != nil && cancel?["responses"]?["403"] != nil)
        #expect(order?["security"] == nil)
    }

    struct Doorkeeper: Gate {
        func admit(_ call: Call, to access: Access, weight: Int) async throws -> (any Sendable)? {
            guard let roles = access.roles else { return nil }
            guard let key = call.headers["x-api-key"] else { throw Refusal.unauthenticated("No key.") }
            guard roles.contains(key) else { throw Refusal.forbidden("A key of another role.") }
            return key
        }
    }

    @Test("WEB-041: the gate is asked before inputs are looked at, and its refusal is the answer")
    func gate() async throws {
        try await WebSite.serving(WebSite.site(gate: Doorkeeper())) { server in
            let client = try await WebClient(server.port)
            let nobody = try await client.request("DELETE", "/v1/orders/0")
            #expect(nobody.status == 401 && nobody.headers["www-authenticate"] != nil)
            #expect(try await client.request("DELETE", "/v1/orders/0", headers: ["X-API-KEY": "reader"]).status == 403)
            #expect(try await client.request("DELETE", "/v1/orders/0", headers: ["X-API-KEY": "trader"]).status == 400)
            #expect(try await client.request("DELETE", "/v1/orders/1", headers: ["X-API-KEY": "trader"]).status == 204)
            #expect(try await client.request("GET", "/v1/orders/1").status == 200)
        }
    }

    @Test("WEB-042: files are served from memory with types, tags and a strict policy, and nothing beside them")
    func files() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder.appending(path: "sub"), withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in [("index.html", "<p>"), ("sub/app.js", "1"), (".secret", "no"), ("a.map", "no")] {
            try Data(text.utf8).write(to: folder.appending(path: name))
        }
        let site = Site(folders: [try StaticFolder(at: "/page", folder: folder.path)])
        try await WebSite.serving(site) { server in
            let client = try await WebClient(server.port)
            let page = try await client.request("GET", "/page/")
            #expect(page.status == 200 && page.body == "<p>")
            #expect(page.headers["content-type"] == "text/html; charset=utf-8")
            #expect(page.headers["content-security-policy"]?.contains("script-src 'self';") == true)
            let tag = try #require(page.headers["etag"])
            let again = try await client.request("GET", "/page/index.html", headers: ["if-none-match": tag])
            #expect(again.status == 304 && again.body.isEmpty)
            #expect(try await client.request("GET", "/page").headers["location"] == "/page/")
            let script = try await client.request("GET", "/page/sub/app.js")
            #expect(script.headers["content-type"] == "text/javascript; charset=utf-8")
            for path in [
                "/page/.secret", "/page/a.map", "/page/../etc/passwd", "/page/sub", "/page/%2e%2e/x", "/pages/",
            ] {
                #expect(try await client.request("GET", path).status == 404, "\(path)")
            }
            #expect(try await client.request("POST", "/page/", body: "").status == 405)
        }
    }

    @Test("WEB-043: health, readiness and metrics answer what they are asked")
    func operations() async throws {
        let metrics = Metrics()
        ProcessFigures.collect(into: metrics)
        let routes = OperationRoutes.routes(metrics: metrics) { "Recovering." }
        try await WebSite.serving(Site(routes: routes + WebSite.routes), metrics: metrics) { server in
            let client = try await WebClient(server.port)
            #expect(try await client.request("GET", "/health").body == #"{"status":"ok"}"#)
            let ready = try await client.request("GET", "/ready")
            #expect(ready.status == 503 && ready.headers["retry-after"] == "1" && ready.body.contains("Recovering."))
            _ = try await client.request("GET", "/v1/orders/1")
            let text = try await client.request("GET", "/metrics").body
            #expect(text.contains("http_request_seconds_count{operation=\"order\"} 1\n"))
            #expect(text.contains("http_replies_total{class=\"5xx\"} 1\n"))
            #expect(text.contains("# TYPE http_connections gauge\nhttp_connections 1\n"))
            #expect(text.contains("process_cpu_seconds_total "))
            let lines = text.split(separator: "\n")
            #expect(lines.allSatisfy { $0.hasPrefix("# ") || $0.contains(/^[a-z_]+(_total)?(\{.*\})? [0-9.]+$/) })
        }
    }

    @Test("WEB-044: a change in the name of a cookie needs the page's own token")
    func crossSite() async throws {
        let route = Route(
            .post, "/v1/sessions", operation: "change", summary: "Changes", tag: "Sessions",
            responses: [Response(204, "Done.")]
        ) { call in
            try call.requireCrossSiteToken()
            let cookie = Cookie("session", "s", isSecure: call.isSecure, maximumAge: 60)
            return Reply.noContent.setting(cookie)
        }
        try await WebSite.serving(Site(routes: [route])) { server in
            let client = try await WebClient(server.port)
            func ask(_ headers: [String: String]) async throws -> WebClient.Answer {
                try await client.request("POST", "/v1/sessions", headers: headers)
            }
            let good = ["cookie": "a=b; csrf=tok", "x-csrf-token": "tok", "origin": "http://localhost"]
            let done = try await ask(good)
            #expect(done.status == 204)
            #expect(done.headers["set-cookie"] == "session=s; Path=/; SameSite=Strict; Max-Age=60; HttpOnly")
            #expect(try await ask(good.merging(["x-csrf-token": "tik"]) { $1 }).status == 403)
            #expect(try await ask(good.merging(["origin": "https://evil.example"]) { $1 }).status == 403)
            #expect(try await ask(good.merging(["sec-fetch-site": "cross-site"]) { $1 }).status == 403)
            #expect(try await ask(["x-csrf-token": ""]).status == 403)
        }
    }

    @Test("WEB-045: the documentation page comes with Swagger UI, asks nobody but this server and has no script inside")
    func documentation() async throws {
        let swaggerUI = URL(filePath: #filePath).appending(path: "../../../.build/swagger-ui").standardized.path
        let folder = try DocumentationPage.folder(
            at: "/docs", swaggerUI: swaggerUI, document: "/v1/openapi.json")
        try await WebSite.serving(Site(folders: [folder])) { server in
            let client = try await WebClient(server.port)
            #expect(try await client.request("GET", "/docs").status == 302)
            let page = try await client.request("GET", "/docs/")
            #expect(page.headers["content-security-policy"]?.contains("script-src 'self';") == true)
            #expect(!page.body.contains("http://") && !page.body.contains("https://"))
            #expect(try await client.request("GET", "/docs/page.js").body.contains("fetch('/v1/openapi.json')"))
            #expect(page.body.contains("swagger-ui-bundle.js"))
            for file in ["swagger-ui-bundle.js", "swagger-ui.css", "favicon-32x32.png", "LICENSE.txt"] {
                #expect(try await client.request("GET", "/docs/" + file).status == 200, "set-up installed no \(file)")
            }
        }
    }
}

/// A server for people and tools outside the tests: browsers, load generators, fuzzers.
@Suite("Web: a server to measure", .enabled(if: ProcessInfo.processInfo.environment["BREAKWATER_WEB_PORT"] != nil))
struct WebMeasuredServer {
    @Test("serves until told to stop, or for a minute")
    func serve() async throws {
        let environment = ProcessInfo.processInfo.environment
        let swaggerUI = FileManager.default.currentDirectoryPath + "/.build/swagger-ui"
        let metrics = Metrics()
        ProcessFigures.collect(into: metrics)
        let documented = WebSite.routes + OperationRoutes.routes(metrics: metrics) { nil }
        let document = WebDocumentTests.api.document(documented)
        let raw = [RawRoute(.get, path: "/v1/openapi.json") { _ in Reply(json: document) }] + WebSite.raw
        let page = try DocumentationPage.folder(at: "/docs", swaggerUI: swaggerUI, document: "/v1/openapi.json")
        let site = Site(routes: documented, rawRoutes: raw, folders: [page])
        try await WebSite.serving(
            site,
            WebSite.options {
                $0.port = Int(environment["BREAKWATER_WEB_PORT"] ?? "") ?? 0
                $0.threads = Int(environment["BREAKWATER_WEB_THREADS"] ?? "") ?? 1
            }, metrics: metrics
        ) { server in
            print("serving \(server.url)")
            try await Task.sleep(for: .seconds(Int(environment["BREAKWATER_WEB_SECONDS"] ?? "") ?? 60))
        }
    }
}
