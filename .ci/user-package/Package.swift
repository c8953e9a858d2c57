// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "UserPackage",
  platforms: [.macOS(.v15)],
  dependencies: [.package(path: "Apus")],
  targets: [
    .executableTarget(
      name: "Demo",
      dependencies: [
        .product(name: "Core", package: "Apus"),
        .product(name: "Activations", package: "Apus"),
        .product(name: "Optim", package: "Apus"),
      ])
  ]
)
