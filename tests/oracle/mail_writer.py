"""Messages by libnews, for tests: a process that is told what to write and gives back the bytes."""
import os
import subprocess


class Refused(Exception):
    """What the library says of a message that it does not write."""

    def __init__(self, status, message):
        super().__init__(message)
        self.status = status


class MailWriter:
    """Runs tests/oracle/write_message."""

    def __init__(self, program, **environment):
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        env={**os.environ, **environment})

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        assert self.process.wait() == 0

    def write(self, fields):
        """The message that these fields, pairs of a name and a text or bytes, describe."""
        request = b''
        for name, value in [*fields, ('write', '')]:
            value = value if isinstance(value, bytes) else value.encode()
            request += b'%s %d\n%s\n' % (name.encode(), len(value), value)
        self.process.stdin.write(request)
        self.process.stdin.flush()
        status, length = map(int, self.process.stdout.readline().split())
        answer = self.process.stdout.read(length)
        if status != 0:
            raise Refused(status, answer.decode())
        return answer
