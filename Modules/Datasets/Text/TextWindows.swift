import Core

/// A text cut into windows that carry on where the last one ended, several streams side by side: what
/// a language model is trained on by truncated back-propagation.
///
/// ```
/// tokens  a b c d e f g h i j k l      batch 3, window 2
///
///         window 0        window 1
/// inputs  a e i           c g k
///         b f j
/// targets b f j           d h l
///         c g k
/// ```
///
/// ```swift
/// var states = network.initialStates(batch: 20)
/// for window in TextWindows(tokens, batch: 20, length: 35) {
///   …                                         // the states go from each window to the next
/// }
/// ```
///
/// The text is cut into as many streams of equal length as the batch has; what is left at the end
/// is left out. Windows are views of one table.
public struct TextWindows: RandomAccessCollection, Sendable {
  /// One window of all streams.
  public struct Window: Sendable {
    /// Tokens, [time, batch], `int64`.
    public let inputs: Tensor
    /// The token after each, [time, batch], `int64`.
    public let targets: Tensor
  }

  /// All streams, [time, batch].
  private let streams: Tensor
  /// Steps of a window; the last one has what is left.
  public let length: Int

  public var startIndex: Int { 0 }
  public let endIndex: Int

  /// - Parameters:
  ///   - tokens: The whole text.
  ///   - batch: How many streams it is cut into.
  ///   - length: Steps of a window.
  public init(_ tokens: [Int], batch: Int, length: Int) {
    require(
      batch > 0 && length > 0, "TextWindows: \(batch) streams in windows of \(length) steps")
    let time = tokens.count / batch
    streams = Tensor(scalars: Array(tokens[..<(time * batch)]), shape: [batch, time])
      .transposed().contiguous()
    self.length = length
    endIndex = (Swift.max(time - 1, 0) + length - 1) / length
  }

  /// How many streams there are.
  public var batch: Int { streams.shape[1] }

  /// How many targets all windows have together.
  public var targetCount: Int { Swift.max(streams.shape[0] - 1, 0) * batch }

  public subscript(position: Int) -> Window {
    require(
      position >= 0 && position < endIndex, "TextWindows: no window \(position) among \(endIndex)")
    let start = position * length
    let end = Swift.min(start + length, streams.shape[0] - 1)
    return Window(inputs: streams[start..<end], targets: streams[(start + 1)..<(end + 1)])
  }
}
