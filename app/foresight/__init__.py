"""What every slider would do, computed once the hand rests."""
