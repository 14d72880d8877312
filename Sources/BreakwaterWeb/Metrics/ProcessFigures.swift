internal import Foundation

/// Figures about this process, read from the system when somebody asks: CPU time, memory, open files, start.
///
/// They have the names that Prometheus' own libraries give them. On systems without `/proc` there are none.
public enum ProcessFigures {
    /// Adds the figures to `metrics`.
    public static func collect(into metrics: Metrics) { metrics.collect(write) }

    private static func write(to text: inout MetricsText) {
        guard let stat = try? String(contentsOfFile: "/proc/self/stat", encoding: .utf8),
            let end = stat.lastIndex(of: ")")
        else { return }
        // Fields from the third on: the name before may hold blanks and brackets (proc(5)).
        let fields = stat[stat.index(after: end)...].split(separator: " ")
        guard fields.count > 21, let user = UInt64(fields[11]), let system = UInt64(fields[12]),
            let start = UInt64(fields[19]), let pages = Int(fields[21])
        else { return }
        let ticks = UInt64(max(1, sysconf(Int32(_SC_CLK_TCK))))
        let tick = 1_000_000_000 / ticks
        text.family("process_cpu_seconds_total", kind: "counter", "CPU time spent, user and system.")
        text.sample("process_cpu_seconds_total", [], MetricsText.seconds((user + system) * tick))
        text.family("process_resident_memory_bytes", kind: "gauge", "Memory that is resident.")
        text.sample("process_resident_memory_bytes", [], "\(pages * sysconf(Int32(_SC_PAGESIZE)))")
        if let files = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count {
            text.family("process_open_fds", kind: "gauge", "Open file descriptors.")
            text.sample("process_open_fds", [], "\(files)")
        }
        if let boot = bootTime() {
            text.family("process_start_time_seconds", kind: "gauge", "When the process started, in seconds since 1970.")
            text.sample("process_start_time_seconds", [], MetricsText.seconds(boot * 1_000_000_000 + start * tick))
        }
    }

    private static func bootTime() -> UInt64? {
        let lines = try? String(contentsOfFile: "/proc/stat", encoding: .utf8).split(separator: "\n")
        return lines?.first { $0.hasPrefix("btime ") }.flatMap { UInt64($0.dropFirst(6)) }
    }
}
