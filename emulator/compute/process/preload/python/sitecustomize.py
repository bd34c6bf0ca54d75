"""Loaded into every Python process of a session, because its folder is first on PYTHONPATH.

In AgentCore, each session has a machine with its own ports. Here, many sessions share one machine. A
process that binds the contract's port or an allowed port gets a free port instead, which is written to
a file for the emulator and the session's other processes. Connections to these ports are redirected.
Node's preload does the same and shares the file.
"""

import os
import sys
from _weakref import ref

_contract_port = int(os.environ.get("AGENTCORE_EMULATOR_CONTRACT_PORT") or 0)
_port_file = os.environ.get("AGENTCORE_EMULATOR_PORT_FILE")

_allowed_ports = [
    tuple(int(port) for port in ports.split("-"))
    for ports in os.environ.get("AGENTCORE_EMULATOR_ALLOWED_PORTS", "").split(",")
    if ports
]

_LOOPBACK = "127.0.0.1"

# Records what the program does until it accepts the emulator's first connection, if the emulator asks
# for that. Otherwise it costs nothing.
_load_record = None
if os.environ.get("AGENTCORE_EMULATOR_LOAD_REPORT"):
    import agentcore_load_record as _load_record


def _patch_socket(module):
    socket = module.socket
    bind, connect, connect_ex = socket.bind, socket.connect, socket.connect_ex
    holders = {}

    def mapped_bind(self, address):
        file = file_of(self, address)
        if file is None:
            return bind(self, address)
        holder = holders.get(file)
        other = holder and holder()
        if other and other.fileno() >= 0 and other.family != self.family:
            # "localhost" has two addresses, and servers bind both. The first has the port; the
            # second is not used and can have any.
            return bind(self, loopback(self, 0))
        known = _known_port(file)
        bind(self, loopback(self, known or 0))
        holders[file] = ref(self)
        if known is None:
            _write_port_file(file, self.getsockname()[1])

    def mapped_connect(self, address):
        return connect(self, own(self, address))

    def mapped_connect_ex(self, address):
        return connect_ex(self, own(self, address))

    def file_of(self, address):
        is_tcp = (
            self.family in (module.AF_INET, module.AF_INET6)
            and self.type == module.SOCK_STREAM
            and isinstance(address, tuple)
            and len(address) > 1
        )
        return _file_of(address[1]) if is_tcp else None

    def own(self, address):
        known = _own_port(*address[:2]) if file_of(self, address) else None
        return loopback(self, known) if known else address

    def loopback(self, port):
        if self.family == module.AF_INET:
            return (_LOOPBACK, port)
        # The IPv4 loopback address in IPv6 notation.
        self.setsockopt(module.IPPROTO_IPV6, module.IPV6_V6ONLY, 0)
        return ("::ffff:" + _LOOPBACK, port)

    socket.bind, socket.connect, socket.connect_ex = mapped_bind, mapped_connect, mapped_connect_ex
    if _load_record:
        _stop_record_at_accept(socket)


def _stop_record_at_accept(socket):
    accept = socket.accept

    def accept_and_stop(self):
        accepted = accept(self)
        if self.getsockname()[1] == _known_port(_port_file):
            socket.accept = accept
            _load_record.stop()
        return accepted

    socket.accept = accept_and_stop


def _patch_uvloop(module):
    # uvloop binds with Python's sockets but connects with libuv's.
    create_connection = module.Loop.create_connection

    def mapped_create_connection(self, protocol_factory, host=None, port=None, **options):
        known = _own_port(host, port)
        if known:
            host, port = _LOOPBACK, known
        return create_connection(self, protocol_factory, host, port, **options)

    module.Loop.create_connection = mapped_create_connection
    if _load_record:
        _stop_record_at_server(module.Loop)


def _patch_event_loop(module):
    # On Windows, asyncio accepts connections with the system's own calls, as uvloop does everywhere.
    if _load_record:
        _stop_record_at_server(module.BaseEventLoop)


def _stop_record_at_server(loop):
    create_server = loop.create_server

    def stop_and_create_server(self, protocol_factory, host=None, port=None, **options):
        sock = options.get("sock")
        if (port if sock is None else sock.getsockname()[1]) in (
            _contract_port,
            _known_port(_port_file),
        ):
            loop.create_server = create_server
            _load_record.stop()
        return create_server(self, protocol_factory, host, port, **options)

    loop.create_server = stop_and_create_server


def _own_port(host, port):
    """Returns the real port if the address is a server of this session, else None."""
    file = _file_of(port) if _is_loopback(host) else None
    return _known_port(file) if file else None


def _file_of(port):
    """Returns the file with the real port of a port of the machine; None if it has no other port."""
    if port == _contract_port:
        return _port_file
    if isinstance(port, int) and any(first <= port <= last for first, last in _allowed_ports):
        return f"{_port_file}.{port}"
    return None


def _known_port(file):
    try:
        with open(file, encoding="ascii") as written:
            return int(written.read()) or None
    except (OSError, ValueError):
        return None


def _write_port_file(file, port):
    # Replacing is atomic, so readers never see an incomplete number.
    with open(file + ".part", "w", encoding="ascii") as part:
        part.write(str(port))
    os.replace(file + ".part", file)


def _is_loopback(host):
    return host in ("localhost", "", "0.0.0.0", "::", "::1") or (
        isinstance(host, str) and host.startswith(("127.", "::ffff:127."))
    )


class _PatchAtImport:
    """Patches modules at import, so that programs that do not use them are not slowed down."""

    patches = {
        "socket": [_patch_socket],
        "uvloop": [_patch_uvloop],
        "asyncio.base_events": [_patch_event_loop],
    }

    @classmethod
    def find_spec(cls, name, path=None, target=None):
        patches = cls.patches.get(name)
        if patches is None:
            return None
        others = (finder for finder in sys.meta_path if finder is not cls)
        specs = (finder.find_spec(name, path, target) for finder in others)
        spec = next((spec for spec in specs if spec is not None), None)
        if spec is None:
            return None
        execute = spec.loader.exec_module

        def execute_and_patch(module):
            execute(module)
            for patch in patches:
                patch(module)

        spec.loader.exec_module = execute_and_patch
        return spec


def _run_hidden():
    """Runs the sitecustomize that this one hides."""
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [path for path in sys.path if os.path.abspath(path) != here]
    this = sys.modules.pop(__name__)
    try:
        import sitecustomize  # noqa: F401
    except ImportError as error:
        if error.name != __name__:
            raise
        sys.modules[__name__] = this


if _contract_port and _port_file:
    if _load_record:
        for name, patch in _load_record.patches.items():
            _PatchAtImport.patches.setdefault(name, []).append(patch)
    for name, patches in _PatchAtImport.patches.items():
        if name in sys.modules:
            for patch in patches:
                patch(sys.modules[name])
    sys.meta_path.insert(0, _PatchAtImport)
_run_hidden()
