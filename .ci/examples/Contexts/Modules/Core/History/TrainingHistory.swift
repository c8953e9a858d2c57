let (loss, accuracy, epoch) = (0.5, 0.9, 1)
