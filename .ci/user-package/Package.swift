// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "UserPackage",
  platforms: [.macOS(.v15)],
  dependencies: [.package(path: "Apus")],
  targets: [
    .target(
      name: "Extensions",
      dependencies: [
        .product(name: "Core", package: "Apus"), .product(name: "Recurrent", package: "Apus"),
      ]),
    .executableTarget(
      name: "Demo",
      dependencies: [
        "Extensions",
        .product(name: "Core", package: "Apus"),
        .product(name: "Activations", package: "Apus"),
        .product(name: "Optim", package: "Apus"),
      ]),
    .testTarget(
      name: "ExtensionsTests",
      dependencies: ["Extensions", .product(name: "LayerTesting", package: "Apus")]),
  ]
)
