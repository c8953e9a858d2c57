import Core

/// The end of each message about operands.
func shapes(_ x: Tensor, _ weight: Tensor) -> String {
  "; input \(x.shape), weight \(weight.shape)"
}

func checkOperands(
  _ x: Tensor, _ weight: Tensor, bias: Tensor?, outputs: Int, in operation: String
) {
  require(
    weight.rank >= 3 && weight.rank <= 5 && x.rank == weight.rank,
    "\(operation): input and weight must be [batch, channels, space…] and [filters, channels, kernel…] with one to three axes of space\(shapes(x, weight))"
  )
  require(
    x.dtype.isFloating && x.dtype == weight.dtype && bias?.dtype ?? x.dtype == x.dtype,
    "\(operation): the operands must have one floating type: input \(x.dtype), weight \(weight.dtype)\(bias.map { ", bias \($0.dtype)" } ?? "")"
  )
  if let bias {
    require(
      bias.shape == [outputs],
      "\(operation): the bias has shape \(bias.shape), there are \(outputs) filters\(shapes(x, weight))"
    )
  }
}

func checkGroups(
  channels: Int, of expected: Int, filters: Int, groups: Int, in operation: String,
  shapes: @autoclosure () -> String
) {
  require(
    groups > 0 && channels % groups == 0 && filters % groups == 0,
    "\(operation): \(groups) groups do not divide \(channels) channels and \(filters) filters\(shapes())"
  )
  require(
    channels == expected,
    "\(operation): the input has \(channels) channels, the weight is for \(expected)\(groups == 1 ? "" : " in \(groups) groups")\(shapes())"
  )
}
