/// `course convolution`: the worked cases of two course documents.
struct ConvolutionCommand: Subcommand {
  static let name = "convolution"
  static let summary =
    "Writes out convolutions as matrices and as sums (documents 000, exercise 2, and 001, exercise 3)."
  static let discussion = """
    Two convolutions in letters: each output as a sum, the matrix w with z = w x, the transposed \
    convolution y = wᵀ z, and the same y as an ordinary convolution of the code with zeros around \
    and between its elements. Then the arithmetic of a small network: shapes, weights, \
    multiply-adds and receptive fields; and full, same and valid convolution of a signal, with a \
    picture of what the filter does to it.
    """
  static let examples = ["--output pictures"]

  @Option("FOLDER", "Where the picture goes.", .path)
  var output = "course-output"

  func run(console: Console) throws {
    try OutputFile.makeFolder(output)
    console.write("Document 000, second exercise, questions 1 to 5\n\n")
    console.write(WorkedCase(side: 3, stride: 1).text() + "\n")
    console.write("Document 000, second exercise, question 6\n\n")
    console.write(WorkedCase(side: 4, stride: 2).text() + "\n")
    console.write("Document 001, question 3(a) and (b)\n\n")
    let network = WorkedNetwork()
    console.write(network.text() + "\n")
    if let last = network.rows.last {
      console.write(
        "  the last layer: \(grouped(last.shape.elementCount)) outputs, 3 · 3 · 32 · 64 = "
          + "\(grouped(last.weights)) weights\n\n")
    }
    console.write("Document 001, question 3(c)\n\n")
    console.write(SignalFilter.course.text() + "\n")
    let path = OutputFile.path(output, "convolution-filter.svg")
    try OutputFile.write(FilterPicture(filter: .course).svg(), to: path)
    console.write("Document 001, question 3(d): what the filter does, \(path)\n")
  }
}
