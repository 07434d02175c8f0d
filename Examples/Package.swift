// swift-tools-version: 6.2
import PackageDescription

// A researcher's own package: Plait as it is, with plug-ins added. To start your own, copy this folder and let `path`
// (or `url`) lead to Plait.
let package = Package(
    name: "plait-examples",
    dependencies: [.package(name: "plait", path: "..")],
    targets: [
        .executableTarget(
            name: "examples",
            dependencies: [.product(name: "Plait", package: "plait")],
            swiftSettings: [.treatAllWarnings(as: .error)]
        )
    ],
    swiftLanguageModes: [.v6]
)
