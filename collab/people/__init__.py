"""Who may do what: accounts, roles, sign-in, and the audit of acts. It knows no chat and no documents."""
