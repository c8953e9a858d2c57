let (words, contexts, drawn): ([Int32], [Int32], [Int32]) = elided()
