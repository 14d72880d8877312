internal import Foundation
internal import NIOCore

/// A folder whose files are served below a path.
///
/// The folder is read once, into memory; only what was in it then can be asked for, so that no path leads out of it.
public struct StaticFolder: Sendable {
    struct File: Sendable {
        let content: ByteBuffer
        let type: String
        let tag: String
    }

    /// Where the files are found: `/docs`, without a slash at the end.
    public let path: String
    let files: [String: File]
    let contentSecurityPolicy: String
    let cacheControl: String

    /// - Parameters:
    ///   - path: where the files are found; the path itself answers with `index.html`.
    ///   - folder: the folder read; files whose names begin with a dot, and source maps, are left out.
    ///   - extras: further files by their name in the folder, which take the place of those of the same name.
    ///   - maximumAge: how many seconds a client may keep a file before it asks again.
    public init(
        at path: String, folder: String?, extras: [String: [UInt8]] = [:],
        contentSecurityPolicy: String = SecurityHeaders.strictPolicy, maximumAge: Int = 0
    ) throws {
        var files: [String: File] = [:]
        if let folder {
            let root = URL(filePath: folder, directoryHint: .isDirectory)
            for name in try FileManager.default.subpathsOfDirectory(atPath: root.path) where Self.isServed(name) {
                var isFolder: ObjCBool = false
                let file = root.appending(path: name)
                let exists = unsafe FileManager.default.fileExists(atPath: file.path, isDirectory: &isFolder)
                if !exists || isFolder.boolValue { continue }
                files[name] = Self.file(named: name, [UInt8](try Data(contentsOf: file)))
            }
        }
        for (name, bytes) in extras { files[name] = Self.file(named: name, bytes) }
        self.path = path
        self.files = files
        self.contentSecurityPolicy = contentSecurityPolicy
        cacheControl = maximumAge == 0 ? "no-cache" : "public, max-age=\(maximumAge)"
    }

    /// The file at `path`, or that it is there unchanged; `nil` where there is none.
    func reply(to call: Call) -> Reply? {
        guard call.path.hasPrefix(path) else { return nil }
        var name = call.path.dropFirst(path.count)
        if name.isEmpty && !path.isEmpty { return .redirect(to: path + "/") }
        guard name.first == "/" else { return nil }
        name = name.dropFirst()
        guard let file = files[name.isEmpty ? "index.html" : String(name)] else { return nil }
        let headers = [
            ("etag", file.tag), ("cache-control", cacheControl), ("content-security-policy", contentSecurityPolicy),
        ]
        if let known = call.headers["if-none-match"], known == "*" || known.contains(file.tag) {
            return Reply(status: 304, headers: headers)
        }
        return Reply(status: 200, shared: file.content, type: file.type, headers: headers)
    }

    private static func isServed(_ name: String) -> Bool {
        !name.hasSuffix(".map") && !name.split(separator: "/").contains { $0.hasPrefix(".") }
    }

    private static func file(named name: String, _ bytes: [UInt8]) -> File {
        // FNV-1a: the tag tells versions of one file apart, nothing more.
        let hash = bytes.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        return File(
            content: ByteBuffer(bytes: bytes), type: MediaType.of(name),
            tag: "\"\(bytes.count)-\(String(hash, radix: 16))\"")
    }
}

/// Media types by the ends of names.
enum MediaType {
    private static let byExtension = [
        "html": "text/html; charset=utf-8", "css": "text/css; charset=utf-8",
        "js": "text/javascript; charset=utf-8", "mjs": "text/javascript; charset=utf-8",
        "json": "application/json", "svg": "image/svg+xml", "png": "image/png", "ico": "image/x-icon",
        "webp": "image/webp", "woff2": "font/woff2", "txt": "text/plain; charset=utf-8",
        "md": "text/markdown; charset=utf-8", "wasm": "application/wasm",
        "webmanifest": "application/manifest+json",
    ]

    static func of(_ name: String) -> String {
        let parts = name.split(separator: ".")
        return parts.last.flatMap { byExtension[$0.lowercased()] } ?? "application/octet-stream"
    }
}
