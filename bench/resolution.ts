import { registerHooks } from 'node:module';

// The AWS SDK's modules name their neighbours as bundlers take it, without an extension. What is
// measured in this process imports the emulator unbundled.
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
