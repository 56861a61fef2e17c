"""The game itself: calendar, names of people, reasons for not playing; imports nothing of ours."""
