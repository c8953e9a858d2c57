import Core
import Foundation
import Testing

@testable import Datasets

/// Pictures whose pixels are all different.
private func images(
  _ batch: Int, _ channels: Int, _ height: Int, _ width: Int, _ dtype: DType = .float32
) -> Tensor {
  let count = batch * channels * height * width
  return Tensor.range(from: 1, to: Double(count + 1), dtype: dtype)
    .reshaped([batch, channels, height, width])
}

private func apply(_ augmentation: some Augmentation, _ images: Tensor, seed: UInt64 = 5) -> Tensor
{
  var generator = RandomGenerator(seed: seed)
  return augmentation(images, using: &generator)
}

@Suite struct AugmentationTests {
  private static let all: [any Augmentation] = [
    RandomFlip(horizontally: 0.5, vertically: 0.5), RandomShift(by: 2), RandomRotation(degrees: 30),
    RandomAffine(degrees: -10...10, scale: 0.8...1.2, shift: 1.5), RandomNoise(0.1),
    RandomCrop(height: 3, width: 4, padding: 1), RandomCutout(side: 2),
  ]

  @Test(arguments: all.indices, [DType.float32, .float64])
  func `the generator fixes the result, and views and empty batches will do`(
    index: Int, dtype: DType
  ) {
    let augmentation = Self.all[index]
    let x = images(40, 2, 5, 6, dtype)
    let y = apply(augmentation, x)
    #expect(y.dtype == dtype)
    #expect(y == apply(augmentation, x))
    #expect(y != apply(augmentation, x, seed: 6))
    let transposed = apply(augmentation, x.transposed())
    #expect(transposed == apply(augmentation, x.transposed().contiguous()))
    let empty = apply(augmentation, images(0, 2, 5, 6, dtype))
    #expect(empty.shape == Shape([0] + y.shape.dropFirst()))
    // Derivatives do not pass, and nothing traps when they are asked for.
    let slope = gradient(at: x) { ($0 * 0).sum() + apply(augmentation, $0).sum() }
    #expect(slope == Tensor.zeros(like: x))
  }

  #if os(Linux) || os(macOS)
    // In a process of its own, since the number of threads is everybody's.
    @Test func `the result does not depend on the number of threads`() async {
      await #expect(processExitsWith: .success) {
        let x = images(100, 1, 28, 28)
        for augmentation in AugmentationTests.all {
          Parallel.threadCount = 1
          let one = apply(augmentation, x)
          Parallel.threadCount = 4
          #expect(apply(augmentation, x) == one)
        }
      }
    }

    @Test func `what is no batch of pictures traps`() async {
      await #expect(processExitsWith: .failure) {
        _ = apply(RandomFlip(), Tensor.zeros([2, 3, 4]))
      }
      await #expect(processExitsWith: .failure) {
        _ = apply(RandomShift(by: 1), Tensor.zeros([1, 1, 2, 2], dtype: .int32))
      }
      await #expect(processExitsWith: .failure) {
        _ = apply(RandomCrop(height: 5, width: 5, padding: 1), Tensor.zeros([1, 1, 2, 2]))
      }
    }
  #endif

  @Test func `flips mirror the pictures that they mirror`() {
    let x = images(1, 2, 2, 3)
    let rows = Tensor([[[[3, 2, 1], [6, 5, 4]], [[9, 8, 7], [12, 11, 10]]]])
    #expect(apply(RandomFlip(horizontally: 1), x) == rows)
    #expect(
      apply(RandomFlip(horizontally: 0, vertically: 1), x)
        == Tensor([[[[4, 5, 6], [1, 2, 3]], [[10, 11, 12], [7, 8, 9]]]]))
    #expect(apply(RandomFlip(horizontally: 0), x) == x)
    let many = images(1000, 1, 1, 2)
    let flipped = apply(RandomFlip(), many)[0..., 0, 0, 0] .== many[0..., 0, 0, 1]
    #expect(abs(flipped.cast(to: .float32).mean().item() - 0.5) < 0.05)
  }

  @Test func `shifts move by whole pixels, evenly, and fill what comes in`() {
    let (batch, height, width) = (300, 4, 5)
    let x = images(batch, 2, height, width)
    let y = apply(RandomShift(rows: 1, columns: 2, fill: -1), x)
    var seen: [[Int]: Int] = [:]
    for index in 0..<batch {
      // A plain reference: which of all shifts is it?
      let moves = [-1, 0, 1].flatMap { dy in (-2...2).map { [dy, $0] } }
      let fits = moves.filter { move in
        (0..<2).allSatisfy { channel in
          let from = x[index, channel].scalars(as: Float.self)
          let to = y[index, channel].scalars(as: Float.self)
          return (0..<height * width).allSatisfy { pixel in
            let (row, column) = (pixel / width + move[0], pixel % width + move[1])
            let isInside = 0..<height ~= row && 0..<width ~= column
            return to[pixel] == (isInside ? from[row * width + column] : -1)
          }
        }
      }
      #expect(fits.count == 1)
      seen[fits.first ?? [], default: 0] += 1
    }
    #expect(seen.count == 15)
    #expect(seen.values.allSatisfy { $0 > 5 && $0 < 45 })
    // Further than the picture is large.
    #expect(apply(RandomShift(rows: 0, columns: 50), images(20, 1, 1, 1)).shape == [20, 1, 1, 1])
  }

  @Test func `crops are windows of the padded picture`() {
    let x = images(200, 1, 4, 4)
    let y = apply(RandomCrop(height: 2, width: 3), x)
    #expect(y.shape == [200, 1, 2, 3])
    var corners: Set<Int> = []
    for index in 0..<200 {
      let corner = Int(y[index, 0, 0, 0].item()) - 1 - 16 * index
      corners.insert(corner)
      let (top, left) = (corner / 4, corner % 4)
      #expect(y[index] == x[index, 0..<1, top..<top + 2, left..<left + 3])
    }
    #expect(corners == [0, 1, 4, 5, 8, 9])
    let padded = apply(RandomCrop(height: 6, width: 6, padding: 1, fill: 7), images(1, 1, 4, 4))
    #expect(padded[0, 0, 1..<5, 1..<5] == images(1, 1, 4, 4)[0, 0])
    #expect(padded[0, 0, 0] == Tensor([7, 7, 7, 7, 7, 7]))
  }

  @Test func `cutouts cover a square, no larger than asked for`() {
    let x = images(100, 2, 6, 6)
    let y = apply(RandomCutout(side: 3, fill: 0), x)
    var sizes: Set<Int> = []
    for index in 0..<100 {
      let covered = (y[index] .== 0).cast(to: .float32)
      #expect(covered[0] == covered[1])
      #expect(select(y[index] .== 0, x[index], y[index]) == x[index])
      sizes.insert(Int(covered[0].sum().item()))
    }
    #expect(sizes.max() == 9)
    #expect(sizes.isSubset(of: [4, 6, 9]))
    #expect(apply(RandomCutout(side: 0), x) == x)
  }

  @Test func `noise has the deviation asked for and stays in its range`() {
    let x = Tensor.full([50, 1, 20, 20], 0.5)
    let noise = apply(RandomNoise(0.2), x) - x
    #expect(abs(noise.mean().item()) < 0.01)
    #expect(abs(noise.variance().item().squareRoot() - 0.2) < 0.01)
    let clamped = apply(RandomNoise(1, clampedTo: 0...1), x)
    #expect((clamped.minimum().item(), clamped.maximum().item()) == (0, 1))
    #expect(apply(RandomNoise(0), x) == x)
  }

  @Test func `augmentations in an array follow each other`() {
    let x = images(3, 1, 4, 4)
    var generator = RandomGenerator(seed: 5)
    let steps: [any Augmentation] = [RandomShift(by: 1), RandomNoise(0.5)]
    let first = RandomShift(by: 1)(x, using: &generator)
    let second = RandomNoise(0.5)(first, using: &generator)
    #expect(apply(steps, x) == second)
    #expect(apply([any Augmentation](), x) == x)
  }
}

