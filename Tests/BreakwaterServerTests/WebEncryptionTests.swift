import BreakwaterWeb
import Foundation
import Testing

private let hasTools = ["/usr/bin/openssl", "/usr/bin/curl"].allSatisfy { FileManager.default.fileExists(atPath: $0) }

@Suite("Web: encryption", .enabled(if: hasTools, "needs openssl and curl"))
struct WebEncryptionTests {
    @Test("WEB-050: with a certificate the port speaks TLS, and plain HTTP gets nothing")
    func encrypted() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let chain = folder.appending(path: "chain.pem").path
        let key = folder.appending(path: "key.pem").path
        try await run(
            "/usr/bin/openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout",
            key, "-out", chain)
        try await WebSite.serving(
            WebSite.site(sockets: [WebSocketTests.echo]),
            WebSite.options { $0.certificate = Certificate(chain: chain, key: key) }
        ) { server in
            #expect(server.url.hasPrefix("https://"))
            let answer = try await run(
                "/usr/bin/curl", "--silent", "--include", "--cacert", chain, server.url + "/v1/orders/1")
            #expect(answer.contains("200 OK"))
            #expect(answer.contains("strict-transport-security: max-age="))
            #expect(answer.contains(#"{"order":1,"verbose":false}"#))
            let upgrade = """
                GET /ws/btc?greet HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: Upgrade\\r\\nUpgrade: websocket\\r\\n\
                Sec-WebSocket-Version: 13\\r\\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\\r\\n\\r\\n
                """
            let greeted = try await run(
                "/bin/sh", "-c",
                """
                (printf '\(upgrade)'; sleep 1) |
                /usr/bin/openssl s_client -quiet -no_ign_eof -verify_return_error -CAfile '\(chain)' -connect 127.0.0.1:\(server.port)
                """)
            #expect(greeted.contains("101 Switching Protocols"))
            #expect(greeted.contains("hello btc"), "a WebSocket inside TLS")
            let plain = try await WebClient(server.port)
            await plain.send("GET /v1/orders/1 HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(await plain.closed())
        }
        await #expect(throws: WebFault.self) {
            try await WebSite.serving(
                WebSite.site(), WebSite.options { $0.certificate = Certificate(chain: key, key: chain) }, { _ in })
        }
    }

    /// Runs a program and gives back what it printed.
    @discardableResult
    private func run(_ program: String, _ arguments: String...) async throws -> String {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        return try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { _ in
                let data = output.fileHandleForReading.readDataToEndOfFile()
                continuation.resume(returning: String(decoding: data, as: UTF8.self))
            }
            do { try process.run() } catch { continuation.resume(throwing: error) }
        }
    }
}
