// Loaded by --require into every Node process of a session. In AgentCore each session is a machine
// whose port 8080 is its own; here many share one machine. So whoever listens on the contract's
// port gets a free one, which is written down for the emulator and for the session's other
// processes, and whoever connects to the contract's port reaches it.
'use strict';
const { readFileSync, renameSync, writeFileSync } = require('node:fs');
const { flushCompileCache } = require('node:module');
const net = require('node:net');

const contractPort = Number(process.env.AGENTCORE_EMULATOR_CONTRACT_PORT);
const portFile = process.env.AGENTCORE_EMULATOR_PORT_FILE;

if (portFile && contractPort) {
  const { listen } = net.Server.prototype;
  net.Server.prototype.listen = function (...args) {
    const options = typeof args[0] === 'object' && args[0] !== null ? args[0] : null;
    if (Number(options ? options.port : args[0]) !== contractPort || options?.path) {
      return listen.apply(this, args);
    }
    const known = knownPort();
    const port = known ?? 0;
    const callback = args.findLast((argument) => typeof argument === 'function');
    if (known === undefined) this.once('listening', () => writeDown(this.address()?.port));
    const rest = callback ? [callback] : [];
    return listen.call(this, { ...options, port, host: '127.0.0.1' }, ...rest);
  };

  const { connect } = net.Socket.prototype;
  net.Socket.prototype.connect = function (...args) {
    // net.connect hands its arguments on as one array, already brought into order.
    const list = Array.isArray(args[0]) ? args[0] : args;
    const options = typeof list[0] === 'object' && list[0] !== null ? list[0] : null;
    const port = Number(options ? options.port : list[0]);
    const host = (options ? options.host : typeof list[1] === 'string' && list[1]) || 'localhost';
    const own = port === contractPort && isThisMachine(host) ? knownPort() : undefined;
    if (own === undefined) return connect.apply(this, args);
    const callback = list.findLast((argument) => typeof argument === 'function');
    return connect.call(this, { ...options, port: own, host: '127.0.0.1' }, callback);
  };
}

function knownPort() {
  try {
    return Number(readFileSync(portFile, 'utf8')) || undefined;
  } catch {
    return undefined;
  }
}

function writeDown(port) {
  if (!port) return;
  // A reader must never see half a number.
  writeFileSync(`${portFile}.part`, String(port));
  renameSync(`${portFile}.part`, portFile);
  // Node writes its compile cache at exit only, and a session often ends by a signal. A little
  // later, so that the first answer does not wait for it. Before 22.10 there was no way to ask for it.
  setTimeout(() => flushCompileCache?.(), 1000).unref();
}

function isThisMachine(host) {
  return host === 'localhost' || host === '::1' || host === '0.0.0.0' || host.startsWith('127.');
}
