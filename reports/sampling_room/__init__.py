"""The auditors' samples, and the room where two people open one voucher of a sample to its auditor."""
