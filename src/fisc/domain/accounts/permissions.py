"""What a person may be allowed to do to accounts."""

OPEN_ACCOUNT = "accounts.open_account"
PLACE_HOLD = "accounts.place_hold"
