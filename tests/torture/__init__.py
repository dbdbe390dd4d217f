"""Torture: builds that are killed, starved of disk or run twice at once. Too long for every change."""
