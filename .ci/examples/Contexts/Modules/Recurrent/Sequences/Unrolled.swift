let earlier: [LSTMState] = elided()
