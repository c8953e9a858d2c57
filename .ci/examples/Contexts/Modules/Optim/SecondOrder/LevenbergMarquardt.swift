let (times, observations) = (x, v)
