// Records what a Node program does while it loads, for agents on platform V2. There, AWS starts a version
// once, takes a snapshot and restores every session from it, so all sessions share what was computed before.
// The emulator decides which of these calls are hazards.
'use strict';
const { appendFileSync, realpathSync } = require('node:fs');
const Module = require('node:module');
const net = require('node:net');
const { sep } = require('node:path');
const { fileURLToPath } = require('node:url');

/** Calls of one function that are recorded. It bounds the cost of a loop. */
const MAX_CALLS = 500;
/** Frames to search for the program's own code: a few for a value, many for a connection of a client. */
const VALUE_FRAMES = 8;
const CONNECTION_FRAMES = 60;

/** Starts to record. The returned function stops, restores everything and writes the report. */
module.exports = function recordLoad(reportFile, codeFolder) {
  const root = realpathSync(codeFolder) + sep;
  const calls = new Map();
  const counts = new Map();
  const sockets = [];
  const modules = new Set();
  const restorations = [];
  let isRecording = true;

  function replace(owner, name, createReplacement) {
    const descriptor = owner && Object.getOwnPropertyDescriptor(owner, name);
    if (typeof descriptor?.value !== 'function' || !descriptor.configurable) return;
    Object.defineProperty(owner, name, {
      ...descriptor,
      value: createReplacement(descriptor.value),
    });
    restorations.push(() => Object.defineProperty(owner, name, descriptor));
  }

  /** Records each call of a function, which keeps its behavior. */
  function watch(owner, name, call, { frames = VALUE_FRAMES, describe = () => ({}) } = {}) {
    replace(owner, name, (original) => {
      const watched = function (...args) {
        if (isRecording) record(call, watched, frames, describe(args));
        return original.apply(this, args);
      };
      return Object.assign(watched, original);
    });
  }

  function record(call, caller, frames, details) {
    const count = (counts.get(call) ?? 0) + 1;
    counts.set(call, count);
    if (count > MAX_CALLS) return null;
    const site = findSite(caller, frames);
    if (site.file === null && (site.package ?? 'node') === 'node') return null;
    const found = { call, ...site, ...details };
    calls.set(JSON.stringify(found), found);
    return found;
  }

  /** Finds the nearest frame of the program's own code, and the package that it called; node for Node itself. */
  function findSite(caller, frames) {
    let calledPackage = null;
    for (const frame of captureFrames(caller, frames)) {
      const place = locate(frame);
      if (place === null) {
        if (isNodeFile(frame.getFileName())) calledPackage ??= 'node';
        continue;
      }
      const name = packageOf(place.file);
      if (name === null && place.file.startsWith(root)) {
        const inFunction = frame.getFunctionName();
        return {
          ...place,
          function: isModuleBody(inFunction) ? null : inFunction,
          package: calledPackage,
        };
      }
      calledPackage ??= name;
    }
    return { file: null, line: null, function: null, package: calledPackage };
  }

  function watchCrypto() {
    stopWaitingForCrypto();
    const crypto = require('node:crypto');
    const describe = ([options]) => ({ fillsCache: options?.disableEntropyCache !== true });
    watch(crypto, 'randomUUID', 'crypto.randomUUID()', { describe });
    for (const name of ['randomBytes', 'randomInt', 'randomFill', 'randomFillSync']) {
      watch(crypto, name, `crypto.${name}()`);
    }
    const { prototype } = crypto.webcrypto.constructor;
    watch(prototype, 'randomUUID', 'crypto.randomUUID()', {
      describe: () => ({ fillsCache: true }),
    });
    watch(prototype, 'getRandomValues', 'crypto.getRandomValues()');
  }

  // Loading node:crypto takes an eighth of the start of a small program, so it waits for the program.
  let stopWaitingForCrypto = () => {};
  function waitForCrypto() {
    if (!Module.registerHooks) return watchCrypto();
    const isCrypto = (name) => name === 'crypto' || name === 'node:crypto';
    const { getBuiltinModule } = process;
    const webCrypto = Object.getOwnPropertyDescriptor(globalThis, 'crypto');
    let isWaiting = true;
    const hooks = Module.registerHooks({
      resolve(specifier, context, next) {
        if (isWaiting && isCrypto(specifier)) watchCrypto();
        const resolved = next(specifier, context);
        if (resolved.url?.startsWith('file:')) modules.add(resolved.url);
        return resolved;
      },
    });
    restorations.push(() => hooks.deregister());
    process.getBuiltinModule = (name) => {
      if (isWaiting && isCrypto(name)) watchCrypto();
      return getBuiltinModule(name);
    };
    if (webCrypto?.get) {
      Object.defineProperty(globalThis, 'crypto', {
        ...webCrypto,
        get() {
          if (isWaiting) watchCrypto();
          return webCrypto.get.call(this);
        },
      });
    }
    stopWaitingForCrypto = () => {
      if (!isWaiting) return;
      isWaiting = false;
      process.getBuiltinModule = getBuiltinModule;
      if (webCrypto?.get) Object.defineProperty(globalThis, 'crypto', webCrypto);
    };
    restorations.push(() => stopWaitingForCrypto());
  }

  watch(Math, 'random', 'Math.random()');
  watch(Date, 'now', 'Date.now()');
  watch(globalThis, 'fetch', 'fetch()', {
    frames: CONNECTION_FRAMES,
    describe: ([request]) => ({ target: String(request?.url ?? request) }),
  });
  const dns = require('node:dns');
  for (const name of ['lookup', 'resolve', 'resolve4', 'resolve6']) {
    const describe = ([host]) => ({ target: String(host) });
    watch(dns, name, `dns.${name}()`, { describe });
    watch(dns.promises, name, `dns.${name}()`, { describe });
  }
  replace(net.Socket.prototype, 'connect', (connect) => {
    const watched = function (...args) {
      const target = isRecording ? readTarget(args) : null;
      if (target !== null) {
        const found = record('net.connect()', watched, CONNECTION_FRAMES, { target });
        sockets.push({ socket: this, target, found });
      }
      return connect.apply(this, args);
    };
    return watched;
  });
  waitForCrypto();

  return function stopRecording() {
    if (!isRecording) return;
    isRecording = false;
    for (const restore of restorations) restore();
    Module.syncBuiltinESMExports();
    if (process.argv[1]) modules.add(process.argv[1]);
    for (const file of Object.keys(require.cache)) modules.add(file);
    const open = sockets.filter(({ socket }) => !socket.destroyed);
    const isOpen = (found) =>
      open.some((each) => (found.call === 'fetch()' ? reaches(found, each) : each.found === found));
    for (const found of calls.values()) found.isOpen = isOpen(found);
    const report = {
      calls: [...calls.values()],
      modules: [...modules]
        .map(toPath)
        .filter((file) => packageOf(file) === null && file.startsWith(root)),
    };
    appendFileSync(reportFile, `${JSON.stringify(report)}\n`);
  };
};

