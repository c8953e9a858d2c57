let training = digits.training
let (images, labels) = ("images.gz", "labels.gz")
