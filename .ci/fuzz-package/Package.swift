// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "FuzzPackage",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "Apus", path: "../..")],
  targets: [
    .executableTarget(
      name: "Fuzz",
      dependencies: [
        .product(name: "Core", package: "Apus"),
        .product(name: "Datasets", package: "Apus"),
        .product(name: "Embeddings", package: "Apus"),
      ])
  ]
)
