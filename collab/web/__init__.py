"""The web application: who gets in, what every answer carries, the pages around the screen. It knows no documents."""
