"""survey-intake: surveys and what Members answer."""
