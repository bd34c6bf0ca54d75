"""Records what a Python program does while it loads, for agents on platform V2.

There, AWS starts a version once, takes a snapshot and restores every session from it, so all sessions
share what was computed before. The emulator decides which of these calls are hazards.
"""

import os
import sys

# Calls of one function that are recorded. It bounds the cost of a loop.
_MAX_CALLS = 500
# Frames to search for the program's own code: a few for a value, many for a connection of a client.
_VALUE_FRAMES = 4
_CONNECTION_FRAMES = 80

_report_file = os.environ.get("AGENTCORE_EMULATOR_LOAD_REPORT")
_folder = os.environ.get("AGENTCORE_EMULATOR_CODE_FOLDER") or ""
_root = os.path.realpath(_folder) + os.sep
_is_recording = bool(_report_file) and _folder != ""
_calls = {}
_counts = {}
_sockets = []
_restorations = []
_owners = {}
_bundled = None


class _Watched:
    """Replaces a function. Like a built-in function, it does not become a method of a class."""

    __slots__ = ("original", "call", "frames", "describe", "__wrapped__")

    def __init__(self, original, call, frames, describe):
        self.original = self.__wrapped__ = original
        self.call, self.frames, self.describe = call, frames, describe

    def __call__(self, *args, **options):
        if _is_recording:
            _record(self.call, self.frames, self.describe(*args, **options))
        return self.original(*args, **options)

    def __getattr__(self, name):
        return getattr(self.original, name)

    def __reduce__(self):
        return self.original.__reduce__()


def _watch(owner, name, call, frames=_VALUE_FRAMES, describe=lambda *_, **__: {}):
    original = getattr(owner, name, None)
    if original is None:
        return
    setattr(owner, name, _Watched(original, call, frames, describe))
    _restorations.append(lambda: setattr(owner, name, original))


def _watch_method(owner, name, call, describe):
    original = getattr(owner, name)

    def watched(self, *args, **options):
        if _is_recording:
            _record(call, _CONNECTION_FRAMES, describe(self, *args, **options))
        return original(self, *args, **options)

    setattr(owner, name, watched)
    _restorations.append(lambda: setattr(owner, name, original))


def _record(call, frames, details):
    count = _counts[call] = _counts.get(call, 0) + 1
    if count > _MAX_CALLS:
        return None
    site = _find_site(sys._getframe(2), frames)
    if site is None:
        return None
    found = {"call": call, **site, **details}
    return _calls.setdefault(tuple(found.items()), found)


def _find_site(frame, frames):
    """Finds the nearest frame of the program's own code, and the package that it called."""
    called = None
    for _ in range(frames):
        if frame is None:
            return None
        code = frame.f_code
        owner = _owner_of(code.co_filename)
        if owner == "":
            function = None if code.co_name == "<module>" else code.co_name
            return {
                "file": code.co_filename,
                "line": frame.f_lineno,
                "function": function,
                "package": called,
            }
        called = called or owner
        frame = frame.f_back
    return None


def _owner_of(file):
    """Returns the package of a file: "" for the program's own code, "python" for the standard library."""
    owner = _owners.get(file)
    if owner is None:
        owner = _owners[file] = _read_owner(file)
    return owner


def _read_owner(file):
    if not os.path.isabs(file):
        return "python"
    path = os.path.realpath(file)
    parts = path.replace("\\", "/").split("/")
    for folder in ("site-packages", "dist-packages"):
        if folder in parts:
            return _module_name(parts[parts.index(folder) + 1])
    if path.startswith(_root):
        top = _module_name(path[len(_root) :].replace("\\", "/").split("/")[0])
        return top if top in _bundled_packages() else ""
    if path.startswith(os.path.dirname(os.path.realpath(os.__file__)) + os.sep):
        return "python"
    for folder in sys.path:
        base = os.path.realpath(folder) + os.sep
        if folder and path.startswith(base):
            return _module_name(path[len(base) :].replace("\\", "/").split("/")[0])
    return "python"


def _module_name(entry):
    return entry[:-3] if entry.endswith(".py") else entry


