package import Foundation

extension Thread {
    /// Starts a thread of the venue's.
    ///
    /// - Parameter standsBack: whether it leaves the processor to order entry where both want it.
    package static func start(_ name: String, standsBack: Bool = false, _ body: @escaping @Sendable () -> Void) {
        let thread = Thread {
            #if os(Linux)
                // Linux keeps this for each thread by itself.
                if standsBack { setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10) }
            #endif
            body()
        }
        thread.name = "breakwater " + name
        thread.stackSize = 8 << 20
        thread.start()
    }
}
