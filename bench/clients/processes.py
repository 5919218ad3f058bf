"""Starting programs, and measuring what they and everybody else use of the machine."""
import os
import signal
import socket
import subprocess
import time

TICKS = os.sysconf('SC_CLK_TCK')


class Failed(Exception):
    """A run that counts for nothing."""


class Process:
    """A started command; the CPU time and memory of its whole session are sampled."""

    def __init__(self, argv, log, env=None, cwd=None):
        self.log_path = log
        self.samples_at = self.members_at = 0.0
        self.rss = self.anon = 0
        self.exit_code = self.exit_cpu = None
        with open(log, 'wb') as out:
            self.started = time.perf_counter()
            self.popen = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT,
                                          start_new_session=True, env={**os.environ, **(env or {})}, cwd=cwd)
        self.pid = self.popen.pid
        self.pids = [self.pid]

    def members(self):
        """The processes of the session."""
        found = []
        for entry in os.listdir('/proc'):
            if entry.isdigit():
                fields = self._stat(entry)
                if fields and int(fields[3]) == self.pid:
                    found.append(int(entry))
        return found

    def sample(self, force=False):
        """Notes the peaks of resident and anonymous memory; a look every 20 ms at most."""
        now = time.perf_counter()
        if not force and now < self.samples_at:
            return
        self.samples_at = now + 0.02
        if now > self.members_at:
            self.pids = self.members() or [self.pid]
            self.members_at = now + 0.5
        rss = anon = 0
        for pid in self.pids:
            try:
                with open('/proc/%d/status' % pid) as f:
                    for line in f:
                        if line.startswith('VmHWM'):
                            rss += int(line.split()[1]) * 1024
                        elif line.startswith('RssAnon'):
                            anon += int(line.split()[1]) * 1024
            except OSError:
                pass
        self.rss, self.anon = max(self.rss, rss), max(self.anon, anon)

    def cpu(self):
        """CPU seconds so far, user and kernel."""
        if self.exit_cpu is not None:
            return self.exit_cpu
        ticks = 0
        for pid in self.members():
            fields = self._stat(pid)
            if fields:
                ticks += sum(map(int, fields[11:15]))
        return ticks / TICKS

    def has_ended(self):
        if self.exit_code is None:
            pid, status, usage = os.wait4(self.pid, os.WNOHANG)
            if pid:
                self.exit_code = self.popen.returncode = os.waitstatus_to_exitcode(status)
                self.exit_cpu = usage.ru_utime + usage.ru_stime
        return self.exit_code is not None

    def stop(self, patience=3.0):
        """Ends the session: asks, then does not ask."""
        for number, wait in ((signal.SIGTERM, patience), (signal.SIGKILL, 5.0)):
            if self.has_ended() and not self.members():
                return
            for pid in self.members():
                try:
                    os.kill(pid, number)
                except ProcessLookupError:
                    pass
            end = time.perf_counter() + wait
            while time.perf_counter() < end and not (self.has_ended() and not self.members()):
                time.sleep(0.01)

    def tail(self, length=300):
        """The end of what it printed."""
        with open(self.log_path, 'rb') as f:
            return f.read()[-length:].decode('utf-8', 'replace')

    @staticmethod
    def _stat(pid):
        try:
            with open('/proc/%s/stat' % pid) as f:
                return f.read().rsplit(')', 1)[1].split()
        except (OSError, IndexError):
            return None


class Noise:
    """How many cores others had during a run: what the host stole, and processes that are not ours."""

    def __init__(self, ours):
        self.ours = ours
        self.started = time.perf_counter()
        self.ours_before = sum(p.cpu() for p in ours) + sum(os.times()[:2])
        self.before = self._machine()

    def cores(self, measured_cpu):
        """Called at the end, with the CPU seconds of the program that was measured."""
        wall = time.perf_counter() - self.started
        busy, stolen = (now - then for now, then in zip(self._machine(), self.before))
        ours = measured_cpu + sum(p.cpu() for p in self.ours) + sum(os.times()[:2]) - self.ours_before
        return max(0.0, (busy - ours) / wall) + stolen / wall

    @staticmethod
    def _machine():
        with open('/proc/stat') as f:
            fields = [int(x) / TICKS for x in f.readline().split()[1:]]
        return fields[0] + fields[1] + fields[2], fields[7]


def is_listening(port):
    want = ':%04X' % port
    for path in ('/proc/net/tcp', '/proc/net/tcp6'):
        with open(path) as f:
            for line in f:
                fields = line.split()
                if fields[3] == '0A' and fields[1].endswith(want):
                    return True
    return False


def wait_for(condition, timeout, what, process, step=0.01):
    end = time.perf_counter() + timeout
    while time.perf_counter() < end:
        if condition():
            return
        if process.has_ended():
            raise Failed('%s: ended with %s: %s' % (what, process.exit_code, process.tail()))
        time.sleep(step)
    raise Failed('%s: not ready after %d s: %s' % (what, timeout, process.tail()))


_last_port = 21000 + os.getpid() % 3000


def new_port():
    """A free port below those the system hands out itself."""
    global _last_port
    while True:
        _last_port = _last_port + 1 if _last_port < 32000 else 21001
        with socket.socket() as s:
            try:
                s.bind(('127.0.0.1', _last_port))
                return _last_port
            except OSError:
                pass
