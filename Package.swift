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
        .library(name: "BreakwaterJournal", targets: ["BreakwaterJournal"]),
        .library(name: "BreakwaterWorkloads", targets: ["BreakwaterWorkloads"]),
        .executable(name: "breakwater", targets: ["BreakwaterCommands"]),
        .executable(name: "breakwater-guard", targets: ["BreakwaterGuard"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        .target(name: "BreakwaterCore", swiftSettings: strict),
        .target(name: "BreakwaterJournal", dependencies: ["BreakwaterCore"], swiftSettings: strict),
        .target(name: "BreakwaterWorkloads", dependencies: ["BreakwaterCore"], swiftSettings: strict),
        .executableTarget(
            name: "BreakwaterGuard",
            dependencies: ["BreakwaterCore", "BreakwaterJournal", "BreakwaterWorkloads"],
            swiftSettings: strict),
        .target(
            name: "BreakwaterTapes",
            dependencies: ["BreakwaterCore", .product(name: "Yams", package: "Yams")],
            swiftSettings: strict),
        .target(
            name: "BreakwaterSimulator",
            dependencies: ["BreakwaterCore", "BreakwaterTapes"],
            swiftSettings: strict),
        .executableTarget(
            name: "BreakwaterCommands",
            dependencies: [
                "BreakwaterCore", "BreakwaterTapes", "BreakwaterSimulator",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
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
            dependencies: ["BreakwaterCore", "BreakwaterTapes", "BreakwaterSimulator"],
            swiftSettings: strict),
        .testTarget(name: "RepositoryTests", swiftSettings: strict),
    ]
)
