// A bare Node HTTP server. In CommonJS, because that is the quickest way to one: importing node:http
// into an ES module makes Node load all of fetch besides.
'use strict';
const { createServer } = require('node:http');

const server = createServer((_request, response) => response.end('{}'));
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));
