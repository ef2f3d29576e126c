"""The texts of mails."""
