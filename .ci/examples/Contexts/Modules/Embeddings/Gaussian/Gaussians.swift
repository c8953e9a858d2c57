let contexts: Gaussians = elided()
