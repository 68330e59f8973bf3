"""The pages: search, an organisation's file with its grade explained, the cards; in English and Chinese.

They work without JavaScript, on a phone, with a keyboard and on paper. Every page has the same thing as JSON, and
every refusal is a page that says what is wrong and what to do. Nothing is shown that ``publication`` does not
hand out, and a person's code is never shown again, whoever typed it (charter 1).
"""

__all__: list[str] = []
