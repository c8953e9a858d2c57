import Core
internal import Kernels

/// A batch of pictures of `height`×`width`, each made by `body` from the one at the same place.
///
/// Pictures are made in parallel; each by itself, so that threads do not change the result.
///
/// - Parameter body: Gets the number of the picture, its pixels, [channel, height, width], and room
///   for the pixels of the result.
func mappedImages<Scalar: TensorScalar>(
  _ images: Tensor, as type: Scalar.Type, height: Int, width: Int,
  _ body: (Int, UnsafePointer<Scalar>, UnsafeMutablePointer<Scalar>) -> Void
) -> Tensor {
  let (batch, channels) = (images.shape[0], images.shape[1])
  var result = Tensor(uninitialized: [batch, channels, height, width], dtype: images.dtype)
  images.withScalars(as: Scalar.self) { source in
    result.withMutableScalars(as: Scalar.self) { target in
      guard let from = source.baseAddress, let to = target.baseAddress, batch > 0 else { return }
      let (sourceSize, targetSize) = (source.count / batch, target.count / batch)
      let grain = max(1, (1 << 14) / max(targetSize, 1))
      parallelFor(batch, grain: grain) { range in
        for index in range { body(index, from + index * sourceSize, to + index * targetSize) }
      }
    }
  }
  return result
}

/// Runs `body` on the parts of 0..<count, on the kernels' threads.
private func parallelFor(_ count: Int, grain: Int, _ body: (Range<Int>) -> Void) {
  withoutActuallyEscaping(body) { body in
    var context = body
    withUnsafeMutablePointer(to: &context) { pointer in
      apus_parallel_for(
        count, grain,
        { context, begin, end in
          context?.assumingMemoryBound(to: ((Range<Int>) -> Void).self).pointee(begin..<end)
        }, pointer)
    }
  }
}
