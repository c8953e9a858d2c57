let (first, second): (DirectedGraph, DirectedGraph) = elided()
let (firstStates, secondStates): (Tensor, Tensor) = elided()
let network = GraphConvolution(4, 4)