function captureFrames(caller, limit) {
  const { prepareStackTrace, stackTraceLimit } = Error;
  const holder = {};
  Error.prepareStackTrace = (_, frames) => frames;
  Error.stackTraceLimit = limit;
  Error.captureStackTrace(holder, caller);
  const { stack } = holder;
  Object.assign(Error, { prepareStackTrace, stackTraceLimit });
  return Array.isArray(stack) ? stack : [];
}

/** Returns the file and line of a frame, in the source if there is a source map; null for Node's own code. */
function locate(frame) {
  const name = frame.getFileName();
  if (!name || isNodeFile(name)) return null;
  const [line, column] = [frame.getLineNumber(), frame.getColumnNumber()];
  const origin = Module.findSourceMap(name)?.findOrigin?.(line, column);
  if (origin?.fileName) return { file: toPath(origin.fileName), line: origin.lineNumber };
  // The emulator reads the maps that Node did not.
  return { file: toPath(name), line, column };
}

function isNodeFile(name) {
  return typeof name === 'string' && name.startsWith('node:');
}

function toPath(name) {
  return name.startsWith('file:') ? fileURLToPath(name) : name;
}

function packageOf(file) {
  const [, name = null] = /.*[/\\]node_modules[/\\]((?:@[^/\\]+[/\\])?[^/\\]+)/.exec(file) ?? [];
  return name;
}

function isModuleBody(name) {
  return name === null || name === 'Object.<anonymous>' || name === 'Module.<anonymous>';
}

function readTarget(args) {
  // net.connect passes its normalized arguments as one array.
  const list = Array.isArray(args[0]) ? args[0] : args;
  const options = typeof list[0] === 'object' && list[0] !== null ? list[0] : { port: list[0] };
  if (!options.port) return null;
  return `${options.host ?? (typeof list[1] === 'string' ? list[1] : 'localhost')}:${options.port}`;
}

/** True if a socket leads to the host of a fetch. Frames do not show that, because fetch connects later. */
function reaches({ target }, socket) {
  try {
    const { hostname, port, protocol } = new URL(target);
    return socket.target === `${hostname}:${port || (protocol === 'https:' ? 443 : 80)}`;
  } catch {
    return false;
  }
}
