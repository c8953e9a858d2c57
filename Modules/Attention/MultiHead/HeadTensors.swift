import Core

/// Query, key and value of all heads.
struct HeadTensors {
  /// [batch…, head, query, feature]
  var query: Tensor
  /// [batch…, key–value head, key, feature]
  var key, value: Tensor
}

/// What a caller of ``MultiHeadAttention`` hides from whom.
struct AttentionMasks {
  let mask, padding: Tensor?
  let isCausal: Bool
  let firstQuery: Int

  init(_ mask: Tensor?, _ padding: Tensor?, _ isCausal: Bool, firstQuery: Int = 0) {
    self.mask = mask
    self.padding = padding
    self.isCausal = isCausal
    self.firstQuery = firstQuery
  }
}

// MARK: - Attention between the projections

extension MultiHeadAttention {
  /// [batch…, head, query, feature]
  func attended(_ heads: HeadTensors, _ masks: AttentionMasks) -> Tensor {
    let (operands, settings) = prepared(heads, masks)
    return attention(operands, settings)
  }

  /// Self-attention; what the one projection makes is read where it lies.
  func selfAttended(_ x: Tensor, _ masks: AttentionMasks) -> Tensor {
    guard rotary == nil, let all = sideBySideProjected(x) else {
      return merged(attended(selfProjected(x), masks))
    }
    let shape = (query: heads, shared: keyValueHeads)
    return output(sideBySideAttention(all, heads: shape, settings(sideBySide(all, shape), masks)))
  }

  func prepared(
    _ heads: HeadTensors, _ masks: AttentionMasks
  ) -> (AttentionOperands, AttentionSettings) {
    let operands = AttentionOperands(heads.query, heads.key, heads.value, in: "MultiHeadAttention")
    return (operands, settings(operands, masks))
  }

  private func settings(
    _ operands: AttentionOperands, _ masks: AttentionMasks
  ) -> AttentionSettings {
    let (query, key) = (operands.query, operands.key)
    let (queries, keys) = (query.shape[query.rank - 2], key.shape[key.rank - 2])
    var all: [Tensor] = []
    if let mask = masks.mask { all.append(mask) }
    if let padding = masks.padding {
      let expected = Shape(key.shape.dropLast(3) + [keys])
      require(
        padding.dtype == .bool && padding.shape == expected,
        """
        MultiHeadAttention: padding is \(padding.dtype) of shape \(padding.shape), not bool of \
        \(expected), [batch…, key]
        """)
      all.append(padding.reshaped(Shape(expected.dropLast() + [1, 1, keys])))
    }
    if let bias = positionBias {
      all.append(bias(queries: queries, keys: keys, firstQuery: masks.firstQuery))
    }
    operands.requireMasks(all, in: "MultiHeadAttention")
    return AttentionSettings(
      masks: all, isCausal: masks.isCausal, firstQuery: masks.firstQuery,
      scale: operands.defaultScale,
      dropping: Mode.current == .training ? .init(dropout) : nil)
  }
}

// MARK: - Projections

extension MultiHeadAttention {
  /// One of the three that come in.
  enum Role { case query, key, value }

  private var sharedWidth: Int { keyValueHeads * headWidth }

  /// The rows of ``inputWeight`` and elements of ``inputBias`` of a role.
  private func part(_ role: Role) -> (start: Int, count: Int) {
    switch role {
    case .query: (0, width)
    case .key: (width, sharedWidth)
    case .value: (width + sharedWidth, sharedWidth)
    }
  }

  /// [batch…, time, width of all heads]
  func project(_ x: Tensor, _ role: Role) -> Tensor {
    let (start, count) = part(role)
    let weight: Tensor
    if let inputWeight {
      weight = inputWeight.value.narrowed(0, from: start, count: count)
    } else {
      switch role {
      case .query: weight = queryWeight!.value
      case .key: weight = keyWeight!.value
      case .value: weight = valueWeight!.value
      }
    }
    requireFeatures(x, weight.shape[1], role)
    return linear(x, weight: weight, bias: inputBias?.value.narrowed(0, from: start, count: count))
  }

  /// All three of one sequence by one product, [batch…, time, widths of all three]; `nil` where
  /// the weights do not allow it.
  private func sideBySideProjected(_ x: Tensor) -> Tensor? {
    guard let inputWeight else { return nil }
    requireFeatures(x, width, .query)
    return linear(x, weight: inputWeight.value, bias: inputBias?.value)
  }

  func selfProjected(_ x: Tensor, from first: Int = 0) -> HeadTensors {
    guard let all = sideBySideProjected(x) else { return projected(x, x, x, from: first) }
    let parts = sideBySide(all, (query: heads, shared: keyValueHeads))
    return turned(
      HeadTensors(query: parts.query, key: parts.key, value: parts.value), from: first)
  }

  func projected(
    _ query: Tensor, _ key: Tensor, _ value: Tensor, from first: Int = 0
  ) -> HeadTensors {
    turned(
      HeadTensors(
        query: split(project(query, .query), heads), key: split(project(key, .key), keyValueHeads),
        value: split(project(value, .value), keyValueHeads)), from: first)
  }

  /// [batch…, time, head · feature] as [batch…, head, time, feature].
  func split(_ x: Tensor, _ heads: Int) -> Tensor {
    x.reshaped(Shape(x.shape.dropLast() + [heads, headWidth])).transposed(-3, -2)
  }

  /// The output projection of [batch…, head, time, feature].
  func merged(_ x: Tensor) -> Tensor {
    output(
      x.transposed(-3, -2).reshaped(Shape(x.shape.dropLast(3) + [x.shape[x.rank - 2], width])))
  }

  private func turned(_ heads: HeadTensors, from first: Int) -> HeadTensors {
    guard let rotary else { return heads }
    return HeadTensors(
      query: rotary(heads.query, from: first), key: rotary(heads.key, from: first),
      value: heads.value)
  }

  private func requireFeatures(_ x: Tensor, _ features: Int, _ role: Role) {
    require(
      x.rank >= 2 && x.shape[x.rank - 1] == features,
      "MultiHeadAttention: a \(role) of shape \(x.shape) is no [batch…, time, \(features)]")
  }
}
