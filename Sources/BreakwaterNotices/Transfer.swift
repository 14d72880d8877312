internal import BreakwaterCore
internal import BreakwaterTapes
internal import CCurl
internal import Crypto
internal import Foundation

/// One message on its way: a transfer of libcurl's, and what it sends.
@safe final class Transfer {
    let delivery: Delivery
    /// libcurl's handle; freed with this.
    let handle: UnsafeMutableRawPointer
    /// What is sent, and how much of it was.
    private let bytes: [UInt8]
    fileprivate var sent = 0
    fileprivate var received = 0
    /// The address that a webhook's name led to and nothing was sent to.
    fileprivate var forbidden: String?
    /// Lines that libcurl reads during the transfer.
    private var lines: UnsafeMutablePointer<curl_slist>?

    /// Seconds that connecting, a whole transfer, and a connection between two may last.
    private static let (connecting, whole, idle) = (10, 30, 5)
    /// So much of an answer is read.
    fileprivate static let answer = 65_536

    private init(_ delivery: Delivery, _ bytes: [UInt8], to url: String, over protocols: String) {
        self.delivery = delivery
        self.bytes = bytes
        unsafe handle = curl_easy_init()!
        set(CURLOPT_URL, url)
        set(CURLOPT_PROTOCOLS_STR, protocols)
        // Whatever the environment says: the address that is checked is the one that is spoken to.
        set(CURLOPT_PROXY, "")
        set(CURLOPT_NOSIGNAL, 1)
        // Connections serve what follows at once; one that is older may lead to nobody any more.
        set(CURLOPT_MAXAGE_CONN, Self.idle)
        set(CURLOPT_CONNECTTIMEOUT, Self.connecting)
        set(CURLOPT_TIMEOUT, Self.whole)
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        unsafe curl_set_reader(handle, readBody, context)
        unsafe curl_set_writer(handle, takeAnswer, context)
        unsafe curl_set_seeker(handle, seekBody, context)
    }

    deinit {
        unsafe curl_easy_cleanup(handle)
        unsafe curl_slist_free_all(lines)
    }

    /// A mail through the venue's server.
    static func mail(_ delivery: Delivery, _ mail: Mail, through server: MailServer) -> Transfer {
        let transfer = Transfer(delivery, mail.bytes, to: server.url, over: "smtp,smtps")
        transfer.set(CURLOPT_MAIL_FROM, "<\(server.sender)>")
        transfer.set(CURLOPT_MAIL_RCPT, ["<\(delivery.target)>"])
        transfer.set(CURLOPT_UPLOAD, 1)
        transfer.setSize(CURLOPT_INFILESIZE_LARGE, mail.bytes.count)
        transfer.set(CURLOPT_USE_SSL, Int((server.user == nil ? CURLUSESSL_TRY : CURLUSESSL_ALL).rawValue))
        if let user = server.user { transfer.set(CURLOPT_USERNAME, user) }
        if let password = server.password { transfer.set(CURLOPT_PASSWORD, password) }
        if let authorities = server.authorities { transfer.set(CURLOPT_CAINFO, authorities) }
        return transfer
    }

    /// A signed request to a webhook.
    static func webhook(
        _ delivery: Delivery, _ body: JSONValue, secret: String, at now: Timestamp, allowsPrivate: Bool
    ) -> Transfer {
        let text = body.text(pretty: false)
        let stamp = "\(now.raw / 1_000)"
        let code = HMAC<SHA256>.authenticationCode(
            for: Data("\(stamp).\(text)".utf8), using: SymmetricKey(data: Data(secret.utf8)))
        let signature = code.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        let transfer = Transfer(delivery, Array(text.utf8), to: delivery.target, over: "http,https")
        transfer.set(CURLOPT_POST, 1)
        transfer.setSize(CURLOPT_POSTFIELDSIZE_LARGE, transfer.bytes.count)
        transfer.set(
            CURLOPT_HTTPHEADER,
            [
                "Content-Type: application/json", "User-Agent: Breakwater", "Expect:",
                "X-Breakwater-Delivery: \(delivery.id)", "X-Breakwater-Timestamp: \(stamp)",
                "X-Breakwater-Signature: \(signature)",
            ])
        if !allowsPrivate {
            let context = unsafe Unmanaged.passUnretained(transfer).toOpaque()
            unsafe curl_set_socket_opener(transfer.handle, openPublicSocket, context)
        }
        return transfer
    }

    // MARK: What libcurl is told

    private func set(_ option: CURLoption, _ text: String) {
        let code = unsafe curl_set_text(handle, option, text)
        precondition(code == CURLE_OK, "libcurl takes no text for option \(option.rawValue): \(code.rawValue)")
    }

