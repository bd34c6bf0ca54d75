// The browser that the page's tests drive. On Debian as root it is installed; elsewhere it is the
// user's to install, and the message says so.
import { existsSync } from 'node:fs';
import process from 'node:process';
import { run } from './setup.mjs';

const places = [
  process.env['WORKBENCH_CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
].filter((place) => place !== undefined);

/** Where Chromium is. */
export function chromium() {
  const found = () => places.find((place) => existsSync(place));
  const there = found();
  if (there) return there;
  if (existsSync('/usr/bin/apt-get') && process.getuid?.() === 0) {
    process.stderr.write('Installing Chromium …\n');
    run('apt-get', ['update', '--quiet=2']);
    run('apt-get', ['install', '--yes', '--quiet=2', '--no-install-recommends', 'chromium']);
  }
  const installed = found();
  if (installed) return installed;
  process.stderr.write(
    'The tests of the page need Chromium: install it, or name its program in WORKBENCH_CHROMIUM\n',
  );
  process.exit(1);
}
