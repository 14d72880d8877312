// swift-tools-version: 6.2
import PackageDescription

/// One set of rules for every target: the language as strict as it goes, and no warning left standing.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

let package = Package(
    name: "breakwater",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "BreakwaterCore", targets: ["BreakwaterCore"]),
        .library(name: "BreakwaterTapes", targets: ["BreakwaterTapes"]),
        .library(name: "BreakwaterSimulator", targets: ["BreakwaterSimulator"]),
        .library(name: "BreakwaterLaboratory", targets: ["BreakwaterLaboratory"]),
        .library(name: "BreakwaterJournal", targets: ["BreakwaterJournal"]),
        .library(name: "BreakwaterVenue", targets: ["BreakwaterVenue"]),
        .library(name: "BreakwaterWorkloads", targets: ["BreakwaterWorkloads"]),
        .executable(name: "breakwater", targets: ["BreakwaterCommands"]),
        .executable(name: "breakwater-guard", targets: ["BreakwaterGuard"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        .target(name: "BreakwaterCore", swiftSettings: strict),
        .target(name: "BreakwaterJournal", dependencies: ["BreakwaterCore"], swiftSettings: strict),
        .target(name: "BreakwaterWorkloads", dependencies: ["BreakwaterCore"], swiftSettings: strict),
        .executableTarget(
            name: "BreakwaterGuard",
            dependencies: ["BreakwaterCore", "BreakwaterJournal", "BreakwaterVenue", "BreakwaterWorkloads"],
            swiftSettings: strict),
        .target(
            name: "BreakwaterVenue",
            dependencies: ["BreakwaterCore", "BreakwaterJournal", .product(name: "GRDB", package: "GRDB.swift")],
            swiftSettings: strict),
        .target(
            name: "BreakwaterHistory",
            dependencies: [
                "BreakwaterCore", "BreakwaterVenue", .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: strict),
        .target(
            name: "BreakwaterWeb",
            dependencies: [
                "BreakwaterTapes",
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict),
        .target(
            name: "BreakwaterGateway",
            dependencies: [
                "BreakwaterCore", "BreakwaterTapes", "BreakwaterVenue", "BreakwaterHistory",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
            ],
            swiftSettings: strict),
        .systemLibrary(name: "CCurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .target(
            name: "BreakwaterNotices",
            dependencies: [
                "BreakwaterCore", "BreakwaterTapes", "BreakwaterVenue", "BreakwaterGateway", "CCurl",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: strict),
        .target(
            name: "BreakwaterBinance",
            dependencies: [
                "BreakwaterCore", "BreakwaterTapes", "BreakwaterVenue", "BreakwaterHistory", "BreakwaterGateway",
                "BreakwaterWeb",
            ],
            swiftSettings: strict),
        .target(
            name: "BreakwaterServer",
            dependencies: [
                "BreakwaterCore", "BreakwaterTapes", "BreakwaterSimulator", "BreakwaterVenue", "BreakwaterHistory",
                "BreakwaterGateway", "BreakwaterNotices", "BreakwaterWeb", "BreakwaterBinance",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict),
        .target(
            name: "BreakwaterTapes",
            dependencies: ["BreakwaterCore", .product(name: "Yams", package: "Yams")],
            swiftSettings: strict),
        .target(
            name: "BreakwaterSimulator",
            dependencies: [
                "BreakwaterCore", "BreakwaterTapes", .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: strict),
        .target(
            name: "BreakwaterLaboratory",
            dependencies: [
                "BreakwaterCore", "BreakwaterTapes", "BreakwaterSimulator",
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "BreakwaterCommands",
            dependencies: [
                "BreakwaterCore", "BreakwaterTapes", "BreakwaterSimulator", "BreakwaterLaboratory", "BreakwaterVenue",
                "BreakwaterNotices", "BreakwaterServer", "BreakwaterWeb",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict),
        // An exchange in some thirty lines, to be read; the tests run it.
        .executableTarget(
            name: "Embed", dependencies: ["BreakwaterCore", "BreakwaterTapes"], path: "Examples/Embed",
            swiftSettings: strict),
        .testTarget(name: "BreakwaterCoreTests", dependencies: ["BreakwaterCore"], swiftSettings: strict),
        .testTarget(
            name: "BreakwaterTapesTests",
            dependencies: [
                "BreakwaterCore", "BreakwaterJournal", "BreakwaterTapes", "BreakwaterSimulator", "BreakwaterCommands",
                "BreakwaterWorkloads",
            ],
            exclude: ["Rulebooks"],
            swiftSettings: strict),
        .testTarget(
            name: "BreakwaterSimulatorTests",
            dependencies: [
                "BreakwaterCore", "BreakwaterTapes", "BreakwaterSimulator", "BreakwaterLaboratory",
                "BreakwaterCommands",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "BreakwaterVenueTests",
            dependencies: [
                "BreakwaterCore", "BreakwaterJournal", "BreakwaterTapes", "BreakwaterVenue", "BreakwaterHistory",
                "BreakwaterWorkloads",
                "BreakwaterGuard", .product(name: "GRDB", package: "GRDB.swift"),
            ],
            exclude: ["Support/flushed.c"],
            swiftSettings: strict),
        .testTarget(
            name: "BreakwaterServerTests",
            dependencies: [
                "BreakwaterCore", "BreakwaterTapes", "BreakwaterVenue", "BreakwaterHistory", "BreakwaterGateway",
                "BreakwaterNotices", "BreakwaterWeb", "BreakwaterBinance", "BreakwaterServer", "BreakwaterWorkloads",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: strict),
        .testTarget(name: "RepositoryTests", swiftSettings: strict),
    ]
)
