"""Messages read by postal-mime and mailparser, which web and Node programs use."""
import json
import pathlib
import shutil
import subprocess
import sys

READER = pathlib.Path(__file__).with_name('read_mail.js')
SKIPPED = 77


def skip(why):
    """Ends the test, which the test runner takes for skipped."""
    print(f"skipped: {why}; './dev setup --oracles' installs it")
    sys.exit(SKIPPED)


def read(messages):
    """What each reader found in each message; ends the test where there is none."""
    if shutil.which('node') is None:
        skip('there is no node')
    request = b''.join(b'%d\n%s' % (len(message), message) for message in messages)
    done = subprocess.run(['node', READER], input=request, capture_output=True, check=False)
    if done.returncode == SKIPPED:
        skip(done.stdout.decode().strip())
    assert done.returncode == 0, done.stderr.decode()
    return [json.loads(line) for line in done.stdout.splitlines()]
