"""Keeps whoever asks too often within limits."""
