/// `course activations`: every activation function and its derivative.
struct ActivationsCommand: Subcommand {
  static let name = "activations"
  static let summary =
    "Draws every activation function with its derivative (document 001, exercise 1)."
  static let discussion = """
    One picture with a small plot for each function of the module Activations: the function itself \
    and its derivative by automatic differentiation, on the same axes everywhere. A dot marks the \
    value at a jump. Functions of several numbers are drawn along a line, which the caption names.

    The formulas of the functions, y, and of their derivatives, y′, are listed as text.
    """
  static let examples = ["--output pictures"]

  @Option("FOLDER", "Where the picture goes.", .path)
  var output = "course-output"

  func run(console: Console) throws {
    try OutputFile.makeFolder(output)
    let activations = DrawnActivation.all
    list(activations, console)
    let path = OutputFile.path(output, "activations.svg")
    try OutputFile.write(Self.picture(of: activations), to: path)
    console.write("\npicture of \(activations.count) functions: \(path)\n")
  }

  static func picture(of activations: [DrawnActivation]) -> String {
    PlotGrid(
      title: "Activation functions",
      subtitle:
        "each with its derivative by automatic differentiation; dots mark the values at jumps",
      plots: activations.map { $0.plot(over: -4...4) }, x: -4...4, y: -2...4
    ).svg()
  }

  private func list(_ activations: [DrawnActivation], _ console: Console) {
    let rows = [("function", "y", "y′")] + activations.map { ($0.name, $0.formula, $0.derivative) }
    let widths = (rows.map(\.0.count).max() ?? 0, rows.map(\.1.count).max() ?? 0)
    for (name, formula, derivative) in rows {
      console.write(
        name.filled(to: widths.0 + 2) + formula.filled(to: widths.1 + 2) + derivative + "\n")
    }
  }
}
