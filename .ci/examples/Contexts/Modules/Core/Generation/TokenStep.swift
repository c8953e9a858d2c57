let (network, embedding, output) = (LSTM(64, 128), Embedding(10, 64), Dense(128, 10))
