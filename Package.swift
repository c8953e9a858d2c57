// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "Apus",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "Core", targets: ["Core"]),
    .library(name: "Activations", targets: ["Activations"]),
    .library(name: "Optim", targets: ["Optim"]),
    .library(name: "Conv", targets: ["Conv"]),
    .library(name: "Recurrent", targets: ["Recurrent"]),
    .library(name: "Embeddings", targets: ["Embeddings"]),
    .library(name: "Probabilistic", targets: ["Probabilistic"]),
    .library(name: "Normalization", targets: ["Normalization"]),
    .library(name: "Attention", targets: ["Attention"]),
    .library(name: "Datasets", targets: ["Datasets"]),
    .library(name: "LayerTesting", targets: ["LayerTesting"]),
    .library(name: "Apus", targets: ["Apus"]),
    .executable(name: "course", targets: ["Course"]),
    .executable(name: "Benchmarks", targets: ["Benchmarks"]),
  ],
  targets: [
    .target(name: "Kernels", path: "Modules/Kernels"),
    .target(name: "Core", dependencies: ["Kernels"], path: "Modules/Core"),
    .target(name: "Activations", dependencies: ["Core", "Kernels"], path: "Modules/Activations"),
    .target(name: "Optim", dependencies: ["Core", "Kernels"], path: "Modules/Optim"),
    .target(name: "Conv", dependencies: ["Core", "Kernels"], path: "Modules/Conv"),
    .target(name: "Recurrent", dependencies: ["Core", "Kernels"], path: "Modules/Recurrent"),
    .target(name: "Embeddings", dependencies: ["Core", "Kernels"], path: "Modules/Embeddings"),
    .target(
      name: "Probabilistic", dependencies: ["Core", "Kernels"], path: "Modules/Probabilistic"),
    .target(
      name: "Normalization", dependencies: ["Core", "Kernels"], path: "Modules/Normalization"),
    .target(
      name: "Attention", dependencies: ["Core", "Kernels", "Activations", "Normalization"],
      path: "Modules/Attention"),
    .target(
      name: "Datasets", dependencies: ["Core", "Kernels"], path: "Modules/Datasets",
      resources: [.process("Resources")]),
    .target(name: "LayerTesting", dependencies: ["Core"], path: "Modules/LayerTesting"),
    .target(
      name: "Apus",
      dependencies: [
        "Core", "Activations", "Optim", "Conv", "Recurrent", "Embeddings", "Probabilistic",
        "Normalization", "Attention", "Datasets", "LayerTesting",
      ],
      path: "Modules/Apus"),
    .executableTarget(
      name: "Course",
      dependencies: [
        "Core", "Activations", "Optim", "Conv", "Recurrent", "Embeddings", "Probabilistic",
        "Normalization", "Attention", "Datasets",
      ],
      path: "Modules/Course"),
    .executableTarget(
      name: "Benchmarks",
      dependencies: [
        "Core", "Activations", "Optim", "Conv", "Recurrent", "Embeddings", "Probabilistic",
        "Normalization", "Attention", "Datasets", "Kernels",
      ],
      path: "Benchmarks", exclude: ["compare"]),

    .testTarget(
      name: "KernelsTests", dependencies: ["Kernels"], path: "Tests/KernelsTests"),
    .testTarget(
      name: "CoreTests", dependencies: ["Core", "LayerTesting"], path: "Tests/CoreTests"),
    .testTarget(
      name: "ActivationsTests", dependencies: ["Activations", "LayerTesting"],
      path: "Tests/ActivationsTests"),
    .testTarget(
      name: "OptimTests", dependencies: ["Optim", "LayerTesting"], path: "Tests/OptimTests"),
    .testTarget(
      name: "ConvTests", dependencies: ["Conv", "LayerTesting"], path: "Tests/ConvTests"),
    .testTarget(
      name: "RecurrentTests", dependencies: ["Recurrent", "Optim", "LayerTesting"],
      path: "Tests/RecurrentTests"),
    .testTarget(
      name: "EmbeddingsTests", dependencies: ["Embeddings", "Optim", "Datasets", "LayerTesting"],
      path: "Tests/EmbeddingsTests"),
    .testTarget(
      name: "ProbabilisticTests", dependencies: ["Probabilistic", "Kernels", "LayerTesting"],
      path: "Tests/ProbabilisticTests"),
    .testTarget(
      name: "AttentionTests", dependencies: ["Attention", "Optim", "Kernels", "LayerTesting"],
      path: "Tests/AttentionTests"),
    .testTarget(
      name: "NormalizationTests",
      dependencies: ["Normalization", "Conv", "Datasets", "Kernels", "LayerTesting"],
      path: "Tests/NormalizationTests"),
    .testTarget(name: "DatasetsTests", dependencies: ["Datasets"], path: "Tests/DatasetsTests"),
    .testTarget(
      name: "CourseTests", dependencies: ["Course", "Core", "Conv", "Recurrent", "Datasets"],
      path: "Tests/CourseTests"),
    .testTarget(name: "ApusTests", dependencies: ["Apus"], path: "Tests/ApusTests"),
  ]
)
