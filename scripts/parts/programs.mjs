// Parts that consist of one program from a Debian package.
import { which } from './steps.mjs';

/** @param {{ name: string, programs: string[], packages: string[], variable: string, hint: string }} options
 * @returns {import('./part.d.ts').TestPart} */
function program({ name, programs, packages, variable, hint }) {
  return {
    name,
    packages,
    hint,
    async find() {
      const file = which(...programs);
      return file ? { environment: { [variable]: file } } : undefined;
    },
  };
}

export const chromium = program({
  name: 'Chromium',
  programs: [
    'chromium',
    'chromium-browser',
    'google-chrome',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ],
  // Screenshots need a font to show text.
  packages: ['chromium', 'fonts-dejavu-core'],
  variable: 'WORKBENCH_CHROMIUM',
  hint: 'install Chromium or Chrome so that `chromium` or `google-chrome` is on the PATH',
});

export const bubblewrap = program({
  name: 'bubblewrap',
  programs: ['bwrap'],
  packages: ['bubblewrap'],
  variable: 'WORKBENCH_BWRAP',
  hint: 'install bubblewrap (Linux only)',
});
