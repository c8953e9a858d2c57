let cell = ElmanCell(3, 4)
