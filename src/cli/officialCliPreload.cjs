// Loaded with --require into the official CLI, which only knows AWS's hosts. Requests to AgentCore go
// to the emulator instead; all others are unchanged.
'use strict';
const http = require('node:http');
const https = require('node:https');
const { syncBuiltinESMExports } = require('node:module');

const AGENTCORE = /^bedrock-agentcore(?:-control)?\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?$/;
const emulator = process.env.AGENTCORE_EMULATOR_URL && new URL(process.env.AGENTCORE_EMULATOR_URL);

if (emulator) {
  const prefix = emulator.pathname.replace(/\/$/, '');
  const { request } = https;

  https.request = function (...args) {
    const [first] = args;
    const address =
      typeof first === 'string' ? new URL(first) : first instanceof URL ? first : null;
    const given = args.find((argument) => isOptions(argument)) ?? {};
    const hostname = given.hostname ?? given.host?.replace(/:\d+$/, '') ?? address?.hostname ?? '';
    if (!AGENTCORE.test(hostname)) return request.apply(this, args);
    const options = { ...given };
    // These options would make, or reuse, a TLS connection.
    for (const name of ['agent', 'createConnection', 'servername', 'protocol', 'host']) {
      delete options[name];
    }
    const path = given.path ?? (address ? address.pathname + address.search : '/');
    const callback = args.findLast((argument) => typeof argument === 'function');
    return http.request(
      {
        ...options,
        hostname: emulator.hostname,
        port: emulator.port,
        path: prefix + path,
        headers: { ...withoutHost(given.headers), host: emulator.host },
      },
      callback,
    );
  };
  https.get = function (...args) {
    const call = https.request(...args);
    call.end();
    return call;
  };

  const { fetch } = globalThis;
  globalThis.fetch = function (input, init) {
    const given = new Request(input, init);
    const url = new URL(given.url);
    if (!AGENTCORE.test(url.hostname)) return fetch(input, init);
    return fetch(new Request(emulator.origin + prefix + url.pathname + url.search, given));
  };
  syncBuiltinESMExports();
}

function isOptions(argument) {
  return typeof argument === 'object' && argument !== null && !(argument instanceof URL);
}

function withoutHost(headers = {}) {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'host'),
  );
}