    private func set(_ option: CURLoption, _ number: Int) {
        let code = unsafe curl_set_number(handle, option, number)
        precondition(code == CURLE_OK, "libcurl takes no number for option \(option.rawValue): \(code.rawValue)")
    }

    private func setSize(_ option: CURLoption, _ size: Int) { unsafe curl_set_size(handle, option, curl_off_t(size)) }

    private func set(_ option: CURLoption, _ items: [String]) {
        for item in items { unsafe lines = curl_slist_append(lines, item) }
        unsafe curl_set_list(handle, option, lines)
    }

    // MARK: How it went

    /// What libcurl's result means for the message.
    ///
    /// - Parameter pause: until when nothing is sent through a mail server that cannot be spoken to.
    func outcome(_ result: CURLcode, pause: () -> Timestamp) -> Outcome {
        let code = unsafe curl_response_code(handle)
        let words = unsafe String(cString: curl_easy_strerror(result))
        switch delivery.channel {
        case .webhook:
            // What else it wanted to say is its own affair.
            if (200...299).contains(code) { return .accepted }
            if let forbidden { return .hopeless("\(forbidden) is not a public address") }
            return .again(code == 0 ? words : "answered \(code)")
        case .mail:
            if result == CURLE_OK { return .accepted }
            let said = code == 0 ? words : "the mail server answered \(code)"
            // A server that does not even want to listen says nothing about this message.
            let isAboutMessage = result == CURLE_SEND_ERROR || sent > 0
            guard isAboutMessage, result != CURLE_LOGIN_DENIED, !(530...539).contains(code) else {
                return .serverDown(said, until: pause())
            }
            switch code {
            case 500...599: return .refused(said)
            case 400...420, 422...499: return .again(said)
            default: return .serverDown(said, until: pause())
            }
        }
    }

    fileprivate func read(into buffer: UnsafeMutablePointer<CChar>, _ room: Int) -> Int {
        let count = min(room, bytes.count - sent)
        for index in 0..<count { unsafe buffer[index] = CChar(bitPattern: bytes[sent + index]) }
        sent += count
        return count
    }

    fileprivate func seek(to offset: Int) { sent = min(max(0, offset), bytes.count) }
}

private func transfer(_ context: UnsafeMutableRawPointer?) -> Transfer {
    unsafe Unmanaged<Transfer>.fromOpaque(context!).takeUnretainedValue()
}

private let readBody: curl_read_callback = { buffer, size, count, context in
    unsafe transfer(context).read(into: buffer!, size * count)
}

private let seekBody: curl_seek_callback = { context, offset, origin in
    guard origin == SEEK_SET else { return CURL_SEEKFUNC_CANTSEEK }
    unsafe transfer(context).seek(to: Int(offset))
    return CURL_SEEKFUNC_OK
}

private let takeAnswer: curl_write_callback = { _, size, count, context in
    let transfer = unsafe transfer(context)
    transfer.received += size * count
    return transfer.received > Transfer.answer ? 0 : size * count
}

/// Opens a socket to a public address only, whatever name led there.
private let openPublicSocket: curl_opensocket_callback = { context, _, address in
    guard let address = unsafe address else { return -1 }
    let bytes = unsafe addressBytes(address)
    guard PublicAddress.contains(bytes) else {
        unsafe transfer(context).forbidden = text(of: bytes)
        return -1
    }
    return unsafe socket(address.pointee.family, address.pointee.socktype, address.pointee.protocol)
}

/// The address in libcurl's structure, whose last member is as long as the family's addresses are.
private func addressBytes(_ address: UnsafeMutablePointer<curl_sockaddr>) -> [UInt8] {
    let start = unsafe UnsafeRawPointer(address) + MemoryLayout<curl_sockaddr>.offset(of: \.addr)!
    switch unsafe address.pointee.family {
    case AF_INET:
        let internet = unsafe start.loadUnaligned(as: sockaddr_in.self)
        return unsafe withUnsafeBytes(of: internet.sin_addr) { unsafe Array($0) }
    case AF_INET6:
        let internet = unsafe start.loadUnaligned(as: sockaddr_in6.self)
        return unsafe withUnsafeBytes(of: internet.sin6_addr) { unsafe Array($0) }
    default: return []
    }
}

private func text(of bytes: [UInt8]) -> String {
    if bytes.count == 4 { return bytes.map { "\($0)" }.joined(separator: ".") }
    return stride(from: 0, to: bytes.count - 1, by: 2).map {
        String(Int(bytes[$0]) << 8 | Int(bytes[$0 + 1]), radix: 16)
    }.joined(separator: ":")
}
