let test = digits.test
