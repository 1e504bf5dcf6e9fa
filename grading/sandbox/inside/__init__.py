"""What runs inside the sandbox, beside the student's code. It trusts nothing and nothing trusts it."""
