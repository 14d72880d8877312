import ArgumentParser
import BreakwaterNotices
import BreakwaterTapes
import Foundation

/// How warnings are sent, as `serve` is told.
struct NoticeArguments: ParsableArguments {
    private static let passwordVariable = "BREAKWATER_SMTP_PASSWORD"

    @Option(
        help: ArgumentHelp(
            "The server mail goes through: smtp://host:587, which encrypts where it can, or smtps://host:465.",
            valueName: "url"))
    var smtpURL: String?

    @Option(help: ArgumentHelp("The address mail comes from.", valueName: "address"))
    var mailFrom: String?

    @Option(help: ArgumentHelp("The user to sign in to the mail server as, over an encrypted connection only."))
    var smtpUser: String?

    @Option(help: ArgumentHelp("A file with that user's password on its first line.", valueName: "file"))
    var smtpPasswordFile: String?

    @Option(help: ArgumentHelp("Certificates in PEM to trust for mail in place of the system's.", valueName: "file"))
    var smtpCA: String?

    @Option(help: ArgumentHelp("Where people find the page, for links in messages.", valueName: "url"))
    var pageURL: String?

    @Flag(help: "Let webhooks be at private addresses: for tests, and networks of your own.")
    var allowPrivateWebhooks = false

    func validate() throws {
        guard (smtpURL == nil) == (mailFrom == nil) else {
            throw ValidationError("--smtp-url and --mail-from belong together.")
        }
        if let smtpURL, !["smtp://", "smtps://"].contains(where: smtpURL.hasPrefix) {
            throw ValidationError("--smtp-url is '\(smtpURL)', expected smtp://host:port or smtps://host:port.")
        }
        if let mailFrom, MailAddress(mailFrom) == nil {
            throw ValidationError("--mail-from is '\(mailFrom)', expected \(MailAddress.expectation).")
        }
        guard smtpURL != nil || smtpUser == nil && smtpPasswordFile == nil && smtpCA == nil else {
            throw ValidationError("--smtp-user, --smtp-password-file and --smtp-ca belong to --smtp-url.")
        }
        guard smtpUser != nil || smtpPasswordFile == nil else {
            throw ValidationError("--smtp-password-file belongs to --smtp-user.")
        }
        if let pageURL, !["http://", "https://"].contains(where: pageURL.hasPrefix) {
            throw ValidationError("--page-url is '\(pageURL)', expected https://host.")
        }
    }

    func options() throws -> NoticeOptions {
        var options = NoticeOptions()
        options.pageURL = pageURL
        options.allowsPrivateWebhooks = allowPrivateWebhooks
        guard let smtpURL, let sender = mailFrom.flatMap({ MailAddress($0) }) else { return options }
        var server = MailServer(url: smtpURL, sender: sender)
        server.user = smtpUser
        server.password = smtpUser == nil ? nil : try password()
        if let smtpCA, !FileManager.default.isReadableFile(atPath: smtpCA) {
            throw BadInput(file: smtpCA, expected: "a file of certificates in PEM")
        }
        server.authorities = smtpCA
        options.mail = server
        return options
    }

    private func password() throws -> String {
        guard let file = smtpPasswordFile else {
            if let password = ProcessInfo.processInfo.environment[Self.passwordVariable] { return password }
            throw ValidationError("--smtp-user needs its password in \(Self.passwordVariable) or --smtp-password-file.")
        }
        guard let text = try? String(contentsOfFile: file, encoding: .utf8),
            let line = text.split(whereSeparator: \.isNewline).first
        else { throw BadInput(file: file, expected: "a file with the password on its first line") }
        return String(line)
    }
}
