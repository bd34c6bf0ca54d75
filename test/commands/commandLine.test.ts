import { expect, test } from 'vitest';
import { runCommand, sample, useCommand } from '../support/command.ts';
import { project, useProject } from '../support/project.ts';

test('options may precede the command and its arguments', async () => {
  const root = await useProject(project);
  const { url } = await useCommand(['--port', '0', '--ephemeral', 'start', root]).ready();
  const invoked = useCommand(['--endpoint', url, 'invoke', '--raw', 'Helper', 'x']);
  expect(await invoked.exited).toBe(0);
});

test.each([
  [['--port', 'http'], /--port expects a whole number from 0 to 65535, not 'http'/],
  [['--idle-timeout', '0'], /--idle-timeout expects a whole number from 1/],
  [
    ['--no-project', './folder'],
    /--no-project and the project folder '.\/folder' cannot be combined/,
  ],
  [['--on-disconnect', 'shrug'], /--on-disconnect expects continue or abort, not 'shrug'/],
  [['--compute', 'cloud'], /--compute expects auto or process or container, not 'cloud'/],
  [
    ['--container-cpus', 'all'],
    /--container-cpus expects a number from 0\.01, such as 1\.5, not 'all'/,
  ],
  [['--container-cpus', '0'], /--container-cpus expects a number from 0\.01/],
  [['--container-memory', '8'], /--container-memory expects a size from 6m, such as .* not '8'/],
  [['--container-memory', '8gigs'], /--container-memory expects a size from 6m.* not '8gigs'/],
  [['--platform', 'arm64'], /--platform expects linux\/arm64 or linux\/amd64, not 'arm64'/],
  [
    ['--limits', 'none'],
    /--limits expects aws, off or a list of NAME=.* with the names request, .*, not 'none'/,
  ],
  [['--limits', 'off,rate=many'], /--limits expects .* not 'off,rate=many'/],
  [['--token', ''], /--token expects one or more of the characters A-Z a-z 0-9 _ \. ~ -, not ''\./],
  [['--token='], /--token expects one or more of the characters/],
  [['--host', '0.0.0.0', '--token', ''], /--token expects one or more of the characters/],
  [
    ['--token', 'secret/x'],
    /^(?!.*secret).*--token expects one or more of the characters [^,]*\.$/m,
  ],
  [['--auth', 'basic'], /--auth expects none or sigv4, not 'basic'/],
  [['--auth', 'sigv4', '--credentials', '/no/where'], /--credentials: \/no\/where does not exist/],
  [['--credentials', 'x'], /--credentials requires --auth sigv4/],
  [['--verbose'], /Unknown option '--verbose'\. See --help\.$/m],
  [['--prot', '0'], /Unknown option '--prot'\. Did you mean '--port'\?$/m],
  [['--idel-timeout=5'], /Unknown option '--idel-timeout'\. Did you mean '--idle-timeout'\?$/m],
  [['--port'], /--port requires a value: --port N\./],
  [['--port', '--ephemeral'], /--port requires a value: --port N\./],
  [['--ephemeral=yes'], /--ephemeral takes no value\./],
  [['sart'], /Unknown command 'sart'\. Did you mean 'start'\?$/m],
  [['imvoke', 'Helper', 'x'], /Unknown command 'imvoke'\. Did you mean 'invoke'\?$/m],
  [['--port', '0', 'statr'], /Unknown command 'statr'\. Did you mean 'start'\?$/m],
  [['--ephemeral', '--port=0', 'imvoke', 'A', 'x'], /Did you mean 'invoke'\?$/m],
  [['--prot', '0', 'statr'], /Unknown option '--prot'\. Did you mean '--port'\?$/m],
  [['--port', '0', 'invoke', 'Helper', 'x'], /Unknown option '--port'\. See --help\.$/m],
  [['--port', 'http', 'start'], /--port expects a whole number from 0 to 65535, not 'http'/],
  [['constructor'], /Unknown command 'constructor'\. See --help\.$/m],
  [['--ephemeral', '--data', 'x'], /--data and --ephemeral cannot be combined\./],
  [['./a', 'b'], /Unexpected argument 'b'\./],
])('an invalid command line is a one-line error with exit code 2: %j', async (args, message) => {
  const { code, stderr } = await runCommand(args);
  expect(code).toBe(2);
  expect(stderr).toMatch(message);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});

test.each([
  [['--host', '0.0.0.0'], /--host: 0\.0\.0\.0 can be reached .* Protect it with --token/],
  [
    ['--idle-timeout', '60', '--max-lifetime', '30'],
    /--idle-timeout: 60 s exceeds the maximum lifetime \(30 s\)/,
  ],
  [
    ['--agent', 'Nobody'],
    /--agent: the agent 'Nobody' does not exist\. Agents of the project: Assistant/,
  ],
])('%j is refused with a fix', async (args, message) => {
  const { code, stderr } = await runCommand([sample, '--port', '0', '--ephemeral', ...args]);
  expect(code).toBe(1);
  expect(stderr).toMatch(message);
});
