let (weight, bias) = (x, v)
