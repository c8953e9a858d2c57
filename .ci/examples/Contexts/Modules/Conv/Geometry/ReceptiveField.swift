let first = Conv2D(3, 32, kernel: 8, stride: 2, padding: 3)
let pool = MaxPool2D(kernel: 2)
let second = Conv2D(32, 64, kernel: 3, padding: 1)
