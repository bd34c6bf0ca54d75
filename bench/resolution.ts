import { registerHooks } from 'node:module';

// The AWS SDK's modules import each other without extensions, which only bundlers resolve. Benchmarks
// in this process import the emulator unbundled.
registerHooks({
  resolve(specifier, context, next) {
    try {
      return next(specifier, context);
    } catch (error) {
      if (!specifier.startsWith('.')) throw error;
      return next(`${specifier}.js`, context);
    }
  },
});
