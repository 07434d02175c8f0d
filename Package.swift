// swift-tools-version: 6.2
import PackageDescription

/// Settings every Swift target shares. Tests live under the same rules as the code they test.
let house: [SwiftSetting] = [
    .strictMemorySafety(),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableExperimentalFeature("Lifetimes"),
    .treatAllWarnings(as: .error),
]

func module(_ name: String, _ imports: [String] = [], exclude: [String] = []) -> Target {
    .target(name: name, dependencies: imports.map { .byName(name: $0) }, exclude: exclude, swiftSettings: house)
}

func tests(of name: String, _ imports: [String] = [], exclude: [String] = []) -> Target {
    .testTarget(
        name: name + "Tests",
        dependencies: ([name, "TestSupport"] + imports).map { .byName(name: $0) },
        exclude: exclude,
        swiftSettings: house
    )
}

/// What the two topmost modules stand on besides the foundations.
let above = ["PlaitCrypto", "PlaitTransport", "PlaitSimulator", "PlaitStatistics", "PlaitReport", "PlaitScenario"]

let package = Package(
    name: "plait",
    products: [.executable(name: "plait", targets: ["plait"])],
    targets: [
        module("PlaitCore"),
        .systemLibrary(name: "CSodium"),
        module("PlaitCrypto", ["PlaitCore", "CSodium"]),
        module("PlaitTransport", ["PlaitCore", "PlaitCrypto"]),
        module("PlaitNetwork", ["PlaitCore"]),
        module("PlaitSimulator", ["PlaitCore", "PlaitNetwork"], exclude: ["Laws/LAWS.md"]),
        .systemLibrary(name: "CGSL"),
        module("PlaitStatistics", ["PlaitCore", "CGSL"]),
        module("PlaitReport", ["PlaitCore"]),
        .systemLibrary(name: "CYAML"),
        module("PlaitScenario", ["PlaitCore", "CYAML"]),
        module("PlaitRun", ["PlaitCore", "PlaitNetwork"] + above),
        module("PlaitCommand", ["PlaitCore", "PlaitRun"] + above),
        .executableTarget(name: "plait", dependencies: ["PlaitCommand"], swiftSettings: house),

        .target(name: "CAllocationCounter", path: "Tests/CAllocationCounter"),
        .target(
            name: "TestSupport",
            dependencies: ["CAllocationCounter"],
            path: "Tests/TestSupport",
            swiftSettings: house
        ),
        .testTarget(name: "TidyTests", dependencies: ["TestSupport"], swiftSettings: house),
        tests(of: "PlaitCore", exclude: ["Vectors"]),
        tests(of: "PlaitCrypto", ["PlaitCore"], exclude: ["Vectors"]),
        tests(of: "PlaitTransport", ["PlaitCore", "PlaitCrypto"]),
        tests(of: "PlaitSimulator", ["PlaitCore", "PlaitNetwork", "PlaitStatistics"]),
        tests(of: "PlaitStatistics", ["PlaitCore", "CGSL"], exclude: ["Vectors"]),
        tests(of: "PlaitScenario", ["PlaitCore"], exclude: ["Broken"]),
        tests(of: "PlaitReport", ["PlaitCore"], exclude: ["Snapshots"]),
        tests(of: "PlaitRun", ["PlaitCore", "PlaitNetwork"] + above),
        tests(of: "PlaitCommand", ["PlaitScenario", "PlaitRun", "plait"], exclude: ["Snapshots"]),
        .testTarget(name: "EndToEndTests", dependencies: ["plait", "TestSupport"], swiftSettings: house),
    ],
    swiftLanguageModes: [.v6]
)

// Fuzz targets need libFuzzer:
// PLAIT_FUZZ=1 swift build -c release --sanitize=fuzzer --scratch-path .build/fuzz --product FuzzScenario
if Context.environment["PLAIT_FUZZ"] != nil {
    package.targets.append(
        .executableTarget(
            name: "FuzzScenario",
            dependencies: ["PlaitCore", "PlaitScenario"],
            path: "Tests/Fuzzing/FuzzScenario",
            swiftSettings: house + [.unsafeFlags(["-parse-as-library"])]
        )
    )
}
