"""Every byte out: composing a message is pure, sending it is one function. Only this room knows smtplib."""
