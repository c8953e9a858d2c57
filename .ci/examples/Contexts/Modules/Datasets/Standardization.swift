let (training, test) = (digits.training, digits.test)
