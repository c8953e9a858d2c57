let lstm = LSTM(3, 4)
