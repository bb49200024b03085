"""What people do with their accounts: choose passwords, sign in and out, end sessions."""
