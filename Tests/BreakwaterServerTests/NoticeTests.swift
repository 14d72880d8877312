import BreakwaterCore
import Foundation
import Testing

@testable import BreakwaterNotices

/// Warnings by mail and webhook, from the real program to a real mail server and a real webhook.
@Suite("Notices: mail and webhooks", .serialized)
struct NoticeTests {
    @Test(
        "NOT-001: each warning comes once, over restarts, with the mail server down, and after a kill once more at most",
        .timeLimit(.minutes(3)))
    func program() async throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let process = Process()
        process.executableURL = URL(filePath: "/bin/bash")
        process.arguments = ["-c", "exec \"$(scripts/peers notices)\" Tests/Notices/mail.py 2>&1"]
        process.currentDirectoryURL = root
        process.environment = ProcessInfo.processInfo.environment.merging(["PYTHONDONTWRITEBYTECODE": "1"]) { $1 }
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = try await Task.detached { try pipe.fileHandleForReading.readToEnd() ?? Data() }.value
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(String(decoding: output, as: UTF8.self))")
    }

    @Test(
        "NOT-002: an address holds nothing that could end a header or begin another recipient",
        arguments: [
            ("ann@example.com", true), ("ann.b+c@mail.example.co", true), ("ann@localhost", true),
            ("ann", false), ("@example.com", false), ("ann@", false), ("ann@exa mple.com", false),
            ("ann@example.com\r\nBcc: eve@example.com", false), ("ann@example.com,eve@example.com", false),
            ("<ann@example.com>", false), ("ann@b@example.com", false), ("ann..b@example.com", false),
            (".ann@example.com", false), ("ann@-example.com", false), ("ann@example..com", false),
            ("änn@example.com", false), (String(repeating: "a", count: 65) + "@example.com", false),
        ])
    func mailAddress(text: String, isOne: Bool) { #expect((MailAddress(text) != nil) == isOne) }

    @Test(
        "NOT-003: a webhook's URL is plain http or https",
        arguments: [
            ("https://example.com", true), ("https://example.com/hook?a=b", true), ("http://10.0.0.1:8080/x", true),
            ("https://[2001:db8::1]:443/x", true), ("https://example.com?x", true),
            ("ftp://example.com", false), ("file:///etc/passwd", false), ("https://", false), ("https:///x", false),
            ("https://ann:word@example.com/", false), ("https://example.com:0/", false),
            ("https://example.com:99999/", false), ("https://exa mple.com/", false), ("https://example.com/#x", false),
            ("https://example.com/\r\nHost: x", false), ("HTTPS://example.com", false), ("https://[::1/x", false),
        ])
    func webhookURL(text: String, isOne: Bool) { #expect((WebhookURL(text) != nil) == isOne) }

    @Test(
        "NOT-004: of each range that is not public the first and last address are refused, their neighbours not",
        arguments: [
            ("0.0.0.0", "0.255.255.255", nil, "1.0.0.0"), ("10.0.0.0", "10.255.255.255", "9.255.255.255", "11.0.0.0"),
            ("100.64.0.0", "100.127.255.255", "100.63.255.255", "100.128.0.0"),
            ("127.0.0.0", "127.255.255.255", "126.255.255.255", "128.0.0.0"),
            ("169.254.0.0", "169.254.255.255", "169.253.255.255", "169.255.0.0"),
            ("172.16.0.0", "172.31.255.255", "172.15.255.255", "172.32.0.0"),
            ("192.168.0.0", "192.168.255.255", "192.167.255.255", "192.169.0.0"),
            ("198.18.0.0", "198.19.255.255", "198.17.255.255", "198.20.0.0"),
            ("224.0.0.0", "255.255.255.255", "223.255.255.255", nil),
            ("::", "1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", nil, "2000::"),
            ("2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db7:ffff::", "2001:db9::"),
            ("2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2001:ffff::", "2003::"),
            ("4000::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "3ffe:ffff::", nil),
            ("::1", "::ffff:8.8.8.8", nil, nil), ("fe80::1", "fd00::1", nil, nil),
            ("64:ff9b::a00:1", "ff02::1", nil, nil),
        ] as [(String, String, String?, String?)])
    func publicAddress(first: String, last: String, before: String?, after: String?) throws {
        for text in [first, last] { #expect(!PublicAddress.contains(try bytes(text)), "\(text)") }
        for text in [before, after].compactMap({ $0 }) { #expect(PublicAddress.contains(try bytes(text)), "\(text)") }
    }

    private func bytes(_ text: String) throws -> [UInt8] {
        var (small, large) = (in_addr(), in6_addr())
        if unsafe inet_pton(AF_INET, text, &small) == 1 {
            return unsafe withUnsafeBytes(of: small) { unsafe Array($0) }
        }
        try #require(unsafe inet_pton(AF_INET6, text, &large) == 1, "\(text) is no address")
        return unsafe withUnsafeBytes(of: large) { unsafe Array($0) }
    }

    @Test("NOT-005: whatever a subject holds, it is one header of short lines, and reads as it was written")
    func header() throws {
        #expect(
            Mail.header("Danger: BTCUSDT of ann has 18.42 % of its buffer")
                == "Danger: BTCUSDT of ann has 18.42 % of its buffer")
        for text in ["änn\r\nBcc: eve@example.com", "=?UTF-8?B?eA==?=", String(repeating: "λ€𝄞", count: 40), "a\nb"] {
            let header = Mail.header(text)
            let words = header.components(separatedBy: "\r\n ")
            #expect(
                words.allSatisfy { $0.utf8.count <= 75 && $0.hasPrefix("=?UTF-8?B?") && $0.hasSuffix("?=") },
                "\(header)")
            let bytes = words.flatMap { Data(base64Encoded: String($0.dropFirst(10).dropLast(2))) ?? Data() }
            #expect(String(decoding: bytes, as: UTF8.self) == text)
        }
    }

    @Test("NOT-006: attempts come after 1, 2, 4, … seconds, five minutes apart at most")
    func waits() {
        let waits = (1...12).map { Outcome.wait(after: $0).raw / 1_000_000 }
        #expect(waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300])
    }

    // MARK: The outbox

    private static let now = Timestamp(1_800_000_000_000_000)

    /// An outbox in which account 0 has a confirmed address.
    private func outbox(_ test: (NoticeStore) throws -> Void) throws {
        let folder = NSTemporaryDirectory() + "breakwater-notices-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let store = try NoticeStore(folder: folder)
        _ = try store.set(
            mail: MailAddress("ann@example.com"), webhook: nil, levels: Set(NoticeLevel.allCases), renewsSecret: false,
            of: AccountID(0), at: Self.now)
        #expect(try store.confirm(try #require(try store.code(of: AccountID(0))), of: AccountID(0)))
        try test(store)
        store.close()
    }

    private func happening(_ level: NoticeLevel, _ sequence: Int64, after seconds: Int64 = 0, contract: Int32 = 0)
        -> Happening
    {
        Happening(
            account: AccountID(0), contract: ContractID(contract), currency: CurrencyID(0), level: level, buffer: nil,
            mark: nil, liquidation: nil, sequence: sequence, index: 0, time: Self.now + .seconds(seconds))
    }

    private func told(_ store: NoticeStore) throws -> [String] {
        try store.deliveries(of: AccountID(0), limit: 1_000).reversed().filter { $0.kind != .confirmation }.map {
            "\($0.sequence!) \($0.kind.rawValue)" + ($0.state == .waiting ? "" : " \($0.state.rawValue)")
        }
    }

    @Test("NOT-007: what is folded twice is queued once, and the number of the last command goes with it")
    func foldedTwice() throws {
        try outbox { store in
            for _ in 0..<2 {
                try store.fold([happening(.warning, 7), happening(.danger, 9)], through: 12, at: Self.now)
            }
            #expect(try told(store) == ["7 warning", "9 danger"])
            #expect(try store.last() == 12)
        }
    }

    @Test("NOT-008: of what one command did to a position, the worst is told that is wanted")
    func worst() throws {
        try outbox { store in
            let gap = [happening(.warning, 7), happening(.danger, 7), happening(.liquidation, 7)]
            try store.fold(gap + [happening(.warning, 7, contract: 1)], through: 7, at: Self.now)
            #expect(try told(store) == ["7 liquidation", "7 warning"])
            _ = try store.set(
                mail: MailAddress("ann@example.com"), webhook: nil, levels: [.warning, .danger], renewsSecret: false,
                of: AccountID(0), at: Self.now)
            try store.fold(gap.map { happening($0.level, 8) }, through: 8, at: Self.now)
            #expect(try told(store) == ["7 liquidation", "7 warning", "8 danger"])
        }
    }

    @Test("NOT-009: a liquidation that begins anew is news after a warning or ten minutes")
    func liquidationAgain() throws {
        try outbox { store in
            let happenings = [
                happening(.liquidation, 1), happening(.liquidation, 2, after: 600), happening(.danger, 3, after: 601),
                happening(.liquidation, 4, after: 602), happening(.liquidation, 5, after: 1_203),
                happening(.liquidation, 6, after: 1_204, contract: 1),
            ]
            for happening in happenings {
                try store.fold([happening], through: happening.sequence, at: Self.now + .seconds(1_300))
            }
            #expect(
                try told(store)
                    == ["1 liquidation", "3 danger", "4 liquidation", "5 liquidation", "6 liquidation"])
        }
    }

    @Test("NOT-010: a day is the last moment at which a warning is queued, and an hour holds sixty mails")
    func limits() throws {
        try outbox { store in
            try store.fold([happening(.warning, 1)], through: 1, at: Self.now + .seconds(86_399))
            try store.fold([happening(.warning, 2)], through: 2, at: Self.now + .seconds(86_400))
            #expect(try told(store) == ["1 warning"])
        }
        try outbox { store in
            try store.fold((1...61).map { happening(.warning, $0) }, through: 61, at: Self.now)
            #expect(try told(store).suffix(2) == ["60 warning", "61 warning dropped"])
            try store.fold([happening(.warning, 62, after: 3_601)], through: 62, at: Self.now + .seconds(3_601))
            #expect(try told(store).last == "62 warning")
        }
    }

    @Test("NOT-011: of each receiver the oldest is due, and what is given up says why")
    func order() throws {
        try outbox { store in
            try store.fold([happening(.warning, 1), happening(.danger, 2)], through: 2, at: Self.now)
            let first = try store.due(.mail, at: Self.now, limit: 10).filter { $0.kind != .confirmation }
            // The question about the address is still ahead of both.
            #expect(first.isEmpty)
            let question = try store.due(.mail, at: Self.now, limit: 10)
            #expect(try store.settle([(question[0], .accepted)], at: Self.now) == [.sent])
            let warning = try #require(try store.due(.mail, at: Self.now, limit: 10).first)
            #expect(warning.sequence == 1)
            _ = try store.settle([(warning, .again("busy"))], at: Self.now)
            #expect(try store.due(.mail, at: Self.now, limit: 10).isEmpty)
            #expect(try store.due(.mail, at: Self.now + .seconds(1), limit: 10).map(\.sequence) == [1])
            let day = Self.now + .seconds(86_400)
            #expect(try store.settle([(warning, .again("busy"))], at: day) == [.failed])
            let shown = try #require(
                try store.deliveries(of: AccountID(0), limit: 10).first { $0.sequence == 1 })
            #expect(shown.state == .failed && shown.problem == "busy" && shown.ended == day)
            #expect(try store.due(.mail, at: Self.now, limit: 10).map(\.sequence) == [2])
        }
    }
}
