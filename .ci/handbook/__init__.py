"""What the scripts that check the handbook share."""
