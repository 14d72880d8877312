internal import BreakwaterCore
internal import Foundation

/// A mail as it goes over the wire: headers and a plain text, in ASCII whatever they say.
struct Mail {
    let bytes: [UInt8]

    /// - Parameters:
    ///   - id: what stands before the `@` of its Message-ID.
    ///   - time: when it was written.
    init(from sender: MailAddress, to: String, id: String, time: Timestamp, subject: String, lines: [String]) {
        let text = lines.map { $0 + "\r\n" }.joined()
        let isPlain = text.utf8.allSatisfy { $0 < 0x80 } && lines.allSatisfy { $0.utf8.count < 900 }
        let headers = [
            "Date: \(Self.date(time))", "From: Breakwater <\(sender)>", "To: <\(to)>",
            "Subject: \(Self.header(subject))", "Message-ID: \(Self.messageID(id, of: sender))",
            "Auto-Submitted: auto-generated", "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8",
            "Content-Transfer-Encoding: \(isPlain ? "7bit" : "base64")",
        ]
        let body =
            isPlain
            ? text
            : Data(text.utf8).base64EncodedString(options: [
                .lineLength76Characters, .endLineWithCarriageReturn, .endLineWithLineFeed,
            ]) + "\r\n"
        bytes = Array((headers.map { $0 + "\r\n" }.joined() + "\r\n" + body).utf8)
    }

    static func messageID(_ id: String, of sender: MailAddress) -> String { "<\(id)@\(sender.domain)>" }

    /// A text as a header may hold it (RFC 2047): nothing of it can end the line.
    static func header(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { (0x20...0x7e).contains($0) } && text.utf8.count <= 900
        guard !isPlain || text.contains("=?") else { return text }
        var words: [String] = []
        var word = ""
        for character in text.unicodeScalars {
            // An encoded word has 75 characters at most.
            if word.utf8.count + UTF8.width(character) > 45 {
                words.append(word)
                word = ""
            }
            word.unicodeScalars.append(character)
        }
        words.append(word)
        return words.map { "=?UTF-8?B?\(Data($0.utf8).base64EncodedString())?=" }.joined(separator: "\r\n ")
    }

    private static func date(_ time: Timestamp) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "UTC")
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss '+0000'"
        return formatter.string(from: Date(timeIntervalSince1970: Double(time.raw / 1_000_000)))
    }
}
