extension String {
    /// The lines of a file, empty ones too, whichever system wrote it: without carriage returns at their ends, and without
    /// the byte order mark that some write first. There is always one, if an empty one.
    package var fileLines: [Substring] {
        let text = unicodeScalars.first == "\u{FEFF}" ? self[unicodeScalars.index(after: startIndex)...] : self[...]
        return text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
            Substring(line.last == UInt8(ascii: "\r") ? line.dropLast() : line)
        }
    }
}
