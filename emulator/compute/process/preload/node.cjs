// Loaded by --require into every Node process of a session. In AgentCore, each session has a machine
// with its own ports. Here, many sessions share one machine. A process that listens on the contract's
// port or an allowed port gets a free port instead, which is written to a file for the emulator and
// the session's other processes. Connections to these ports are redirected to it.
'use strict';
const { readFileSync, renameSync, writeFileSync } = require('node:fs');
const { flushCompileCache } = require('node:module');
const net = require('node:net');

const contractPort = Number(process.env.AGENTCORE_EMULATOR_CONTRACT_PORT);
const portFile = process.env.AGENTCORE_EMULATOR_PORT_FILE;
const loadReport = process.env.AGENTCORE_EMULATOR_LOAD_REPORT;
const codeFolder = process.env.AGENTCORE_EMULATOR_CODE_FOLDER;
const allowedPorts = (process.env.AGENTCORE_EMULATOR_ALLOWED_PORTS || '')
  .split(',')
  .filter((range) => range !== '')
  .map((range) => range.split('-').map(Number));

if (portFile && contractPort) {
  const { listen } = net.Server.prototype;
  net.Server.prototype.listen = function (...args) {
    const options = typeof args[0] === 'object' && args[0] !== null ? args[0] : null;
    const file = fileOf(Number(options ? options.port : args[0]));
    if (file === undefined || options?.path) return listen.apply(this, args);
    const known = knownPort(file);
    const port = known ?? 0;
    const callback = args.findLast((argument) => typeof argument === 'function');
    if (known === undefined)
      this.once('listening', () => writePortFile(file, this.address()?.port));
    // The emulator's first connection precedes its first ping.
    if (stopRecording && file === portFile) this.prependOnceListener('connection', stopRecording);
    const rest = callback ? [callback] : [];
    return listen.call(this, { ...options, port, host: '127.0.0.1' }, ...rest);
  };

  const { connect } = net.Socket.prototype;
  net.Socket.prototype.connect = function (...args) {
    // net.connect passes its normalized arguments as one array.
    const list = Array.isArray(args[0]) ? args[0] : args;
    const options = typeof list[0] === 'object' && list[0] !== null ? list[0] : null;
    const port = Number(options ? options.port : list[0]);
    const host = (options ? options.host : typeof list[1] === 'string' && list[1]) || 'localhost';
    const file = isLoopback(host) ? fileOf(port) : undefined;
    const own = file === undefined ? undefined : knownPort(file);
    if (own === undefined) return connect.apply(this, args);
    const callback = list.findLast((argument) => typeof argument === 'function');
    return connect.call(this, { ...options, port: own, host: '127.0.0.1' }, callback);
  };
}

const stopRecording =
  loadReport && codeFolder ? require('./loadRecord.cjs')(loadReport, codeFolder) : null;

/** Returns the file with the real port of a port of the machine; undefined if it has no other port. */
function fileOf(port) {
  if (port === contractPort) return portFile;
  const isAllowed = allowedPorts.some(([from, to]) => from <= port && port <= to);
  return isAllowed ? `${portFile}.${port}` : undefined;
}

function knownPort(file) {
  try {
    return Number(readFileSync(file, 'utf8')) || undefined;
  } catch {
    return undefined;
  }
}

function writePortFile(file, port) {
  if (!port) return;
  // Renaming is atomic, so readers never see an incomplete number.
  writeFileSync(`${file}.part`, String(port));
  renameSync(`${file}.part`, file);
  // Node writes its compile cache only at a regular exit, and sessions often end by a signal. The delay
  // keeps it from slowing down the first response. Node before 22.10 has no such function.
  setTimeout(() => flushCompileCache?.(), 1000).unref();
}

function isLoopback(host) {
  return host === 'localhost' || host === '::1' || host === '0.0.0.0' || host.startsWith('127.');
}
