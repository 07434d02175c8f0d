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

/// Of all test sources only these, where scripts/test builds optimised: compiling the others so takes minutes.
let chosenTests = Context.environment["PLAIT_TEST_SOURCES"]?.split(separator: " ").map(String.init)

func tests(of name: String, _ imports: [String] = [], exclude: [String] = []) -> Target {
    let folder = "Tests/\(name)Tests/"
    return .testTarget(
        name: name + "Tests",
        dependencies: ((name.hasPrefix("Plait") ? [name] : []) + ["TestSupport"] + imports).map { .byName(name: $0) },
        exclude: exclude,
        sources: chosenTests?.filter { $0.hasPrefix(folder) }.map { String($0.dropFirst(folder.count)) },
        swiftSettings: house
    )
}

/// What the two topmost modules stand on besides the foundations.
let above = [
    "PlaitCrypto", "PlaitFEC", "PlaitTransport", "PlaitSimulator", "PlaitStatistics", "PlaitReport", "PlaitScenario",
]

let package = Package(
    name: "plait",
    products: [
        .executable(name: "plait", targets: ["plait"]),
        // What a researcher's own package depends on; Examples is one.
        .library(name: "Plait", targets: ["PlaitCore", "PlaitTransport", "PlaitNetwork", "PlaitRun", "PlaitCommand"]),
    ],
    traits: [.trait(name: "Mutants", description: "Plants known bugs, one a process, to see who finds them.")],
    targets: [
        module("PlaitCore"),
        .systemLibrary(name: "CSodium"),
        module("PlaitCrypto", ["PlaitCore", "CSodium"]),
        .systemLibrary(name: "CISAL"),
        module("PlaitFEC", ["PlaitCore", "CISAL"]),
        module("PlaitTransport", ["PlaitCore", "PlaitCrypto"]),
        module("PlaitNetwork", ["PlaitCore"]),
        module("PlaitSimulator", ["PlaitCore", "PlaitNetwork"], exclude: ["Laws/LAWS.md"]),
        .systemLibrary(name: "CGSL"),
        module("PlaitStatistics", ["PlaitCore", "CGSL"]),
        module("PlaitReport", ["PlaitCore"]),
        .systemLibrary(name: "CYAML"),
        module("PlaitScenario", ["PlaitCore", "CYAML"]),
        module("PlaitRun", ["PlaitCore", "PlaitNetwork"] + above),
        module("PlaitVerify", ["PlaitCore", "PlaitNetwork", "PlaitRun"] + above),
        module("PlaitCommand", ["PlaitCore", "PlaitRun", "PlaitVerify"] + above),
        .executableTarget(name: "plait", dependencies: ["PlaitCommand"], swiftSettings: house),

        .target(name: "CAllocationCounter", path: "Tests/CAllocationCounter"),
        .target(
            name: "TestSupport",
            dependencies: ["CAllocationCounter"],
            path: "Tests/TestSupport",
            swiftSettings: house
        ),
        tests(of: "PlaitCore", exclude: ["Vectors"]),
        tests(of: "PlaitCrypto", ["PlaitCore"], exclude: ["Vectors"]),
        tests(of: "PlaitFEC", ["PlaitCore", "CISAL"], exclude: ["Vectors"]),
        // What must hold of any input, for the fuzz targets and for the tests that replay what they found.
        .target(
            name: "FuzzChecks",
            dependencies: ["PlaitCore", "PlaitCrypto", "PlaitTransport"],
            path: "Tests/Fuzzing/FuzzChecks",
            swiftSettings: house
        ),
        tests(of: "PlaitTransport", ["PlaitCore", "PlaitCrypto", "FuzzChecks"], exclude: ["Corpus", "Vectors"]),
        tests(of: "PlaitSimulator", ["PlaitCore", "PlaitNetwork", "PlaitStatistics"]),
        tests(of: "PlaitStatistics", ["PlaitCore", "CGSL"], exclude: ["Vectors"]),
        tests(of: "PlaitScenario", ["PlaitCore"], exclude: ["Broken"]),
        tests(of: "PlaitReport", ["PlaitCore"], exclude: ["Snapshots"]),
        tests(of: "PlaitRun", ["PlaitCore", "PlaitNetwork"] + above),
        tests(
            of: "PlaitVerify",
            ["PlaitCore", "PlaitRun"] + above,
            exclude: ["Formal/Fixtures", "Regressions", "Comparison/Snapshots"]
        ),
        tests(of: "PlaitCommand", ["PlaitScenario", "PlaitRun", "PlaitVerify", "plait"], exclude: ["Snapshots"]),
        tests(of: "EndToEnd", ["plait"]),
        tests(of: "Tidy"),
    ],
    swiftLanguageModes: [.v6]
)

if chosenTests != nil { package.targets.removeAll { $0.isTest && $0.sources == [] } }

// Fuzz targets need libFuzzer; scripts/fuzz builds them so:
// PLAIT_FUZZ=1 swift build -c release --sanitize=fuzzer --scratch-path .build/fuzz --product FuzzFrames
if Context.environment["PLAIT_FUZZ"] != nil {
    for (name, imports) in [
        ("FuzzScenario", ["PlaitCore", "PlaitScenario"]),
        ("FuzzFrames", ["PlaitCore", "PlaitTransport", "FuzzChecks"]),
        ("FuzzDatagram", ["PlaitCore", "FuzzChecks"]),
        ("FuzzHandshake", ["PlaitCore", "FuzzChecks"]),
    ] {
        package.targets.append(
            .executableTarget(
                name: name,
                dependencies: imports.map { .byName(name: $0) },
                path: "Tests/Fuzzing/" + name,
                swiftSettings: house + [.unsafeFlags(["-parse-as-library"])]
            )
        )
    }
}

// Bugs planted behind a seam, and the program that has them; scripts/plait builds them when mutants are asked for:
// PLAIT_MUTANTS=1 swift build -c release --traits Mutants --scratch-path .build/mutants --product plait-mutants
if Context.environment["PLAIT_MUTANTS"] != nil {
    package.products.append(.executable(name: "plait-mutants", targets: ["plait-mutants"]))
    package.targets.append(
        .executableTarget(name: "plait-mutants", dependencies: ["PlaitCommand"], swiftSettings: house)
    )
}