def _bundled_packages():
    """Returns the packages beside the program, where a zip for AgentCore has them."""
    global _bundled
    if _bundled is None:
        _bundled = set()
        for entry in os.listdir(_root):
            if entry.endswith(".dist-info"):
                _bundled.update(_read_modules(os.path.join(_root, entry, "RECORD")))
    return _bundled


def _read_modules(record):
    try:
        with open(record, encoding="utf-8") as file:
            return {_module_name(line.split(",")[0].split("/")[0]) for line in file}
    except OSError:
        return set()


def _patch_random(module):
    for name in (
        "random randint randrange uniform choice choices sample shuffle getrandbits randbytes gauss"
    ).split():
        _watch(module, name, "random." + name + "()")


def _patch_uuid(module):
    for name in ("uuid1", "uuid4", "uuid6", "uuid7"):
        _watch(module, name, "uuid." + name + "()")


def _patch_secrets(module):
    for name in ("token_bytes", "token_hex", "token_urlsafe", "randbelow", "randbits", "choice"):
        _watch(module, name, "secrets." + name + "()")


def _patch_socket(module):
    def host(host=None, *_, **__):
        return {"target": str(host)}

    for name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex"):
        _watch(module, name, "socket." + name + "()", _VALUE_FRAMES, host)
    for name in ("connect", "connect_ex"):
        _watch_connect(module.socket, name)


def _watch_connect(owner, name):
    original = getattr(owner, name)

    def watched(self, address):
        if not _is_recording or not isinstance(address, tuple):
            return original(self, address)
        target = "%s:%s" % address[:2]
        found = _record("socket.connect()", _CONNECTION_FRAMES, {"target": target})
        try:
            return original(self, address)
        finally:
            if found is not None:
                _sockets.append((self.fileno(), self.getsockname(), found))

    setattr(owner, name, watched)
    _restorations.append(lambda: setattr(owner, name, original))


def _patch_http_client(module):
    def describe(connection, method, url, *_, **__):
        secure = isinstance(connection, getattr(module, "HTTPSConnection", ()))
        base = "%s://%s" % ("https" if secure else "http", connection.host)
        return {"target": url if "://" in url else base + url}

    _watch_method(module.HTTPConnection, "putrequest", "http request", describe)


def _patch_httpx(module):
    def describe(_, request, *__, **___):
        return {"target": str(request.url)}

    for client in (module.Client, module.AsyncClient):
        _watch_method(client, "send", "http request", describe)


def _patch_credentials(module):
    for owner in (module.Credentials, module.RefreshableCredentials):
        if "get_frozen_credentials" in vars(owner):
            _watch_method(owner, "get_frozen_credentials", "get_frozen_credentials()", lambda *_: {})


patches = (
    {
        "random": _patch_random,
        "uuid": _patch_uuid,
        "secrets": _patch_secrets,
        "socket": _patch_socket,
        "http.client": _patch_http_client,
        "httpx": _patch_httpx,
        "botocore.credentials": _patch_credentials,
    }
    if _is_recording
    else {}
)

if _is_recording:
    import time as _time

    for _name in ("time", "time_ns"):
        _watch(_time, _name, "time." + _name + "()")
    _watch(os, "urandom", "os.urandom()")


def stop():
    """Stops, restores the functions and writes the report. Later calls do nothing."""
    global _is_recording
    if not _is_recording:
        return
    _is_recording = False
    for restore in _restorations:
        restore()
    for handle, name, found in _sockets:
        found["isOpen"] = found.get("isOpen", False) or _is_connected(handle, name)
    import json

    report = {"calls": list(_calls.values()), "modules": sorted(_own_modules())}
    with open(_report_file, "a", encoding="utf-8") as file:
        file.write(json.dumps(report) + "\n")


def _own_modules():
    files = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
    # Resolving the real path of each of a thousand packages would take 30 ms.
    near = {file for file in files if isinstance(file, str) and file.startswith((_folder, _root))}
    return {file for file in near if _owner_of(file) == ""}


def _is_connected(handle, name):
    """Returns true if the connection is open. TLS replaces the socket's object but not its handle."""
    from socket import socket

    try:
        connection = socket(fileno=handle)
    except OSError:
        return False
    try:
        return bool(connection.getpeername()) and connection.getsockname() == name
    except OSError:
        return False
    finally:
        connection.detach()
