"""Messages as `news render -f eml` makes them, and as Python's email package reads them."""
import email
import email.policy

from mail_checks import body_of
from publications import render
from unflow import unflow


class Message:
    """Of an issue, in the variant that the arguments ask for."""

    def __init__(self, news, issue, arguments=()):
        self.issue, self.arguments = issue, arguments
        self.raw = render(news, issue, 'eml', *arguments)
        self.name = ' '.join((issue.name, *arguments))
        self.parsed = email.message_from_bytes(self.raw, policy=email.policy.default)
        parts = list(self.parsed.walk())
        self.files = [part for part in parts if part.get_content_maintype() == 'image']
        self.text, = (part for part in parts if part.get_content_type() == 'text/plain')
        self.html, = (part for part in parts if part.get_content_type() == 'text/html')

    def is_flowed(self):
        return self.text.get_param('format') == 'flowed'

    def paragraphs(self, quotes=True):
        """What the text says, as pairs of how deep it is quoted and a line; without `quotes` as a
        program reads it that knows none."""
        text = body_of(self.text)
        if not self.is_flowed():
            return [(0, line) for line in text.removesuffix('\n').split('\n')]
        return unflow(text, delsp=self.text.get_param('delsp') == 'yes', quotes=quotes)

    def read_text(self, quotes=True):
        return ''.join(f'{">" * depth}{" " if depth and line else ""}{line}\n'
                       for depth, line in self.paragraphs(quotes))