@Suite struct AffineTests {
  @Test func `quarter turns are exact, clockwise`() {
    let x = images(1, 2, 3, 3, .float64)
    let turned = apply(RandomAffine(degrees: 90...90), x)
    let expected = Tensor([
      [[[7, 4, 1], [8, 5, 2], [9, 6, 3]], [[16, 13, 10], [17, 14, 11], [18, 15, 12]]]
    ])
    #expect(abs(turned - expected).maximum().item() < 1e-12)
    let half = apply(RandomAffine(degrees: -180 ... -180), images(1, 1, 2, 4, .float64))
    let reversed = Tensor([[[[8, 7, 6, 5], [4, 3, 2, 1]]]])
    #expect(abs(half - reversed).maximum().item() < 1e-12)
    #expect(apply(RandomAffine(), x) == x)
  }

  @Test func `a linear ramp stays one under interpolation`() {
    // Interpolating x is exact inside the picture: the result is the source coordinate.
    let (height, width) = (9, 11)
    let ramp =
      Tensor.range(to: Double(width), dtype: .float64).reshaped([1, 1, 1, width])
      + Tensor.zeros([1, 1, height, 1], dtype: .float64)
    let map = AffineMap(cosine: 0.9, sine: 0.2, shiftX: 0.3, shiftY: -0.4)
    let result = resampled(ramp, [map], fill: .nan)
    var inside = 0
    for row in 0..<height {
      for column in 0..<width {
        let dx = Double(column) - 5 - 0.3
        let dy = Double(row) - 4 + 0.4
        let (x, y) = (0.9 * dx + 0.2 * dy + 5, 0.9 * dy - 0.2 * dx + 4)
        guard x >= 0, x <= 10, y >= 0, y <= 8 else { continue }
        inside += 1
        #expect(abs(result[0, 0, row, column].item() - x) < 1e-12)
      }
    }
    #expect(inside > 60)
  }

  @Test func `what lies outside is filled, and a shift may be half a pixel`() {
    let x = images(1, 1, 1, 3, .float64)
    let map = AffineMap(cosine: 1, sine: 0, shiftX: 0.5, shiftY: 0)
    #expect(resampled(x, [map], fill: 9).reshaped([3]).scalars(as: Double.self) == [5, 1.5, 2.5])
    let far = AffineMap(cosine: 1, sine: 0, shiftX: 1e300, shiftY: 0)
    #expect(resampled(x, [far], fill: 9) == Tensor.full([1, 1, 1, 3], 9, dtype: .float64))
  }
}
