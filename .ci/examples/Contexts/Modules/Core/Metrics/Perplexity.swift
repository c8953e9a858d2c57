let windows: TextWindows = elided()
