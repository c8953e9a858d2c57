let batchLoss = loss()
