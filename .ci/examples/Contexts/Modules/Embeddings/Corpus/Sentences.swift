let lines: [String] = elided()
