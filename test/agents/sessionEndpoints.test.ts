import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test, vi } from 'vitest';
import { sessionId, useEmulator } from '../support/emulator.ts';
import { botoEnvironment, plainPythonAgent, usePythonAgent } from '../support/python.ts';

vi.setConfig({ testTimeout: 60_000 });

const KEY = { id: 'AKIDEXAMPLE', secret: 'a/secret+=', sessionToken: 'a/token+=' };

/** Serves pages on port 9000, beside its agent. The pages name their process and their request. */
const agentWithPages = plainPythonAgent(
  '{"pid": os.getpid()}',
  `
import threading
class Pages(BaseHTTPRequestHandler):
    def do_GET(self):
        self.rfile.read(int(self.headers["Content-Length"] or 0))
        body = json.dumps({"pid": os.getpid(), "path": self.path, "headers": dict(self.headers)}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    do_POST = do_GET
    def log_message(self, *_):
        pass
threading.Thread(target=ThreadingHTTPServer(("0.0.0.0", 9000), Pages).serve_forever).start()
`,
);

/** Invokes the agent with boto3, and calls its session endpoint with requests that botocore signs. */
const caller = (arn: string) => `
import boto3, json, requests, urllib.error, urllib.request
from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest

session = boto3.Session()
answer = session.client("bedrock-agentcore").invoke_agent_runtime(
    agentRuntimeArn="${arn}", runtimeSessionId="${sessionId('a')}", payload="{}")
url = answer["sessionEndpointUrl"] + ":9000"
credentials = session.get_credentials()

def sign(auth, method, url, body=None):
    request = AWSRequest(method=method, url=url, data=body)
    auth.add_auth(request)
    return request.prepare()

headers = SigV4Auth(credentials, "bedrock-agentcore", "us-east-1")
query = SigV4QueryAuth(credentials, "bedrock-agentcore", "us-east-1", expires=300)
posted = sign(headers, "POST", url + "/a%20b?q=1&p=%2F", b"a body")
presigned = sign(query, "GET", url + "/page?q=1")

def status(call):
    try:
        return call().status
    except urllib.error.HTTPError as error:
        return [error.status, error.headers["x-amzn-errortype"]]

print(json.dumps({
    "agent": json.loads(answer["response"].read()),
    "requests": requests.post(posted.url, data=posted.body, headers=posted.headers).json(),
    "urllib": json.load(urllib.request.urlopen(urllib.request.Request(
        posted.url, posted.body, dict(posted.headers), method="POST"))),
    "presigned": json.load(urllib.request.urlopen(presigned.url)),
    "unsigned": status(lambda: urllib.request.urlopen(url)),
    "changed": status(lambda: urllib.request.urlopen(urllib.request.Request(
        posted.url, b"b body", dict(posted.headers), method="POST"))),
}))
`;

interface Page {
  readonly pid: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

test('requests and urllib with botocore’s signatures reach a server of a Python agent', async () => {
  const agent = await usePythonAgent(agentWithPages, { allowedPorts: [{ from: 9000, to: 9000 }] });
  const { url, agent: summary } = await useEmulator({ agents: [agent], accessKeys: [KEY] });
  const { stdout } = await promisify(execFile)('python3', ['-c', caller(summary.arn)], {
    env: {
      ...botoEnvironment(url),
      AWS_ACCESS_KEY_ID: KEY.id,
      AWS_SECRET_ACCESS_KEY: KEY.secret,
      AWS_SESSION_TOKEN: KEY.sessionToken,
    },
  });
  const called = JSON.parse(stdout) as Record<string, unknown> &
    Record<'agent' | 'requests' | 'urllib' | 'presigned', Page>;
  const { pid } = called.agent;
  expect(called).toMatchObject({
    requests: { pid, path: '/a%20b?q=1&p=%2F', headers: { 'content-length': '6' } },
    urllib: { pid, path: '/a%20b?q=1&p=%2F' },
    presigned: { pid, path: '/page?q=1' },
    unsigned: [403, 'AccessDenied'],
    changed: [403, 'AccessDenied'],
  });
  for (const { headers } of [called.requests, called.presigned]) {
    expect(JSON.stringify(headers)).not.toMatch(/authorization|token/i);
  }
});
