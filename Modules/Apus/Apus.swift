// All libraries in one import.
@_exported import Activations
@_exported import Attention
@_exported import Conv
@_exported import Core
@_exported import Datasets
@_exported import Embeddings
@_exported import LayerTesting
@_exported import Normalization
@_exported import Optim
@_exported import Probabilistic
@_exported import Recurrent
